/**
 * localStorage and sessionStorage, which may be forbidden or full: what can't be kept lasts as long as the page.
 *
 * Values are kept as JSON. `auth.js` keeps the sign-in by it.
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
