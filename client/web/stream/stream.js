/**
 * A session's updates as an asynchronous iterator that loses no event and ends when the session ends.
 *
 * AppSync may drop a push, so only the log is complete. The stream reads it when the subscription is acknowledged, and
 * again after a gap, a silence, a sleeping tab or a lost socket. Without a socket it polls. client/stream.py does the
 * same, but gives up after a while; a page may be open for days, so this stream never does.
 */

import { ApiError } from "../api/errors.js";
import { Merge } from "./merge.js";
import { DOWN, Inbox, Listening, UNREADABLE, UP } from "./subscription.js";

/** @typedef {import("./merge.js").State} State */
/** @typedef {import("./merge.js").Update} Update */
/** @typedef {"live" | "polling" | "offline"} Connection */
/** @typedef {Pick<import("../api/api.js").Api, "state" | "events" | "subscribe">} SessionApi what a stream needs */

/** The stream's times, in milliseconds. */
export const PACE = {
  /** Between two reads while there is no socket or an event is missing. */
  poll: 2_000,
  /** How long a socket may be silent before the session is read: a running session publishes at least every 20 s. */
  quiet: 25_000,
  /** The same for a session that waits for a review: it may do so for days, and publishes nothing meanwhile. */
  rest: 120_000,
  /** Before the first attempt to reconnect. It doubles each time; jitter adds up to as much again. */
  reconnect: 500,
  reconnectAtMost: 10_000,
  /** After a connection that lasted this long, the waits start again at `reconnect`. */
  held: 30_000,
  /** How often an ended session's missing events are read in vain before the stream throws. */
  logReads: 30,
};

/**
 * The session's updates from its beginning: every event once, in order, up to its end.
 *
 * Throws `ApiError` "NotFound" or "Unauthorized" as soon as the API answers so. The updates until then are valid, and
 * you can start a new stream after another sign-in. Ends without an error when `signal` is aborted.
 *
 * @param {SessionApi} api
 * @param {string} sessionId
 * @param {object} [options]
 * @param {State} [options.known] the session as just submitted, retried or read: no older state is yielded
 * @param {(connection: Connection) => void} [options.onConnection] called when it changes
 * @param {AbortSignal} [options.signal]
 * @param {Partial<typeof PACE>} [options.pace]
 * @returns {AsyncGenerator<Update, void, void>}
 */
export async function* stream(api, sessionId, { known, onConnection = () => {}, signal, pace = {} } = {}) {
  const merge = new Merge();
  const first = known ? merge.hear(known) : null;
  if (first) yield first;
  if (merge.ended || signal?.aborted) return;
  const watch = new Watch(api, sessionId, merge, { ...PACE, ...pace }, onConnection, signal);
  try {
    yield* watch.updates();
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    watch.close();
  }
}

/** One stream's reads and merges; `Listening` is its subscription. */
class Watch {
  #api;
  #sessionId;
  #merge;
  #pace;
  #onConnection;
  #signal;
  #inbox = new Inbox();
  #listening;
  #closing = new AbortController();
  #subscribed = false;
  /** Whether a socket was lost or refused. Until then the stream does not report that it polls. */
  #polling = false;
  /** Whether a push may have been missed, so that the session must be read. */
  #stale;
  #vainReads = 0;
  /** When an update last came or was asked for. The next read is due some time after it. */
  #lastWordAt = Date.now();
  /** @type {Connection | null} */
  #connection = null;

  /**
   * @param {SessionApi} api
   * @param {string} sessionId
   * @param {Merge} merge
   * @param {typeof PACE} pace
   * @param {(connection: Connection) => void} onConnection
   * @param {AbortSignal} [signal]
   */
  constructor(api, sessionId, merge, pace, onConnection, signal) {
    this.#api = api;
    this.#sessionId = sessionId;
    this.#merge = merge;
    this.#pace = pace;
    this.#onConnection = onConnection;
    this.#signal = signal;
    this.#stale = !merge.ending;
    this.#listening = new Listening(api, sessionId, this.#inbox, pace);
    // A session that has ended pushes nothing: the stream only reads its log.
    if (!merge.ending) this.#listening.start();
    this.#wakeUps();
  }

