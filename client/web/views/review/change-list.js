/** Changes as lists: requirements added, removed and changed, and terms. The conflict and the versions show them. */

import { el } from "../dom.js";
import { fieldChanges, itemName, kindWords, termChange } from "./review-words.js";

/** @typedef {import("./changes.js").Difference} Difference */
/** @typedef {import("./sheet.js").Item} Item */

/**
 * @param {Difference} found
 * @param {string} heading the tag of the headings, such as "h3"
 * @returns {HTMLElement}
 */
export function changeList({ terms, changed, added, removed }, heading) {
  const parts = [
    part(
      heading,
      "Terms",
      terms.map((one) => el("li", {}, termChange(one))),
    ),
    part(heading, "Added", added.map(whole)),
    part(heading, "Removed", removed.map(whole)),
    part(heading, "Changed", changed.map(edited)),
  ].filter(Boolean);
  return el("div", { class: "changes" }, parts.length ? parts : el("p", { class: "muted" }, "Nothing has changed."));
}

/**
 * @param {string} heading
 * @param {string} title
 * @param {HTMLElement[]} items
 */
function part(heading, title, items) {
  if (!items.length) return null;
  return el(
    "div",
    { class: `change change-${title.toLowerCase()}` },
    el(heading, {}, `${title} (${items.length})`),
    el("ul", {}, items),
  );
}

/** @param {Item} item */
function whole(item) {
  const facts = [kindWords(item.kind), item.workPackage, item.size].filter(Boolean).join(", ");
  return el("li", {}, el("strong", {}, itemName(item)), ` ${item.text} `, el("span", { class: "muted small" }, facts));
}

/** @param {{before: Item, after: Item}} change */
function edited({ before, after }) {
  const name = before.id === after.id ? itemName(after) : `${itemName(before)}, now ${itemName(after)}`;
  return el(
    "li",
    {},
    el("strong", {}, name),
    ` ${fieldChanges({ before, after }).join("; ")}`,
    before.text !== after.text
      ? el("span", { class: "rewritten" }, el("del", {}, before.text), el("ins", {}, after.text))
      : el("span", { class: "muted small context" }, after.text),
  );
}
