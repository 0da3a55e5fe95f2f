/** The price: its totals, a chart of the roles' shares, and the table that the chart is made from. */

import { el } from "./dom.js";
import { counted, money, number, percent } from "./words.js";

/**
 * @param {any} costs CostData
 * @returns {HTMLElement}
 */
export function costsCard(costs) {
  return el(
    "section",
    { class: "card costs", "aria-labelledby": "costs-title" },
    el("h2", { id: "costs-title" }, "Costs"),
    el(
      "dl",
      { class: "figures" },
      figure("Total", money(costs.totalCost, costs.currency), "main"),
      figure("Effort", counted(costs.totalHours, "hour")),
      figure("Complexity", costs.complexityLevel),
    ),
    chart(costs),
    table(costs),
  );
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
  const most = Math.max(...costs.lines.map((/** @type {any} */ line) => line.cost), 1);
  return el(
    "figure",
    { class: "chart" },
    el("figcaption", {}, "Cost by role"),
    el(
      "ul",
      {},
      costs.lines.map((/** @type {any} */ line) => {
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

/** @param {any} costs */
function table(costs) {
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
            el("td", {}, number(line.hours)),
            el("td", {}, money(line.hourlyRate, costs.currency)),
            el("td", {}, money(line.cost, costs.currency)),
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
          el("td", {}, number(costs.totalHours)),
          el("td", {}),
          el("td", {}, money(costs.totalCost, costs.currency)),
        ),
      ),
    ),
  );
}
