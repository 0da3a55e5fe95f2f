/**
 * What stands around the editor of a review: the head, notices, the price of the version, and the bar to send it. It
 * only shows, and tells its view what is pressed.
 */

import { sessionAddress } from "../../router.js";
import { el, say } from "../dom.js";
import { notFound } from "../not-found.js";
import { priceCard } from "./price-card.js";
import { priceAndPlan, summary } from "./review-words.js";
import { available } from "./toolbar.js";

/** @typedef {import("../../api/answers.js").Proposal} Proposal */
/** @typedef {import("./editor.js").Editor} Editor */

/**
 * @typedef {object} FrameEvents
 * @property {(button: HTMLButtonElement, approve: boolean) => void} onSend
 * @property {() => void} onDrop
 */

export class ReviewFrame {
  /** @type {Proposal | null} the one whose price is shown */
  #shown = null;
  #id;
  #heading = el("h1", { tabindex: "-1" }, "Review");
  #about = el("p", { class: "muted" });
  #said = el("p", { class: "visually-hidden", role: "status" });
  #notice = el("p", { class: "notice", role: "status", hidden: true });
  #above = el("div", {});
  #price = el("div", {});
  #place = el("div", {}, el("p", { class: "loading" }, "Loading …"));
  #problem = el("p", { class: "problem", role: "alert" });
  #figures = el("p", { class: "bar-price" });
  #pending = el("p", { class: "muted", role: "status" });
  #again;
  #approve;
  #drop;
  #bar;

  element;

  /**
   * @param {string} id of the session
   * @param {FrameEvents} events
   */
  constructor(id, { onSend, onDrop }) {
    this.#id = id;
    this.#again = sender("secondary", "Price again", (button) => onSend(button, false));
    this.#approve = sender("primary", "Make the documents", (button) => onSend(button, true));
    this.#drop = el("button", { type: "button", class: "quiet small-button", onclick: onDrop }, "Drop my changes");
    this.#bar = el(
      "div",
      { class: "review-bar", role: "group", "aria-label": "Send the review", hidden: true },
      el(
        "div",
        { class: "bar-words" },
        this.#figures,
        el("div", { class: "bar-pending small" }, this.#pending, this.#drop),
        this.#problem,
      ),
      el("div", { class: "actions" }, this.#again, this.#approve),
    );
    this.element = el(
      "div",
      { class: "review" },
      el("div", { class: "session-head" }, el("div", {}, this.#heading, this.#about), this.#back()),
      this.#said,
      this.#notice,
      this.#above,
      this.#price,
      this.#place,
      this.#bar,
    );
  }

  /** @param {string} client */
  introduce(client) {
    say(this.#heading, client);
  }

  /** @param {string} text for a screen reader alone */
  announce(text) {
    say(this.#said, text);
  }

  /** @param {string} text for everybody; empty to show none */
  tell(text) {
    say(this.#notice, text);
    this.#notice.hidden = !text;
  }

  /** @param {string} text what went wrong; empty for nothing */
  complain(text) {
    say(this.#problem, text);
    if (text) this.#bar.hidden = false;
  }

  /** @param {HTMLElement | null} panel above the editor */
  showAbove(panel) {
    this.#above.replaceChildren(...(panel ? [panel] : []));
  }

  /** @param {HTMLElement} element the editor, or what is shown instead of it */
  place(element) {
    this.#place.replaceChildren(element);
  }

  /** @param {string} text */
  waits(text) {
    this.place(el("p", { class: "hint-card muted", role: "status" }, text));
  }

  /**
   * The session failed or was cancelled.
   *
   * @param {string} words
   * @returns {HTMLElement}
   */
  stopped(words) {
    return el(
      "section",
      { class: "card" },
      el("p", { class: "problem", role: "alert" }, words),
      el("p", {}, "Run it again in the proposal's view. A review that was sent is not lost."),
      el("p", {}, this.#back()),
    );
  }

  /**
   * Show the version that is edited, and what may be done with it.
   *
   * @param {Editor} editor
   * @param {object} how
   * @param {boolean} how.completed whether it has its documents
   * @param {Proposal | null} how.before the version to compare with
   */
  show(editor, { completed, before }) {
    const { base } = editor;
    const status = completed ? "Completed. A revision makes the next version." : "Waits for your review.";
    say(this.#about, `Version ${base.version} · ${status}`);
    if (base !== this.#shown) this.#price.replaceChildren(priceCard(base, before));
    this.#shown = base;
    say(this.#figures, priceAndPlan(base, before));
    this.#bar.hidden = false;
    this.offer(editor, completed);
  }

  /**
   * @param {Editor} editor
   * @param {boolean} completed
   */
  offer(editor, completed) {
    const { edited, locked } = editor;
    const words = edited ? `${summary(editor.difference)}: not priced yet.` : "Nothing has changed since this price.";
    if (!locked) say(this.#pending, words);
    available(this.#again, edited && !locked);
    available(this.#approve, (edited || !completed) && !locked);
    this.#drop.hidden = !edited || locked;
  }

  /** @param {string} text why nothing can be sent now */
  whileLocked(text) {
    say(this.#pending, text);
  }

  notThere() {
    const text = "This proposal does not exist, is not yours or has no price yet.";
    this.element.replaceChildren(notFound("No such proposal", text));
  }

  focus() {
    this.#heading.focus();
  }

  #back() {
    return el("a", { href: sessionAddress(this.#id) }, "Back to the proposal");
  }
}

/**
 * @param {string} look
 * @param {string} text
 * @param {(button: HTMLButtonElement) => void} send
 */
function sender(look, text, send) {
  const button = el("button", { type: "button", class: look, onclick: () => send(button) }, text);
  return button;
}
