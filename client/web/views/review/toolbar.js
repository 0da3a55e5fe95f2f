/** The buttons above the requirements, and how a button says that it can't be pressed now. */

import { el, say } from "../dom.js";

/**
 * @typedef {object} Acts
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {() => void} merge
 * @property {() => void} remove
 * @property {() => void} add
 */

export class Toolbar {
  #undo;
  #redo;
  #merge;
  #remove;

  element;

  /** @param {Acts} acts */
  constructor({ undo, redo, merge, remove, add }) {
    this.#undo = tool("Undo", undo);
    this.#redo = tool("Redo", redo);
    this.#merge = tool("Merge", merge);
    this.#remove = tool("Remove", remove);
    const addition = tool("Add", add);
    addition.append(el("span", { class: "visually-hidden" }, " a requirement"));
    this.element = el("div", { class: "toolbar", role: "group", "aria-label": "Change the requirements" }, [
      this.#undo,
      this.#redo,
      this.#merge,
      this.#remove,
      addition,
    ]);
  }

  /**
   * @param {{canUndo: boolean, canRedo: boolean}} history
   * @param {number} selected how many requirements are
   */
  show({ canUndo, canRedo }, selected) {
    available(this.#undo, canUndo);
    available(this.#redo, canRedo);
    available(this.#merge, selected > 1);
    available(this.#remove, selected > 0);
    say(this.#merge, selected > 1 ? `Merge (${selected})` : "Merge");
    say(this.#remove, selected > 0 ? `Remove (${selected})` : "Remove");
  }
}

/**
 * Say whether a button can be pressed. It is not disabled, because a disabled button loses the keyboard focus.
 *
 * @param {HTMLButtonElement} button
 * @param {boolean} can
 */
export function available(button, can) {
  if (can) button.removeAttribute("aria-disabled");
  else button.setAttribute("aria-disabled", "true");
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function tool(text, act) {
  const button = el(
    "button",
    {
      type: "button",
      class: "secondary small-button",
      onclick: () => button.getAttribute("aria-disabled") === null && act(),
    },
    text,
  );
  return button;
}

/**
 * Listens for the keys of undo and redo.
 *
 * @param {() => void} undo
 * @param {() => void} redo
 */
export function pressed(undo, redo) {
  return (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    // In a text field the browser undoes the typing itself.
    if (target.matches("textarea, input:not([type=checkbox])") || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) redo();
    else undo();
  };
}
