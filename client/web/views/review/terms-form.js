/** The fields for the terms of the offer: team, duration, start, currency, discount, and a note for the log. */

import { REVIEW_LIMITS } from "../../api/words.js";
import { el, say } from "../dom.js";
import { number } from "../formats.js";
import { TERMS } from "./review-words.js";

/** @typedef {import("./sheet.js").Terms} Terms */

const { teamSize, discountPercent } = REVIEW_LIMITS;

/** @type {Record<keyof Terms, {hint: string, properties: Record<string, unknown>}>} */
const FIELDS = {
  teamSize: {
    hint: `People, from ${number(teamSize.least)} to ${number(teamSize.most)}.`,
    properties: { type: "number", min: teamSize.least, max: teamSize.most, step: 1, inputmode: "numeric" },
  },
  duration: { hint: "Such as 6 months, 12 weeks.", properties: {} },
  startDate: { hint: "When the work may begin.", properties: { type: "date" } },
  currency: { hint: "Three letters, such as EUR.", properties: { maxlength: 3, autocapitalize: "characters" } },
  discountPercent: {
    hint: `Percent, from ${discountPercent.least} to ${discountPercent.most}.`,
    properties: {
      type: "number",
      min: discountPercent.least,
      max: discountPercent.most,
      step: "any",
      inputmode: "decimal",
    },
  },
  note: { hint: "For the log; the client does not see it.", properties: {} },
};

export class TermsForm {
  #fields;

  element;

  /** @param {(term: keyof Terms, value: string) => void} onChange */
  constructor(onChange) {
    this.#fields = Object.entries(FIELDS).map(([name, { hint, properties }]) => {
      const term = /** @type {keyof Terms} */ (name);
      const id = `term-${term}`;
      const input = el("input", {
        id,
        autocomplete: "off",
        ...properties,
        "aria-describedby": `${id}-hint ${id}-fault`,
        oninput: () => {
          if (term === "currency") input.value = input.value.toUpperCase();
          onChange(term, input.value);
        },
      });
      const fault = el("p", { class: "fault", id: `${id}-fault` });
      const element = el(
        "div",
        { class: `field ${term}` },
        el("label", { for: id }, TERMS[term]),
        input,
        el("p", { class: "hint", id: `${id}-hint` }, hint),
        fault,
      );
      return { term, input, fault, element };
    });
    this.element = el(
      "section",
      { class: "card terms", "aria-labelledby": "terms-title" },
      el("h2", { id: "terms-title" }, "Team and terms"),
      el(
        "div",
        { class: "term-fields" },
        this.#fields.map(({ element }) => element),
      ),
      el("p", { class: "muted small" }, "An empty field leaves it as it is."),
    );
  }

  /**
   * @param {Terms} terms
   * @param {Map<keyof Terms, string>} faults
   * @param {Set<string>} edited the terms that are different from the priced ones
   */
  show(terms, faults, edited) {
    for (const { term, input, fault, element } of this.#fields) {
      if (input.value !== terms[term]) input.value = terms[term];
      element.classList.toggle("edited", edited.has(term));
      const wrong = input.validity.badInput ? "This is not complete." : (faults.get(term) ?? "");
      say(fault, wrong);
      if (wrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }

  /** Whether a field holds something that the browser can't read as a number or a date. */
  get unreadable() {
    return this.#fields.some(({ input }) => input.validity.badInput);
  }

  /** Move the focus to the first field with a fault, if there is one. */
  focusFault() {
    const wrong = this.#fields.find(({ input }) => input.hasAttribute("aria-invalid"));
    wrong?.input.focus();
    return Boolean(wrong);
  }
}
