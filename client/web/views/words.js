/**
 * The page's words for what the API says in names, and its forms of money, hours and times.
 *
 * Pure. A word that this page does not know is shown as the API gave it.
 */

import { finished, running } from "../api/words.js";

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

const TOOLS = new Map(
  Object.entries({
    RequirementsAnalyzer: { name: "Requirements", running: "Reading the notes", finished: "The notes are read" },
    CostCalculator: { name: "Costs", running: "Calculating the costs", finished: "The costs are calculated" },
    TemplateRetriever: { name: "Template", running: "Looking for a template", finished: "Templates are looked up" },
    PowerPointGenerator: {
      name: "Presentation",
      running: "Writing the presentation",
      finished: "The presentation is written",
    },
    SOWGenerator: {
      name: "Statement of work",
      running: "Writing the statement of work",
      finished: "The statement of work is written",
    },
  }),
);

/** @param {string} tool */
export function toolWords(tool) {
  return TOOLS.get(tool)?.name ?? tool;
}

/**
 * Where a session stands, as a sentence without its end; a stage that this page does not know as the API words it.
 *
 * @param {{status: string, currentStage: string | null}} state
 */
export function stageWords({ status, currentStage }) {
  for (const [tool, words] of TOOLS) {
    if (currentStage === running(tool)) return words.running;
    if (currentStage === finished(tool)) return words.finished;
  }
  return currentStage || statusWords(status).label;
}

/**
 * How many decimals the amounts of one column need: none, or as many as cents or quarters of hours have.
 *
 * @param {number[]} values
 * @param {number} most
 */
export function decimals(values, most) {
  for (let digits = 0; digits < most; digits += 1) {
    if (values.every((value) => Number(value.toFixed(digits)) === value)) return digits;
  }
  return most;
}

/**
 * An amount in a currency.
 *
 * @param {number} amount
 * @param {string} currency
 * @param {number} digits after the point: 0, or 2 for cents
 */
export function money(amount, currency, digits) {
  const form = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    return new Intl.NumberFormat(undefined, { ...form, style: "currency", currency }).format(amount);
  } catch {
    // Not a currency code that the browser takes.
    return `${new Intl.NumberFormat(undefined, form).format(amount)} ${currency}`;
  }
}

const CENT = 0.01;

/**
 * What the models read, wrote and cost, in one line; empty when no model was asked.
 *
 * @param {import("../stream/merge.js").Usage} usage
 */
export function usageWords({ inputTokens, outputTokens, cacheReadInputTokens, modelCost, modelCostCurrency }) {
  const read = inputTokens + cacheReadInputTokens;
  if (!read && !outputTokens) return "";
  const tokens = `Model: ${number(read)} tokens in, ${number(outputTokens)} out`;
  if (modelCost === null || !modelCostCurrency) return tokens;
  if (modelCost > 0 && modelCost < CENT) return `${tokens}, less than ${money(CENT, modelCostCurrency, 2)}`;
  return `${tokens}, ${money(modelCost, modelCostCurrency, 2)}`;
}

const UP_TO_TENTHS = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/**
 * @param {number} value
 * @param {number} [digits] after the point; up to one where it is not said
 */
export function number(value, digits) {
  if (digits === undefined) return UP_TO_TENTHS.format(value);
  return new Intl.NumberFormat(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    value,
  );
}

const PERCENT = new Intl.NumberFormat(undefined, {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** @param {number} share from 0 to 1 */
export function percent(share) {
  return PERCENT.format(share);
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
