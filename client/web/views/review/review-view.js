/**
 * The view in which a person reviews a priced proposal, or revises a completed one. It follows the session, so it shows
 * a new price as soon as there is one, and explains a conflict with somebody else's review.
 */

import { ApiError, messageOf } from "../../api/errors.js";
import { AWAITING_REVIEW, COMPLETED, RESTS } from "../../api/words.js";
import { sessionAddress } from "../../router.js";
import { stageWords, statusWords } from "../labels.js";
import { press } from "../press.js";
import { contains, onTop, reviewInput } from "./changes.js";
import { conflictPanel } from "./conflict-panel.js";
import { Editor } from "./editor.js";
import { FollowedSession } from "./followed-session.js";
import { Drafts } from "./review-draft.js";
import { ReviewFrame } from "./review-frame.js";
import { newPrice } from "./review-words.js";
import { sheetOf } from "./sheet.js";

/** @typedef {import("../../api/api.js").Proposal} Proposal */
/** @typedef {import("../../api/api.js").Session} Session */
/** @typedef {import("../../main.js").App} App */
/** @typedef {import("../../main.js").View} View */
/** @typedef {import("../../stream/merge.js").State} State */
/** @typedef {import("./sheet.js").Sheet} Sheet */

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
  /** @type {Editor | null} */
  #editor = null;
  /** @type {Proposal | null} the version before the one that is shown */
  #before = null;
  /** @type {{base: Proposal, sheet: Sheet} | null} unsent changes to an older version, about which you are asked */
  #disputed = null;
  #frame;

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
      onDrop: () => this.#editor?.reset(),
    });
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

  get #completed() {
    return this.#state?.status === COMPLETED;
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
    if (!RESTS.has(state.status)) return this.#busy(state);
    if (state.status !== AWAITING_REVIEW && state.status !== COMPLETED) return await this.#stopped(state);
    if (!this.#editor) await this.#open(state);
    else if (state.revision !== this.#revision) await this.#meet(this.#editor, state);
    if (!this.#session.closed) this.#show();
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
    const current = draft?.version === newest.version ? draft.sheet : null;
    this.#revision = state.revision;
    this.#editor = new Editor(newest, current ?? sheetOf(newest), notes, {
      onEdit: () => this.#edited(),
      announce: (text) => this.#frame.announce(text),
    });
    this.#frame.place(this.#editor.element);
    this.#frame.complain("");
    if (older && draft) this.#settle(this.#editor, { base: older, sheet: draft.sheet }, newest);
    else if (this.#editor.edited) this.#frame.tell("Your changes of last time are here again. They were not sent yet.");
  }

  /**
   * The session has moved on from what is edited: by this view's own review, or by somebody else's.
   *
   * @param {Editor} editor
   * @param {State} state
   */
  async #meet(editor, state) {
    const newest = await this.#app.api.proposal(this.#id);
    if (this.#session.closed) return;
    const own = this.#own;
    this.#own = false;
    this.#revision = state.revision;
    const mine = this.#disputed ?? { base: editor.base, sheet: editor.sheet };
    if (newest.version === mine.base.version && !own) return this.#free(editor);
    const edited = this.#disputed !== null || editor.edited;
    if (!own && edited) return this.#settle(editor, mine, newest);
    this.#free(editor);
    this.#adopt(editor, mine, newest, sheetOf(newest));
    if (!own) this.#frame.tell(`Version ${newest.version} was made elsewhere. It is shown now.`);
    this.#frame.announce(newPrice(newest, this.#before));
  }

  /**
   * There are unsent changes to an older version than the newest. If the newest has them, nothing is left to ask.
   *
   * @param {Editor} editor
   * @param {{base: Proposal, sheet: Sheet}} mine
   * @param {Proposal} newest
   */
  #settle(editor, mine, newest) {
    const [base, after] = [sheetOf(mine.base), sheetOf(newest)];
    const choose = (/** @type {Sheet} */ sheet) => {
      this.#free(editor);
      this.#adopt(editor, mine, newest, sheet);
      this.#edited();
    };
    if (contains(base, mine.sheet, after)) return choose(after);
    // Another tab may have dropped or replaced what was kept.
    this.#drafts.keep(mine.base.version, mine.sheet);
    this.#disputed = mine;
    this.#lock(true);
    const chosen = (/** @type {Sheet} */ sheet) => {
      choose(sheet);
      this.#frame.focus();
    };
    const panel = conflictPanel(
      { ...mine, newest },
      { onTheirs: () => chosen(after), onMine: () => chosen(onTop(base, mine.sheet, after)) },
    );
    this.#frame.tell("");
    this.#frame.complain("");
    this.#frame.whileLocked("Choose above how to go on.");
    this.#frame.showAbove(panel);
    panel.querySelector("h2")?.focus();
  }

  /**
   * Edit the newest version from now on.
   *
   * @param {Editor} editor
   * @param {{base: Proposal, sheet: Sheet}} mine what was edited until now
   * @param {Proposal} newest
   * @param {Sheet} sheet
   */
  #adopt(editor, { base, sheet: old }, newest, sheet) {
    this.#drafts.drop(base.version, old);
    if (newest.version !== base.version) this.#before = base;
    editor.replace(newest, sheet);
  }

  /** @param {State} state of a run at work */
  #busy(state) {
    const words = stageWords(state);
    if (!this.#editor) return this.#frame.waits(`Not ready for a review yet: ${words}.`);
    this.#lock(true);
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
    if (!this.#editor) return this.#frame.place(card);
    this.#lock(true);
    this.#frame.whileLocked(statusWords(state.status).label);
    this.#frame.showAbove(card);
  }

  #show() {
    if (this.#editor) this.#frame.show(this.#editor, { completed: this.#completed, before: this.#before });
  }

  #edited() {
    const { base, sheet, edited } = /** @type {Editor} */ (this.#editor);
    if (edited) this.#drafts.keep(base.version, sheet);
    else this.#drafts.dropAll();
    this.#frame.complain("");
    this.#show();
  }

  /** @param {boolean} locked whether the editor must not be used now */
  #lock(locked) {
    if (!this.#editor) return;
    this.#editor.locked = locked;
    this.#frame.offer(this.#editor, this.#completed);
  }

  /** @param {Editor} editor that may be used again */
  #free(editor) {
    this.#disputed = null;
    this.#frame.tell("");
    this.#frame.complain("");
    this.#frame.showAbove(null);
    editor.locked = false;
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {boolean} approve
   */
  async #send(button, approve) {
    const editor = this.#editor;
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
    if (!this.#session.closed) this.#frame.offer(editor, this.#completed);
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
