/** Runs a button's work once for each press, even if the button is pressed again meanwhile. */

import { say } from "./dom.js";

/**
 * Do the work. Meanwhile the button shows `words` and ignores further presses. It is not disabled, because a disabled
 * button loses the keyboard focus.
 *
 * @param {HTMLButtonElement} button
 * @param {string} words on the button meanwhile
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
