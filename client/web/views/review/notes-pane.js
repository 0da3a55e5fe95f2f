/** The notes beside the requirements, with the lines lit that the chosen requirement comes from. */

import { el, say } from "../dom.js";
import { itemName } from "./review-words.js";

/** @typedef {import("./sheet.js").Item} Item */

/** The API counts lines as Python's `splitlines` does, which splits at three control characters too. */
const SEPARATORS = String.fromCharCode(0x1c, 0x1d, 0x1e);
const LINE_END = new RegExp(`\\r\\n|[\\n\\r\\v\\f\\u0085\\u2028\\u2029${SEPARATORS}]`, "u");

/** How far below the pane's top a lit line is shown, in pixels. */
const ABOVE = 72;

export class NotesPane {
  #lines;
  #rows;
  /** @type {HTMLElement[]} */
  #lit = [];
  #source = el("p", { class: "muted small" }, "Choose a requirement to see where it comes from.");
  #scroller;

  element;

  /** @param {string} notes */
  constructor(notes) {
    this.#lines = notes.split(LINE_END);
    this.#rows = this.#lines.map((line) => el("li", {}, line || "\u00a0"));
    this.#scroller = el(
      "div",
      { class: "notes-scroller", tabindex: "0", role: "group", "aria-label": "Meeting notes, by line" },
      el("ol", { class: "notes" }, this.#rows),
    );
    this.element = el(
      "section",
      { class: "card notes-pane", "aria-labelledby": "notes-title" },
      el("div", { class: "card-head" }, el("h2", { id: "notes-title" }, "Meeting notes"), this.#source),
      this.#scroller,
    );
  }

  /**
   * The text of the lines that a requirement comes from.
   *
   * @param {Item} item
   * @returns {{line: number, text: string}[]}
   */
  quoted({ lines }) {
    return lines.filter((line) => this.#rows[line - 1]).map((line) => ({ line, text: this.#lines[line - 1] }));
  }

  /** @param {Item} item */
  light(item) {
    for (const row of this.#lit) row.classList.remove("lit");
    this.#lit = item.lines.map((line) => this.#rows[line - 1]).filter(Boolean);
    for (const row of this.#lit) row.classList.add("lit");
    const from = item.lines.length ? `comes from line${item.lines.length > 1 ? "s" : ""} ${item.lines.join(", ")}` : "";
    say(this.#source, `${itemName(item)} ${from || "does not come from the notes"}`);
    if (this.#lit.length) this.#scroller.scrollTop = this.#lit[0].offsetTop - ABOVE;
  }
}
