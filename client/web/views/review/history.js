/** The sheets that a reviewer can go back to, and forward again. Pure. */

/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {{sheet: Sheet, what: string}} Step `what` names the act that led from this sheet to the next */

/** More steps than anybody undoes. */
const MOST = 200;

export class History {
  /** @type {Step[]} */
  #past = [];
  /** @type {Step[]} */
  #future = [];
  #typing = "";

  /** @param {Sheet} sheet */
  constructor(sheet) {
    this.sheet = sheet;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /**
   * Go on with a sheet.
   *
   * @param {Sheet} sheet
   * @param {string} what was done, such as "removal of FR-3"
   * @param {string} [typing] names the field in which somebody types: its keystrokes are one step
   */
  act(sheet, what, typing = "") {
    if (sheet === this.sheet) return;
    if (!typing || typing !== this.#typing) this.#past.push({ sheet: this.sheet, what });
    if (this.#past.length > MOST) this.#past.shift();
    this.#future = [];
    this.#typing = typing;
    this.sheet = sheet;
  }

  /** @returns {string} what is undone */
  undo() {
    return this.#move(this.#past, this.#future);
  }

  /** @returns {string} what is done again */
  redo() {
    return this.#move(this.#future, this.#past);
  }

  /**
   * @param {Step[]} from
   * @param {Step[]} to
   */
  #move(from, to) {
    const step = from.pop();
    if (!step) return "";
    to.push({ sheet: this.sheet, what: step.what });
    this.#typing = "";
    this.sheet = step.sheet;
    return step.what;
  }
}
