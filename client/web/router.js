/**
 * Maps the address to a view: `#/new`, `#/sessions`, `#/sessions/<id>`, and below that `/review` and `/versions`.
 * Nothing else decides which view is shown, so a reload, a bookmark and a second tab lead to the same one.
 */

/** @typedef {"session" | "review" | "versions"} OfSession */
/** @typedef {{view: "new"} | {view: "sessions"} | {view: OfSession, id: string}} Route */

/** @type {Map<string | undefined, OfSession>} */
const OF_SESSION = new Map([
  [undefined, "session"],
  ["review", "review"],
  ["versions", "versions"],
]);

/**
 * @param {string} hash
 * @returns {Route | null} null for an address that this page does not have
 */
export function route(hash) {
  const path = hash.replace(/^#\/?/, "").split("/");
  if (path.length === 1 && (path[0] === "" || path[0] === "new")) return { view: "new" };
  if (path.length === 1 && path[0] === "sessions") return { view: "sessions" };
  const view = OF_SESSION.get(path[2]);
  if (path.length <= 3 && path[0] === "sessions" && path[1] && view) return { view, id: decoded(path[1]) };
  return null;
}

/**
 * @param {string} id
 * @param {OfSession} [view]
 */
export function sessionAddress(id, view = "session") {
  return `#/sessions/${encodeURIComponent(id)}${view === "session" ? "" : `/${view}`}`;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
