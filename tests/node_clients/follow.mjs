// Follows one session with whichever client is plugged in: subscribe, wait for start_ack, read, merge, read again.
//
// A client is {query(document, variables), subscribe(document, variables, {acknowledged, pushed, failed}) -> stop}.

import { ENDED } from "../../client/web/api/words.js";
import { EVENTS, ON_PROGRESS, SESSION } from "./documents.mjs";

const PATIENCE_MS = 90_000;

/** What the session's subscriber saw: its pushes, the events merged by sequence, and a last read. */
export async function follow(client, sessionId) {
  const pushes = [];
  const events = new Map();
  let resolveAcknowledged, resolveEnded, reject;
  const failed = new Promise((_, rejectFailed) => {
    reject = rejectFailed;
  });
  const acknowledged = new Promise((resolve) => {
    resolveAcknowledged = resolve;
  });
  const ended = new Promise((resolve) => {
    resolveEnded = resolve;
  });
  const timer = setTimeout(() => reject(new Error(`nothing ended in ${PATIENCE_MS} ms`)), PATIENCE_MS);
  const stop = client.subscribe(
    ON_PROGRESS,
    { sessionId },
    {
      acknowledged: resolveAcknowledged,
      failed: reject,
      pushed({ onProgress }) {
        pushes.push(onProgress);
        for (const event of onProgress.events) events.set(event.sequence, event);
        if (ENDED.has(onProgress.status)) resolveEnded();
      },
    },
  );
  try {
    await Promise.race([acknowledged, failed]);
    const { session: first } = await client.query(SESSION, { id: sessionId });
    const { events: log } = await client.query(EVENTS, { sessionId, after: 0 });
    for (const event of log.items) events.set(event.sequence, event);
    await Promise.race([ended, failed]);
    const { session: last } = await client.query(SESSION, { id: sessionId });
    return { first, last, pushes, events: [...events.values()].sort((a, b) => a.sequence - b.sequence) };
  } finally {
    clearTimeout(timer);
    stop();
  }
}

/** The error's type, info and message, in whatever a client wraps them. */
export function described(error) {
  const errors = error.errors ?? error.cause?.errors;
  const shown = ({ errorType, errorInfo, message }) => ({ errorType, errorInfo, message });
  return { message: String(error.message), errors: errors?.map(shown) };
}
