/**
 * One subscription over AppSync's real-time protocol, on its own WebSocket.
 *
 * It calls its listener when the server has acknowledged it, for each push, and once when it is over, with the reason.
 * It never reconnects: `stream/subscription.js` does that. `api/api.js` and the playground call it.
 */

import { ApiError, fromGraphql } from "./errors.js";

const CONNECT_SECONDS = 10;
/** How long AWS's own clients wait for `start_ack`. */
const START_SECONDS = 15;
/** AppSync's usual `connectionTimeoutMs`, for a server that announces none. */
const KEEP_ALIVE_MS = 300_000;

/**
 * @typedef {object} Credentials
 * @property {() => Promise<Record<string, string>>} headers that authorize a request now
 * @property {(refused: Record<string, string>) => Promise<void>} [renew] replaces the refused headers, or throws
 */

/**
 * @typedef {object} Listener
 * @property {() => void} [onStarted] the subscription is acknowledged: updates are pushed from now on
 * @property {(result: {data?: any, errors?: any[]}) => void} onData
 * @property {(error: ApiError | null) => void} [onClosed] called once, when it is over; null when the server completed
 *   it. Not called after `stop()`
 */

/**
 * Subscribe.
 *
 * @param {{graphqlEndpoint: string, realtimeEndpoint: string}} config
 * @param {Credentials} session
 * @param {{query: string, variables?: object, operationName?: string}} request
 * @param {Listener} listener
 * @returns {() => void} ends the subscription
 */
export function subscribe(config, session, request, listener) {
  const subscription = new Subscription(config, session, request, listener);
  subscription.open();
  return () => subscription.stop();
}

class Subscription {
  #config;
  #session;
  #request;
  #listener;
  #id = crypto.randomUUID();
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #keepAliveMs = KEEP_ALIVE_MS;
  #started = false;
  #renewed = false;
  #over = false;
  /** @type {Record<string, string>} */
  #headers = {};

  /**
   * @param {{graphqlEndpoint: string, realtimeEndpoint: string}} config
   * @param {Credentials} session
   * @param {object} request
   * @param {Listener} listener
   */
  constructor(config, session, request, listener) {
    this.#config = config;
    this.#session = session;
    this.#request = request;
    this.#listener = listener;
  }

  async open() {
    try {
      this.#headers = await this.#session.headers();
      if (this.#over) return;
      this.#connect();
    } catch (error) {
      this.#end(error instanceof ApiError ? error : lost());
    }
  }

  stop() {
    if (this.#over) return;
    this.#over = true;
    if (this.#socket?.readyState === 1) this.#send({ type: "stop", id: this.#id });
    this.#release();
  }

  #connect() {
    const authorization = { ...this.#headers, host: new URL(this.#config.graphqlEndpoint).host };
    const socket = new WebSocket(this.#config.realtimeEndpoint, ["graphql-ws", `header-${base64url(authorization)}`]);
    this.#socket = socket;
    this.#expect(CONNECT_SECONDS * 1000, "The live connection was not accepted in time.");
    socket.onopen = () => this.#send({ type: "connection_init" });
    socket.onmessage = ({ data }) => this.#receive(data, authorization);
    // A `close` event follows each `error` event, so `onerror` is not needed.
    socket.onclose = () => this.#end(lost());
  }

  /**
   * @param {unknown} text
   * @param {object} authorization
   */
  #receive(text, authorization) {
    const frame = parsed(text);
    // Any frame shows that the connection is alive.
    if (this.#started) this.#expectLife();
    const mine = frame?.id === this.#id;
    switch (frame?.type) {
      case "connection_ack":
        this.#keepAliveMs = frame.payload?.connectionTimeoutMs || KEEP_ALIVE_MS;
        this.#expect(START_SECONDS * 1000, "The live connection was not acknowledged in time.");
        return this.#start(authorization);
      case "start_ack":
        if (!mine || this.#started) return;
        this.#started = true;
        this.#expectLife();
        return this.#listener.onStarted?.();
      case "data":
        if (mine) this.#listener.onData(frame.payload ?? {});
        return;
      case "complete":
        if (mine) this.#end(null);
        return;
      case "connection_error":
        return void this.#refused(fromGraphql(frame.payload?.errors));
      case "error":
        // Without an id it is about the whole connection, which carries only this subscription.
        if (mine || frame.id === undefined) void this.#refused(fromGraphql(frame.payload?.errors));
    }
  }

  /** @param {object} authorization */
  #start(authorization) {
    const data = JSON.stringify(this.#request);
    this.#send({ id: this.#id, type: "start", payload: { data, extensions: { authorization } } });
  }

  /**
   * Renew refused credentials, once: a token may expire between our check and the server's.
   *
   * @param {ApiError} error
   */
  async #refused(error) {
    if (error.type !== "Unauthorized" || !this.#session.renew || this.#renewed) return this.#end(error);
    this.#renewed = true;
    this.#started = false;
    this.#release();
    try {
      await this.#session.renew(this.#headers);
    } catch (reason) {
      return this.#end(reason instanceof ApiError ? reason : error);
    }
    if (!this.#over) await this.open();
  }

  #expectLife() {
    this.#expect(this.#keepAliveMs, "The live connection went silent.");
  }

  /**
   * @param {number} milliseconds
   * @param {string} otherwise
   */
  #expect(milliseconds, otherwise) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(new ApiError("Unavailable", otherwise)), milliseconds);
  }

  /** @param {object} frame */
  #send(frame) {
    this.#socket?.send(JSON.stringify(frame));
  }

  /** @param {ApiError | null} error */
  #end(error) {
    if (this.#over) return;
    this.#over = true;
    this.#release();
    this.#listener.onClosed?.(error);
  }

  #release() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    // On a dead network a socket can take minutes to close. What it says then no longer counts.
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

function lost() {
  return new ApiError("Unavailable", "The live connection was lost.");
}

/** @param {unknown} text */
function parsed(text) {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}

/** @param {object} value */
function base64url(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
