/**
 * Reads `config.json`, which says where the API, its real-time endpoint and its user pool are.
 *
 * The local server and the deployed bucket serve the same page with different `config.json` files. It has no secrets.
 */

import { ApiError, fromNetwork, fromStatus, notUnderstood } from "./errors.js";

/**
 * @typedef {object} Config all URLs absolute
 * @property {string} graphqlEndpoint
 * @property {string} realtimeEndpoint ws: or wss:
 * @property {string} region
 * @property {string} userPoolId
 * @property {string} userPoolClientId
 * @property {string} userPoolEndpoint
 * @property {string} operationsUrl the folder of the GraphQL documents, with a slash at the end
 */

const SECONDS = 15;

/**
 * @param {string} base the page's address
 * @returns {Promise<Config>}
 * @throws {ApiError}
 */
export async function loadConfig(base = document.baseURI) {
  let given;
  try {
    const answer = await fetch(new URL("config.json", base), { signal: AbortSignal.timeout(SECONDS * 1000) });
    if (!answer.ok) throw fromStatus(answer.status);
    given = await answer.json();
  } catch (error) {
    throw error instanceof SyntaxError ? notUnderstood() : fromNetwork(error);
  }
  return resolved(given, base);
}

/**
 * @param {any} given what config.json says
 * @param {string} base
 * @returns {Config}
 */
export function resolved(given, base) {
  if (!given?.graphqlEndpoint || !given.realtimeEndpoint) {
    throw new ApiError("Rejected", "config.json names no endpoint: the page was not deployed completely.");
  }
  const absolute = (/** @type {string} */ url) => new URL(url, base).href;
  return {
    ...given,
    graphqlEndpoint: absolute(given.graphqlEndpoint),
    realtimeEndpoint: absolute(given.realtimeEndpoint).replace(/^http/, "ws"),
    userPoolEndpoint: absolute(given.userPoolEndpoint ?? ""),
    operationsUrl: absolute("operations/"),
  };
}
