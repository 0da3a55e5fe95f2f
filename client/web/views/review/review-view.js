/**
 * The view in which a person reviews a priced proposal, or revises a completed one. It follows the session, so it shows
 * a new price as soon as there is one, and explains a conflict with somebody else's review.
 */

import { ApiError, messageOf } from "../../api/errors.js";
import { AWAITING_REVIEW, COMPLETED, RESTS } from "../../api/words.js";
import { sessionAddress } from "../../router.js";
import { stream } from "../../stream/stream.js";
import { el, say } from "../dom.js";
import { stageWords, statusWords } from "../labels.js";
import { notFound } from "../not-found.js";
import { press } from "../press.js";
import { count, difference, onTop, reviewInput } from "./changes.js";
import { conflictPanel } from "./conflict-panel.js";
import { available, Editor } from "./editor.js";
import { priceCard } from "./price-card.js";
import { Drafts } from "./review-draft.js";
import { newPrice, priceAndPlan, summary } from "./review-words.js";
import { sheetOf } from "./sheet.js";

/** @typedef {import("../../api/api.js").Proposal} Proposal */
/** @typedef {import("../../api/api.js").Session} Session */
/** @typedef {import("../../main.js").App} App */
/** @typedef {import("../../main.js").View} View */
/** @typedef {import("../../stream/merge.js").State} State */
/** @typedef {import("./sheet.js").Sheet} Sheet */

const TRY_AGAIN_MS = 2_000;

/**
 * @param {App} app
 * @param {string} id
 * @returns {View}
 */
export function reviewView(app, id) {
  return new ReviewView(app, id);
}

/** @implements {View} */
class ReviewView {
  title = "Review";
  #app;
  #id;
  #drafts;
  #closed = new AbortController();
  /** Ends the current stream, so that a new one starts from a newer state. */
  #restart = new AbortController();
  #following = false;
  /** @type {Session | null} */
  #session = null;
  /** @type {State | null} */
  #state = null;
  /** The revision that the editor's proposal belongs to. */
  #revision = 0;
  /** Whether the run at work is about this view's own review, which the API has accepted. */
  #own = false;
  /** Whether a review is on its way. Its run may be seen before its answer. */
  #sending = false;
  /** @type {Editor | null} */
  #editor = null;
  /** @type {Proposal | null} the version before the one that is shown */
  #before = null;
  /** @type {Proposal | null} the one whose price is shown */
  #shown = null;

  #heading = el("h1", { tabindex: "-1" }, "Review");
  #about = el("p", { class: "muted" });
  #said = el("p", { class: "visually-hidden", role: "status" });
  #notice = el("p", { class: "notice", role: "status", hidden: true });
  #conflict = el("div", {});
  #price = el("div", {});
  #place = el("div", {}, el("p", { class: "loading" }, "Loading …"));
  #problem = el("p", { class: "problem", role: "alert" });
  #figures = el("p", { class: "bar-price" });
  #pending = el("p", { class: "muted", role: "status" });
  #again = el(
    "button",
    { type: "button", class: "secondary", onclick: () => this.#send(this.#again, false) },
    "Price again",
  );
  #approve = el(
    "button",
    { type: "button", class: "primary", onclick: () => this.#send(this.#approve, true) },
    "Make the documents",
  );
  #drop = el(
    "button",
    { type: "button", class: "quiet small-button", onclick: () => this.#editor?.reset() },
    "Drop my changes",
  );
  #bar = el(
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

  element;

