/** The card of a version's price, plan and risks, and what to know of the analysis behind it. */

import { add, el } from "../dom.js";
import { counted, day, money, number } from "../formats.js";
import { doubt, price, priceChange } from "./review-words.js";

/** @typedef {import("../../api/answers.js").Proposal} Proposal */

/** With more risks than this, or on a phone, they are folded in. */
const FEW = 3;
const WIDE = "(min-width: 44rem)";

/**
 * @param {Proposal} proposal
 * @param {Proposal | null} before the version to compare with
 * @returns {HTMLElement}
 */
export function priceCard(proposal, before) {
  const change = before ? priceChange(proposal, before) : "";
  const card = el(
    "section",
    { class: "card price-card", "aria-labelledby": "price-title" },
    el(
      "div",
      { class: "card-head" },
      el("h2", { id: "price-title" }, `Price of version ${proposal.version}`),
      before && change && el("span", { class: "muted small" }, `${change} than version ${before.version}`),
    ),
    doubtNote(proposal),
    el(
      "dl",
      { class: "figures" },
      figure("Total", price(proposal), "main"),
      range(proposal) && figure("Likely between", range(proposal)),
      figure("Takes", proposal.duration),
      figure("From", proposal.startDate && day(proposal.startDate)),
      figure("To", proposal.endDate && day(proposal.endDate)),
      figure("Team", proposal.teamSize && counted(proposal.teamSize, "person").replace("persons", "people")),
      proposal.discountPercent > 0 && figure("Discount", `${number(proposal.discountPercent)} %`),
    ),
  );
  add(card, risks(proposal));
  return card;
}

/**
 * A note when the analysis is not sure of itself, in words.
 *
 * @param {Proposal} proposal
 */
export function doubtNote(proposal) {
  const text = doubt(proposal);
  return text ? el("p", { class: "notice warn", role: "note" }, el("strong", {}, "Check the reading. "), text) : null;
}

/** @param {Proposal} proposal */
export function range({ lowCost, highCost, costData }) {
  if (lowCost === null || highCost === null || !costData) return "";
  return `${money(lowCost, costData.currency, 0)} and ${money(highCost, costData.currency, 0)}`;
}

/** @param {Proposal} proposal */
function risks({ risks: texts }) {
  if (!texts.length) return null;
  return el(
    "details",
    { class: "risks", open: texts.length <= FEW && matchMedia(WIDE).matches },
    el("summary", {}, counted(texts.length, "risk")),
    el(
      "ul",
      {},
      texts.map((text) => el("li", {}, text)),
    ),
  );
}

/**
 * @param {string} name
 * @param {string | number | null} value
 * @param {string} [look]
 */
function figure(name, value, look) {
  return el("div", { class: look }, el("dt", {}, name), el("dd", {}, value ?? "–"));
}
