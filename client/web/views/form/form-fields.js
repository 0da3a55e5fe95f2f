/**
 * The form's fields: their names in the API, their limits (those of schema/limits.py; a test compares them), and what
 * is said of a value that breaks one. Pure: `brief-form.js` shows them.
 */

import { characters, number } from "../words.js";

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

/** @type {readonly Field[]} */
export const FIELDS = [
  { name: "clientName", label: "Client", required: true, longest: 200 },
  { name: "projectName", label: "Project", longest: 200 },
  { name: "industry", label: "Industry", hint: "For the documents' design.", longest: 100 },
  { name: "duration", label: "Duration", hint: "Such as 6 months, 12 weeks.", longest: 100 },
  { name: "teamSize", label: "Team size", hint: "People, from 1 to 1,000.", range: [1, 1000] },
  {
    name: "requirements",
    label: "Meeting notes",
    hint: "Paste them as they are: minutes, transcripts, lists. Each requirement keeps the line it came from.",
    required: true,
    longest: 100_000,
    long: true,
  },
];

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
