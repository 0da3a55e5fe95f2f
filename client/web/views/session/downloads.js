/**
 * The proposal's page and the links to it and to both documents. A link is signed and expires, so a click on an old one
 * first asks the API for a new one.
 */

import { messageOf } from "../../api/errors.js";
import { el, say } from "../dom.js";
import { ProposalPage } from "./proposal-page.js";

/** A link expires after an hour. It is replaced well before that. */
const FRESH_MS = 10 * 60_000;

const DOCUMENTS = [
  { key: "powerpointUrl", text: "Download presentation", form: "PowerPoint, .pptx" },
  { key: "sowUrl", text: "Download statement of work", form: "Word, .docx" },
  { key: "htmlUrl", text: "Open the page", form: "To print or to send by e-mail", opens: true },
];

export class Downloads {
  #read;
  #readAt = 0;
  #problem = el("p", { class: "problem", role: "alert" });
  #page = new ProposalPage();
  #links = DOCUMENTS.map(({ key, text, form, opens }) => ({
    key,
    link: el(
      "a",
      {
        class: "download",
        hidden: true,
        download: !opens,
        target: opens && "_blank",
        rel: opens && "noopener",
        onclick: (/** @type {Event} */ event) => this.#clicked(event, key),
      },
      el("strong", {}, text),
      el("span", { class: "small" }, form),
    ),
  }));

  element = el(
    "section",
    { class: "card downloads", "aria-labelledby": "downloads-title", hidden: true },
    el("h2", { id: "downloads-title" }, "Documents"),
    el(
      "div",
      { class: "download-links" },
      this.#links.map(({ link }) => link),
    ),
    this.#problem,
    this.#page.element,
  );

  /** @param {() => Promise<any>} read the session's state, with new links */
  constructor(read) {
    this.#read = read;
  }

  /** @param {any} results */
  show(results) {
    this.#readAt = Date.now();
    this.#page.show(results.htmlUrl);
    for (const { key, link } of this.#links) {
      if (!results[key]) continue;
      link.href = results[key];
      link.hidden = false;
      this.element.hidden = false;
    }
  }

  /**
   * @param {Event} event
   * @param {string} key
   */
  async #clicked(event, key) {
    if (Date.now() - this.#readAt < FRESH_MS) return;
    event.preventDefault();
    say(this.#problem, "");
    try {
      this.show((await this.#read()).results);
      this.#links.find((one) => one.key === key)?.link.click();
    } catch (error) {
      say(this.#problem, `The download link is too old, and a new one can't be had: ${messageOf(error)}`);
    }
  }
}
