/**
 * Stores GraphiQL's tabs and history in localStorage, without the headers, because they hold credentials.
 *
 * GraphiQL's own setting removes them from the tabs, but not from the history.
 */

const PREFIX = "graphiql:";

const names = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));

export const storage = {
  /** @param {string} name */
  getItem: (name) => localStorage.getItem(name),
  /** @param {string} name */
  removeItem: (name) => localStorage.removeItem(name),
  /**
   * @param {string} name
   * @param {string} value
   */
  setItem: (name, value) => localStorage.setItem(name, withoutHeaders(value)),
  clear() {
    for (const name of names()) localStorage.removeItem(name);
  },
  get length() {
    return names().length;
  },
};

/** @param {string} value */
function withoutHeaders(value) {
  try {
    return JSON.stringify(JSON.parse(value), (name, part) => (name === "headers" ? undefined : part));
  } catch {
    return value; // plain text, such as the theme
  }
}
