/**
 * Asks what to do with notes and changes that were not sent, when their user signs out. `main.js` shows it.
 */

import { el } from "../views/dom.js";

/** @typedef {"remove" | "keep" | "stay"} Answer */

/**
 * @returns {Promise<Answer>} "stay" means not to sign out
 */
export function askAboutDrafts() {
  return new Promise((resolve) => {
    const answer = (/** @type {Answer} */ given) => {
      dialog.close();
      dialog.remove();
      resolve(given);
    };
    const button = (/** @type {string} */ name, /** @type {string} */ kind, /** @type {Answer} */ given) =>
      // Enter pressed by mistake must remove nothing.
      el("button", { type: "button", class: kind, autofocus: given === "stay", onclick: () => answer(given) }, name);
    const dialog = /** @type {HTMLDialogElement} */ (
      el(
        "dialog",
        { "aria-labelledby": "sign-out-title", oncancel: () => answer("stay") },
        el(
          "section",
          { class: "card sign-in" },
          el("h1", { id: "sign-out-title" }, "Sign out"),
          el(
            "p",
            {},
            "You have notes or changes that you did not send. Whoever uses this browser next can read what is kept.",
          ),
          el(
            "div",
            { class: "step" },
            button("Remove them and sign out", "primary", "remove"),
            button("Keep them and sign out", "quiet", "keep"),
            button("Stay signed in", "quiet", "stay"),
          ),
        ),
      )
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
