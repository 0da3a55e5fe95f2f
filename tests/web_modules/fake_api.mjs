/** An API over one session, held by the test, and a stream that follows it. */

import { ApiError } from "../../client/web/api/errors.js";
import { stream } from "../../client/web/stream/stream.js";
import { events, state } from "./fakes.mjs";

export const AWAY = new ApiError("Unavailable", "away");

/** The API over one session. The test writes to its log, pushes or keeps silent, and takes sockets and reads away. */
export class FakeApi {
  state_ = state(0, 0, { status: "PENDING" });
  log = [];
  page = 1000;
  reads = 0;
  sockets = [];
  /** What every read throws, and every new socket ends with, while it is set. */
  readError = null;
  socketError = null;

  async state(_id, { signal } = {}) {
    this.reads += 1;
    signal?.throwIfAborted();
    if (this.readError) throw this.readError;
    return this.state_;
  }

  async events(_id, after) {
    this.reads += 1;
    if (this.readError) throw this.readError;
    const items = this.log.slice(after, after + this.page);
    return { items, hasMore: after + items.length < this.log.length };
  }

  subscribe(_id, listener) {
    const socket = { ...listener, open: true };
    this.sockets.push(socket);
    queueMicrotask(() => {
      if (!socket.open) return;
      if (this.socketError) this.end(socket, this.socketError);
      else socket.onStarted();
    });
    return () => (socket.open = false);
  }

  get socket() {
    return this.sockets.at(-1);
  }

  end(socket = this.socket, error = AWAY) {
    if (!socket.open) return;
    socket.open = false;
    socket.onClosed(error);
  }

  /** Something happens in the session; the result is what would be pushed. */
  happens(count = 1, fields = {}) {
    const added = events(this.log.length + 1, this.log.length + count);
    this.log.push(...added);
    this.state_ = state(this.state_.revision + 1, this.log.length, fields);
    return { state: this.state_, events: added };
  }

  push(progress) {
    if (this.socket.open) this.socket.onProgress(progress);
  }
}

/** A stream being followed: what it gave out, how it ended. */
export function followed(api, options = {}) {
  const seen = { states: [], sequences: [], connections: [], over: false, error: null };
  const run = async () => {
    try {
      const onConnection = (connection) => seen.connections.push(connection);
      for await (const update of stream(api, "s-1", { onConnection, ...options })) {
        seen.states.push(`${update.state.status} ${update.state.revision}`);
        seen.sequences.push(...update.events.map((event) => event.sequence));
      }
    } catch (error) {
      seen.error = error.type ?? error;
    }
    seen.over = true;
  };
  run();
  return seen;
}
