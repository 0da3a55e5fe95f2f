/**
 * One requirement as a row of fields. It tells its table what is typed and pressed, and shows what it is given; the
 * table decides what becomes of it.
 */

import { KINDS, PRIORITIES, SIZES } from "../../api/words.js";
import { el, say } from "../dom.js";
import { number } from "../formats.js";
import { PackageChoice } from "./package-choice.js";
import { itemName, kindWords, priorityWords } from "./review-words.js";
import { isBuilt, OUT } from "./sheet.js";

/** @typedef {import("./sheet.js").Item} Item */

/**
 * @typedef {object} RowEvents
 * @property {(key: string, fields: Partial<Item>, typing: boolean) => void} onChange
 * @property {(key: string, within: boolean) => void} onScope
 * @property {(key: string) => void} onChosen when the focus enters it
 * @property {(key: string, selected: boolean) => void} onSelect
 * @property {(key: string, caret: number) => void} onSplit
 * @property {(key: string) => void} onRemove
 */

/** Kinds of which it makes no sense to say that they are in scope or out of it. */
const NEITHER = new Set(["CONSTRAINT", "OPEN_QUESTION"]);

let rows = 0;

export class RequirementRow {
  #key;
  #events;
  /** @type {unknown[]} */
  #shown = [];
  #name = el("span", {});
  #names = /** @type {HTMLElement[]} */ ([]);
  #fault;
  #lines = el("span", {});
  #mark = el("span", { class: "mark" });
  #source = el("div", { class: "source", hidden: true });
  #pick = el("input", { type: "checkbox", onchange: () => this.#events.onSelect(this.#key, this.#pick.checked) });
  #text;
  #kind = choice(KINDS, kindWords, (kind) => this.#events.onChange(this.#key, { kind }, false));
  #size = choice(SIZES, String, (size) => this.#events.onChange(this.#key, { size }, false));
  #priority = choice(PRIORITIES, priorityWords, (priority) => this.#events.onChange(this.#key, { priority }, false));
  #package;
  #scope = el("input", {
    type: "checkbox",
    onchange: () => this.#events.onScope(this.#key, this.#scope.checked),
  });
  #sizeField;
  #scopeField;

  element;

  /**
   * @param {string} key
   * @param {RowEvents} events
   */
  constructor(key, events) {
    this.#key = key;
    this.#events = events;
    const id = `row-${++rows}`;
    this.#fault = el("p", { class: "fault", id: `${id}-fault` });
    this.#text = el("textarea", {
      rows: 2,
      "aria-describedby": `${id}-about ${id}-fault`,
      oninput: () => this.#events.onChange(this.#key, { text: this.#text.value }, true),
    });
    this.#package = new PackageChoice(
      (text, field) => this.#labelled(text, field),
      (workPackage) => this.#events.onChange(this.#key, { workPackage }, false),
    );
    this.#sizeField = this.#labelled("Size", this.#size);
    this.#scopeField = el("label", { class: "tick" }, this.#scope, this.#label("In scope"));
    this.element = el(
      "tr",
      { "data-key": key, onfocusin: () => this.#events.onChosen(this.#key) },
      el("td", { class: "pick" }, el("label", { class: "tick" }, this.#pick, this.#label("Select"))),
      el(
        "td",
        { class: "what" },
        this.#labelled("Text", this.#text, true),
        el("p", { class: "about small", id: `${id}-about` }, this.#name, this.#lines, this.#mark),
        this.#fault,
        this.#source,
      ),
      cell("sort", this.#labelled("Kind", this.#kind), this.#package.element),
      cell("rank", this.#sizeField, this.#labelled("Priority", this.#priority)),
      cell("scope", this.#scopeField),
      cell(
        "acts",
        this.#act("Split", () => this.#split()),
        this.#act("Remove", () => this.#remove()),
      ),
    );
  }

  /**
   * @param {Item} item
   * @param {object} how
   * @param {string} how.mark "new", "changed" or nothing
   * @param {boolean} how.selected
   * @param {string} how.fault
   * @param {string[]} how.packages the names to choose from
   */
  show(item, { mark, selected, fault, packages }) {
    const shown = [item, mark, selected, fault, packages];
    // Most rows are as they were: with 500 of them, that makes typing quick.
    if (shown.every((one, place) => one === this.#shown[place])) return;
    this.#shown = shown;
    const name = itemName(item);
    say(this.#name, name);
    for (const one of this.#names) say(one, ` ${name}`);
    say(this.#lines, about(item));
    say(this.#mark, mark);
    this.element.classList.toggle("edited", mark !== "");
    this.element.classList.toggle("out", item.kind === OUT);
    if (this.#text.value !== item.text) this.#text.value = item.text;
    this.#kind.value = item.kind;
    this.#size.value = item.size ?? "";
    this.#priority.value = item.priority;
    this.#package.show(item.workPackage, packages);
    this.#pick.checked = selected;
    this.#scope.checked = item.kind !== OUT;
    this.#sizeField.hidden = this.#package.element.hidden = !isBuilt(item.kind);
    this.#scopeField.hidden = NEITHER.has(item.kind);
    say(this.#fault, fault);
    if (fault) this.#text.setAttribute("aria-invalid", "true");
    else this.#text.removeAttribute("aria-invalid");
  }

  /**
   * Mark it as the chosen one, with the lines of the notes that it comes from, or as another.
   *
   * @param {{line: number, text: string}[] | null} quoted
   */
  choose(quoted) {
    this.element.classList.toggle("chosen", quoted !== null);
    this.#source.hidden = !quoted?.length;
    this.#source.replaceChildren(
      ...(quoted ?? []).map(({ line, text }) => el("p", {}, el("span", { class: "muted" }, `${line} `), text)),
    );
  }

  focus() {
    this.#text.focus();
  }

  #split() {
    this.#events.onSplit(this.#key, this.#text.selectionStart);
  }

  #remove() {
    this.#events.onRemove(this.#key);
  }

  /**
   * @param {string} text
   * @param {HTMLElement} field
   * @param {boolean} [quiet] whether only a screen reader needs the label
   */
  #labelled(text, field, quiet = false) {
    const label = this.#label(text);
    if (quiet) label.className = "visually-hidden";
    return el("label", {}, label, field);
  }

  /** @param {string} text */
  #label(text) {
    return el("span", { class: "cell-label" }, text, this.#of());
  }

  /**
   * @param {string} text
   * @param {() => void} onclick
   */
  #act(text, onclick) {
    return el("button", { type: "button", class: "quiet small-button", onclick }, text, this.#of());
  }

  /** The requirement's name, for those who do not see the row around a field. */
  #of() {
    const name = el("span", { class: "visually-hidden" });
    this.#names.push(name);
    return name;
  }
}

/**
 * A cell whose fields stand below each other, or side by side on a phone.
 *
 * @param {string} name
 * @param {...HTMLElement} fields
 */
function cell(name, ...fields) {
  return el("td", { class: name }, el("div", { class: "cell" }, fields));
}

/**
 * @param {string[]} values
 * @param {(value: string) => string} words
 * @param {(value: string) => void} changed
 */
function choice(values, words, changed) {
  const select = el(
    "select",
    { onchange: () => changed(select.value) },
    values.map((value) => el("option", { value }, words(value))),
  );
  return select;
}

/** @param {Item} item */
function about({ lines, hours }) {
  const parts = [
    lines.length > 0 && `line${lines.length > 1 ? "s" : ""} ${lines.join(", ")}`,
    hours !== null && `${number(hours)} h`,
  ];
  return parts
    .filter(Boolean)
    .map((part) => ` · ${part}`)
    .join("");
}
