/**
 * What the page calls the API's statuses, stages and tools, and the line about a session's use of models.
 *
 * Pure. A word that this page does not know is shown as the API gave it.
 */

import { finished, RECEIVED, REVIEWED, running } from "../api/words.js";
import { money, number } from "./formats.js";

/**
 * @typedef {object} StatusWords
 * @property {string} label
 * @property {"waiting" | "running" | "yours" | "done" | "failed" | "stopped"} kind how it looks
 */

/** @type {Record<string, StatusWords>} */
const STATUSES = {
  PENDING: { label: "Waiting to start", kind: "waiting" },
  PROCESSING: { label: "Starting", kind: "running" },
  ANALYZING_REQUIREMENTS: { label: "Reading the notes", kind: "running" },
  REQUIREMENTS_ANALYZED: { label: "Notes read", kind: "running" },
  CALCULATING_COSTS: { label: "Calculating costs", kind: "running" },
  COSTS_CALCULATED: { label: "Costs calculated", kind: "running" },
  AWAITING_REVIEW: { label: "Waiting for your review", kind: "yours" },
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
 * The session's stage as a sentence without a full stop, or in the API's words if this page does not know it.
 *
 * @param {{status: string, currentStage: string | null}} state
 */
export function stageWords({ status, currentStage }) {
  for (const [tool, words] of TOOLS) {
    if (currentStage === running(tool)) return words.running;
    if (currentStage === finished(tool)) return words.finished;
  }
  if (currentStage === RECEIVED) return "The notes are received";
  if (currentStage === REVIEWED) return "The review is received";
  return currentStage || statusWords(status).label;
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
