/**
 * Explains a conflict: what you have changed and have not sent, what somebody else has made meanwhile, and the two ways
 * on. It changes nothing itself.
 */

import { el } from "../dom.js";
import { moment } from "../formats.js";
import { changeList } from "./change-list.js";
import { contested, difference } from "./changes.js";
import { price, priceChange, TERMS } from "./review-words.js";
import { sheetOf } from "./sheet.js";

/** @typedef {import("../../api/answers.js").Proposal} Proposal */

/**
 * @typedef {object} Conflict
 * @property {Proposal} base the version that you have edited
 * @property {import("./sheet.js").Sheet} sheet your changes to it
 * @property {Proposal} newest
 */

/**
 * @param {Conflict} conflict
 * @param {{onTheirs: () => void, onMine: () => void}} ways
 * @returns {HTMLElement}
 */
export function conflictPanel({ base, sheet, newest }, { onTheirs, onMine }) {
  const own = difference(sheetOf(base), sheet);
  const theirs = difference(sheetOf(base), sheetOf(newest));
  const change = priceChange(newest, base);
  return el(
    "section",
    { class: "card conflict", "aria-labelledby": "conflict-title" },
    el("h2", { id: "conflict-title", tabindex: "-1" }, "This proposal was changed elsewhere"),
    el(
      "p",
      {},
      `You have edited version ${base.version} and not sent it. Meanwhile version ${newest.version} was made ` +
        `(${moment(newest.createdAt)}). Your changes are kept until you choose.`,
    ),
    bothChanged(contested(own, theirs)),
    el(
      "div",
      { class: "sides" },
      el("div", { class: "side" }, el("h3", {}, "Your changes"), changeList(own, "h4")),
      el(
        "div",
        { class: "side" },
        el("h3", {}, `Version ${newest.version}`),
        el("p", {}, [price(newest), change && `(${change})`, newest.duration].filter(Boolean).join(" ")),
        changeList(theirs, "h4"),
      ),
    ),
    el(
      "div",
      { class: "actions" },
      el(
        "button",
        { type: "button", class: "primary", onclick: onMine },
        `Put mine on top of version ${newest.version}`,
      ),
      el("button", { type: "button", class: "secondary", onclick: onTheirs }, "Take theirs and drop mine"),
    ),
  );
}

/** @param {ReturnType<typeof contested>} both */
function bothChanged({ ids, terms }) {
  const names = [...ids, ...terms.map((term) => TERMS[term].toLowerCase())];
  if (!names.length) return null;
  return el("p", { class: "notice warn" }, `Both have changed ${names.join(", ")}: on top, yours count.`);
}
