/**
 * What a reviewer edits: the requirements and the terms of a proposal, and each act on them.
 *
 * Pure: every act returns a new sheet and leaves the given one as it is, so undoing is going back to an earlier one.
 * Nothing here shows or sends anything.
 */

import { KINDS, SIZES } from "../../api/words.js";
import { halves, joined } from "./sheet-text.js";

/** @typedef {import("../../api/answers.js").Proposal} Proposal */

/**
 * @typedef {object} Item a requirement as it is edited
 * @property {string} key names its row: its id, or a name of its own for a new one
 * @property {string | null} id null for a new one
 * @property {string} kind
 * @property {string} text
 * @property {number[]} lines
 * @property {string | null} workPackage
 * @property {string | null} size
 * @property {string} priority
 * @property {number | null} hours
 * @property {string} [kindBefore] of one that was put out of scope
 */

/**
 * @typedef {object} Terms as they are typed; empty leaves a term as it is
 * @property {string} teamSize
 * @property {string} duration
 * @property {string} startDate
 * @property {string} currency
 * @property {string} discountPercent
 * @property {string} note
 */

/** @typedef {{items: Item[], terms: Terms}} Sheet */

export const OUT = "OUT_OF_SCOPE";

/** The kinds that are built and priced: they have a size and a work package. */
const BUILT = new Set(["FUNCTIONAL", "NON_FUNCTIONAL", "INTEGRATION"]);

/** The size that a requirement has when nobody has given one. */
const USUAL_SIZE = "M";

/** @param {string} kind */
export function isBuilt(kind) {
  return BUILT.has(kind);
}

/**
 * @param {Proposal} proposal
 * @returns {Sheet}
 */
export function sheetOf(proposal) {
  return {
    items: proposal.requirements.map((one) => ({ ...one, key: one.id })),
    terms: {
      teamSize: proposal.teamSize === null ? "" : String(proposal.teamSize),
      duration: proposal.duration ?? "",
      startDate: proposal.startDate ?? "",
      currency: proposal.costData?.currency ?? "",
      discountPercent: String(proposal.discountPercent),
      note: "",
    },
  };
}

/**
 * @param {Sheet} sheet
 * @param {string} key
 * @param {Partial<Item>} fields
 * @returns {Sheet}
 */
export function changed(sheet, key, fields) {
  return withItems(
    sheet,
    sheet.items.map((item) => (item.key === key ? fitting({ ...item, ...fields }, item) : item)),
  );
}

/**
 * @param {Sheet} sheet
 * @param {Partial<Terms>} terms
 * @returns {Sheet}
 */
export function withTerms(sheet, terms) {
  return { ...sheet, terms: { ...sheet.terms, ...terms } };
}

/**
 * Put a requirement out of scope, or back in as what it was.
 *
 * @param {Sheet} sheet
 * @param {string} key
 * @param {boolean} within
 * @returns {Sheet}
 */
export function scoped(sheet, key, within) {
  const item = sheet.items.find((one) => one.key === key);
  if (!item || (item.kind !== OUT) === within) return sheet;
  const kind = within ? (item.kindBefore ?? KINDS[0]) : OUT;
  return changed(sheet, key, { kind, kindBefore: within ? undefined : item.kind });
}

/**
 * @param {Sheet} sheet
 * @param {Iterable<string>} keys
 * @returns {Sheet}
 */
export function removed(sheet, keys) {
  const gone = new Set(keys);
  return withItems(
    sheet,
    sheet.items.filter((item) => !gone.has(item.key)),
  );
}

/**
 * Add an empty requirement at the end of a work package.
 *
 * @param {Sheet} sheet
 * @param {string} key for the new row
 * @param {string | null} workPackage
 * @returns {Sheet}
 */
export function added(sheet, key, workPackage) {
  /** @type {Item} */
  const item = {
    key,
    id: null,
    kind: KINDS[0],
    text: "",
    lines: [],
    workPackage,
    size: USUAL_SIZE,
    priority: "MUST",
    hours: null,
  };
  return withItems(sheet, [...sheet.items, item]);
}

/**
 * Make one requirement of several. It keeps the first one's id and kind, and takes the largest size and the strongest
 * priority.
 *
 * @param {Sheet} sheet
 * @param {string[]} keys at least two
 * @param {readonly string[]} priorities from the strongest to the weakest
 * @returns {Sheet}
 */
export function merged(sheet, keys, priorities) {
  const chosen = sheet.items.filter((item) => keys.includes(item.key));
  const [first, ...others] = chosen;
  if (!others.length) return sheet;
  const sizes = SIZES.filter((size) => chosen.some((item) => item.size === size));
  const all = fitting(
    {
      ...first,
      text: joined(chosen.map((item) => item.text)),
      size: isBuilt(first.kind) ? (sizes.at(-1) ?? first.size) : first.size,
      priority: priorities.find((one) => chosen.some((item) => item.priority === one)) ?? first.priority,
      lines: [...new Set(chosen.flatMap((item) => item.lines))].sort((one, other) => one - other),
    },
    first,
  );
  const gone = new Set(others.map((item) => item.key));
  return withItems(
    sheet,
    sheet.items.filter((item) => !gone.has(item.key)).map((item) => (item === first ? all : item)),
  );
}

/**
 * Make two requirements of one: the text up to a place, and the text from there on as a new one.
 *
 * @param {Sheet} sheet
 * @param {string} key
 * @param {number} caret where the text is cut, if that is in the middle of it
 * @param {string} newKey for the new row
 * @returns {Sheet}
 */
export function split(sheet, key, caret, newKey) {
  const items = sheet.items.flatMap((item) => {
    if (item.key !== key) return [item];
    const [head, tail] = halves(item.text, caret);
    return [
      { ...item, text: head },
      { ...item, key: newKey, id: null, text: tail, hours: null },
    ];
  });
  return withItems(sheet, items);
}

/**
 * Whether the item differs from another in what a reviewer may change.
 *
 * @param {Item} one
 * @param {Item} other
 */
export function differs(one, other) {
  return FIELDS.some((field) => differsIn(field, one, other));
}

/**
 * Whether two items differ in a field. Lists of lines are compared by what they hold.
 *
 * @param {typeof FIELDS[number]} field
 * @param {Item} one
 * @param {Item} other
 */
export function differsIn(field, one, other) {
  return field === "lines" ? `${one.lines}` !== `${other.lines}` : one[field] !== other[field];
}

/** What a reviewer may change of a requirement. Its lines change when it is merged with others. */
export const FIELDS = /** @type {const} */ (["kind", "text", "workPackage", "size", "priority", "lines"]);

/**
 * The item with a size if its kind has one. A requirement that is not built has neither size nor work package: what it
 * had comes back with its kind.
 *
 * @param {Item} item
 * @param {Item} before
 * @returns {Item}
 */
function fitting(item, before) {
  if (!isBuilt(item.kind) || item.size || isBuilt(before.kind)) return item;
  return { ...item, size: USUAL_SIZE };
}

/**
 * @param {Sheet} sheet
 * @param {Item[]} items
 * @returns {Sheet}
 */
function withItems(sheet, items) {
  return { ...sheet, items };
}
