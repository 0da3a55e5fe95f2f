/**
 * Signs a user in with Cognito, or takes the API key, and restores the sign-in that was stored.
 *
 * The password is never sent: `sign-in/srp.js` proves it. Tokens are kept in sessionStorage, for this tab alone, unless
 * the user wants to stay signed in: then they are in localStorage, and other tabs are signed in too. The API key is in
 * sessionStorage, because all users share it. The page and the playground call this module; `sign-in/cognito.js` sends
 * its requests.
 */

import { ApiError } from "../api/errors.js";
import { cognito } from "./cognito.js";
import { Proof } from "./srp.js";
import { forget, keep, kept } from "./storage.js";
import { storedTokens, tokensOf, USER_KEY, UserSession } from "./user-session.js";

/** @typedef {import("./storage.js").Area} Area */
/** @typedef {import("../api/config.js").Config} Config */

/** @typedef {{session: UserSession, challenge?: undefined} | {session?: undefined, challenge: Challenge}} SignIn */
/** @typedef {UserSession | ReturnType<typeof apiKeySession>} Session gives each API call its credentials */

/**
 * @typedef {object} Challenge
 * @property {"NEW_PASSWORD_REQUIRED" | "SOFTWARE_TOKEN_MFA"} name
 * @property {(value: string) => Promise<SignIn>} answer takes the new password or the code; after a wrong one
 *   you may answer again
 */

const API_KEY_KEY = "scopesmith.apiKey";

/** The field of a challenge's response that holds the answer. */
const ANSWERS = new Map([
  ["NEW_PASSWORD_REQUIRED", "NEW_PASSWORD"],
  ["SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE"],
]);

/**
 * @param {Config} config
 * @param {string} username
 * @param {string} password
 * @param {{stay?: boolean}} [options] `stay`: keep the user signed in when the tab is closed, and in other tabs
 * @returns {Promise<SignIn>}
 * @throws {ApiError} "Unauthorized" when name or password is wrong
 */
export async function signIn(config, username, password, { stay = false } = {}) {
  const proof = new Proof();
  const ClientId = config.userPoolClientId;
  let answer = await cognito(config, "InitiateAuth", {
    AuthFlow: "USER_SRP_AUTH",
    ClientId,
    AuthParameters: { USERNAME: username, SRP_A: proof.number },
  });
  if (answer.ChallengeName === "PASSWORD_VERIFIER") {
    const parameters = answer.ChallengeParameters ?? {};
    answer = await cognito(config, "RespondToAuthChallenge", {
      ClientId,
      ChallengeName: answer.ChallengeName,
      Session: answer.Session,
      ChallengeResponses: await proof.responses(config.userPoolId, parameters, password, new Date()),
    });
  }
  return signedIn(config, username, stay ? "localStorage" : "sessionStorage", answer);
}

/**
 * The session that was stored: this tab's own, or else that of a user who stays signed in.
 *
 * @param {Config} config
 * @returns {Session | null}
 */
export function restore(config) {
  const key = kept("sessionStorage", API_KEY_KEY);
  if (typeof key === "string") return apiKeySession(key);
  const tokens = storedTokens(config, "sessionStorage");
  return tokens ? new UserSession(config, tokens, "sessionStorage") : restoreKept(config);
}

/**
 * The session of a user who stays signed in, perhaps since a sign-in in another tab.
 *
 * @param {Config} config
 * @returns {UserSession | null}
 */
export function restoreKept(config) {
  const tokens = storedTokens(config, "localStorage");
  return tokens && new UserSession(config, tokens, "localStorage");
}

/** @param {string} key */
export function apiKeySession(key) {
  keep("sessionStorage", API_KEY_KEY, key);
  return {
    username: null,
    kept: false,
    /** @returns {Promise<Record<string, string>>} */
    async headers() {
      return { "x-api-key": key };
    },
    async signOut() {
      forget("sessionStorage", API_KEY_KEY);
    },
  };
}

/**
 * @param {Config} config
 * @param {string} username
 * @param {Area} area for the tokens
 * @param {any} answer
 * @returns {SignIn}
 */
function signedIn(config, username, area, answer) {
  if (answer.AuthenticationResult) {
    const tokens = tokensOf(config, username, answer.AuthenticationResult);
    const stays = storedTokens(config, "localStorage")?.username === username;
    if (area === "localStorage") forget("sessionStorage", USER_KEY);
    else if (stays) forget("localStorage", USER_KEY); // the user no longer wants to stay signed in
    keep(area, USER_KEY, tokens);
    forget("sessionStorage", API_KEY_KEY);
    return { session: new UserSession(config, tokens, area) };
  }
  const field = ANSWERS.get(answer.ChallengeName);
  if (!field) {
    const wanted = answer.ChallengeName ?? "an unknown step";
    throw new ApiError("Rejected", `Signing in needs ${wanted}, which this page can't do. Ask your administrator.`);
  }
  const respond = async (/** @type {string} */ value) => {
    const responded = await cognito(config, "RespondToAuthChallenge", {
      ClientId: config.userPoolClientId,
      ChallengeName: answer.ChallengeName,
      Session: answer.Session,
      ChallengeResponses: { USERNAME: answer.ChallengeParameters?.USER_ID_FOR_SRP ?? username, [field]: value },
    });
    return signedIn(config, username, area, responded);
  };
  return { challenge: { name: answer.ChallengeName, answer: respond } };
}
