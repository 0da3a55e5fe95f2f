/**
 * Reads and writes JSON in localStorage and sessionStorage, for `sign-in/auth.js` and `sign-in/user-session.js`.
 *
 * Storage may be forbidden or full. It never throws: a value that can't be stored lasts until the page is closed.
 */

/** @typedef {"localStorage" | "sessionStorage"} Area */

/**
 * @param {Area} area
 * @param {string} name
 * @returns {any} null when there is none
 */
export function kept(area, name) {
  try {
    return JSON.parse(globalThis[area].getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {Area} area
 * @param {string} name
 * @param {unknown} value
 */
export function keep(area, name, value) {
  try {
    globalThis[area].setItem(name, JSON.stringify(value));
  } catch {
    // full or forbidden
  }
}

/**
 * @param {Area} area
 * @param {string} name
 */
export function forget(area, name) {
  try {
    globalThis[area].removeItem(name);
  } catch {
    // forbidden
  }
}
