/**
 * Sends GraphiQL's queries and mutations by HTTP, and its subscriptions over AppSync's WebSocket.
 *
 * Both use the credentials in the Headers pane. If it has none, they use the last ones, or else the page's sign-in. It
 * never changes an answer: GraphiQL shows it as the API sent it.
 */

import { subscribe } from "../api/realtime.js";
import { restore } from "../sign-in/auth.js";

/** @typedef {import("../web/api/config.js").Config} Config */
/** @typedef {import("../web/api/realtime.js").Credentials} Credentials */
/** @typedef {Record<string, string>} Headers */

const CREDENTIALS = new Set(["x-api-key", "authorization"]);

const NONE = "No credentials: type an x-api-key or an Authorization header in the Headers pane.";

/**
 * @param {Config} config
 * @param {(query: string, name?: string) => {kind?: string, name?: string}} operationOf the operation to run; its kind
 *   is "query", "mutation" or "subscription"
 */
export function fetcher(config, operationOf) {
  /** @type {Credentials | null} */
  let last = null;
  return async (/** @type {any} */ request, /** @type {{headers?: Headers}} */ { headers = {} } = {}) => {
    const session = hasCredentials(headers) ? { headers: async () => headers } : (last ?? restore(config));
    last = session;
    if (!session) return { errors: [{ message: NONE }] };
    const { kind, name } = operationOf(request.query, request.operationName);
    const named = { ...request, operationName: name };
    if (kind === "subscription") return pushes(config, session, named);
    const answer = await fetch(config.graphqlEndpoint, {
      method: "POST",
      headers: { "content-type": "application/json", ...(await session.headers()) },
      body: JSON.stringify(named),
    });
    return answer.json();
  };
}

/**
 * @param {Headers} headers
 * @returns {boolean} whether they hold credentials
 */
export function hasCredentials(headers) {
  return Object.entries(headers).some(([name, value]) => CREDENTIALS.has(name.toLowerCase()) && value);
}

/**
 * A subscription's pushes as an asynchronous iterator. It is no generator, because a generator that you leave would
 * wait for one more push before it ends the subscription.
 *
 * @param {Config} config
 * @param {Credentials} session
 * @param {any} request
 * @returns {AsyncIterableIterator<any>}
 */
function pushes(config, session, request) {
  /** @type {any[]} */
  const arrived = [];
  let over = false;
  let wake = () => {};
  const stop = subscribe(config, session, request, {
    onData: (result) => {
      arrived.push(result);
      wake();
    },
    onClosed: (error) => {
      if (error) arrived.push({ errors: [{ errorType: error.type, message: error.message }] });
      over = true;
      wake();
    },
  });
  return {
    async next() {
      while (!arrived.length && !over) await new Promise((resolve) => (wake = () => resolve(undefined)));
      return arrived.length ? { value: arrived.shift(), done: false } : { value: undefined, done: true };
    },
    async return() {
      over = true;
      arrived.length = 0;
      stop();
      wake();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
