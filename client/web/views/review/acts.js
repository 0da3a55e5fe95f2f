/**
 * A reviewer's acts on the rows of a sheet. Each gives the next sheet, its name for the history, and what follows from
 * it: the row to go on with, and words for a screen reader. Pure; the editor carries them out.
 */

import { PRIORITIES } from "../../api/words.js";
import { itemName } from "./review-words.js";
import { added, changed, merged, removed, scoped, split } from "./sheet.js";

/** @typedef {import("./sheet.js").Item} Item */
/** @typedef {import("./sheet.js").Sheet} Sheet */

/**
 * @typedef {object} Act
 * @property {Sheet} sheet after it
 * @property {string} what it is, such as "removal of FR-3"
 * @property {string} [typing] names the field in which somebody types
 * @property {string} [next] the row that gets the focus
 * @property {string} [said]
 */

/**
 * @param {Sheet} sheet
 * @param {string} key
 * @param {Partial<Item>} fields
 * @param {boolean} typing
 * @returns {Act}
 */
export function changing(sheet, key, fields, typing) {
  const [field] = Object.keys(fields);
  const what = `change of ${named(sheet, key)}`;
  return { sheet: changed(sheet, key, fields), what, typing: typing ? `${key} ${field}` : "" };
}

/**
 * @param {Sheet} sheet
 * @param {string} key
 * @param {boolean} within
 * @returns {Act}
 */
export function scoping(sheet, key, within) {
  return { sheet: scoped(sheet, key, within), what: `${named(sheet, key)} ${within ? "in" : "out of"} scope` };
}

/**
 * @param {Sheet} sheet
 * @param {string[]} keys in the order in which they are shown
 * @returns {Act}
 */
export function merging(sheet, keys) {
  const names = keys.map((key) => named(sheet, key)).join(", ");
  return {
    sheet: merged(inOrder(sheet, keys), keys, PRIORITIES),
    what: `merging of ${names}`,
    next: keys[0],
    said: `Merged ${names}.`,
  };
}

/**
 * @param {Sheet} sheet
 * @param {string[]} keys
 * @param {string[]} order in which all rows are shown
 * @returns {Act}
 */
export function removing(sheet, keys, order) {
  const names = keys.map((key) => named(sheet, key)).join(", ");
  const left = order.filter((key) => !keys.includes(key));
  return {
    sheet: removed(sheet, keys),
    what: `removal of ${names}`,
    next: order.slice(order.indexOf(keys[0])).find((key) => left.includes(key)) ?? left.at(-1),
    said: `Removed ${names}. You can undo it.`,
  };
}

/**
 * @param {Sheet} sheet
 * @param {string} key
 * @param {number} caret
 * @param {string} newKey
 * @returns {Act}
 */
export function splitting(sheet, key, caret, newKey) {
  return {
    sheet: split(sheet, key, caret, newKey),
    what: `splitting of ${named(sheet, key)}`,
    next: newKey,
    said: "The second part is a new requirement below the first.",
  };
}

/**
 * @param {Sheet} sheet
 * @param {string} newKey
 * @param {string | null} workPackage
 * @returns {Act}
 */
export function adding(sheet, newKey, workPackage) {
  return { sheet: added(sheet, newKey, workPackage), what: "adding of a requirement", next: newKey };
}

/**
 * @param {Sheet} sheet
 * @param {string} key
 */
function named({ items }, key) {
  const item = items.find((one) => one.key === key);
  return item ? itemName(item) : "a requirement";
}

/**
 * The sheet with these rows in the order in which they are shown, for the first one keeps its id.
 *
 * @param {Sheet} sheet
 * @param {string[]} keys
 * @returns {Sheet}
 */
function inOrder(sheet, keys) {
  const chosen = keys.flatMap((key) => sheet.items.filter((item) => item.key === key));
  let next = 0;
  return { ...sheet, items: sheet.items.map((item) => (keys.includes(item.key) ? chosen[next++] : item)) };
}
