/**
 * Follows one session for a view: it reads the session, streams its states, and starts again from a newer state when it
 * is told to. It shows nothing.
 */

import { ApiError, messageOf } from "../../api/errors.js";
import { stream } from "../../stream/stream.js";

/** @typedef {import("../../api/answers.js").Session} Session */
/** @typedef {import("../../stream/merge.js").State} State */

const TRY_AGAIN_MS = 2_000;

/**
 * @typedef {object} Follower
 * @property {(session: Session) => void} onSession when the session was read
 * @property {(state: State) => Promise<void>} onState for each update; the next one waits for it
 * @property {(words: string) => void} onTrouble while the session can't be read, which may pass
 * @property {(error: unknown) => void} onError when the following is over because of an error
 */

export class FollowedSession {
  #api;
  #id;
  #follower;
  #closed = new AbortController();
  /** Ends the current stream, so that a new one starts from a newer state. */
  #restart = new AbortController();
  #following = false;
  /** @type {Session | null} */
  #known = null;

  /**
   * @param {() => import("../../api/api.js").Api} api the one of who is signed in now
   * @param {string} id
   * @param {Follower} follower
   */
  constructor(api, id, follower) {
    this.#api = api;
    this.#id = id;
    this.#follower = follower;
  }

  get closed() {
    return this.#closed.signal.aborted;
  }

  /** Aborted when the view is closed. */
  get signal() {
    return this.#closed.signal;
  }

  close() {
    this.#closed.abort();
  }

  /**
   * Follow the session, unless it is followed already.
   *
   * @param {Session | null} [known] a newer state to start from
   */
  async follow(known = null) {
    if (known) {
      this.#known = known;
      this.#restart.abort();
    }
    if (this.#following || this.closed) return;
    this.#following = true;
    try {
      do await this.#streamed();
      while (this.#restart.signal.aborted && !this.closed);
    } catch (error) {
      if (!this.closed) this.#follower.onError(error);
    } finally {
      this.#following = false;
    }
  }

  async #streamed() {
    this.#restart = new AbortController();
    const known = this.#known ?? (await this.#read());
    this.#known = null;
    this.#follower.onSession(known);
    const signal = AbortSignal.any([this.#closed.signal, this.#restart.signal]);
    for await (const { state } of stream(this.#api(), this.#id, { known, signal })) {
      if (signal.aborted) return;
      await this.#follower.onState(state);
    }
  }

  async #read() {
    for (;;) {
      try {
        return await this.#api().session(this.#id);
      } catch (error) {
        if (!(error instanceof ApiError && error.passing)) throw error;
        this.#follower.onTrouble(messageOf(error));
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
        if (this.closed) throw error;
      }
    }
  }
}
