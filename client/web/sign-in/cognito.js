/**
 * Calls Cognito's JSON API for public clients and turns its refusals into errors that a person understands.
 *
 * It never stores tokens or decides when to refresh them: `sign-in/user-session.js` does, which calls it beside
 * `sign-in/auth.js`.
 */

import { ApiError, fromNetwork, fromStatus, notUnderstood } from "../api/errors.js";

/** @typedef {import("../api/config.js").Config} Config */

const SECONDS = 15;

/**
 * One call to Cognito.
 *
 * @param {Config} config
 * @param {string} action
 * @param {object} body
 * @returns {Promise<any>}
 */
export async function cognito(config, action, body) {
  try {
    const response = await fetch(config.userPoolEndpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${action}`,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
    const text = await response.text();
    if (response.ok) return text ? JSON.parse(text) : {};
    throw refusal(response.status, text);
  } catch (error) {
    throw error instanceof SyntaxError ? notUnderstood() : fromNetwork(error);
  }
}

/**
 * @param {number} status
 * @param {string} text
 * @returns {ApiError}
 */
function refusal(status, text) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    return fromStatus(status);
  }
  const kind = String(answer?.__type ?? "")
    .split("#")
    .at(-1);
  const message = String(answer?.message ?? answer?.Message ?? kind);
  const refused = REFUSALS.get(kind ?? "");
  return refused ? refused(message) : status >= 500 ? fromStatus(status) : new ApiError("Rejected", message);
}

const wrong = () => new ApiError("Unauthorized", "The user name or the password is wrong.");
const tooMany = () => new ApiError("Unavailable", "Too many attempts. Wait a few minutes, then try again.");
/**
 * @param {string} field
 * @param {string} message
 */
const wrongField = (field, message) => new ApiError("InvalidInput", message, [{ field, message }]);

/** @param {string} message */
const wrongPassword = (message) => wrongField("password", message);
/** @param {string} message */
const wrongParameter = (message) => new ApiError("InvalidInput", message);

/**
 * Cognito uses this type for several cases; only the message tells them apart.
 *
 * @param {string} message
 */
function notAuthorized(message) {
  if (/(account|password) has expired/i.test(message)) {
    return new ApiError("Unauthorized", "Your invitation has expired. Ask your administrator for a new one.");
  }
  if (/session|expired/i.test(message)) {
    return new ApiError("Unauthorized", "That took too long. Begin again with name and password.");
  }
  if (/disabled|attempts|locked/i.test(message)) return new ApiError("Unauthorized", message);
  return wrong();
}

/** @type {ReadonlyMap<string, (message: string) => ApiError>} */
const REFUSALS = new Map([
  ["NotAuthorizedException", notAuthorized],
  ["UserNotFoundException", wrong],
  [
    "ResourceNotFoundException",
    () => new ApiError("Unauthorized", "The users' directory is another one now. Reload the page and sign in."),
  ],
  ["CodeMismatchException", () => wrongField("code", "The code is wrong. Type the one that is shown now.")],
  ["ExpiredCodeException", () => wrongField("code", "The code has expired. Type the one that is shown now.")],
  ["InvalidPasswordException", wrongPassword],
  ["InvalidParameterException", wrongParameter],
  [
    "PasswordResetRequiredException",
    () => new ApiError("Unauthorized", "Your password must be reset first. Ask your administrator."),
  ],
  [
    "UserNotConfirmedException",
    () => new ApiError("Unauthorized", "Your account is not confirmed yet. Ask your administrator."),
  ],
  ["TooManyRequestsException", tooMany],
  ["LimitExceededException", tooMany],
  ["InternalErrorException", () => fromStatus(500)],
]);
