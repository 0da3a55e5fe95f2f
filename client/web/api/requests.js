/**
 * Sends one GraphQL request over HTTP, with the credentials of who is signed in, and resolves to its data.
 *
 * A request whose credentials are refused gets renewed ones once. It never repeats a request for another reason unless
 * it is told to: `repeated` does, for requests of which a second one does no harm. `api/api.js` calls both.
 */

import { documentOf } from "./documents.js";
import { ApiError, fromGraphql, fromNetwork, fromStatus, notUnderstood } from "./errors.js";

/** @typedef {import("./config.js").Config} Config */
/** @typedef {import("./realtime.js").Credentials} Credentials */

const READ_SECONDS = 15;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 300;

export class Requests {
  #config;
  #session;

  /**
   * @param {Config} config
   * @param {Credentials} session
   */
  constructor(config, session) {
    this.#config = config;
    this.#session = session;
  }

  /**
   * Send an operation of `client/operations`, given its file's name.
   *
   * @param {string} name
   * @param {object} variables
   * @param {{seconds?: number, signal?: AbortSignal}} options
   * @returns {Promise<any>} its data
   * @throws {ApiError}
   */
  async send(name, variables = {}, { seconds = READ_SECONDS, signal } = {}) {
    const query = await documentOf(this.#config.operationsUrl, name);
    const headers = await this.#session.headers();
    try {
      return await this.#post(headers, { query, variables }, seconds, signal);
    } catch (error) {
      const refused = error instanceof ApiError && error.type === "Unauthorized";
      if (!refused || !this.#session.renew) throw error;
      await this.#session.renew(headers);
      return await this.#post(await this.#session.headers(), { query, variables }, seconds, signal);
    }
  }

  /**
   * @param {Record<string, string>} headers
   * @param {object} request
   * @param {number} seconds
   * @param {AbortSignal} [signal]
   */
  async #post(headers, request, seconds, signal) {
    const late = AbortSignal.timeout(seconds * 1000);
    let response, answer;
    try {
      response = await fetch(this.#config.graphqlEndpoint, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(request),
        signal: signal ? AbortSignal.any([signal, late]) : late,
      });
      answer = await response.json();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw fromNetwork(error);
      throw response?.ok ? notUnderstood() : fromStatus(response?.status ?? 500);
    }
    if ([401, 413, 429].includes(response.status) || response.status >= 500) throw fromStatus(response.status);
    if (answer?.errors?.length) throw fromGraphql(answer.errors);
    if (!response.ok) throw fromStatus(response.status);
    if (!answer?.data) throw notUnderstood();
    return answer.data;
  }
}

/**
 * Ask again, after a pause that grows, while what went wrong may pass.
 *
 * @template Answer
 * @param {() => Promise<Answer>} ask
 * @returns {Promise<Answer>}
 */
export async function repeated(ask) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const passing = error instanceof ApiError && error.passing;
      if (!passing || attempt === ATTEMPTS) throw error;
      const wait = FIRST_WAIT_MS * 2 ** (attempt - 1);
      await new Promise((resolve) => setTimeout(resolve, wait * (1 + Math.random())));
    }
  }
}
