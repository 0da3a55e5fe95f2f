/**
 * What a person can do with a session that rests: review what waits, or revise, compare and delete. It also says when
 * the analysis is not sure of itself. It never calls the API.
 */

import { AWAITING_REVIEW, COMPLETED, RESTS } from "../../api/words.js";
import { sessionAddress } from "../../router.js";
import { el } from "../dom.js";
import { doubtNote } from "../review/price-card.js";
import { newPrice } from "../review/review-words.js";

/** @typedef {import("../../api/answers.js").Proposal} Proposal */
/** @typedef {import("../../stream/merge.js").State} State */

export class RestCard {
  #id;
  #price = el("p", {});
  #doubt = el("div", {});
  #waits = el("div", { class: "card waits", hidden: true });
  #revise;
  #compare;
  #delete;

  /** The actions, for the head of the view. */
  actions;
  element = el("div", { class: "rest" }, this.#waits, this.#doubt);

  /**
   * @param {string} id
   * @param {() => void} onDelete
   */
  constructor(id, onDelete) {
    this.#id = id;
    this.#revise = el("a", { class: "button secondary", hidden: true, href: sessionAddress(id, "review") }, "Revise");
    this.#compare = el(
      "a",
      { class: "button quiet", hidden: true, href: sessionAddress(id, "versions") },
      "Compare versions",
    );
    this.#delete = el("button", { type: "button", class: "quiet", hidden: true, onclick: onDelete }, "Delete");
    this.actions = [this.#revise, this.#compare, this.#delete];
    this.#waits.append(
      el("h2", {}, "This proposal waits for your review"),
      this.#price,
      el("p", { class: "muted" }, "See what was understood, correct it, and have the documents made."),
      el(
        "div",
        { class: "actions" },
        el("a", { class: "button primary", href: sessionAddress(this.#id, "review") }, "Review the proposal"),
      ),
    );
  }

  /** @param {State} state */
  show({ status, proposalVersion }) {
    this.#waits.hidden = status !== AWAITING_REVIEW;
    this.#revise.hidden = status !== COMPLETED;
    this.#compare.hidden = proposalVersion < 2;
    this.#delete.hidden = !RESTS.has(status);
  }

  /** @param {Proposal} proposal the newest one */
  showProposal(proposal) {
    this.#price.textContent = newPrice(proposal, null);
    const note = doubtNote(proposal);
    this.#doubt.replaceChildren(...(note ? [note] : []));
  }
}
