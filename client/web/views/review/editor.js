/**
 * The reviewer's editor: the terms, the requirements with their toolbar, and the notes. It holds the sheet and its
 * history, and tells its view of each change. It never calls the API.
 */

import { PRIORITIES } from "../../api/words.js";
import { el, say } from "../dom.js";
import { counted } from "../formats.js";
import { count, difference } from "./changes.js";
import { anyFault, faults } from "./faults.js";
import { History } from "./history.js";
import { NotesPane } from "./notes-pane.js";
import { RequirementsTable } from "./requirements-table.js";
import { itemName, TERMS } from "./review-words.js";
import { added, changed, merged, removed, scoped, sheetOf, split, withTerms } from "./sheet.js";
import { TermsForm } from "./terms-form.js";
import { Toolbar } from "./toolbar.js";

/** @typedef {import("../../api/api.js").Proposal} Proposal */
/** @typedef {import("./sheet.js").Item} Item */
/** @typedef {import("./sheet.js").Sheet} Sheet */

/**
 * @typedef {object} EditorEvents
 * @property {() => void} onEdit after each change of the sheet
 * @property {(text: string) => void} announce for a screen reader
 */

export class Editor {
  /** @type {Proposal} the version that is edited */
  base;
  #events;
  #history;
  #notes;
  #table;
  #terms;
  /** @type {Set<string>} */
  #selected = new Set();
  /** @type {string | null} the row that was chosen last, which the next act may concern */
  #chosen = null;
  #checked = false;
  /** @type {{base: Proposal, sheet: Sheet, found: import("./changes.js").Difference} | null} the newest comparison */
  #compared = null;
  #new = 0;

