/** The table of two versions' figures, with the difference where there is one, and the links to their documents. */

import { el } from "../dom.js";
import { counted, day, moment, money, number } from "../formats.js";
import { range } from "../review/price-card.js";

/** @typedef {import("../../api/answers.js").Proposal} Proposal */

const DOCUMENTS = /** @type {const} */ ([
  ["powerpointUrl", "Presentation"],
  ["sowUrl", "Statement of work"],
  ["htmlUrl", "Page"],
]);

/** @type {{name: string, show: (proposal: Proposal) => string, value?: (proposal: Proposal) => number | null}[]} */
const ROWS = [
  { name: "Price", show: priceOf, value: ({ costData }) => costData?.totalCost ?? null },
  { name: "Likely between", show: (one) => range(one) },
  { name: "Effort", show: ({ costData }) => (costData ? `${number(costData.totalHours)} h` : ""), value: hoursOf },
  {
    name: "Takes",
    show: ({ duration }) => duration ?? "",
    value: ({ duration }) => Number.parseInt(duration ?? "", 10),
  },
  { name: "From", show: ({ startDate }) => (startDate ? day(startDate) : "") },
  { name: "To", show: ({ endDate }) => (endDate ? day(endDate) : "") },
  { name: "Team", show: ({ teamSize }) => (teamSize ? number(teamSize) : ""), value: ({ teamSize }) => teamSize },
  {
    name: "Discount",
    show: ({ discountPercent }) => `${number(discountPercent)} %`,
    value: (one) => one.discountPercent,
  },
  {
    name: "Requirements",
    show: ({ requirements }) => number(requirements.length),
    value: ({ requirements }) => requirements.length,
  },
  { name: "Risks", show: ({ risks }) => number(risks.length), value: ({ risks }) => risks.length },
  { name: "Made", show: ({ createdAt }) => moment(createdAt) },
];

/**
 * @param {Proposal} before
 * @param {Proposal} after
 * @returns {HTMLElement}
 */
export function figuresTable(before, after) {
  const head = (/** @type {string} */ text) => el("th", { scope: "col" }, text);
  return el(
    "section",
    { class: "card", "aria-labelledby": "figures-title" },
    el("h2", { id: "figures-title" }, "Price and plan"),
    el(
      "div",
      { class: "table-frame", role: "region", "aria-label": "Price and plan, as a table", tabindex: "0" },
      el(
        "table",
        { class: "version-figures" },
        el("caption", { class: "visually-hidden" }, "The figures of both versions"),
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            head(""),
            head(`Version ${before.version}`),
            head(`Version ${after.version}`),
            el("th", { scope: "col", class: "change-beside" }, "Change"),
          ),
        ),
        el(
          "tbody",
          {},
          ROWS.map((row) =>
            el(
              "tr",
              {},
              el("th", { scope: "row" }, row.name),
              el("td", {}, row.show(before) || "–"),
              el(
                "td",
                {},
                row.show(after) || "–",
                el("span", { class: "change-below" }, differenceOf(row, before, after)),
              ),
              el("td", { class: "change-beside" }, differenceOf(row, before, after)),
            ),
          ),
          el(
            "tr",
            {},
            el("th", { scope: "row" }, "Documents"),
            links(before),
            links(after),
            el("td", { class: "change-beside" }),
          ),
        ),
      ),
    ),
  );
}

/**
 * @param {typeof ROWS[number]} row
 * @param {Proposal} before
 * @param {Proposal} after
 */
function differenceOf({ name, value }, before, after) {
  if (!value) return "";
  const [one, other] = [value(before), value(after)];
  if (one === null || other === null || !Number.isFinite(other - one) || one === other) return "";
  const sign = other > one ? "+" : "−";
  const size = Math.abs(other - one);
  if (name !== "Price") return `${sign}${number(size)}`;
  // Prices in two currencies have no difference.
  if (before.costData.currency !== after.costData.currency) return "";
  return `${sign}${money(size, after.costData.currency, 0)}`;
}

/** @param {Proposal} proposal */
function priceOf({ costData }) {
  return costData ? money(costData.totalCost, costData.currency, 0) : "";
}

/** @param {Proposal} proposal */
function hoursOf({ costData }) {
  return costData?.totalHours ?? null;
}

/** @param {Proposal} proposal */
function links(proposal) {
  const made = DOCUMENTS.filter(([key]) => proposal[key]);
  if (!made.length) return el("td", {}, "none made");
  return el(
    "td",
    { class: "version-links" },
    made.map(([key, name]) =>
      el(
        "a",
        { href: proposal[key], ...(key === "htmlUrl" ? { target: "_blank", rel: "noopener" } : { download: true }) },
        name,
        el(
          "span",
          { class: "visually-hidden" },
          ` of version ${proposal.version}, ${counted(made.length, "document")}`,
        ),
      ),
    ),
  );
}
