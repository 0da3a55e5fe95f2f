/**
 * The form's fields: their names and limits in the API, and what is said of a value that breaks a limit. Pure:
 * `brief-form.js` shows them.
 */

import { ASSESSMENT_LIMITS } from "../../api/words.js";
import { characters, number } from "../formats.js";

/**
 * @typedef {object} Field
 * @property {string} name in AssessmentInput
 * @property {string} label
 * @property {string} [hint]
 * @property {boolean} [required]
 * @property {number} [longest] characters
 * @property {[number, number]} [range] of whole numbers
 * @property {boolean} [long] several lines
 */

/** What is said of each field, in the order of the form; the notes come last. */
const SHOWN = [
  { name: "clientName", label: "Client" },
  { name: "projectName", label: "Project" },
  { name: "industry", label: "Industry", hint: "For the documents' design." },
  { name: "duration", label: "Duration", hint: "Such as 6 months, 12 weeks." },
  { name: "teamSize", label: "Team size", hint: "People" },
  {
    name: "requirements",
    label: "Meeting notes",
    hint: "Paste them as they are: minutes, transcripts, lists. Each requirement keeps the line it came from.",
    long: true,
  },
];

/** @type {readonly Field[]} */
export const FIELDS = SHOWN.map((shown) => {
  const { required, longest, least, most } = ASSESSMENT_LIMITS[shown.name];
  if (least === undefined || most === undefined) return { ...shown, required, longest };
  const hint = `${shown.hint}, from ${number(least)} to ${number(most)}.`;
  return { ...shown, hint, required, range: [least, most] };
});

/**
 * What is wrong with a value, or an empty text.
 *
 * @param {Field} field
 * @param {string} value
 */
export function fault(field, value) {
  if (field.required && !value.trim()) return `Fill in: ${field.label.toLowerCase()}.`;
  if (field.longest) {
    const count = characters(value);
    if (count > field.longest) {
      return `Too long by ${number(count - field.longest)}: at most ${number(field.longest)} characters.`;
    }
  }
  if (field.range && value.trim()) {
    const [least, most] = field.range;
    const count = Number(value);
    if (!Number.isInteger(count) || count < least || count > most) {
      return `Give a whole number from ${number(least)} to ${number(most)}.`;
    }
  }
  return "";
}

/**
 * The values as an AssessmentInput: what is empty is left out.
 *
 * @param {Record<string, string>} values
 * @returns {Record<string, string | number>}
 */
export function assessment(values) {
  /** @type {Record<string, string | number>} */
  const input = {};
  for (const field of FIELDS) {
    const value = values[field.name] ?? "";
    if (value.trim()) input[field.name] = field.range ? Number(value) : value;
  }
  return input;
}
