// Adds to any GraphQL client what it needs to follow a session without a loss.
//
// Call `read` whenever your subscription is acknowledged, also after a reconnect, and `push` with each update that you
// are pushed. Without a subscription, call `read` every 2 s. client/web/stream/merge.js puts the events in order.

import { EVENT_PAGE_SIZE } from "../web/api/words.js";
import { Merge } from "../web/stream/merge.js";

const STATE = "status currentStage progress revision lastSequence cancelRequested errorMessage";
const EVENT = "sequence type tool text truncated timestamp";

export const SUBMIT = `mutation Submit($input: AssessmentInput!) { submitAssessment(input: $input) { id } }`;
export const ON_PROGRESS = `subscription OnProgress($sessionId: ID!) {
  onProgress(sessionId: $sessionId) { ${STATE} events { ${EVENT} } }
}`;
const SESSION = `query Session($id: ID!) { session(id: $id) { ${STATE} } }`;
const EVENTS = `query Events($sessionId: ID!, $after: Int!) {
  events(sessionId: $sessionId, after: $after, limit: ${EVENT_PAGE_SIZE}) { items { ${EVENT} } }
}`;

const QUIET_MS = 25_000; // a session that runs publishes at least every 20 s

export class Following {
  #ask;
  #sessionId;
  #onUpdate;
  #merge = new Merge();
  #reading = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quiet;
  #end = () => {};

  /** @type {Promise<void>} resolves when you have been given the last event */
  ended = new Promise((resolve) => {
    this.#end = resolve;
  });

  /**
   * @param {(document: string, variables: object) => Promise<any>} ask sends a query and resolves to its data
   * @param {string} sessionId
   * @param {(update: import("../web/stream/merge.js").Update) => void} onUpdate is given each event once, in order
   */
  constructor(ask, sessionId, onUpdate) {
    this.#ask = ask;
    this.#sessionId = sessionId;
    this.#onUpdate = onUpdate;
  }

  /** @param {any} progress what the subscription's `onProgress` holds */
  push(progress) {
    this.#hear(progress, progress.events);
    if (this.#merge.missing !== null) this.read();
  }

  /** Reads follow one another. The next one makes up for one that failed. */
  read() {
    this.#reading = this.#reading.then(() => this.#read()).catch((error) => console.error(error.message ?? error));
    return this.#reading;
  }

  async #read() {
    if (this.#merge.ended) return;
    const { session } = await this.#ask(SESSION, { id: this.#sessionId });
    if (!session) throw new Error("the session does not exist, or is not yours");
    this.#hear(session);
    while (this.#merge.missing !== null) {
      const after = this.#merge.missing;
      const { events } = await this.#ask(EVENTS, { sessionId: this.#sessionId, after });
      this.#hear(null, events.items);
      if (this.#merge.missing === after) return;
    }
  }

  /**
   * @param {import("../web/stream/merge.js").State | null} state
   * @param {import("../web/stream/merge.js").AgentEvent[]} [events]
   */
  #hear(state, events) {
    const update = this.#merge.hear(state, events);
    if (update) this.#onUpdate(update);
    clearTimeout(this.#quiet);
    if (this.#merge.ended) this.#end();
    else this.#quiet = setTimeout(() => this.read(), QUIET_MS);
  }
}
