/**
 * What the API answers, as the page uses it: decoded, or refused with an `ApiError` if there is nothing.
 *
 * Pure. `api/api.js` calls it, and views name its types.
 */

import { ApiError } from "./errors.js";

/** @typedef {import("../stream/merge.js").State} State */
/** @typedef {import("../stream/merge.js").AgentEvent} AgentEvent */

/**
 * @typedef {object} Requirement
 * @property {string} id
 * @property {string} kind
 * @property {string} text
 * @property {number[]} lines of the notes, counted from 1
 * @property {string | null} workPackage
 * @property {string | null} size null for kinds that are not priced
 * @property {string} priority
 * @property {number | null} hours null until priced
 */

/**
 * @typedef {object} Proposal one version of what is offered; null in a figure until it is priced
 * @property {number} version
 * @property {string} createdAt
 * @property {Requirement[]} requirements
 * @property {{name: string, requirementIds: string[], hours: number, cost: number}[]} workPackages
 * @property {any} costData
 * @property {number | null} lowCost
 * @property {number | null} highCost
 * @property {number | null} confidence from 0 to 1: how much of the notes the analysis understood
 * @property {number | null} teamSize
 * @property {string | null} duration
 * @property {string | null} startDate YYYY-MM-DD, as all dates here
 * @property {string | null} endDate
 * @property {string | null} deadline
 * @property {number} discountPercent
 * @property {string[]} assumptions
 * @property {string[]} risks
 * @property {string[]} openQuestions
 * @property {string | null} powerpointUrl
 * @property {string | null} sowUrl
 * @property {string | null} htmlUrl
 */

/** @typedef {State & {assessment: any, createdAt: string}} Session */

/**
 * @template Value
 * @param {Value | null} value
 * @returns {Value}
 */
export function found(value) {
  if (value === null || value === undefined) {
    throw new ApiError("NotFound", "There is no such session, or it is not yours.");
  }
  return value;
}

/** @param {any} answer a Session as the API writes it */
export function session(answer) {
  const { requirementsData } = answer.results;
  return { ...answer, results: { ...answer.results, requirementsData: json(requirementsData) } };
}

/** @param {any} result of the subscription */
export function progress(result) {
  const pushed = result.errors?.length ? null : result.data?.onProgress;
  if (!pushed) return null;
  const { sessionId, events, ...fields } = pushed;
  return { state: session({ id: sessionId, ...fields }), events };
}

/**
 * AppSync sends AWSJSON as a string with JSON in it, and a pushed one may be encoded twice. The API's values are
 * objects, so a string is decoded until it is none. A value that is no string, or no JSON, is taken as it is.
 *
 * @param {unknown} value
 */
function json(value) {
  try {
    while (typeof value === "string") value = JSON.parse(value);
  } catch {
    // a string without JSON in it
  }
  return value;
}
