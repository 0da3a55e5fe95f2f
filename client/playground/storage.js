/**
 * Where GraphiQL keeps its tabs and its history: localStorage, without the headers, for they hold credentials.
 *
 * GraphiQL's own setting keeps them out of the tabs, but not out of the history.
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
    return value; // a plain word, such as the theme's
  }
}
