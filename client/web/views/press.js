/** One press of a button, one piece of work. */

import { say } from "./dom.js";

/**
 * Do the work; meanwhile the button says so, and further presses do nothing. It is not disabled: it would lose the
 * focus of whoever pressed it by keyboard.
 *
 * @param {HTMLButtonElement} button
 * @param {string} words what it says meanwhile
 * @param {() => Promise<void>} work
 */
export async function press(button, words, work) {
  if (button.getAttribute("aria-disabled")) return;
  const name = button.textContent ?? "";
  button.setAttribute("aria-disabled", "true");
  say(button, words);
  try {
    await work();
  } finally {
    button.removeAttribute("aria-disabled");
    say(button, name);
  }
}
