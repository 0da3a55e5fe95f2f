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
 * @property {"day" | "code" | "flag"} [holds] what is neither a text nor a number
 */

/** The value of a flag that is set. */
export const YES = "yes";

/**
 * What is said of each field, in the order of the form; the notes and what follows them come last.
 *
 * @type {{name: string, label: string, hint?: string, long?: boolean, holds?: "day" | "code" | "flag"}[]}
 */
const SHOWN = [
  { name: "clientName", label: "Client" },
  { name: "projectName", label: "Project" },
  { name: "industry", label: "Industry", hint: "For the documents' design." },
  { name: "duration", label: "Duration", hint: "Such as 6 months, 12 weeks." },
  { name: "teamSize", label: "Team size", hint: "People" },
  { name: "startDate", label: "Start", hint: "When the work may begin.", holds: "day" },
  { name: "currency", label: "Currency", hint: "Three letters, such as EUR.", holds: "code" },
  {
    name: "requirements",
    label: "Meeting notes",
    hint: "Paste them as they are: minutes, transcripts, lists. Each requirement keeps the line it came from.",
    long: true,
  },
  {
    name: "review",
    label: "Review before the documents are made",
    hint: "The agent stops once the work is priced. You see what it has understood, correct it, and go on.",
    holds: "flag",
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
  if (field.holds === "day" && value && !/^\d{4}-\d\d-\d\d$/.test(value)) {
    return "Give a day with a year of four digits.";
  }
  if (field.holds === "code" && value.trim() && !/^[A-Z]{3}$/.test(value.trim())) {
    return "Give a currency's three letters, such as EUR.";
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
 * @returns {Record<string, string | number | boolean>}
 */
export function assessment(values) {
  /** @type {Record<string, string | number | boolean>} */
  const input = {};
  for (const field of FIELDS) {
    const value = values[field.name] ?? "";
    if (value.trim()) input[field.name] = sent(field, value);
  }
  return input;
}

/**
 * @param {Field} field
 * @param {string} value
 */
function sent(field, value) {
  if (field.holds === "flag") return value === YES;
  if (field.holds) return value.trim();
  return field.range ? Number(value) : value;
}
