/** What the page calls kinds, sizes, priorities and terms, and changes in words. Pure. */

import { counted, day, money } from "../formats.js";
import { differsIn, FIELDS, isBuilt } from "./sheet.js";

/** @typedef {import("../../api/answers.js").Proposal} Proposal */
/** @typedef {import("./sheet.js").Item} Item */
/** @typedef {import("./changes.js").Difference} Difference */

/** @type {Record<string, string>} */
const KINDS = {
  FUNCTIONAL: "Function",
  NON_FUNCTIONAL: "Quality",
  INTEGRATION: "Integration",
  CONSTRAINT: "Constraint",
  OUT_OF_SCOPE: "Out of scope",
  OPEN_QUESTION: "Open question",
};

/** @type {Record<string, string>} */
const PRIORITIES = { MUST: "Must", SHOULD: "Should", COULD: "Could" };

/**
 * The headings of requirements that belong to no work package.
 *
 * @type {Record<string, string>}
 */
const GROUPS = { CONSTRAINT: "Constraints", OUT_OF_SCOPE: "Out of scope", OPEN_QUESTION: "Open questions" };

/** @type {Record<keyof import("./sheet.js").Terms, string>} */
export const TERMS = {
  teamSize: "Team",
  duration: "Duration",
  startDate: "Start",
  currency: "Currency",
  discountPercent: "Discount",
  note: "Note",
};

/** @type {Record<string, string>} */
const FIELD_NAMES = {
  kind: "kind",
  text: "text",
  workPackage: "work package",
  size: "size",
  priority: "priority",
  lines: "lines",
};

const OF_BUILT = new Set(["size", "workPackage"]);

/** @param {string} kind */
export function kindWords(kind) {
  return KINDS[kind] ?? kind;
}

/** @param {string} priority */
export function priorityWords(priority) {
  return PRIORITIES[priority] ?? priority;
}

/** @param {string} kind */
export function groupWords(kind) {
  return GROUPS[kind] ?? "Without a work package";
}

/**
 * @param {{term: string, before: string, after: string}} change
 */
export function termChange({ term, before, after }) {
  const name = TERMS[/** @type {keyof typeof TERMS} */ (term)] ?? term;
  if (!before) return `${name}: ${termValue(term, after)}`;
  return `${name}: ${termValue(term, before)} → ${termValue(term, after)}`;
}

/**
 * The fields of a requirement that are different, as "size M → L".
 *
 * @param {{before: Item, after: Item}} change
 * @returns {string[]}
 */
export function fieldChanges({ before, after }) {
  // What is not built has neither size nor package, which need not be said.
  const shown = FIELDS.filter((field) => field !== "text" && (isBuilt(after.kind) || !OF_BUILT.has(field)));
  return shown
    .filter((field) => differsIn(field, before, after))
    .map((field) => `${FIELD_NAMES[field]} ${fieldValue(field, before[field])} → ${fieldValue(field, after[field])}`);
}

/**
 * How a requirement is called: its id, or that it is new.
 *
 * @param {{id: string | null}} item
 */
export function itemName({ id }) {
  return id ?? "New requirement";
}

/**
 * @param {Difference} found
 * @returns {string} such as "2 added, 1 changed"; empty without a change
 */
export function summary({ added, removed, changed, terms }) {
  return [
    added.length && `${added.length} added`,
    removed.length && `${removed.length} removed`,
    changed.length && `${changed.length} changed`,
    terms.length && counted(terms.length, "term"),
  ]
    .filter(Boolean)
    .join(", ");
}

/**
 * The price of a version, or that it has none.
 *
 * @param {Proposal} proposal
 */
export function price({ costData }) {
  return costData ? money(costData.totalCost, costData.currency, 0) : "Not priced";
}

/**
 * A version's price, weeks and end in one sentence, with what is different from the version before. For the live region.
 *
 * @param {Proposal} now
 * @param {Proposal | null} before
 */
export function newPrice(now, before) {
  return `Version ${now.version}: ${priceAndPlan(now, before)}.`;
}

/**
 * @param {Proposal} now
 * @param {Proposal | null} before
 */
export function priceAndPlan(now, before) {
  const ends = now.endDate ? `, ends ${day(now.endDate)}` : "";
  const change = before ? priceChange(now, before) : "";
  return `${price(now)}${change && ` (${change})`}, ${now.duration ?? "no plan"}${ends}`;
}

/**
 * @param {Proposal} now
 * @param {Proposal} before
 * @returns {string} such as "€1,200 less"; empty when the prices can't be compared
 */
export function priceChange({ costData: now }, { costData: before }) {
  if (!now || !before || now.currency !== before.currency) return "";
  const more = now.totalCost - before.totalCost;
  if (Math.abs(more) < 0.5) return "the same price";
  return `${money(Math.abs(more), now.currency, 0)} ${more > 0 ? "more" : "less"}`;
}

/** Below this, the analysis is not sure that it has understood the notes. */
const SURE = 0.7;

/**
 * What to tell of an analysis that is not sure; empty when it is.
 *
 * @param {Proposal} proposal
 */
export function doubt({ confidence }) {
  if (confidence === null || confidence >= SURE) return "";
  const share = Math.round(confidence * 100);
  return (
    `The analysis is only ${share} % sure that it has understood the notes. Read each requirement against them ` +
    "before you rely on the price."
  );
}

/**
 * @param {string} term
 * @param {string} value
 */
function termValue(term, value) {
  if (term === "startDate") return day(value);
  if (term === "discountPercent") return `${value} %`;
  if (term === "teamSize") return value === "1" ? "1 person" : `${value} people`;
  return value;
}

/**
 * @param {string} field
 * @param {string | number[] | null} value
 */
function fieldValue(field, value) {
  if (value === null || value.length === 0) return "none";
  if (typeof value !== "string") return value.join(", ");
  if (field === "kind") return kindWords(value);
  return field === "priority" ? priorityWords(value) : value;
}
