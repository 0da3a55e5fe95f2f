/** The view for an address or a session that does not exist. */

import { el } from "./dom.js";

/**
 * @param {string} title
 * @param {string} text
 * @returns {HTMLElement}
 */
export function notFound(title, text) {
  return el(
    "section",
    { class: "card not-found" },
    el("h1", { tabindex: "-1" }, title),
    el("p", {}, text),
    el("p", {}, el("a", { href: "#/sessions" }, "See my proposals")),
  );
}
