/**
 * What is different between two sheets, what of it is sent, and one reviewer's changes on top of another's. Pure.
 *
 * A requirement is followed by its id. One whose kind has changed gets a new id from the API, so it is found again by
 * its text, or by its lines in the notes.
 */

import { REVIEW_LIMITS } from "../../api/words.js";
import { differs, differsIn, FIELDS, isBuilt } from "./sheet.js";

/** @typedef {import("./sheet.js").Item} Item */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Terms} Terms */
/** @typedef {keyof Terms} Term */

/**
 * @typedef {object} Difference
 * @property {Item[]} added
 * @property {Item[]} removed
 * @property {{before: Item, after: Item}[]} changed
 * @property {Item[]} same
 * @property {{term: Term, before: string, after: string}[]} terms
 */

const TERMS = /** @type {const} */ (["teamSize", "duration", "startDate", "currency", "discountPercent", "note"]);
const NUMBERS = new Set(["teamSize", "discountPercent"]);

/**
 * @param {Sheet} before
 * @param {Sheet} after
 * @returns {Difference}
 */
export function difference(before, after) {
  const successors = matched(before.items, after.items);
  const known = new Set(successors.values());
  /** @type {Difference} */
  const found = {
    added: after.items.filter((item) => !known.has(item)),
    removed: [],
    changed: [],
    same: [],
    terms: TERMS.filter((term) => said(after.terms, term) !== said(before.terms, term) && said(after.terms, term)).map(
      (term) => ({ term, before: said(before.terms, term), after: said(after.terms, term) }),
    ),
  };
  for (const item of before.items) {
    const now = successors.get(item);
    if (!now) found.removed.push(item);
    else if (differs(item, now)) found.changed.push({ before: item, after: now });
    else found.same.push(now);
  }
  return found;
}

/** @param {Difference} found */
export function count({ added, removed, changed, terms }) {
  return added.length + removed.length + changed.length + terms.length;
}

/**
 * The fields of the ReviewInput that say what is different. The list of requirements is left out when it is the same.
 *
 * @param {Sheet} base
 * @param {Sheet} sheet
 * @returns {Record<string, unknown>}
 */
export function reviewInput(base, sheet) {
  /** @type {Record<string, unknown>} */
  const input = {};
  const { added, removed, changed, terms } = difference(base, sheet);
  if (added.length || removed.length || changed.length) {
    const before = new Map(base.items.map((item) => [item.id, item]));
    input.requirements = sheet.items.map((item) => requirementInput(item, before.get(item.id)));
  }
  for (const { term, after } of terms) input[term] = NUMBERS.has(term) ? Number(after) : after;
  return input;
}

/**
 * One reviewer's changes on top of what another has made of the same base. Where both have changed the same field, the
 * first one's counts.
 *
 * @param {Sheet} base
 * @param {Sheet} mine
 * @param {Sheet} newest
 * @returns {Sheet}
 */
export function onTop(base, mine, newest) {
  const own = matched(base.items, mine.items);
  const theirs = matched(base.items, newest.items);
  const origins = new Map([...theirs].map(([item, now]) => [now, item]));
  const kept = newest.items.flatMap((item) => {
    const origin = origins.get(item);
    if (!origin) return [item];
    const edited = own.get(origin);
    return edited ? [{ ...item, ...edits(origin, edited) }] : [];
  });
  const revived = [...own]
    .filter(([origin, edited]) => !theirs.has(origin) && differs(origin, edited))
    .map(([, edited]) => ({ ...edited, id: null, hours: null }));
  const known = new Set(own.values());
  const written = new Set(newest.items.map(wording));
  const added = mine.items.filter((item) => !known.has(item) && !written.has(wording(item)));
  return { items: [...kept, ...revived, ...added], terms: termsOnTop(base.terms, mine.terms, newest.terms) };
}

