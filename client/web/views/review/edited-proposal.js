/**
 * The proposal that is edited in a review: its editor, the draft that is kept of it, and the question that arises when
 * somebody else has made a newer version. Its view gives it what was read: it never calls the API.
 */

import { contains, onTop } from "./changes.js";
import { conflictPanel } from "./conflict-panel.js";
import { Editor } from "./editor.js";
import { newPrice } from "./review-words.js";
import { sheetOf } from "./sheet.js";

/** @typedef {import("../../api/answers.js").Proposal} Proposal */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {{base: Proposal, sheet: Sheet}} Edit a version, and what was made of it */

export class EditedProposal {
  /** Whether the newest version has its documents. */
  completed = false;
  /** @type {Editor | null} */
  #editor = null;
  /** @type {Proposal | null} the version before the one that is shown */
  #before = null;
  /** @type {Edit | null} unsent changes to an older version, about which you are asked */
  #disputed = null;
  #drafts;
  #frame;

  /**
   * @param {import("./review-draft.js").Drafts} drafts
   * @param {import("./review-frame.js").ReviewFrame} frame
   */
  constructor(drafts, frame) {
    this.#drafts = drafts;
    this.#frame = frame;
  }

  /** Null until a proposal is there. */
  get editor() {
    return this.#editor;
  }

  /**
   * Show the newest version with the draft, if there is one.
   *
   * @param {Proposal} newest
   * @param {string} notes
   * @param {{version: number, sheet: Sheet} | null} draft
   * @param {Proposal | null} older the draft's version, if it is not the newest
   */
  open(newest, notes, draft, older) {
    const current = draft?.version === newest.version ? draft.sheet : null;
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
   * The session has moved on from what is edited.
   *
   * @param {Proposal} newest
   * @param {boolean} own whether this view's own review did it
   */
  meet(newest, own) {
    const editor = /** @type {Editor} */ (this.#editor);
    const mine = this.#disputed ?? { base: editor.base, sheet: editor.sheet };
    if (newest.version === mine.base.version && !own) return this.#free(editor);
    const edited = this.#disputed !== null || editor.edited;
    if (!own && edited) return this.#settle(editor, mine, newest);
    this.#free(editor);
    this.#adopt(editor, mine, newest, sheetOf(newest));
    if (!own) this.#frame.tell(`Version ${newest.version} was made elsewhere. It is shown now.`);
    this.#frame.announce(newPrice(newest, this.#before));
  }

  show() {
    if (this.#editor) this.#frame.show(this.#editor, { completed: this.completed, before: this.#before });
  }

  /** @param {boolean} locked whether the editor must not be used now */
  lock(locked) {
    if (!this.#editor) return;
    this.#editor.locked = locked;
    this.#frame.offer(this.#editor, this.completed);
  }

  /** Drop all changes; it can be undone. */
  reset() {
    this.#editor?.reset();
  }

  /**
   * There are unsent changes to an older version than the newest. If the newest has them, nothing is left to ask.
   *
   * @param {Editor} editor
   * @param {Edit} mine
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
    this.lock(true);
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
   * @param {Edit} mine what was edited until now
   * @param {Proposal} newest
   * @param {Sheet} sheet
   */
  #adopt(editor, { base, sheet: old }, newest, sheet) {
    this.#drafts.drop(base.version, old);
    if (newest.version !== base.version) this.#before = base;
    editor.replace(newest, sheet);
  }

  #edited() {
    const { base, sheet, edited } = /** @type {Editor} */ (this.#editor);
    if (edited) this.#drafts.keep(base.version, sheet);
    else this.#drafts.dropAll();
    this.#frame.complain("");
    this.show();
  }

  /** @param {Editor} editor that may be used again */
  #free(editor) {
    this.#disputed = null;
    this.#frame.tell("");
    this.#frame.complain("");
    this.#frame.showAbove(null);
    editor.locked = false;
  }
}
