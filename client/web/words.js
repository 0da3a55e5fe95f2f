/**
 * The page's words for what the API says in names, and its forms of money, hours and times.
 *
 * Pure. A word that this page does not know is shown as the API gave it.
 */

/**
 * @typedef {object} StatusWords
 * @property {string} label
 * @property {"waiting" | "running" | "done" | "failed" | "stopped"} kind how it looks
 */

/** @type {Record<string, StatusWords>} */
const STATUSES = {
  PENDING: { label: "Waiting to start", kind: "waiting" },
  PROCESSING: { label: "Starting", kind: "running" },
  ANALYZING_REQUIREMENTS: { label: "Reading the notes", kind: "running" },
  REQUIREMENTS_ANALYZED: { label: "Notes read", kind: "running" },
  CALCULATING_COSTS: { label: "Calculating costs", kind: "running" },
  COSTS_CALCULATED: { label: "Costs calculated", kind: "running" },
  GENERATING_POWERPOINT: { label: "Writing the presentation", kind: "running" },
  POWERPOINT_GENERATED: { label: "Presentation written", kind: "running" },
  GENERATING_SOW: { label: "Writing the statement of work", kind: "running" },
  COMPLETED: { label: "Completed", kind: "done" },
  ERROR: { label: "Failed", kind: "failed" },
  CONFIGURATION_ERROR: { label: "Not set up", kind: "failed" },
  CANCELLED: { label: "Cancelled", kind: "stopped" },
};

/**
 * @param {string} status
 * @returns {StatusWords}
 */
export function statusWords(status) {
  return STATUSES[status] ?? { label: status, kind: "running" };
}

/** @type {Record<string, string>} */
const TOOLS = {
  RequirementsAnalyzer: "Requirements",
  CostCalculator: "Costs",
  TemplateRetriever: "Template",
  PowerPointGenerator: "Presentation",
  SOWGenerator: "Statement of work",
};

/** The agent's five tools, in the order of the workflow. */
export const TOOL_NAMES = Object.keys(TOOLS);

/** @param {string} tool */
export function toolWords(tool) {
  return TOOLS[tool] ?? tool;
}

/**
 * An amount in a currency, without cents where there are none.
 *
 * @param {number} amount
 * @param {string} currency
 */
export function money(amount, currency) {
  const digits = Number.isInteger(amount) ? 0 : 2;
  const form = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    return new Intl.NumberFormat(undefined, { ...form, style: "currency", currency }).format(amount);
  } catch {
    // Not a currency code that the browser takes.
    return `${new Intl.NumberFormat(undefined, form).format(amount)} ${currency}`;
  }
}

/** @param {number} value */
export function number(value) {
  return new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(value);
}

/** @param {number} share from 0 to 1 */
export function percent(share) {
  return new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 }).format(share);
}

/**
 * @param {number} count
 * @param {string} noun
 */
export function counted(count, noun) {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @param {string} timestamp */
export function clock(timestamp) {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? "" : CLOCK.format(date);
}

/** @param {string} timestamp */
export function moment(timestamp) {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? timestamp : MOMENT.format(date);
}

/**
 * How many characters the API counts: whole Unicode characters, not JavaScript's halves.
 *
 * @param {string} text
 */
export function characters(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