/**
 * Whether the newest version already has all changes of a sheet. It has if only the answer to its review was lost.
 *
 * @param {Sheet} base
 * @param {Sheet} mine
 * @param {Sheet} newest
 */
export function contains(base, mine, newest) {
  return count(difference(newest, onTop(base, mine, newest))) === 0;
}

/**
 * What both have changed, in words for a person: the ids and terms.
 *
 * @param {Difference} mine
 * @param {Difference} theirs
 */
export function contested(mine, theirs) {
  const touched = (/** @type {Difference} */ { removed, changed }) =>
    new Set([...removed, ...changed.map(({ before }) => before)].map(({ id }) => id));
  const [own, other] = [touched(mine), touched(theirs)];
  const terms = new Set(theirs.terms.map(({ term }) => term));
  return {
    ids: [...own].filter((id) => id !== null && other.has(id)),
    terms: mine.terms.map(({ term }) => term).filter((term) => terms.has(term)),
  };
}

/**
 * @param {Terms} base
 * @param {Terms} mine
 * @param {Terms} newest
 * @returns {Terms}
 */
function termsOnTop(base, mine, newest) {
  const own = TERMS.filter((term) => said(mine, term) && said(mine, term) !== said(base, term));
  return { ...newest, ...Object.fromEntries(own.map((term) => [term, mine[term]])) };
}

/**
 * @param {Terms} terms
 * @param {Term} term
 */
function said(terms, term) {
  const text = terms[term].trim();
  return text && NUMBERS.has(term) && Number.isFinite(Number(text)) ? String(Number(text)) : text;
}

/**
 * @param {Item} before
 * @param {Item} after
 * @returns {Partial<Item>}
 */
function edits(before, after) {
  return Object.fromEntries(
    FIELDS.filter((field) => differsIn(field, before, after)).map((field) => [field, after[field]]),
  );
}

/**
 * The items of a list as they are in another, where they are still there.
 *
 * @param {Item[]} items
 * @param {Item[]} later
 * @returns {Map<Item, Item>}
 */
function matched(items, later) {
  /** @type {Map<Item, Item>} */
  const found = new Map();
  const byId = new Map(later.filter((one) => one.id !== null).map((one) => [one.id, one]));
  for (const item of items) {
    const same = byId.get(item.id);
    if (same) found.set(item, same);
  }
  const ids = new Set(items.map((item) => item.id));
  const strangers = new Set(later.filter((one) => one.id !== null && !ids.has(one.id)));
  for (const same of [
    (/** @type {Item} */ one, /** @type {Item} */ other) => one.text.trim() === other.text.trim(),
    (/** @type {Item} */ one, /** @type {Item} */ other) => one.lines.length > 0 && `${one.lines}` === `${other.lines}`,
  ]) {
    for (const item of items) {
      if (found.has(item)) continue;
      const renamed = [...strangers].find((one) => one.kind !== item.kind && same(one, item));
      if (!renamed) continue;
      strangers.delete(renamed);
      found.set(item, renamed);
    }
  }
  return found;
}

/** @param {Item} item */
function wording(item) {
  return `${item.kind} ${item.text.trim().replace(/\s+/g, " ")}`;
}

/**
 * An item as the API takes it. Its lines are sent only if they are others than the API would keep: those of a merged one
 * and of the new part of a split one. Of very many, the first ones are sent, because no reviewer could shorten the list.
 *
 * @param {Item} item
 * @param {Item | undefined} before
 */
function requirementInput({ id, kind, text, workPackage, size, priority, lines }, before) {
  const built = isBuilt(kind);
  const kept = before?.lines ?? [];
  return {
    ...(id && { id }),
    kind,
    text: text.trim(),
    ...(built && workPackage?.trim() && { workPackage: workPackage.trim() }),
    ...(built && size && { size }),
    priority,
    ...(`${lines}` !== `${kept}` && { lines: lines.slice(0, REVIEW_LIMITS.lines.most) }),
  };
}
