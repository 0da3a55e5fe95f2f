/**
 * The proposal as a page, in place. It stands in a frame without any rights: no script runs in it, and it can't reach
 * this page or the sign-in.
 */

import { el } from "../dom.js";

export class ProposalPage {
  #shown = "";

  element = el("div", { class: "proposal-page", hidden: true });

  /**
   * Each answer of the API signs the link anew, so the frame is made again only for another file.
   *
   * @param {string | null | undefined} link
   */
  show(link) {
    if (!link) return;
    const { origin, pathname } = new URL(link);
    if (origin + pathname === this.#shown) return;
    this.#shown = origin + pathname;
    this.element.hidden = false;
    this.element.replaceChildren(
      el("iframe", { src: link, title: "The proposal", sandbox: "", referrerpolicy: "no-referrer" }),
    );
  }
}
