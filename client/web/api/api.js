/**
 * The API's operations as methods. Each sends one document and resolves to its data, or throws an `ApiError`.
 *
 * A call is sent again after a lost answer if a second one does no harm. This module never waits for a session or
 * orders its events: `stream/stream.js` does. The views call both.
 */

import { documentOf } from "./documents.js";
import { ApiError, fromGraphql, fromNetwork, fromStatus, notUnderstood } from "./errors.js";
import { subscribe } from "./realtime.js";
import { EVENT_PAGE_SIZE } from "./words.js";

export { ApiError };

/** @typedef {import("./config.js").Config} Config */
/** @typedef {import("./realtime.js").Credentials} Credentials */
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

const READ_SECONDS = 15;
/** Notes may be long, and a phone's upload slow. */
const WRITE_SECONDS = 30;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 300;

export class Api {
  #config;
  #session;
  /** The submission without an answer so far. If it is sent again, it must have the same token. */
  #unanswered = { input: "", token: "" };

  /**
   * @param {Config} config
   * @param {Credentials} session
   */
  constructor(config, session) {
    this.#config = config;
    this.#session = session;
  }

  /**
   * Submit an assessment. After a lost answer, each further attempt has the same token, also a later call with the same
   * input. So they all lead to one session.
   *
   * @param {object} input an AssessmentInput; give it a clientRequestToken to submit it once even across reloads
   * @returns {Promise<Session>}
   */
  async submit(input) {
    const written = JSON.stringify(input);
    if (this.#unanswered.input !== written) this.#unanswered = { input: written, token: crypto.randomUUID() };
    const variables = { input: { clientRequestToken: this.#unanswered.token, ...input } };
    try {
      const data = await repeated(() => this.query("submit", variables, { seconds: WRITE_SECONDS }));
      if (!data.submitAssessment) throw notUnderstood();
      this.#unanswered = { input: "", token: "" };
      return session(data.submitAssessment);
    } catch (error) {
      if (!(error instanceof ApiError && error.passing)) this.#unanswered = { input: "", token: "" };
      throw error;
    }
  }

  /**
   * @param {string} id
   * @returns {Promise<Session>} throws "NotFound" when it does not exist or is another user's
   */
  async session(id) {
    return session(found((await repeated(() => this.query("session", { id }))).session));
  }

  /**
   * The session's current state. It is read once: a stream reads again by itself.
   *
   * @param {string} id
   * @param {{signal?: AbortSignal}} options
   * @returns {Promise<State>}
   */
  async state(id, options = {}) {
    return session(found((await this.query("state", { id }, options)).session));
  }

  /**
   * The caller's own sessions, newest first.
   *
   * @param {number | null} limit
   * @param {string | null} nextToken
   * @returns {Promise<{items: any[], nextToken: string | null}>}
   */
  async sessions(limit = null, nextToken = null) {
    return found((await repeated(() => this.query("sessions", { limit, nextToken }))).sessions);
  }

  /**
   * A page of the log: the events after sequence `after`, in order.
   *
   * @param {string} sessionId
   * @param {number} after
   * @param {{limit?: number, signal?: AbortSignal}} options
   * @returns {Promise<{items: AgentEvent[], hasMore: boolean}>}
   */
  async events(sessionId, after = 0, { limit = EVENT_PAGE_SIZE, ...options } = {}) {
    return found((await this.query("events", { sessionId, after, limit }, options)).events);
  }

  /**
   * Ask a session to stop.
   *
   * @param {string} id
   * @returns {Promise<Session>}
   */
  async cancel(id) {
    return session(found((await repeated(() => this.query("cancel", { id }))).cancelSession));
  }

  /**
   * Run a failed or cancelled session again. Sent once: after a lost answer, a second call could only be a conflict.
   *
   * @param {string} id
   * @returns {Promise<Session>}
   */
  async retry(id) {
    return session(found((await this.query("retry", { id }, { seconds: WRITE_SECONDS })).retrySession));
  }

  /**
   * A version of the proposal; the newest when none is given.
   *
   * @param {string} sessionId
   * @param {number | null} [version]
   * @returns {Promise<Proposal>} throws "NotFound" when there is none yet
   */
  async proposal(sessionId, version = null) {
    return found((await repeated(() => this.query("proposal", { sessionId, version }))).proposal);
  }

  /**
   * The notes that were submitted.
   *
   * @param {string} id
   * @returns {Promise<string>}
   */
  async notes(id) {
    return found((await repeated(() => this.query("notes", { id }))).session).assessment.requirements;
  }

  /**
   * Review a session. Sent once: after a lost answer, a second call could only be a conflict with the first.
   *
   * @param {string} id
   * @param {object} input a ReviewInput
   * @returns {Promise<Session>}
   */
  async review(id, input) {
    return session(found((await this.query("review", { id, input }, { seconds: WRITE_SECONDS })).reviewSession));
  }

  /**
   * Delete a session with all its files. The API goes on with a deletion that was interrupted, so it is sent again.
   *
   * @param {string} id
   */
  async delete(id) {
    try {
      await repeated(() => this.query("delete", { id }, { seconds: WRITE_SECONDS }));
    } catch (error) {
      // An answer was lost, or another tab was faster.
      if (!(error instanceof ApiError && error.type === "NotFound")) throw error;
    }
  }

  /**
   * Subscribe to a session's progress.
   *
   * @param {string} sessionId
   * @param {{onStarted: () => void, onProgress: (progress: {state: State, events: AgentEvent[]} | null) => void,
   *   onClosed: (error: ApiError | null) => void}} listener `onProgress` gets null for a push that could not be read
   * @returns {() => void} ends it
   */
  subscribe(sessionId, { onStarted, onProgress, onClosed }) {
    /** @type {() => void} */
    let stop = () => {};
    let stopped = false;
    documentOf(this.#config.operationsUrl, "on_progress").then(
      (query) => {
        if (stopped) return;
        const onData = (/** @type {any} */ result) => onProgress(progress(result));
        const request = { query, variables: { sessionId } };
        stop = subscribe(this.#config, this.#session, request, { onStarted, onData, onClosed });
      },
      (error) => stopped || onClosed(error),
    );
    return () => {
      stopped = true;
      stop();
    };
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
  async query(name, variables = {}, { seconds = READ_SECONDS, signal } = {}) {
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
 * @template Answer
 * @param {() => Promise<Answer>} ask
 * @returns {Promise<Answer>}
 */
async function repeated(ask) {
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

/**
 * @template Value
 * @param {Value | null} value
 * @returns {Value}
 */
function found(value) {
  if (value === null || value === undefined) {
    throw new ApiError("NotFound", "There is no such session, or it is not yours.");
  }
  return value;
}

/** @param {any} answer a Session as the API writes it */
function session(answer) {
  const { requirementsData } = answer.results;
  return { ...answer, results: { ...answer.results, requirementsData: json(requirementsData) } };
}

/** @param {any} result of the subscription */
function progress(result) {
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
