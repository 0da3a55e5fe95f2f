/**
 * Translates the errors of AppSync, HTTP and the network into `ApiError`, with a message that says what to do.
 *
 * The other modules of `api/` and `sign-in/` throw it, and know no other error. This module never calls or retries.
 */

import { ERROR_TYPES } from "./words.js";

/** @typedef {{field: string, message: string}} Fault */

/** A failed request. After `Unavailable` and `Internal` the same request may succeed later; after others it can't. */
export class ApiError extends Error {
  /**
   * @param {string} type "InvalidInput", "NotFound", "Conflict", "LimitExceeded", "Unauthorized", "Unavailable",
   *   "Internal", or "Rejected": the API did not understand this page, or this page did not understand the answer
   * @param {string} message for the user
   * @param {Fault[]} fields what is wrong with the input, by the field's name in the API
   * @param {string | null} reason of a Conflict
   */
  constructor(type, message, fields = [], reason = null) {
    super(message);
    this.name = "ApiError";
    this.type = type;
    this.fields = fields;
    this.reason = reason;
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
const TOO_MANY = "Too many requests from your connection or your account. Wait a minute, then try again.";
const OTHER_VERSION = "The API did not understand this page. Reload it; if that does not help, tell its operator.";

/**
 * The first of AppSync's `errors`.
 *
 * @param {unknown} errors
 * @returns {ApiError}
 */
export function fromGraphql(errors) {
  const first = Array.isArray(errors) ? errors[0] : undefined;
  // A frame of the real-time protocol may nest its errors one level deeper.
  if (Array.isArray(first?.errors)) return fromGraphql(first.errors);
  const kind = first?.errorType;
  const message = String(first?.message || kind || "The API gave an error without a description.");
  if (OWN_TYPES.has(kind)) return new ApiError(kind, message, faults(first.errorInfo), first.errorInfo?.reason ?? null);
  // An error without a type means that the document failed validation. A type that is not listed (a resolver's timeout,
  // a limit, a throttled table) is a problem of the server, which may pass.
  const type = kind ? (TYPES.get(kind) ?? "Unavailable") : "Rejected";
  if (type === "Unauthorized") return new ApiError(type, NOT_ACCEPTED);
  if (type === "Rejected") return new ApiError(type, `${OTHER_VERSION} (${message})`);
  return new ApiError(type, `The API could not answer just now (${message}). Try again in a moment.`);
}

/**
 * The error for an HTTP answer that is not a GraphQL response.
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
  if (status === 429) return new ApiError("Unavailable", TOO_MANY);
  if (status === 408 || status >= 500) {
    return new ApiError("Unavailable", `The API failed just now (HTTP ${status}). Try again in a moment.`);
  }
  return new ApiError("Rejected", `${OTHER_VERSION} (HTTP ${status})`);
}

/**
 * What `fetch` threw, as an `ApiError`. An abort by the caller is returned unchanged.
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
 * The message to show for whatever was thrown.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @returns {ApiError} for an answer in an unexpected form */
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
