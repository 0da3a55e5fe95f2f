// What a GraphQL client must add to its subscription so that a session is followed without a loss.
//
// The client calls `read` whenever its subscription is acknowledged, also after a reconnect, and `push` with what it is
// pushed. It may call `read` every 2 s instead of subscribing. The rules of order are those of ../web/merge.js.

import { Merge } from "../web/stream/merge.js";

const STATE = "status currentStage progress revision lastSequence cancelRequested errorMessage";
const EVENT = "sequence type tool text truncated timestamp";

export const SUBMIT = `mutation Submit($input: AssessmentInput!) { submitAssessment(input: $input) { id } }`;
export const ON_PROGRESS = `subscription OnProgress($sessionId: ID!) {
  onProgress(sessionId: $sessionId) { ${STATE} events { ${EVENT} } }
}`;
const SESSION = `query Session($id: ID!) { session(id: $id) { ${STATE} } }`;
const EVENTS = `query Events($sessionId: ID!, $after: Int!) {
  events(sessionId: $sessionId, after: $after, limit: 1000) { items { ${EVENT} } }
}`;

const QUIET_MS = 25_000; // a working session is heard of every 20 s

export class Following {
  #merge = new Merge();
  #reading = Promise.resolve();
  #quiet;

  /** `ask(document, variables)` resolves to a query's data; `onUpdate({state, events})` gets each event once. */
  constructor(ask, sessionId, onUpdate) {
    Object.assign(this, { ask, sessionId, onUpdate });
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
  }

  push(progress) {
    this.#hear(progress, progress.events);
    if (this.#merge.missing !== null) this.read();
  }

  /** One read at a time: what is asked meanwhile is read after. A read that fails is made good by the next one. */
  read() {
    this.#reading = this.#reading.then(() => this.#read()).catch((error) => console.error(error.message ?? error));
    return this.#reading;
  }

  async #read() {
    if (this.#merge.ended) return;
    const { session } = await this.ask(SESSION, { id: this.sessionId });
    if (!session) throw new Error("the session does not exist, or is not yours");
    this.#hear(session);
    for (let after; (after = this.#merge.missing) !== null; ) {
      const { events } = await this.ask(EVENTS, { sessionId: this.sessionId, after });
      this.#hear(null, events.items);
      if (this.#merge.missing === after) return;
    }
  }

  #hear(state, events) {
    const update = this.#merge.hear(state, events);
    if (update) this.onUpdate(update);
    clearTimeout(this.#quiet);
    if (this.#merge.ended) this.resolveEnded();
    else this.#quiet = setTimeout(() => this.read(), QUIET_MS);
  }
}
