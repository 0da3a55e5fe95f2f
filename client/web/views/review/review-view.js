/**
 * The view in which a person reviews a priced proposal, or revises a completed one. It follows the session, so it shows
 * a new price as soon as there is one, and it sends the review.
 */

import { ApiError, messageOf } from "../../api/errors.js";
import { AWAITING_REVIEW, COMPLETED, RESTS } from "../../api/words.js";
import { sessionAddress } from "../../router.js";
import { stageWords, statusWords } from "../labels.js";
import { press } from "../press.js";
import { reviewInput } from "./changes.js";
import { EditedProposal } from "./edited-proposal.js";
import { FollowedSession } from "./followed-session.js";
import { Drafts } from "./review-draft.js";
import { ReviewFrame } from "./review-frame.js";
import { sheetOf } from "./sheet.js";

/** @typedef {import("../../api/answers.js").Session} Session */
/** @typedef {import("../../main.js").App} App */
/** @typedef {import("../../main.js").View} View */
/** @typedef {import("../../stream/merge.js").State} State */
/** @typedef {import("./editor.js").Editor} Editor */

const MARKED = "Some fields need your attention. They are marked.";

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
  #session;
  /** @type {State | null} */
  #state = null;
  /** The revision that the editor's proposal belongs to. */
  #revision = 0;
  /** Whether the run at work is about this view's own review, which the API has accepted. */
  #own = false;
  /** Whether a review is on its way. Its run may be seen before its answer. */
  #sending = false;
  #frame;
  #edited;

  element;

  /**
   * @param {App} app
   * @param {string} id
   */
  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    this.#drafts = new Drafts(app.session?.username ?? null, id);
    this.#frame = new ReviewFrame(id, {
      onSend: (button, approve) => this.#send(button, approve),
      onDrop: () => this.#edited.reset(),
    });
    this.#edited = new EditedProposal(this.#drafts, this.#frame);
    this.element = this.#frame.element;
    this.#session = new FollowedSession(() => app.api, id, {
      onSession: (session) => this.#introduce(session),
      onState: (state) => this.#take(state),
      onTrouble: (words) => this.#frame.complain(words),
      onError: (error) => this.#failed(error),
    });
    document.addEventListener("visibilitychange", () => this.#look(), { signal: this.#session.signal });
    void this.resume();
  }

  close() {
    this.#session.close();
  }

  /** Follow the session. Called again after a new sign-in. */
  async resume() {
    await this.#session.follow();
  }

  /** @param {Session} session */
  #introduce({ assessment }) {
    this.title = `Review · ${assessment.clientName}`;
    this.#app.titled(this);
    this.#frame.introduce(assessment.clientName);
  }

  /**
   * Act on a state. It may be given again, for a read may have failed the first time.
   *
   * @param {State} state
   */
  async #take(state) {
    this.#state = state;
    this.#edited.completed = state.status === COMPLETED;
    if (!RESTS.has(state.status)) return this.#busy(state);
    if (state.status !== AWAITING_REVIEW && state.status !== COMPLETED) return await this.#stopped(state);
    if (!this.#edited.editor) await this.#open(state);
    else if (state.revision !== this.#revision) await this.#meet(state);
    if (!this.#session.closed) this.#edited.show();
  }

  /**
   * Read the newest proposal and show it with the draft, if there is one.
   *
   * @param {State} state
   */
  async #open(state) {
    const { api } = this.#app;
    const draft = this.#drafts.read();
    const [newest, notes] = await Promise.all([api.proposal(this.#id), api.notes(this.#id)]);
    const older = draft && draft.version < newest.version ? await api.proposal(this.#id, draft.version) : null;
    if (this.#session.closed) return;
    this.#revision = state.revision;
    this.#edited.open(newest, notes, draft, older);
  }

  /**
   * The session has moved on from what is edited: by this view's own review, or by somebody else's.
   *
   * @param {State} state
   */
  async #meet(state) {
    const newest = await this.#app.api.proposal(this.#id);
    if (this.#session.closed) return;
    const own = this.#own;
    this.#own = false;
    this.#revision = state.revision;
    this.#edited.meet(newest, own);
  }

  /** @param {State} state of a run at work */
  #busy(state) {
    const words = stageWords(state);
    if (!this.#edited.editor) return this.#frame.waits(`Not ready for a review yet: ${words}.`);
    this.#edited.lock(true);
    const own = this.#own || this.#sending;
    this.#frame.tell(own ? "" : "This proposal was reviewed elsewhere and is at work. Your changes are kept.");
    this.#frame.whileLocked(`${own ? "Pricing again" : "At work"}: ${words} …`);
  }

  /** @param {State} state of a session that failed or was cancelled */
  async #stopped(state) {
    // What is pushed of a deletion looks like a cancel with a message. Only a read tells them apart.
    if (state.status === "CANCELLED" && state.errorMessage) await this.#app.api.state(this.#id);
    if (this.#session.closed) return;
    this.#own = false;
    const words = [statusWords(state.status).label, state.errorMessage].filter(Boolean).join(": ");
    const card = this.#frame.stopped(words);
    if (!this.#edited.editor) return this.#frame.place(card);
    this.#edited.lock(true);
    this.#frame.whileLocked(statusWords(state.status).label);
    this.#frame.showAbove(card);
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {boolean} approve
   */
  async #send(button, approve) {
    const { editor } = this.#edited;
    if (!editor || button.getAttribute("aria-disabled")) return;
    this.#frame.complain("");
    if (!editor.check()) return this.#frame.complain(MARKED);
    const { base, sheet } = editor;
    const input = { revision: this.#revision, approve, ...reviewInput(sheetOf(base), sheet) };
    await press(button, "Sending …", async () => {
      this.#sending = editor.locked = true;
      try {
        const session = await this.#app.api.review(this.#id, input);
        this.#drafts.drop(base.version, sheet);
        this.#accepted(session, approve);
      } catch (error) {
        editor.locked = false;
        if (!this.#session.closed) this.#refused(editor, error);
      } finally {
        this.#sending = false;
      }
    });
    if (!this.#session.closed) this.#frame.offer(editor, this.#edited.completed);
  }

  /**
   * @param {Session} session
   * @param {boolean} approve
   */
  #accepted(session, approve) {
    if (this.#session.closed) return;
    if (approve) {
      this.#app.submitted(session);
      location.hash = sessionAddress(this.#id);
    } else {
      this.#own = true;
      void this.#session.follow(session);
    }
  }

  /**
   * @param {Editor} editor
   * @param {unknown} error
   */
  #refused(editor, error) {
    if (this.#app.signInEnded(error)) return;
    const known = error instanceof ApiError ? error : null;
    if (known?.type === "NotFound") return this.#notThere();
    if (known?.fields.length) return this.#frame.complain(editor.complain(known.fields) || MARKED);
    const conflict = known?.type === "Conflict";
    this.#frame.complain(conflict ? "Somebody else was faster. Your changes are kept." : messageOf(error));
    // After a lost answer, the review may have been accepted all the same.
    if (conflict || known?.passing) void this.#look();
  }

  /** Read the session again: another tab or a lost push may have changed it. */
  async #look() {
    if (document.visibilityState !== "visible" || this.#session.closed || !this.#state) return;
    try {
      const session = await this.#app.api.session(this.#id);
      if (session.revision !== this.#state.revision) await this.#session.follow(session);
    } catch (error) {
      if (error instanceof ApiError && error.type === "NotFound") this.#notThere();
      // Otherwise keep what is shown. The next look may succeed.
    }
  }

  /** @param {unknown} error */
  #failed(error) {
    if (this.#app.signInEnded(error)) return;
    if (error instanceof ApiError && error.type === "NotFound") return this.#notThere();
    this.#frame.complain(messageOf(error));
  }

  #notThere() {
    this.#session.close();
    this.#drafts.dropAll();
    this.#frame.notThere();
  }
}
