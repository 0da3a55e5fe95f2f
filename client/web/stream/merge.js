/**
 * Puts a session's states and events into order, even if some were dropped, doubled, delayed or reordered.
 *
 * Pure: states and events go in as they arrive, from a read or a push. Updates come out, with each event once and in
 * order, and no state older than an earlier one. It does not fetch what is missing: `stream.js` does. The rules are
 * those of client/merge.py, and both must pass tests/data/client/merge.json.
 */

import { ENDED, RESTS } from "../api/words.js";

/**
 * @typedef {object} AgentEvent
 * @property {number} sequence 1, 2, 3 … without a gap in one session
 * @property {string} type
 * @property {string | null} tool
 * @property {string | null} toolCallId the same for a call and its response
 * @property {string} text
 * @property {boolean} truncated
 * @property {string} timestamp
 */

/**
 * @typedef {object} Usage the tokens of all the session's runs, and their price
 * @property {number} inputTokens without those from the provider's cache
 * @property {number} outputTokens
 * @property {number} cacheReadInputTokens
 * @property {number | null} modelCost null when a model has no known price
 * @property {string | null} modelCostCurrency
 */

/**
 * @typedef {object} State the fields of a session that change as it runs
 * @property {string} id
 * @property {string} status
 * @property {string | null} currentStage
 * @property {number} progress
 * @property {number} revision
 * @property {number} lastSequence
 * @property {boolean} cancelRequested
 * @property {string | null} errorMessage
 * @property {any} results `requirementsData` as the value that its JSON holds
 * @property {Usage} usage
 * @property {number} proposalVersion 0 until there is a proposal
 * @property {string} updatedAt
 */

/**
 * @typedef {object} Update the newest state that may be shown, and the events that follow those of earlier updates
 * @property {State} state an ended one comes with the last event, never before it
 * @property {AgentEvent[]} events
 */

/**
 * What is known of one session.
 *
 * - States are ordered by revision. A cancel request does not raise it, so of two states with the same revision the
 *   one with the request is newer.
 * - An event is delivered when all before it are. A second copy is dropped.
 * - An ended state waits for the events that it counts in `lastSequence`.
 */
export class Merge {
  /** @type {State | null} */
  #known = null;
  /** @type {State | null} */
  #shown = null;
  #delivered = 0;
  #newest = 0;
  /** @type {Map<number, AgentEvent>} */
  #early = new Map();
  /** @type {AgentEvent[]} */
  #ready = [];

  /** The sequence after which the log must be read, or null when no event is known to be missing. */
  get missing() {
    return this.#delivered < this.#newest ? this.#delivered : null;
  }

  /** Whether the ended state has been given out, and with it every event. */
  get ended() {
    return this.#shown !== null && ENDED.has(this.#shown.status);
  }

  /** Whether the session has ended as far as is known; events may still be missing. */
  get ending() {
    return this.#known !== null && ENDED.has(this.#known.status);
  }

  /** Whether nothing more is published until a person acts, as far as is known. */
  get resting() {
    return this.#known !== null && RESTS.has(this.#known.status);
  }

  /**
   * Take in a state, events or both; the update that they make, or null when nothing is new.
   *
   * @param {State | null} state
   * @param {Iterable<AgentEvent>} events
   * @returns {Update | null}
   */
  hear(state, events = []) {
    if (state) {
      this.#newest = Math.max(this.#newest, state.lastSequence);
      if (!this.#known || isNewer(state, this.#known)) this.#known = state;
    }
    for (const event of events) {
      if (event.sequence > this.#delivered && !this.#early.has(event.sequence)) this.#early.set(event.sequence, event);
    }
    let next = this.#early.get(this.#delivered + 1);
    while (next) {
      this.#early.delete(next.sequence);
      this.#delivered = next.sequence;
      this.#ready.push(next);
      next = this.#early.get(this.#delivered + 1);
    }
    return this.#update();
  }

  #update() {
    const state = this.ending && this.missing !== null ? this.#shown : this.#known;
    if (!state || (state === this.#shown && !this.#ready.length)) return null;
    const update = { state, events: this.#ready };
    this.#ready = [];
    this.#shown = state;
    return update;
  }
}

/**
 * @param {State} one
 * @param {State} other
 */
function isNewer(one, other) {
  if (one.revision !== other.revision) return one.revision > other.revision;
  return one.cancelRequested && !other.cancelRequested;
}