  #toolbar = new Toolbar({
    undo: () => this.#moved("Undone", this.#history.undo()),
    redo: () => this.#moved("Done again", this.#history.redo()),
    merge: () => this.#mergeSelected(),
    remove: () => this.#removeAll(this.#table.order.filter((key) => this.#selected.has(key))),
    add: () => this.#add(this.#item(this.#chosen)?.workPackage ?? null),
  });
  #about = el("span", { class: "muted small" });
  #fault = el("p", { class: "problem" });

  element;

  /**
   * @param {Proposal} base
   * @param {Sheet} sheet
   * @param {string} notes
   * @param {EditorEvents} events
   */
  constructor(base, sheet, notes, events) {
    this.base = base;
    this.#events = events;
    this.#history = new History(sheet);
    this.#notes = new NotesPane(notes);
    this.#terms = new TermsForm((term, value) =>
      this.#act(withTerms(this.sheet, { [term]: value }), `change of ${TERMS[term].toLowerCase()}`, `term ${term}`),
    );
    this.#table = new RequirementsTable(
      {
        onChange: (key, fields, typing) => this.#change(key, fields, typing),
        onScope: (key, within) =>
          this.#act(scoped(this.sheet, key, within), `${this.#nameOf(key)} ${within ? "in" : "out of"} scope`),
        onChosen: (key) => this.#choose(key),
        onSelect: (key, selected) => this.#select(key, selected),
        onSplit: (key, caret) => this.#split(key, caret),
        onRemove: (key) => this.#removeAll([key]),
        onAdd: (workPackage) => this.#add(workPackage),
      },
      (item) => this.#notes.quoted(item),
    );
    this.element = el(
      "div",
      { class: "editor", onkeydown: (/** @type {KeyboardEvent} */ event) => this.#pressed(event) },
      el(
        "div",
        { class: "editor-main" },
        this.#terms.element,
        el(
          "section",
          { class: "card requirements-card", "aria-labelledby": "requirements-heading" },
          el("div", { class: "card-head" }, el("h2", { id: "requirements-heading" }, "Requirements"), this.#about),
          this.#toolbar.element,
          this.#fault,
          this.#table.element,
        ),
      ),
      this.#notes.element,
    );
    this.#show();
  }

  get sheet() {
    return this.#history.sheet;
  }

  get difference() {
    const { base, sheet } = this;
    if (base !== this.#compared?.base || sheet !== this.#compared.sheet) {
      this.#compared = { base, sheet, found: difference(sheetOf(base), sheet) };
    }
    return this.#compared.found;
  }

  /** Whether it must not be used now. */
  get locked() {
    return this.element.inert;
  }

  set locked(locked) {
    this.element.inert = locked;
  }

  get edited() {
    return count(this.difference) > 0;
  }

  /**
   * Go on with another version, or with other changes to it.
   *
   * @param {Proposal} base
   * @param {Sheet} sheet
   */
  replace(base, sheet) {
    this.base = base;
    this.#history = new History(sheet);
    this.#selected.clear();
    this.#checked = false;
    this.#show();
  }

  /** Drop all changes; it can be undone. */
  reset() {
    this.#act(sheetOf(this.base), "dropping of all changes");
  }

  /**
   * Whether the sheet may be sent. If not, its faults are shown, and the first one has the focus.
   *
   * @returns {boolean}
   */
  check() {
    this.#checked = true;
    this.#show();
    const found = faults(this.sheet);
    if (!anyFault(found) && !this.#terms.unreadable) return true;
    const wrong = this.#table.order.find((key) => found.rows.has(key));
    if (!this.#terms.focusFault() && wrong) this.#table.focus(wrong);
    return false;
  }

  /**
   * Show the API's complaints at their fields.
   *
   * @param {import("../../api/errors.js").Fault[]} complaints
   * @returns {string} those that belong to no field
   */
  complain(complaints) {
    const found = { rows: new Map(), terms: new Map(), list: "" };
    const others = [];
    for (const { field, message } of complaints) {
      const [name, place] = field.split(".").slice(field.startsWith("input.") ? 1 : 0);
      const item = name === "requirements" ? this.sheet.items[Number(place ?? Number.NaN)] : undefined;
      if (item) found.rows.set(item.key, `This ${message}.`);
      else if (name in TERMS) found.terms.set(name, `This ${message}.`);
      else others.push(`${name} ${message}`);
    }
    this.#show(found);
    const wrong = this.#table.order.find((key) => found.rows.has(key));
    if (!this.#terms.focusFault() && wrong) this.#table.focus(wrong);
    return others.join("; ");
  }

  /**
   * @param {Sheet} sheet
   * @param {string} what
   * @param {string} [typing]
   */
  #act(sheet, what, typing = "") {
    this.#history.act(sheet, what, typing);
    this.#show();
    this.#events.onEdit();
  }

  /** @param {ReturnType<typeof faults>} [found] */
  #show(found = this.#checked ? faults(this.sheet) : { rows: new Map(), terms: new Map(), list: "" }) {
    const { items, terms } = this.sheet;
    const keys = new Set(items.map(({ key }) => key));
    for (const key of this.#selected) if (!keys.has(key)) this.#selected.delete(key);
    this.#table.show({ base: this.base, items, selected: this.#selected, faults: found.rows });
    this.#terms.show(terms, found.terms, new Set(this.difference.terms.map(({ term }) => term)));
    say(this.#fault, found.list);
    say(this.#about, counted(items.length, "requirement"));
    this.#toolbar.show(this.#history, this.#selected.size);
  }

  /**
   * @param {string} key
   * @param {Partial<Item>} fields
   * @param {boolean} typing
   */
  #change(key, fields, typing) {
    const [field] = Object.keys(fields);
    this.#act(changed(this.sheet, key, fields), `change of ${this.#nameOf(key)}`, typing ? `${key} ${field}` : "");
  }

  /** @param {string} key */
  #choose(key) {
    const item = this.#item(key);
    if (!item || key === this.#chosen) return;
    this.#chosen = key;
    this.#table.choose(item);
    this.#notes.light(item);
  }

  /**
   * @param {string} key
   * @param {boolean} selected
   */
  #select(key, selected) {
    if (selected) this.#selected.add(key);
    else this.#selected.delete(key);
    this.#show();
  }

  #mergeSelected() {
    const keys = this.#table.order.filter((key) => this.#selected.has(key));
    const names = keys.map((key) => this.#nameOf(key)).join(", ");
    this.#selected.clear();
    this.#act(merged(inOrder(this.sheet, keys), keys, PRIORITIES), `merging of ${names}`);
    this.#table.focus(keys[0]);
    this.#events.announce(`Merged ${names}.`);
  }

  /** @param {string[]} keys */
  #removeAll(keys) {
    const { order } = this.#table;
    const names = keys.map((key) => this.#nameOf(key)).join(", ");
    const left = order.filter((key) => !keys.includes(key));
    const next = order.slice(order.indexOf(keys[0])).find((key) => left.includes(key)) ?? left.at(-1);
    this.#act(removed(this.sheet, keys), `removal of ${names}`);
    if (next) this.#table.focus(next);
    this.#events.announce(`Removed ${names}. You can undo it.`);
  }

  /**
   * @param {string} key
   * @param {number} caret
   */
  #split(key, caret) {
    const newKey = this.#newKey();
    this.#act(split(this.sheet, key, caret, newKey), `splitting of ${this.#nameOf(key)}`);
    this.#table.focus(newKey);
    this.#events.announce("The second part is a new requirement below the first.");
  }

  /** @param {string | null} workPackage */
  #add(workPackage) {
    const key = this.#newKey();
    this.#act(added(this.sheet, key, workPackage), "adding of a requirement");
    this.#table.focus(key);
  }

  /**
   * @param {string} done
   * @param {string} what
   */
  #moved(done, what) {
    if (!what) return;
    this.#show();
    this.#events.onEdit();
    this.#events.announce(`${done}: ${what}.`);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    // In a text field the browser undoes the typing itself.
    if (target.matches("textarea, input:not([type=checkbox])") || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) this.#moved("Done again", this.#history.redo());
    else this.#moved("Undone", this.#history.undo());
  }

  /**
   * @param {string | null} key
   * @returns {Item | undefined}
   */
  #item(key) {
    return this.sheet.items.find((item) => item.key === key);
  }

  /** @param {string} key */
  #nameOf(key) {
    const item = this.#item(key);
    return item ? itemName(item) : "a requirement";
  }

  #newKey() {
    const keys = new Set(this.sheet.items.map(({ key }) => key));
    do this.#new += 1;
    while (keys.has(`new-${this.#new}`));
    return `new-${this.#new}`;
  }
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
