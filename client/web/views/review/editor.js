/**
 * The reviewer's editor: the terms, the requirements with their toolbar, and the notes. It holds the sheet and its
 * history, and tells its view of each change. It never calls the API.
 */

import { el, say } from "../dom.js";
import { counted } from "../formats.js";
import { adding, changing, merging, removing, scoping, splitting } from "./acts.js";
import { count, difference } from "./changes.js";
import { anyFault, faults, NO_FAULTS, placed } from "./faults.js";
import { History } from "./history.js";
import { NotesPane } from "./notes-pane.js";
import { RequirementsTable } from "./requirements-table.js";
import { TERMS } from "./review-words.js";
import { sheetOf, withTerms } from "./sheet.js";
import { TermsForm } from "./terms-form.js";
import { pressed, Toolbar } from "./toolbar.js";

/** @typedef {import("../../api/answers.js").Proposal} Proposal */
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
    undo: () => this.#undo(),
    redo: () => this.#redo(),
    merge: () => this.#merge(this.#selectedInOrder),
    remove: () => this.#remove(this.#selectedInOrder),
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
      this.#act({
        sheet: withTerms(this.sheet, { [term]: value }),
        what: `change of ${TERMS[term].toLowerCase()}`,
        typing: `term ${term}`,
      }),
    );
    this.#table = new RequirementsTable(
      {
        onChange: (key, fields, typing) => this.#act(changing(this.sheet, key, fields, typing)),
        onScope: (key, within) => this.#act(scoping(this.sheet, key, within)),
        onChosen: (key) => this.#choose(key),
        onSelect: (key, selected) => this.#select(key, selected),
        onSplit: (key, caret) => this.#act(splitting(this.sheet, key, caret, this.#newKey())),
        onRemove: (key) => this.#remove([key]),
        onAdd: (workPackage) => this.#add(workPackage),
      },
      (item) => this.#notes.quoted(item),
    );
    this.element = el(
      "div",
      {
        class: "editor",
        onkeydown: pressed(
          () => this.#undo(),
          () => this.#redo(),
        ),
      },
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
    this.#act({ sheet: sheetOf(this.base), what: "dropping of all changes" });
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
    this.#focusFault(found);
    return false;
  }

  /**
   * Show the API's complaints at their fields.
   *
   * @param {import("../../api/errors.js").Fault[]} complaints
   * @returns {string} those that belong to no field
   */
  complain(complaints) {
    const { found, others } = placed(complaints, this.sheet);
    this.#show(found);
    this.#focusFault(found);
    return others;
  }

  /** @param {import("./faults.js").Faults} found */
  #focusFault({ rows }) {
    const wrong = this.#table.order.find((key) => rows.has(key));
    if (!this.#terms.focusFault() && wrong) this.#table.focus(wrong);
  }

  /** @param {import("./acts.js").Act} act */
  #act({ sheet, what, typing, next, said }) {
    this.#history.act(sheet, what, typing);
    this.#show();
    this.#events.onEdit();
    if (next) this.#table.focus(next);
    if (said) this.#events.announce(said);
  }

  #show(found = this.#checked ? faults(this.sheet) : NO_FAULTS) {
    const { items, terms } = this.sheet;
    const keys = new Set(items.map(({ key }) => key));
    for (const key of this.#selected) if (!keys.has(key)) this.#selected.delete(key);
    this.#table.show({ base: this.base, items, selected: this.#selected, faults: found.rows });
    this.#terms.show(terms, found.terms, new Set(this.difference.terms.map(({ term }) => term)));
    say(this.#fault, found.list);
    say(this.#about, counted(items.length, "requirement"));
    this.#toolbar.show(this.#history, this.#selected.size);
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

  get #selectedInOrder() {
    return this.#table.order.filter((key) => this.#selected.has(key));
  }

  /** @param {string[]} keys */
  #merge(keys) {
    this.#selected.clear();
    this.#act(merging(this.sheet, keys));
  }

  /** @param {string[]} keys */
  #remove(keys) {
    this.#act(removing(this.sheet, keys, this.#table.order));
  }

  /** @param {string | null} workPackage */
  #add(workPackage) {
    this.#act(adding(this.sheet, this.#newKey(), workPackage));
  }

  #undo() {
    this.#moved("Undone", this.#history.undo());
  }

  #redo() {
    this.#moved("Done again", this.#history.redo());
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

  /**
   * @param {string | null} key
   * @returns {Item | undefined}
   */
  #item(key) {
    return this.sheet.items.find((item) => item.key === key);
  }

  #newKey() {
    const keys = new Set(this.sheet.items.map(({ key }) => key));
    do this.#new += 1;
    while (keys.has(`new-${this.#new}`));
    return `new-${this.#new}`;
  }
}
