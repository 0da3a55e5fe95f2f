/**
 * Maps the address to a view: `#/new`, `#/sessions` or `#/sessions/<id>`. Nothing else decides which view is shown, so
 * a reload, a bookmark and a second tab lead to the same one.
 */

/** @typedef {{view: "new"} | {view: "sessions"} | {view: "session", id: string}} Route */

/**
 * @param {string} hash
 * @returns {Route | null} null for an address that this page does not have
 */
export function route(hash) {
  const path = hash.replace(/^#\/?/, "").split("/");
  if (path.length === 1 && (path[0] === "" || path[0] === "new")) return { view: "new" };
  if (path.length === 1 && path[0] === "sessions") return { view: "sessions" };
  if (path.length === 2 && path[0] === "sessions" && path[1]) return { view: "session", id: decoded(path[1]) };
  return null;
}

/** @param {string} id */
export function sessionAddress(id) {
  return `#/sessions/${encodeURIComponent(id)}`;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
