/** What merge.js is given and what it gives, in the JSON of tests/data/client/merge.json. */

import { Merge } from "../../client/web/stream/merge.js";
import { events, state } from "./fakes.mjs";

/**
 * @typedef {object} Hearing what is heard at once
 * @property {{revision: number, lastSequence: number, status?: string, cancelRequested?: boolean}} [state]
 * @property {number[]} [events] by their sequences
 */

/**
 * What a new merge makes of each, and what it says of the session after it.
 *
 * @param {Hearing[]} hearings
 */
export function outcomes(hearings) {
  const merge = new Merge();
  return hearings.map((heard) => {
    const update = merge.hear(
      full(heard.state),
      (heard.events ?? []).flatMap((sequence) => events(sequence, sequence)),
    );
    return {
      update: update && {
        revision: update.state.revision,
        status: update.state.status,
        cancelRequested: update.state.cancelRequested,
        events: update.events.map((event) => event.sequence),
      },
      missing: merge.missing,
      ending: merge.ending,
      ended: merge.ended,
    };
  });
}

/** @param {Hearing["state"]} given */
function full(given) {
  return given ? state(given.revision, given.lastSequence, given) : null;
}
