/**
 * Builds elements. The only way that the page makes them, so that text is text: nothing here or elsewhere reads
 * markup from a string, whatever an agent or a client's name may hold.
 */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element. A property whose name starts with "on" is a listener; `class`, `data-*`, `aria-*` and other attributes
 * are set as such, and left out when null, undefined or false; true sets an empty one.
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
 * Set an element's text if it differs: a live region repeats nothing, and a selection stays.
 *
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
