/**
 * A session's updates as an asynchronous iterator that loses nothing and ends when the session does.
 *
 * Pushes are hints and the log is the truth: the stream subscribes, reads once the subscription is acknowledged,
 * merges, reads again whatever a gap, a silence, a sleeping tab or a lost socket may hide, and polls while there is
 * no socket. client/stream.py does the same; a page, though, may be open for days, so this one never gives up.
 */

import { ApiError } from "../api/errors.js";
import { Merge } from "./merge.js";
import { DOWN, Inbox, Listening, UNREADABLE, UP } from "./subscription.js";

/** @typedef {import("./merge.js").State} State */
/** @typedef {import("./merge.js").Update} Update */
/** @typedef {"live" | "polling" | "offline"} Connection */
/** @typedef {Pick<import("../api/api.js").Api, "state" | "events" | "subscribe">} SessionApi what a stream calls */

/** The stream's times, in milliseconds. */
export const PACE = {
  /** Between two reads while there is no socket, or something is known to be missing. */
  poll: 2_000,
  /** How long a socket may be silent before the session is read: a working session is heard of every 20 s. */
  quiet: 25_000,
  /** Before the first attempt to reconnect; doubled each time, with as much jitter. */
  reconnect: 500,
  reconnectAtMost: 10_000,
  /** After a connection that lasted so long, the waits begin anew. */
  held: 30_000,
  /** Reads in vain of an ended session's missing events, after which the stream throws. */
  logReads: 30,
};

/**
 * The session's updates from its beginning: every event once, in order, up to its end.
 *
 * Throws `ApiError` "NotFound" or "Unauthorized" as soon as the API says so; what was given out stays true, and the
 * session can be followed again after another sign-in. Ends without a word when `signal` is aborted.
 *
 * @param {SessionApi} api
 * @param {string} sessionId
 * @param {object} [options]
 * @param {State} [options.known] the session as just submitted, retried or read: nothing older is given out
 * @param {(connection: Connection) => void} [options.onConnection] told when it changes
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

/** The merging side of one stream. */
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
  /** Whether a socket was lost or refused: before the first one, nothing is said. */
  #polling = false;
  /** Whether something may have happened that was not pushed: the session must be read. */
  #stale;
  #vainReads = 0;
  /** When the session was last heard of or asked for: the next read is due some time after. */
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
    // Of a session that has ended only the log is left to read.
    if (!merge.ending) this.#listening.start();
    this.#wakeUps();
  }

  close() {
    this.#closing.abort();
    this.#listening.stop();
  }

  async *updates() {
    // What is known to be in the log need not wait for a socket.
    if (this.#merge.missing !== null) yield* this.#catchUp();
    while (!this.#merge.ended && !this.#signal?.aborted) {
      const due = this.#lastWordAt + this.#patience();
      const news = await this.#inbox.arrived(due - Date.now());
      for (const item of news) {
        const update = this.#hear(item);
        if (update) yield update;
      }
      // Before its last word is only a clock that was set back: it may be an hour until what was due is due again.
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
    return settled ? this.#pace.quiet : this.#pace.poll;
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
      // A further attempt that failed hides nothing that the polls don't show.
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

  /** Read what may be unknown, in an order that leaves no gap: the session, then the log up to its count. */
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

  /** A tab that slept, or a device that was offline, has missed pushes: read at once. */
  #wakeUps() {
    const options = { signal: this.#closing.signal };
    globalThis.document?.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "visible" && this.#inbox.put(UNREADABLE),
      options,
    );
    // The old socket belongs to a network that is gone.
    globalThis.window?.addEventListener("online", () => this.#listening.again(), options);
    this.#signal?.addEventListener("abort", () => this.#inbox.put(DOWN), options);
  }
}
