/**
 * The caller's credentials: a Cognito user's tokens, which are refreshed before they expire, or the API key.
 *
 * The password is never sent: `sign-in/srp.js` proves it. Tokens are kept in sessionStorage, for this tab alone, unless
 * the user wants to stay signed in: then they are in localStorage, and other tabs are signed in too. The API key is in
 * sessionStorage, because all users share it. The page and the playground call this module; `sign-in/cognito.js` sends
 * its requests.
 */

import { ApiError, notUnderstood } from "../api/errors.js";
import { cognito } from "./cognito.js";
import { Proof } from "./srp.js";
import { forget, keep, kept } from "./storage.js";

/** @typedef {import("./storage.js").Area} Area */
/** @typedef {import("../api/config.js").Config} Config */

/**
 * @typedef {object} Tokens as they are stored
 * @property {string} clientId the app client that they belong to
 * @property {string} username
 * @property {string} accessToken
 * @property {string} refreshToken
 * @property {number} expiresAt of the access token, in milliseconds by this machine's clock
 */

/** @typedef {{session: UserSession, challenge?: undefined} | {session?: undefined, challenge: Challenge}} SignIn */
/** @typedef {UserSession | ReturnType<typeof apiKeySession>} Session gives each API call its credentials */

/**
 * @typedef {object} Challenge
 * @property {"NEW_PASSWORD_REQUIRED" | "SOFTWARE_TOKEN_MFA"} name
 * @property {(value: string) => Promise<SignIn>} answer takes the new password or the code; after a wrong one
 *   you may answer again
 */

const USER_KEY = "scopesmith.user";
const API_KEY_KEY = "scopesmith.apiKey";
const REFRESH_BEFORE_MS = 60_000;

const SIGN_IN_ENDED = "Your sign-in has ended. Sign in again; nothing is lost.";

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

/** A signed-in user. */
export class UserSession {
  #config;
  #tokens;
  #area;
  /** @type {Promise<void> | null} */
  #refreshing = null;

  /**
   * @param {Config} config
   * @param {Tokens} tokens
   * @param {Area} area where they are stored
   */
  constructor(config, tokens, area) {
    this.#config = config;
    this.#tokens = tokens;
    this.#area = area;
  }

  get username() {
    return this.#tokens.username;
  }

  /** Whether the user stays signed in when this tab is closed, and in other tabs. */
  get kept() {
    return this.#area === "localStorage";
  }

  /**
   * The headers that authorize a request now.
   *
   * @returns {Promise<Record<string, string>>}
   * @throws {ApiError} "Unauthorized" when only a new sign-in helps
   */
  async headers() {
    if (this.#tokens.expiresAt - Date.now() < REFRESH_BEFORE_MS) await this.#refreshed();
    return { Authorization: this.#tokens.accessToken };
  }

  /**
   * Replace the token that the API refused. This machine's clock may be wrong, or the user was signed out elsewhere.
   *
   * @param {Record<string, string>} refused
   * @throws {ApiError} "Unauthorized" when only a new sign-in helps
   */
  async renew(refused) {
    if (refused.Authorization === this.#tokens.accessToken) await this.#refreshed(refused.Authorization);
  }

  /** Sign out, in every tab where the user stays signed in, and revoke the refresh token at Cognito. */
  async signOut() {
    forget(this.#area, USER_KEY);
    const { clientId, refreshToken } = this.#tokens;
    try {
      await cognito(this.#config, "RevokeToken", { ClientId: clientId, Token: refreshToken });
    } catch {
      // Offline: the tokens are removed from this browser, and expire.
    }
  }

  /** @param {string} [refused] */
  #refreshed(refused) {
    this.#refreshing ??= this.#refresh(refused).finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  /** @param {string} [refused] */
  async #refresh(refused) {
    const stored = storedTokens(this.#config, this.#area);
    if (stored?.username === this.username && stored.accessToken !== this.#tokens.accessToken) {
      // Another tab has refreshed. Where Cognito rotates refresh tokens, ours is no longer valid.
      this.#tokens = stored;
      if (stored.accessToken !== refused && stored.expiresAt - Date.now() >= REFRESH_BEFORE_MS) return;
    }
    const { clientId, refreshToken } = this.#tokens;
    let answer;
    try {
      answer = await cognito(this.#config, "InitiateAuth", {
        AuthFlow: "REFRESH_TOKEN_AUTH",
        ClientId: clientId,
        AuthParameters: { REFRESH_TOKEN: refreshToken },
      });
    } catch (error) {
      const refused = error instanceof ApiError && error.type === "Unauthorized";
      throw refused ? new ApiError("Unauthorized", SIGN_IN_ENDED) : error;
    }
    // The answer has a refresh token only where Cognito rotates them.
    const result = { RefreshToken: refreshToken, ...answer.AuthenticationResult };
    this.#tokens = tokensOf(this.#config, this.username, result);
    // Store them only if nobody has signed out, or in as another user, in the meantime.
    const unchanged = storedTokens(this.#config, this.#area)?.refreshToken === refreshToken;
    if (unchanged) keep(this.#area, USER_KEY, this.#tokens);
  }
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

/**
 * @param {Config} config
 * @param {string} username
 * @param {any} result
 * @returns {Tokens}
 */
function tokensOf(config, username, result) {
  if (!result?.AccessToken) throw notUnderstood();
  return {
    clientId: config.userPoolClientId,
    username,
    accessToken: result.AccessToken,
    refreshToken: result.RefreshToken,
    expiresAt: Date.now() + result.ExpiresIn * 1000,
  };
}

/**
 * @param {Config} config
 * @param {Area} area
 * @returns {Tokens | null} null when there are none, or they belong to another pool
 */
function storedTokens(config, area) {
  const tokens = kept(area, USER_KEY);
  const usable = tokens?.clientId === config.userPoolClientId && tokens.accessToken && tokens.refreshToken;
  return usable ? tokens : null;
}
