/** The card of costs: the totals, a chart of each role's share, and a table of the same figures. */

import { el } from "../dom.js";
import { decimals, money, number, percent } from "../formats.js";

/**
 * @param {any} costs CostData
 * @returns {HTMLElement}
 */
export function costsCard(costs) {
  const forms = formsOf(costs);
  return el(
    "section",
    { class: "card costs", "aria-labelledby": "costs-title" },
    el("h2", { id: "costs-title" }, "Costs"),
    el(
      "dl",
      { class: "figures" },
      figure("Total", forms.cost(costs.totalCost), "main"),
      figure("Effort", `${forms.hours(costs.totalHours)} ${costs.totalHours === 1 ? "hour" : "hours"}`),
      figure("Complexity", costs.complexityLevel),
    ),
    chart(costs),
    table(costs, forms),
  );
}

/**
 * The same number of decimals for all numbers of a column, so that their decimal points are aligned.
 *
 * @param {any} costs
 */
function formsOf({ currency, lines, totalCost, totalHours }) {
  /** @param {number[]} amounts */
  const cents = (amounts) => (decimals(amounts, 1) ? 2 : 0);
  const hours = decimals([totalHours, ...lines.map((/** @type {any} */ line) => line.hours)], 2);
  const rate = cents(lines.map((/** @type {any} */ line) => line.hourlyRate));
  const cost = cents([totalCost, ...lines.map((/** @type {any} */ line) => line.cost)]);
  return {
    hours: (/** @type {number} */ value) => number(value, hours),
    rate: (/** @type {number} */ value) => money(value, currency, rate),
    cost: (/** @type {number} */ value) => money(value, currency, cost),
  };
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} [look]
 */
function figure(name, value, look) {
  return el("div", { class: look }, el("dt", {}, name), el("dd", {}, value));
}

/** @param {any} costs */
function chart(costs) {
  const roles = costs.lines.filter((/** @type {any} */ line) => line.cost > 0); // a discount has no bar
  const most = Math.max(...roles.map((/** @type {any} */ line) => line.cost), 1);
  return el(
    "figure",
    { class: "chart" },
    el("figcaption", {}, "Cost by role"),
    el(
      "ul",
      {},
      roles.map((/** @type {any} */ line) => {
        const bar = el("span", { class: "bar" });
        bar.style.inlineSize = `${(100 * line.cost) / most}%`;
        const share = costs.totalCost > 0 ? percent(line.cost / costs.totalCost) : "";
        return el(
          "li",
          {},
          el("span", { class: "bar-name" }, line.role),
          el("span", { class: "track", "aria-hidden": "true" }, bar),
          el("span", { class: "bar-value" }, share),
        );
      }),
    ),
  );
}

/**
 * @param {any} costs
 * @param {ReturnType<typeof formsOf>} forms
 */
function table(costs, forms) {
  const head = (/** @type {string} */ text) => el("th", { scope: "col" }, text);
  return el(
    "div",
    { class: "table-frame", role: "region", "aria-label": "Costs by role, as a table", tabindex: "0" },
    el(
      "table",
      {},
      el("caption", { class: "visually-hidden" }, "Hours, rate and cost by role"),
      el("thead", {}, el("tr", {}, head("Role"), head("Hours"), head("Rate"), head("Cost"))),
      el(
        "tbody",
        {},
        costs.lines.map((/** @type {any} */ line) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, line.role),
            el("td", {}, forms.hours(line.hours)),
            el("td", {}, forms.rate(line.hourlyRate)),
            el("td", {}, forms.cost(line.cost)),
          ),
        ),
      ),
      el(
        "tfoot",
        {},
        el(
          "tr",
          {},
          el("th", { scope: "row" }, "Total"),
          el("td", {}, forms.hours(costs.totalHours)),
          el("td", {}),
          el("td", {}, forms.cost(costs.totalCost)),
        ),
      ),
    ),
  );
}
