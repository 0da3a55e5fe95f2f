/** Shows a tool's input or answer, which is mostly JSON, to a person: indented, or summed up in one line. Pure. */

const GIST_LENGTH = 180;
const GIST_ENTRIES = 6;

/**
 * JSON with a line for each entry; any other text as it is.
 *
 * @param {string} text
 */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/**
 * The first entries of a JSON object, or the beginning of any other text.
 *
 * @param {string} text
 */
export function gist(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return shortened(text);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return shortened(text);
  const entries = Object.entries(value).filter(([, entry]) => entry !== null && entry !== "");
  return shortened(
    entries
      .slice(0, GIST_ENTRIES)
      .map(([name, entry]) => `${spaced(name)}: ${brief(entry)}`)
      .join(" · ") + (entries.length > GIST_ENTRIES ? " …" : ""),
  );
}

/** @param {unknown} value */
function brief(value) {
  if (Array.isArray(value)) {
    if (!value.length) return "none";
    return value.every((one) => typeof one !== "object") ? value.join(", ") : String(value.length);
  }
  if (typeof value === "object") return "…";
  // A key in the session's workspace is long; its last part is enough.
  return String(value).replace(/^sessions\/[^/]+\//, "");
}

/** @param {string} name */
function spaced(name) {
  return name.replaceAll("_", " ").replace(/([a-z])([A-Z])/g, (_, one, other) => `${one} ${other.toLowerCase()}`);
}

/** @param {string} text */
function shortened(text) {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > GIST_LENGTH ? `${line.slice(0, GIST_LENGTH - 1)}…` : line;
}
