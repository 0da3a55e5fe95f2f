/**
 * Keeps one session's subscription alive and puts into an inbox what is pushed.
 *
 * It connects, reconnects with a jittered backoff, and reports when the subscription is up or down. It never reads
 * the session and never orders events: `stream/stream.js` does, which takes the news from the inbox.
 */

import { ApiError } from "../api/errors.js";

/** The server has acknowledged the subscription: updates are pushed from now on. */
export const UP = Symbol("up");
/** There is no subscription. Each failed attempt reports it again. */
export const DOWN = Symbol("down");
/** A push may have been missed or could not be read. */
export const UNREADABLE = Symbol("unreadable");

/**
 * @typedef {{state: import("./merge.js").State, events: import("./merge.js").AgentEvent[]} | symbol | ApiError} News
 *   an error is final: no further attempt would succeed, and no news follow it
 */

/** The news that have arrived and were not taken yet. */
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
   * All news so far; waits for the first. Taking all at once lets pushes in the wrong order fill each other's gaps.
   *
   * @param {number} milliseconds to wait at most
   * @returns {Promise<News[]>} empty when nothing came in time
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

/** One session's subscription, which is opened again whenever it is lost. */
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

  /** Drop the connection, or the wait for the next attempt, and connect now. */
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
 * Whether to try again. "Rejected" counts too: a proxy may answer a WebSocket with anything, and polling goes on.
 *
 * @param {ApiError} error
 */
function worthAnotherSocket(error) {
  return error.passing || error.type === "Rejected";
}
