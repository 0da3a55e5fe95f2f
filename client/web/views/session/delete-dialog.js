/** Asks whether a session is really to be deleted, and deletes it. */

import { messageOf } from "../../api/errors.js";
import { el, say } from "../dom.js";
import { press } from "../press.js";

/**
 * @param {string} client
 * @param {object} ways
 * @param {() => Promise<void>} ways.remove deletes it
 * @param {(error: unknown) => boolean} ways.signInEnded
 */
export function askToDelete(client, { remove, signInEnded }) {
  const problem = el("p", { class: "problem", role: "alert" });
  const keep = el("button", { type: "button", class: "secondary", onclick: () => dialog.close() }, "Keep it");
  const go = el(
    "button",
    { type: "button", class: "danger", onclick: () => press(go, "Deleting …", deleted) },
    "Delete for good",
  );
  /** @type {HTMLDialogElement} */
  const dialog = el(
    "dialog",
    { "aria-labelledby": "delete-title", onclose: () => dialog.remove() },
    el(
      "div",
      { class: "card ask" },
      el("h2", { id: "delete-title" }, `Delete the proposal for ${client}?`),
      el("p", {}, "The notes, the log, and every version with its documents are removed. This can't be undone."),
      problem,
      el("div", { class: "actions" }, keep, go),
    ),
  );

  async function deleted() {
    say(problem, "");
    try {
      await remove();
      dialog.close();
    } catch (error) {
      if (signInEnded(error)) dialog.close();
      else say(problem, messageOf(error));
    }
  }

  document.body.append(dialog);
  dialog.showModal();
  keep.focus();
}
