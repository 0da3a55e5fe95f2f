/**
 * The API's words that the page acts on, from words.json, which the schema prints.
 *
 * Every other word of the server is only shown, so a newer server's new word is never refused. Browsers load JSON as
 * a module since Chrome 123, Safari 17.2 and Firefox 138.
 */

import words from "../words.json" with { type: "json" };

/** The statuses, in the order in which a session passes through them. */
export const STATUSES = words.statuses.map(({ name }) => name);

/** The statuses of sessions that have ended. */
export const ENDED = new Set(words.statuses.filter(({ ends }) => ends).map(({ name }) => name));

/** The statuses that only a person changes: nothing is published until somebody acts. */
export const RESTS = new Set(words.statuses.filter(({ rests }) => rests).map(({ name }) => name));

export const AWAITING_REVIEW = "AWAITING_REVIEW";
export const COMPLETED = "COMPLETED";

/** The agent's tools, in the order of the workflow; `progress` is the percent that is done once one has answered. */
export const TOOLS = words.tools;

export const COMPLETED_PROGRESS = words.progress.completed;

export const ERROR_TYPES = words.errorTypes;

/** The most events that the API gives in one page. */
export const EVENT_PAGE_SIZE = words.limits.events.most;

/**
 * What the fields of an assessment may hold: a text of at most `longest` characters, or a whole number in a range.
 *
 * @type {Record<string, {required: boolean, longest?: number, least?: number, most?: number}>}
 */
export const ASSESSMENT_LIMITS = words.limits.assessment;

/** What a reviewer may send: how many requirements, how long texts, which numbers. */
export const REVIEW_LIMITS = words.limits.review;

export const KINDS = words.requirementKinds;
export const SIZES = words.requirementSizes;
export const PRIORITIES = words.requirementPriorities;

/** The `currentStage` of a session that was submitted or retried, and of one that was reviewed. */
export const { received: RECEIVED, reviewed: REVIEWED } = words.currentStages;

/**
 * The `currentStage` while a tool works.
 *
 * @param {string} tool
 */
export function running(tool) {
  return words.currentStages.running.replace("{tool}", tool);
}

/**
 * The `currentStage` once a tool has answered.
 *
 * @param {string} tool
 */
export function finished(tool) {
  return words.currentStages.finished.replace("{tool}", tool);
}
