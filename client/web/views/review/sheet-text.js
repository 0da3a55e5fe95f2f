/** Cuts a requirement's text in two, and joins texts. Pure. */

/** Where a text can be cut: after a sentence, or between two parts of one. */
const SEAM = /[.;!?]\s+|,\s+(?:and|und|et|y)\s+|\s+(?:and|und|et|y)\s+/i;

/**
 * The two parts of a text. Without a place in the middle of it, it is cut after its first sentence or part of one; a
 * text that has none is in both parts.
 *
 * @param {string} text
 * @param {number} caret
 * @returns {[string, string]}
 */
export function halves(text, caret) {
  const [before, after] = [text.slice(0, caret).trim(), text.slice(caret).trim()];
  if (before && after) return [before, after];
  const whole = text.trim();
  const seam = SEAM.exec(whole);
  if (!seam) return [text, text];
  const head = whole.slice(0, seam.index + (/^[.!?]/.test(seam[0]) ? 1 : 0));
  const tail = whole.slice(seam.index + seam[0].length);
  return [head, tail.charAt(0).toUpperCase() + tail.slice(1)];
}

/**
 * Different texts as sentences, one after the other.
 *
 * @param {string[]} texts
 */
export function joined(texts) {
  const different = [...new Set(texts.map((text) => text.trim()).filter(Boolean))];
  return different.map((text) => (/[.!?…:;]$/.test(text) ? text : `${text}.`)).join(" ");
}
