/** What is wrong with a sheet, for each row and each term: by the API's limits, or by its own complaints. Pure. */

import { REVIEW_LIMITS } from "../../api/words.js";
import { characters, number } from "../formats.js";
import { TERMS } from "./review-words.js";

/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Terms} Terms */

/**
 * @typedef {object} Faults texts for a person, each a sentence
 * @property {Map<string, string>} rows by the row's key
 * @property {Map<keyof Terms, string>} terms
 * @property {string} list about the whole list; empty when there is nothing
 */

/** @type {Faults} */
export const NO_FAULTS = { rows: new Map(), terms: new Map(), list: "" };

/**
 * What is wrong before the sheet is sent.
 *
 * @param {Sheet} sheet
 * @returns {Faults}
 */
export function faults({ items, terms }) {
  const { requirements } = REVIEW_LIMITS;
  /** @type {Map<string, string>} */
  const rows = new Map();
  for (const item of items) {
    const wrong = textFault(item.text) || tooLong(item.workPackage ?? "", REVIEW_LIMITS.workPackage.longest);
    if (wrong) rows.set(item.key, wrong);
  }
  const list =
    items.length < requirements.least || items.length > requirements.most
      ? `A proposal has from ${number(requirements.least)} to ${number(requirements.most)} requirements.`
      : "";
  return { rows, terms: termFaults(terms), list };
}

/** @param {Faults} found */
export function anyFault({ rows, terms, list }) {
  return rows.size > 0 || terms.size > 0 || list !== "";
}

/**
 * The API's complaints about a sheet that was sent, at their fields.
 *
 * @param {import("../../api/errors.js").Fault[]} complaints
 * @param {Sheet} sheet
 * @returns {{found: Faults, others: string}} `others`: those that belong to no field
 */
export function placed(complaints, { items }) {
  /** @type {Faults} */
  const found = { rows: new Map(), terms: new Map(), list: "" };
  const others = [];
  for (const { field, message } of complaints) {
    const [name = "", place] = field.split(".").slice(field.startsWith("input.") ? 1 : 0);
    const item = name === "requirements" ? items[Number(place ?? Number.NaN)] : undefined;
    if (item) found.rows.set(item.key, `This ${message}.`);
    else if (name in TERMS) found.terms.set(/** @type {keyof Terms} */ (name), `This ${message}.`);
    else others.push(`${name} ${message}`);
  }
  return { found, others: others.join("; ") };
}

/** @param {string} text */
function textFault(text) {
  if (!text.trim()) return "Write what is asked for, or remove this requirement.";
  return tooLong(text.trim(), REVIEW_LIMITS.text.longest);
}

/** @param {Terms} terms */
function termFaults(terms) {
  const { teamSize, discountPercent, duration, note } = REVIEW_LIMITS;
  const people = terms.teamSize.trim();
  const percent = terms.discountPercent.trim();
  /** @type {[keyof Terms, string][]} */
  const found = [
    ["teamSize", people && !(Number.isInteger(Number(people)) && within(people, teamSize)) ? range(teamSize) : ""],
    ["duration", tooLong(terms.duration, duration.longest)],
    [
      "startDate",
      terms.startDate && !/^\d{4}-\d\d-\d\d$/.test(terms.startDate) ? "Give a day with a year of four digits." : "",
    ],
    [
      "currency",
      terms.currency.trim() && !/^[A-Z]{3}$/.test(terms.currency.trim())
        ? "Give a currency's three letters, such as EUR."
        : "",
    ],
    ["discountPercent", percent && !within(percent, discountPercent) ? "Give a number from 0 to 100." : ""],
    ["note", tooLong(terms.note, note.longest)],
  ];
  return new Map(found.filter(([, text]) => text));
}

/**
 * @param {string} text
 * @param {{least: number, most: number}} limits
 */
function within(text, { least, most }) {
  return Number(text) >= least && Number(text) <= most;
}

/** @param {{least: number, most: number}} limits */
function range({ least, most }) {
  return `Give a whole number from ${number(least)} to ${number(most)}.`;
}

/**
 * @param {string} text
 * @param {number} longest
 */
function tooLong(text, longest) {
  const over = characters(text) - longest;
  return over > 0 ? `Too long by ${number(over)}: at most ${number(longest)} characters.` : "";
}