  close() {
    this.#closing.abort();
    this.#listening.stop();
  }

  async *updates() {
    // Events that are known to be in the log need not wait for a socket.
    if (this.#merge.missing !== null) yield* this.#catchUp();
    while (!this.#merge.ended && !this.#signal?.aborted) {
      const due = this.#lastWordAt + this.#patience();
      const news = await this.#inbox.arrived(due - Date.now());
      for (const item of news) {
        const update = this.#hear(item);
        if (update) yield update;
      }
      // A clock that was set back makes now earlier than the last word: without a read, `due` could be an hour away.
      this.#stale ||= !news.length || Date.now() >= due || Date.now() < this.#lastWordAt;
      yield* this.#catchUp();
      if (this.#vainReads >= this.#pace.logReads) {
        const words = "The session has ended, but the API does not give all its events. Reload the page.";
        throw new ApiError("Internal", words);
      }
    }
  }

  #patience() {
    const settled = this.#subscribed && !this.#stale && this.#merge.missing === null;
    if (!settled) return this.#pace.poll;
    return this.#merge.resting ? this.#pace.rest : this.#pace.quiet;
  }

  /**
   * @param {import("./subscription.js").News} item
   * @returns {Update | null}
   */
  #hear(item) {
    if (item instanceof Error) throw item;
    if (item === UP) {
      this.#subscribed = true;
      this.#stale = true;
    } else if (item === DOWN) {
      // A further failed attempt can't hide a push: there was no subscription.
      this.#stale ||= this.#subscribed;
      this.#subscribed = false;
      this.#polling = true;
    } else if (item === UNREADABLE) {
      this.#stale = true;
    } else if (typeof item === "object") {
      this.#answered();
      this.#lastWordAt = Date.now();
      return this.#merge.hear(item.state, item.events);
    }
    return null;
  }

  /** Read the session first, then the log up to the session's count, so that no event is missed in between. */
  async *#catchUp() {
    const options = { signal: this.#signal };
    try {
      if (this.#stale && !this.#merge.ended) {
        this.#lastWordAt = Date.now();
        const state = await this.#api.state(this.#sessionId, options);
        this.#stale = false;
        this.#answered();
        const update = this.#merge.hear(state);
        if (update) yield update;
      }
      while (this.#merge.missing !== null) {
        const after = this.#merge.missing;
        this.#lastWordAt = Date.now();
        const { items } = await this.#api.events(this.#sessionId, after, options);
        this.#answered();
        const update = this.#merge.hear(null, items);
        if (update) yield update;
        if (this.#merge.missing === after) {
          this.#vainReads += +this.#merge.ending;
          return;
        }
      }
    } catch (error) {
      if (!(error instanceof ApiError && error.passing)) throw error;
      this.#stale = true;
      this.#tell("offline");
    }
  }

  #answered() {
    if (this.#subscribed) this.#tell("live");
    else if (this.#polling) this.#tell("polling");
  }

  /** @param {Connection} connection */
  #tell(connection) {
    if (connection === this.#connection) return;
    this.#connection = connection;
    this.#onConnection(connection);
  }

  /** Read at once when a tab wakes up or a device is online again: either may have missed pushes. */
  #wakeUps() {
    const options = { signal: this.#closing.signal };
    globalThis.document?.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "visible" && this.#inbox.put(UNREADABLE),
      options,
    );
    // The old socket belongs to the previous network.
    globalThis.window?.addEventListener("online", () => this.#listening.again(), options);
    this.#signal?.addEventListener("abort", () => this.#inbox.put(DOWN), options);
  }
}
