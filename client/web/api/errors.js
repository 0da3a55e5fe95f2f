/**
 * What can go wrong between the page and the API, in words that say what to do.
 *
 * Translates AppSync's errors, HTTP's and the network's into `ApiError`, so that no other module knows theirs.
 * `api.js`, `auth.js` and `realtime.js` throw it; nothing here asks or retries.
 */

import { ERROR_TYPES } from "./words.js";

/** @typedef {{field: string, message: string}} Fault */

/** A request that failed. `Unavailable` and `Internal` may pass by themselves; of the others something must change. */
export class ApiError extends Error {
  /**
   * @param {string} type "InvalidInput", "NotFound", "Conflict", "Unauthorized", "Unavailable", "Internal", or
   *   "Rejected": the API and this page do not understand each other
   * @param {string} message for the person at the page
   * @param {Fault[]} fields what is wrong with the input, by the field's name in the API
   */
  constructor(type, message, fields = []) {
    super(message);
    this.name = "ApiError";
    this.type = type;
    this.fields = fields;
  }

  /** Whether the same request may succeed later. */
  get passing() {
    return this.type === "Unavailable" || this.type === "Internal";
  }
}

const TYPES = new Map([
  ["Unauthorized", "Unauthorized"],
  ["UnauthorizedException", "Unauthorized"],
  ["AccessDeniedException", "Unauthorized"],
  ["ValidationError", "Rejected"],
  ["BadRequestException", "Rejected"],
  ["MalformedHttpRequestException", "Rejected"],
  ["UnsupportedOperation", "Rejected"],
]);

const OWN_TYPES = new Set(ERROR_TYPES.filter((type) => !TYPES.has(type)));

export const NOT_ACCEPTED = "The API does not accept your sign-in (or API key) any more. Sign in again.";
const UNREACHABLE = "The API can't be reached. Check your connection; trying again may help.";
const OTHER_VERSION = "The API did not understand this page. Reload it; if that does not help, tell its operator.";

/**
 * The error that AppSync's `errors` tell of: the first.
 *
 * @param {unknown} errors
 * @returns {ApiError}
 */
export function fromGraphql(errors) {
  const first = Array.isArray(errors) ? errors[0] : undefined;
  // A frame of the real-time protocol may wrap its errors once more.
  if (Array.isArray(first?.errors)) return fromGraphql(first.errors);
  const kind = first?.errorType;
  const message = String(first?.message || kind || "The API gave an error without a description.");
  if (OWN_TYPES.has(kind)) return new ApiError(kind, message, faults(first.errorInfo));
  // An error without a type is a document that failed validation. One not listed (a resolver's time-out, a limit,
  // a throttled store) is the server's trouble and may pass.
  const type = kind ? (TYPES.get(kind) ?? "Unavailable") : "Rejected";
  if (type === "Unauthorized") return new ApiError(type, NOT_ACCEPTED);
  if (type === "Rejected") return new ApiError(type, `${OTHER_VERSION} (${message})`);
  return new ApiError(type, `The API could not answer just now (${message}). Try again in a moment.`);
}

/**
 * The error of an HTTP answer that is no GraphQL response.
 *
 * @param {number} status
 * @returns {ApiError}
 */
export function fromStatus(status) {
  if (status === 401 || status === 403) return new ApiError("Unauthorized", NOT_ACCEPTED);
  if (status === 413) {
    return new ApiError("InvalidInput", "This is more than the API takes at once. Shorten the notes and try again.", [
      { field: "requirements", message: "too long to be sent: shorten the notes" },
    ]);
  }
  if (status === 429) return new ApiError("Unavailable", "The API has too much to do. Try again in a minute.");
  if (status === 408 || status >= 500) {
    return new ApiError("Unavailable", `The API failed just now (HTTP ${status}). Try again in a moment.`);
  }
  return new ApiError("Rejected", `${OTHER_VERSION} (HTTP ${status})`);
}

/**
 * What `fetch` threw, as an `ApiError`; a caller's own abort is handed on as it is.
 *
 * @param {any} error
 * @returns {any}
 */
export function fromNetwork(error) {
  if (error instanceof ApiError || error?.name === "AbortError") return error;
  if (error?.name === "TimeoutError") {
    return new ApiError("Unavailable", "The API did not answer in time. Check your connection and try again.");
  }
  return new ApiError("Unavailable", UNREACHABLE);
}

/**
 * What to show of anything that was thrown.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @returns {ApiError} of an answer that is not what was asked for */
export function notUnderstood() {
  return new ApiError("Rejected", "The answer is not the API's. Reload the page; is there a proxy in between?");
}

/**
 * @param {unknown} info
 * @returns {Fault[]}
 */
function faults(info) {
  if (!Array.isArray(info)) return [];
  return info.map((fault) => ({
    field: String(fault?.field ?? "input"),
    message: String(fault?.message ?? "is not valid"),
  }));
}