  /**
   * @param {App} app
   * @param {string} id
   */
  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    this.#drafts = new Drafts(app.session?.username ?? null, id);
    this.element = el(
      "div",
      { class: "review" },
      el("div", { class: "session-head" }, el("div", {}, this.#heading, this.#about), this.#backLink()),
      this.#said,
      this.#notice,
      this.#conflict,
      this.#price,
      this.#place,
      this.#bar,
    );
    document.addEventListener("visibilitychange", () => this.#look(), { signal: this.#closed.signal });
    void this.resume();
  }

  close() {
    this.#closed.abort();
  }

  /** Read the session and follow it. Called again after a new sign-in, and after a review. */
  async resume() {
    if (this.#following) return;
    this.#following = true;
    try {
      do {
        this.#restart = new AbortController();
        const known = this.#session ?? (await this.#loaded());
        this.#session = null;
        this.#introduce(known);
        const signal = AbortSignal.any([this.#closed.signal, this.#restart.signal]);
        for await (const { state } of stream(this.#app.api, this.#id, { known, signal })) {
          if (signal.aborted) break;
          await this.#take(state);
        }
      } while (this.#restart.signal.aborted && !this.#closed.signal.aborted);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#following = false;
    }
  }

  async #loaded() {
    for (;;) {
      try {
        return await this.#app.api.session(this.#id);
      } catch (error) {
        if (!(error instanceof ApiError && error.passing)) throw error;
        say(this.#problem, messageOf(error));
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
        if (this.#closed.signal.aborted) throw error;
      }
    }
  }

  /** @param {Session} session */
  #introduce({ assessment }) {
    this.title = `Review · ${assessment.clientName}`;
    this.#app.titled(this);
    say(this.#heading, assessment.clientName);
  }

  /**
   * Act on a state. It may be given again, for a read may have failed the first time.
   *
   * @param {State} state
   */
  async #take(state) {
    this.#state = state;
    if (!RESTS.has(state.status)) return this.#busy(state);
    if (state.status !== AWAITING_REVIEW && state.status !== COMPLETED) return await this.#stopped(state);
    if (!this.#editor) await this.#open(state);
    else if (state.revision !== this.#revision) await this.#meet(this.#editor, state);
    if (this.#closed.signal.aborted) return;
    this.#show();
  }

  /**
   * Read the newest proposal and show it with the draft, if there is one.
   *
   * @param {State} state
   */
  async #open(state) {
    const { api } = this.#app;
    const [newest, notes] = await Promise.all([api.proposal(this.#id), api.notes(this.#id)]);
    if (this.#closed.signal.aborted) return;
    this.#revision = state.revision;
    const draft = this.#drafts.read();
    const current = draft?.version === newest.version ? draft.sheet : null;
    this.#editor = new Editor(newest, current ?? sheetOf(newest), notes, {
      onEdit: () => this.#edited(),
      announce: (text) => say(this.#said, text),
    });
    this.#place.replaceChildren(this.#editor.element);
    this.#bar.hidden = false;
    if (current && this.#editor.edited) this.#tell("Your changes of last time are here again. They were not sent yet.");
    else if (draft && draft.version < newest.version) await this.#left(draft, newest);
  }

  /**
   * There are unsent changes to an older version than the newest.
   *
   * @param {{version: number, sheet: Sheet}} draft
   * @param {Proposal} newest
   */
  async #left({ version, sheet }, newest) {
    const base = await this.#app.api.proposal(this.#id, version);
    if (contains(base, sheet, newest)) this.#drafts.drop(version, sheet);
    else this.#disagree(base, sheet, newest);
  }

  /**
   * The session has moved on from what is edited: by this view's own review, or by somebody else's.
   *
   * @param {Editor} editor
   * @param {State} state
   */
  async #meet(editor, state) {
    const newest = await this.#app.api.proposal(this.#id);
    if (this.#closed.signal.aborted) return;
    const { base, sheet, edited } = editor;
    const own = this.#own;
    this.#own = false;
    this.#revision = state.revision;
    this.#free();
    if (newest.version === base.version && !own) return;
    if (own || !edited || contains(base, sheet, newest)) {
      this.#drafts.drop(base.version, sheet);
      this.#adopt(editor, newest);
      if (!own) this.#tell(`Version ${newest.version} was made elsewhere. It is shown now.`);
      say(this.#said, newPrice(newest, this.#before));
    } else this.#disagree(base, sheet, newest);
  }

  /**
   * Edit the newest version from now on.
   *
   * @param {Editor} editor
   * @param {Proposal} newest
   * @param {Sheet} [sheet] with changes to it
   */
  #adopt(editor, newest, sheet = sheetOf(newest)) {
    if (newest.version !== editor.base.version) this.#before = editor.base;
    editor.replace(newest, sheet);
  }

  /**
   * @param {Proposal} base
   * @param {Sheet} mine
   * @param {Proposal} newest
   */
  #disagree(base, mine, newest) {
    const editor = /** @type {Editor} */ (this.#editor);
    // Another tab may have dropped or replaced what was kept.
    this.#drafts.keep(base.version, mine);
    this.#lock(true);
    /** @param {Sheet} sheet */
    const settle = (sheet) => {
      this.#drafts.drop(base.version, mine);
      this.#conflict.replaceChildren();
      this.#before = base;
      editor.replace(newest, sheet);
      this.#lock(false);
      this.#edited();
      this.#heading.focus();
    };
    const ways = {
      onTheirs: () => settle(sheetOf(newest)),
      onMine: () => settle(onTop(sheetOf(base), mine, sheetOf(newest))),
    };
    const panel = conflictPanel({ base, mine, newest }, ways);
    this.#conflict.replaceChildren(panel);
    this.#tell("");
    panel.querySelector("h2")?.focus();
  }

  /** @param {State} state of a run at work */
  #busy(state) {
    this.#lock(true);
    const own = this.#own || this.#sending;
    if (this.#editor && !own) this.#tell("This proposal was reviewed elsewhere and is at work. Yours is kept.");
    if (this.#editor) say(this.#pending, `${own ? "Pricing again" : "At work"}: ${stageWords(state)} …`);
    else
      this.#place.replaceChildren(
        el("p", { class: "hint-card muted", role: "status" }, `Not ready for a review yet: ${stageWords(state)}.`),
      );
  }

  /** @param {State} state of a session that failed or was cancelled */
  async #stopped(state) {
    // What is pushed of a deletion looks like a cancel with a message. Only a read tells them apart.
    if (state.status === "CANCELLED" && state.errorMessage) await this.#app.api.state(this.#id);
    if (this.#closed.signal.aborted) return;
    this.#lock(true);
    this.#own = false;
    const words = [statusWords(state.status).label, state.errorMessage].filter(Boolean).join(": ");
    const card = el(
      "section",
      { class: "card" },
      el("p", { class: "problem", role: "alert" }, words),
      el("p", {}, "Run it again in the proposal's view. A review that was sent is not lost."),
      el("p", {}, this.#backLink()),
    );
    if (this.#editor) this.#conflict.replaceChildren(card);
    else this.#place.replaceChildren(card);
  }

  #show() {
    const { base } = /** @type {Editor} */ (this.#editor);
    const completed = this.#state?.status === COMPLETED;
    const status = completed ? "Completed. A revision makes the next version." : "Waits for your review.";
    say(this.#about, `Version ${base.version} · ${status}`);
    if (base !== this.#shown) this.#price.replaceChildren(priceCard(base, this.#before));
    this.#shown = base;
    say(this.#figures, priceAndPlan(base, this.#before));
    this.#pendingWords();
  }

  #edited() {
    const { base, sheet, edited } = /** @type {Editor} */ (this.#editor);
    if (edited) this.#drafts.keep(base.version, sheet);
    else this.#drafts.dropAll();
    say(this.#problem, "");
    this.#show();
  }

  #pendingWords() {
    const editor = /** @type {Editor} */ (this.#editor);
    const { edited } = editor;
    const completed = this.#state?.status === COMPLETED;
    const locked = editor.element.inert;
    if (!locked)
      say(
        this.#pending,
        edited ? `${summary(editor.difference)}: not priced yet.` : "Nothing has changed since this price.",
      );
    available(this.#again, edited && !locked);
    available(this.#approve, (edited || !completed) && !locked);
    this.#drop.hidden = !edited || locked;
  }

  /** @param {boolean} locked whether the editor must not be used now */
  #lock(locked) {
    if (!this.#editor) return;
    this.#editor.element.inert = locked;
    this.#pendingWords();
  }

  #free() {
    this.#tell("");
    this.#conflict.replaceChildren();
    this.#lock(false);
  }

  /** @param {string} text */
  #tell(text) {
    say(this.#notice, text);
    this.#notice.hidden = !text;
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {boolean} approve
   */
  async #send(button, approve) {
    const editor = this.#editor;
    if (!editor || button.getAttribute("aria-disabled")) return;
    say(this.#problem, "");
    if (!editor.check()) return say(this.#problem, "Some fields need your attention. They are marked.");
    const { base, sheet } = editor;
    const input = { revision: this.#revision, approve, ...reviewInput(sheetOf(base), sheet) };
    await press(button, "Sending …", async () => {
      this.#sending = editor.element.inert = true;
      try {
        const session = await this.#app.api.review(this.#id, input);
        this.#drafts.drop(base.version, sheet);
        if (this.#closed.signal.aborted) return;
        if (approve) return this.#leave(session);
        this.#own = true;
        this.#follow(session);
      } catch (error) {
        editor.element.inert = false;
        if (!this.#closed.signal.aborted) this.#refused(error);
      } finally {
        this.#sending = false;
      }
    });
    if (!this.#closed.signal.aborted) this.#pendingWords();
  }

  /** @param {Session} session */
  #leave(session) {
    this.#app.submitted(session);
    location.hash = sessionAddress(this.#id);
  }

  /** @param {Session} session */
  #follow(session) {
    this.#session = session;
    this.#restart.abort();
    void this.resume();
  }

  /** @param {unknown} error */
  #refused(error) {
    if (this.#app.signInEnded(error)) return;
    const known = error instanceof ApiError ? error : null;
    if (known?.type === "NotFound") return this.#notThere();
    if (known?.fields.length) {
      say(this.#problem, this.#editor?.complain(known.fields) || "Some fields need your attention. They are marked.");
      return;
    }
    const conflict = known?.type === "Conflict";
    say(this.#problem, conflict ? "Somebody else was faster. Your changes are kept." : messageOf(error));
    // After a lost answer, the review may have been accepted all the same.
    if (conflict || known?.passing) void this.#look();
  }

  /** Read the session again: another tab or a lost push may have changed it. */
  async #look() {
    if (document.visibilityState !== "visible" || this.#closed.signal.aborted || !this.#state) return;
    try {
      const session = await this.#app.api.session(this.#id);
      if (this.#closed.signal.aborted || session.revision === this.#state.revision) return;
      this.#follow(session);
    } catch (error) {
      if (error instanceof ApiError && error.type === "NotFound") this.#notThere();
      // Otherwise keep what is shown. The next look may succeed.
    }
  }

  /** @param {unknown} error */
  #failed(error) {
    if (this.#closed.signal.aborted || this.#app.signInEnded(error)) return;
    if (error instanceof ApiError && error.type === "NotFound") return this.#notThere();
    this.#bar.hidden = false;
    say(this.#problem, messageOf(error));
  }

  #notThere() {
    this.#closed.abort();
    this.#drafts.dropAll();
    const text = "This proposal does not exist, is not yours or has no price yet.";
    this.element.replaceChildren(notFound("No such proposal", text));
  }

  #backLink() {
    return el("a", { href: sessionAddress(this.#id) }, "Back to the proposal");
  }
}

/**
 * Whether the newest version already has all changes of a sheet: its answer may have been lost.
 *
 * @param {Proposal} base
 * @param {Sheet} sheet
 * @param {Proposal} newest
 */
function contains(base, sheet, newest) {
  const after = sheetOf(newest);
  return count(difference(after, onTop(sheetOf(base), sheet, after))) === 0;
}
