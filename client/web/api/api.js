/**
 * The API's operations as methods. Each sends one document and resolves to its data, or throws an `ApiError`.
 *
 * A call is sent again after a lost answer if a second one does no harm. This module never waits for a session or
 * orders its events: `stream/stream.js` does. The views call both.
 */

import { found, progress, session } from "./answers.js";
import { documentOf } from "./documents.js";
import { ApiError, notUnderstood } from "./errors.js";
import { subscribe } from "./realtime.js";
import { Requests, repeated } from "./requests.js";
import { EVENT_PAGE_SIZE } from "./words.js";

export { ApiError };

/** @typedef {import("./config.js").Config} Config */
/** @typedef {import("./realtime.js").Credentials} Credentials */
/** @typedef {import("../stream/merge.js").AgentEvent} AgentEvent */
/** @typedef {import("../stream/merge.js").State} State */
/** @typedef {import("./answers.js").Proposal} Proposal */
/** @typedef {import("./answers.js").Session} Session */

/** Notes may be long, and a phone's upload slow. */
const WRITE_SECONDS = 30;

export class Api {
  #config;
  #session;
  #requests;
  /** The submission without an answer so far. If it is sent again, it must have the same token. */
  #unanswered = { input: "", token: "" };

  /**
   * @param {Config} config
   * @param {Credentials} session
   */
  constructor(config, session) {
    this.#config = config;
    this.#session = session;
    this.#requests = new Requests(config, session);
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
      const data = await repeated(() => this.#requests.send("submit", variables, { seconds: WRITE_SECONDS }));
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
    return session(found((await repeated(() => this.#requests.send("session", { id }))).session));
  }

  /**
   * The session's current state. It is read once: a stream reads again by itself.
   *
   * @param {string} id
   * @param {{signal?: AbortSignal}} options
   * @returns {Promise<State>}
   */
  async state(id, options = {}) {
    return session(found((await this.#requests.send("state", { id }, options)).session));
  }

  /**
   * The caller's own sessions, newest first.
   *
   * @param {number | null} limit
   * @param {string | null} nextToken
   * @returns {Promise<{items: any[], nextToken: string | null}>}
   */
  async sessions(limit = null, nextToken = null) {
    return found((await repeated(() => this.#requests.send("sessions", { limit, nextToken }))).sessions);
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
    return found((await this.#requests.send("events", { sessionId, after, limit }, options)).events);
  }

  /**
   * Ask a session to stop.
   *
   * @param {string} id
   * @returns {Promise<Session>}
   */
  async cancel(id) {
    return session(found((await repeated(() => this.#requests.send("cancel", { id }))).cancelSession));
  }

  /**
   * Run a failed or cancelled session again. Sent once: after a lost answer, a second call could only be a conflict.
   *
   * @param {string} id
   * @returns {Promise<Session>}
   */
  async retry(id) {
    return session(found((await this.#requests.send("retry", { id }, { seconds: WRITE_SECONDS })).retrySession));
  }

  /**
   * A version of the proposal; the newest when none is given.
   *
   * @param {string} sessionId
   * @param {number | null} [version]
   * @returns {Promise<Proposal>} throws "NotFound" when there is none yet
   */
  async proposal(sessionId, version = null) {
    return found((await repeated(() => this.#requests.send("proposal", { sessionId, version }))).proposal);
  }

  /**
   * The notes that were submitted.
   *
   * @param {string} id
   * @returns {Promise<string>}
   */
  async notes(id) {
    return found((await repeated(() => this.#requests.send("notes", { id }))).session).assessment.requirements;
  }

  /**
   * Review a session. Sent once: after a lost answer, a second call could only be a conflict with the first.
   *
   * @param {string} id
   * @param {object} input a ReviewInput
   * @returns {Promise<Session>}
   */
  async review(id, input) {
    return session(
      found((await this.#requests.send("review", { id, input }, { seconds: WRITE_SECONDS })).reviewSession),
    );
  }

  /**
   * Delete a session with all its files. The API goes on with a deletion that was interrupted, so it is sent again.
   *
   * @param {string} id
   */
  async delete(id) {
    try {
      await repeated(() => this.#requests.send("delete", { id }, { seconds: WRITE_SECONDS }));
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
}
