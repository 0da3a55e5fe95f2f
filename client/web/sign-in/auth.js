/**
 * The caller's credentials: a Cognito user's tokens, which are refreshed before they expire, or the API key.
 *
 * Tokens are kept in localStorage, so that a second tab is signed in too. The API key is kept in sessionStorage,
 * because all users share it. The page and the playground call this module; `sign-in/cognito.js` sends its requests.
 */

import { ApiError, notUnderstood } from "../api/errors.js";
import { cognito } from "./cognito.js";
import { forget, keep, kept } from "./storage.js";

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
 * @returns {Promise<SignIn>}
 * @throws {ApiError} "Unauthorized" when name or password is wrong
 */
export async function signIn(config, username, password) {
  const answer = await cognito(config, "InitiateAuth", {
    AuthFlow: "USER_PASSWORD_AUTH",
    ClientId: config.userPoolClientId,
    AuthParameters: { USERNAME: username, PASSWORD: password },
  });
  return signedIn(config, username, answer);
}

/**
 * The session that was stored, by this tab or another.
 *
 * @param {Config} config
 * @returns {Session | null}
 */
export function restore(config) {
  const key = kept("sessionStorage", API_KEY_KEY);
  if (typeof key === "string") return apiKeySession(key);
  const tokens = storedTokens(config);
  return tokens && new UserSession(config, tokens);
}

/** @param {string} key */
export function apiKeySession(key) {
  keep("sessionStorage", API_KEY_KEY, key);
  return {
    username: null,
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
  /** @type {Promise<void> | null} */
  #refreshing = null;

  /**
   * @param {Config} config
   * @param {Tokens} tokens
   */
  constructor(config, tokens) {
    this.#config = config;
    this.#tokens = tokens;
  }

  get username() {
    return this.#tokens.username;
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

  /** Sign out in every tab, and revoke the refresh token at Cognito. */
  async signOut() {
    forget("localStorage", USER_KEY);
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
    const stored = storedTokens(this.#config);
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
    if (storedTokens(this.#config)?.refreshToken === refreshToken) keep("localStorage", USER_KEY, this.#tokens);
  }
}

/**
 * @param {Config} config
 * @param {string} username
 * @param {any} answer
 * @returns {SignIn}
 */
function signedIn(config, username, answer) {
  if (answer.AuthenticationResult) {
    const tokens = tokensOf(config, username, answer.AuthenticationResult);
    keep("localStorage", USER_KEY, tokens);
    forget("sessionStorage", API_KEY_KEY);
    return { session: new UserSession(config, tokens) };
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
    return signedIn(config, username, responded);
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
 * @returns {Tokens | null} null when there are none, or they belong to another pool
 */
function storedTokens(config) {
  const tokens = kept("localStorage", USER_KEY);
  const usable = tokens?.clientId === config.userPoolClientId && tokens.accessToken && tokens.refreshToken;
  return usable ? tokens : null;
}
