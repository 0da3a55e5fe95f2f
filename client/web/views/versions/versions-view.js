/**
 * Two versions of a proposal side by side: their figures and documents, and which requirements were added, removed and
 * changed in between.
 */

import { messageOf } from "../../api/errors.js";
import { sessionAddress } from "../../router.js";
import { el, say } from "../dom.js";
import { counted } from "../formats.js";
import { notFound } from "../not-found.js";
import { changeList } from "../review/change-list.js";
import { difference } from "../review/changes.js";
import { sheetOf } from "../review/sheet.js";
import { figuresTable } from "./figures-table.js";

/** @typedef {import("../../api/answers.js").Proposal} Proposal */
/** @typedef {import("../../main.js").App} App */
/** @typedef {import("../../main.js").View} View */

/** A document's link expires after an hour. The versions are read again well before that. */
const FRESH_MS = 10 * 60_000;

/**
 * @param {App} app
 * @param {string} id
 * @returns {View}
 */
export function versionsView(app, id) {
  return new VersionsView(app, id);
}

/** @implements {View} */
class VersionsView {
  title = "Versions";
  #app;
  #id;
  #closed = new AbortController();
  #readAt = 0;
  /** Counts what was asked for, so that a late answer to an earlier choice is not shown. */
  #asked = 0;
  #heading = el("h1", { tabindex: "-1" }, "Versions");
  #earlier = el("select", { onchange: () => this.#compare() });
  #later = el("select", { onchange: () => this.#compare() });
  #problem = el("p", { class: "problem", role: "alert" });
  #said = el("p", { class: "muted", role: "status" }, "Loading …");
  #body = el("div", { class: "versions-body" });

  element;

  /**
   * @param {App} app
   * @param {string} id
   */
  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    this.element = el(
      "div",
      { class: "versions" },
      el(
        "div",
        { class: "session-head" },
        el("div", {}, this.#heading, el("p", { class: "muted" }, "Two versions side by side")),
        el("a", { href: sessionAddress(id) }, "Back to the proposal"),
      ),
      el(
        "div",
        { class: "card version-choice" },
        el("label", { class: "field" }, "Compare", this.#earlier),
        el("label", { class: "field" }, "with", this.#later),
        this.#said,
      ),
      this.#problem,
      this.#body,
    );
    const looked = () =>
      document.visibilityState === "visible" && Date.now() - this.#readAt > FRESH_MS && this.#compare();
    document.addEventListener("visibilitychange", looked, { signal: this.#closed.signal });
    void this.resume();
  }

  close() {
    this.#closed.abort();
  }

  async resume() {
    await this.#trying(async () => {
      const { assessment, proposalVersion } = await this.#app.api.session(this.#id);
      if (this.#closed.signal.aborted) return;
      if (!proposalVersion) return this.#none("There is no version of this proposal yet.");
      this.title = `Versions · ${assessment.clientName}`;
      this.#app.titled(this);
      say(this.#heading, assessment.clientName);
      const versions = Array.from({ length: proposalVersion }, (_, at) => at + 1);
      for (const select of [this.#earlier, this.#later]) {
        select.replaceChildren(...versions.map((version) => el("option", { value: version }, `Version ${version}`)));
      }
      this.#earlier.value = String(Math.max(1, proposalVersion - 1));
      this.#later.value = String(proposalVersion);
      await this.#compare();
    });
  }

  async #compare() {
    const asked = ++this.#asked;
    await this.#trying(async () => {
      const [before, after] = await Promise.all(
        [this.#earlier, this.#later].map((select) => this.#app.api.proposal(this.#id, Number(select.value))),
      );
      if (this.#closed.signal.aborted || asked !== this.#asked) return;
      this.#readAt = Date.now();
      this.#show(before, after);
    });
  }

  /**
   * @param {Proposal} before
   * @param {Proposal} after
   */
  #show(before, after) {
    const found = difference(sheetOf(before), sheetOf(after));
    const edits = found.added.length + found.removed.length + found.changed.length;
    say(
      this.#said,
      edits ? `${counted(edits, "requirement")} differ${edits === 1 ? "s" : ""}.` : "The requirements are the same.",
    );
    this.#body.replaceChildren(
      figuresTable(before, after),
      el(
        "section",
        { class: "card", "aria-labelledby": "differences-title" },
        el("h2", { id: "differences-title" }, "Requirements"),
        changeList({ ...found, terms: [] }, "h3"),
        same(found.same),
      ),
    );
  }

  /** @param {() => Promise<void>} work */
  async #trying(work) {
    say(this.#problem, "");
    try {
      await work();
    } catch (/** @type {any} */ error) {
      if (this.#closed.signal.aborted || this.#app.signInEnded(error)) return;
      if (error.type === "NotFound") this.#none("This proposal does not exist or is not yours.");
      else say(this.#problem, messageOf(error));
    }
  }

  /** @param {string} text */
  #none(text) {
    this.element.replaceChildren(notFound("No versions", text));
  }
}

/** @param {import("../review/sheet.js").Item[]} items */
function same(items) {
  if (!items.length) return null;
  return el(
    "details",
    { class: "same" },
    el("summary", {}, `${counted(items.length, "requirement")} in both`),
    el(
      "ul",
      {},
      items.map(({ id, text, size }) =>
        el("li", {}, el("strong", {}, id), ` ${text} `, el("span", { class: "muted small" }, size)),
      ),
    ),
  );
}
