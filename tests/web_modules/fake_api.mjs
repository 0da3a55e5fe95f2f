/** An API with one session that the test controls, and a stream that follows it. */

import { ApiError } from "../../client/web/api/errors.js";
import { stream } from "../../client/web/stream/stream.js";
import { events, state } from "./fakes.mjs";

/** @typedef {import("../../client/web/stream/merge.js").State} State */
/** @typedef {import("../../client/web/stream/merge.js").AgentEvent} AgentEvent */
/** @typedef {import("../../client/web/stream/stream.js").SessionApi} SessionApi */
/** @typedef {{state: State, events: AgentEvent[]}} Progress */
/** @typedef {Parameters<SessionApi["subscribe"]>[1]} Listener */
/** @typedef {Listener & {open: boolean}} Socket */

export const AWAY = new ApiError("Unavailable", "away");

/**
 * The API with one session. The test writes the session's log, decides what is pushed, and breaks sockets and reads.
 *
 * @implements {SessionApi}
 */
export class FakeApi {
  state_ = state(0, 0, { status: "PENDING" });
  /** @type {AgentEvent[]} */
  log = [];
  page = 1000;
  reads = 0;
  /** @type {Socket[]} */
  sockets = [];
  /**
   * While it is set, every read throws it.
   *
   * @type {ApiError | null}
   */
  readError = null;
  /**
   * While it is set, every new socket ends with it.
   *
   * @type {ApiError | null}
   */
  socketError = null;

  /**
   * @param {string} _id
   * @param {{signal?: AbortSignal}} options
   */
  async state(_id, { signal } = {}) {
    this.reads += 1;
    signal?.throwIfAborted();
    if (this.readError) throw this.readError;
    return this.state_;
  }

  /**
   * @param {string} _id
   * @param {number} after
   */
  async events(_id, after = 0) {
    this.reads += 1;
    if (this.readError) throw this.readError;
    const items = this.log.slice(after, after + this.page);
    return { items, hasMore: after + items.length < this.log.length };
  }

  /**
   * @param {string} _id
   * @param {Listener} listener
   */
  subscribe(_id, listener) {
    const socket = { ...listener, open: true };
    this.sockets.push(socket);
    queueMicrotask(() => {
      if (!socket.open) return;
      if (this.socketError) this.end(socket, this.socketError);
      else socket.onStarted();
    });
    return () => {
      socket.open = false;
    };
  }

  get socket() {
    const newest = this.sockets.at(-1);
    if (!newest) throw new Error("nothing has subscribed");
    return newest;
  }

  /**
   * @param {Socket} socket
   * @param {ApiError} error
   */
  end(socket = this.socket, error = AWAY) {
    if (!socket.open) return;
    socket.open = false;
    socket.onClosed(error);
  }

  /**
   * The session writes events and changes its state.
   *
   * @param {number} count of the new events
   * @param {object} fields of the new state
   * @returns {Progress} what AppSync would push
   */
  happens(count = 1, fields = {}) {
    const added = events(this.log.length + 1, this.log.length + count);
    this.log.push(...added);
    this.state_ = state(this.state_.revision + 1, this.log.length, fields);
    return { state: this.state_, events: added };
  }

  /** @param {Progress | null} progress null for a push that can't be read */
  push(progress) {
    if (this.socket.open) this.socket.onProgress(progress);
  }
}

/**
 * @typedef {object} Seen what a stream has given out, and how it ended
 * @property {string[]} states each as its status and its revision
 * @property {number[]} sequences
 * @property {string[]} connections
 * @property {boolean} over
 * @property {unknown} error an `ApiError`'s type, or any other error
 */

/**
 * Follow the session. The result grows as the stream runs.
 *
 * @param {SessionApi} api
 * @param {Parameters<typeof stream>[2]} options
 */
export function followed(api, options = {}) {
  /** @type {Seen} */
  const seen = { states: [], sequences: [], connections: [], over: false, error: null };
  const run = async () => {
    try {
      const onConnection = (/** @type {string} */ connection) => seen.connections.push(connection);
      for await (const update of stream(api, "s-1", { onConnection, ...options })) {
        seen.states.push(`${update.state.status} ${update.state.revision}`);
        seen.sequences.push(...update.events.map((event) => event.sequence));
      }
    } catch (error) {
      seen.error = error instanceof ApiError ? error.type : error;
    }
    seen.over = true;
  };
  run();
  return seen;
}
