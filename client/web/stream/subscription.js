/**
 * Keeps a subscription alive in the background and hands on what it says.
 *
 * `stream.js` reads the inbox. This side connects, reconnects with a jittered backoff and tells when the subscription
 * is up and when it is down; it reads nothing from the API and knows no order.
 */

import { ApiError } from "../api/errors.js";

/** The server has acknowledged the subscription: from here on updates are pushed. */
export const UP = Symbol("up");
/** There is no subscription, also after an attempt that failed. */
export const DOWN = Symbol("down");
/** Something may have been pushed that could not be read. */
export const UNREADABLE = Symbol("unreadable");

/**
 * @typedef {{state: import("./merge.js").State, events: import("./merge.js").AgentEvent[]} | symbol | ApiError} News
 *   an error is one that no further attempt mends; nothing follows it
 */

/** What has arrived and was not taken yet. */
export class Inbox {
  /** @type {News[]} */
  #news = [];
  /** @type {() => void} */
  #wake = () => {};

  /** @param {News} news */
  put(news) {
    this.#news.push(news);
    this.#wake();
  }

  /**
   * All that has arrived, waiting for the first at most so long: pushes in the wrong order may fill each other's gaps.
   *
   * @param {number} milliseconds
   * @returns {Promise<News[]>} empty when the time was up
   */
  async arrived(milliseconds) {
    if (!this.#news.length) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, milliseconds));
        this.#wake = () => {
          clearTimeout(timer);
          resolve(undefined);
        };
      });
    }
    return this.#news.splice(0);
  }
}

/** One session's subscription, again and again. */
export class Listening {
  #api;
  #sessionId;
  #inbox;
  #pace;
  #wait;
  #upSince = 0;
  #stopped = true;
  /** @type {() => void} */
  #unsubscribe = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Pick<import("../api/api.js").Api, "subscribe">} api
   * @param {string} sessionId
   * @param {Inbox} inbox
   * @param {{reconnect: number, reconnectAtMost: number, held: number}} pace
   */
  constructor(api, sessionId, inbox, pace) {
    this.#api = api;
    this.#sessionId = sessionId;
    this.#inbox = inbox;
    this.#pace = pace;
    this.#wait = pace.reconnect;
  }

  start() {
    this.#stopped = false;
    this.#connect();
  }

  /** Leave the connection, or the wait for one, and connect anew. */
  again() {
    if (this.#stopped) return;
    this.#leave();
    this.#wait = this.#pace.reconnect;
    this.#inbox.put(DOWN);
    this.#connect();
  }

  stop() {
    this.#stopped = true;
    this.#leave();
  }

  #connect() {
    this.#upSince = 0;
    this.#unsubscribe = this.#api.subscribe(this.#sessionId, {
      onStarted: () => {
        this.#upSince = Date.now();
        this.#inbox.put(UP);
      },
      onProgress: (progress) => this.#inbox.put(progress ?? UNREADABLE),
      onClosed: (error) => this.#closed(error),
    });
  }

  #leave() {
    clearTimeout(this.#timer);
    this.#unsubscribe();
  }

  /** @param {ApiError | null} error */
  #closed(error) {
    if (this.#stopped) return;
    this.#inbox.put(DOWN);
    if (error && !worthAnotherSocket(error)) {
      this.#stopped = true;
      this.#inbox.put(error);
      return;
    }
    if (this.#upSince && Date.now() - this.#upSince >= this.#pace.held) this.#wait = this.#pace.reconnect;
    this.#timer = setTimeout(() => this.#connect(), this.#wait * (1 + Math.random()));
    this.#wait = Math.min(this.#wait * 2, this.#pace.reconnectAtMost);
  }
}

/**
 * Whether to try again: a proxy may answer a WebSocket with anything, and the stream can live on its reads.
 *
 * @param {ApiError} error
 */
function worthAnotherSocket(error) {
  return error.passing || error.type === "Rejected";
}
