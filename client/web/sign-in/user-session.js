/**
 * A signed-in user: Cognito's tokens, which are stored and refreshed before they expire.
 *
 * It never asks for a password: `sign-in/auth.js` does, which makes these sessions. `sign-in/cognito.js` sends the
 * requests.
 */

import { ApiError, notUnderstood } from "../api/errors.js";
import { cognito } from "./cognito.js";
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

/** Where the tokens are stored. */
export const USER_KEY = "scopesmith.user";
const REFRESH_BEFORE_MS = 60_000;

const SIGN_IN_ENDED = "Your sign-in has ended. Sign in again; nothing is lost.";

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
 * @param {any} result
 * @returns {Tokens}
 */
export function tokensOf(config, username, result) {
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
export function storedTokens(config, area) {
  const tokens = kept(area, USER_KEY);
  const usable = tokens?.clientId === config.userPoolClientId && tokens.accessToken && tokens.refreshToken;
  return usable ? tokens : null;
}
