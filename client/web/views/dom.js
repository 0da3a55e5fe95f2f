/**
 * Builds elements, for all views. It never parses markup from a string, so text from an agent or a user can't become
 * elements or scripts.
 */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element. A property whose name starts with "on" is a listener. Any other is an attribute: it is left out when its
 * value is null, undefined or false, and empty when it is true.
 *
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {any} the element; `any`, as its own type depends on the tag
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  add(element, ...children);
  return element;
}

/**
 * Append children; strings and numbers become text.
 *
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function add(element, ...children) {
  element.append(
    ...children
      .flat()
      .filter((child) => child !== null && child !== undefined && child !== false)
      .map((child) => (child instanceof Node ? child : String(child))),
  );
}

/**
 * Set an element's text only if it differs. So a screen reader does not repeat it, and a selection stays.
 *
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
