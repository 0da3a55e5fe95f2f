/**
 * The card of requirements: how many of each kind the notes contain, and the items when you open a kind. The API does
 * not fix the form of `requirementsData`, so the card leaves out what it does not expect.
 */

import { el } from "../dom.js";
import { number } from "../formats.js";

const KINDS = {
  functional: "Functional",
  nonFunctional: "Quality",
  integrations: "Integrations",
  constraints: "Constraints",
  outOfScope: "Out of scope",
  openQuestions: "Open questions",
};

/**
 * @param {any} data
 * @returns {HTMLElement | null} null when there is nothing to show
 */
export function requirementsCard(data) {
  const kinds = Object.entries(KINDS)
    .map(([key, name]) => ({ name, count: Number(data?.counts?.[key]) || 0, items: list(data?.items?.[key]) }))
    .filter(({ count, items }) => count || items.length);
  if (!kinds.length) return null;
  return el(
    "section",
    { class: "card requirements", "aria-labelledby": "requirements-title" },
    el("h2", { id: "requirements-title" }, "What the notes ask for"),
    list(data.complexityReasons).length > 0 &&
      el("p", { class: "muted" }, `Complexity ${data.complexityLevel}: ${list(data.complexityReasons).join("; ")}.`),
    kinds.map(kind),
  );
}

/** @param {{name: string, count: number, items: any[]}} given */
function kind({ name, count, items }) {
  const left = count - items.length;
  return el(
    "details",
    { class: "kind" },
    el("summary", {}, name, " ", el("span", { class: "badge" }, number(Math.max(count, items.length)))),
    el(
      "ul",
      {},
      items.map(item),
      left > 0 && el("li", { class: "muted" }, `and ${number(left)} more in the documents`),
    ),
  );
}

/** @param {any} given */
function item(given) {
  const lines = list(given?.lines);
  return el(
    "li",
    {},
    String(given?.text ?? ""),
    lines.length > 0 &&
      el("span", { class: "muted small" }, ` (line${lines.length > 1 ? "s" : ""} ${lines.join(", ")})`),
  );
}

/** @param {unknown} value */
function list(value) {
  return Array.isArray(value) ? value : [];
}
