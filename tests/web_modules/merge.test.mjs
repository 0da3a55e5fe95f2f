import assert from "node:assert/strict";
import { test } from "node:test";

import { Merge } from "../../client/web/stream/merge.js";
import { events, state } from "./fakes.mjs";

/** @typedef {import("../../client/web/stream/merge.js").Update} Update */

/** @param {Update | null} update */
const sequences = (update) => update?.events.map((event) => event.sequence);

test("a state no newer than the one shown makes no update", () => {
  const merge = new Merge();
  assert.equal(merge.hear(state(2, 0))?.state.revision, 2);
  assert.equal(merge.hear(state(2, 0)), null);
  assert.equal(merge.hear(state(1, 0)), null);
});

test("events come once and in order, however they arrive", () => {
  const merge = new Merge();
  merge.hear(state(1, 4));
  assert.equal(merge.missing, 0);
  assert.equal(merge.hear(null, events(3, 4)), null);
  assert.deepEqual(sequences(merge.hear(null, [...events(2, 2), ...events(1, 1)])), [1, 2, 3, 4]);
  assert.equal(merge.missing, null);
  assert.equal(merge.hear(null, events(1, 4)), null);
});

test("an ended state waits for the events that it counts", () => {
  const merge = new Merge();
  merge.hear(state(1, 0));
  const early = merge.hear(state(2, 3, { status: "COMPLETED" }), events(1, 1));
  assert.deepEqual([early?.state.status, sequences(early)], ["PROCESSING", [1]]);
  assert.deepEqual([merge.ending, merge.ended, merge.missing], [true, false, 1]);
  const last = merge.hear(null, events(2, 3));
  assert.deepEqual([last?.state.status, sequences(last), merge.ended], ["COMPLETED", [2, 3], true]);
});

test("an ended session first heard of whole waits for its whole log", () => {
  const merge = new Merge();
  assert.equal(merge.hear(state(9, 2, { status: "ERROR" })), null);
  assert.deepEqual(sequences(merge.hear(null, events(1, 2))), [1, 2]);
  assert.ok(merge.ended);
});

test("a cancel request shows without a new revision", () => {
  const merge = new Merge();
  merge.hear(state(3, 0));
  assert.ok(merge.hear(state(3, 0, { cancelRequested: true }))?.state.cancelRequested);
  assert.equal(merge.hear(state(3, 0)), null);
  assert.equal(merge.hear(state(3, 0, { cancelRequested: true })), null);
  assert.equal(merge.hear(state(4, 0))?.state.revision, 4);
});

test("any order of pushes and reads gives the same log", () => {
  let seed = 7;
  const random = (/** @type {number} */ below) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let round = 0; round < 200; round += 1) {
    const heard = events(1, 12).map((event) => ({
      newer: state(event.sequence, event.sequence, event.sequence === 12 ? { status: "COMPLETED" } : {}),
      event,
    }));
    const doubled = [...heard, ...heard].sort(() => random(3) - 1);
    const merge = new Merge();
    const updates = doubled.flatMap(({ newer, event }) => merge.hear(newer, [event]) ?? []);
    assert.deepEqual(
      updates.flatMap(sequences),
      events(1, 12).map((event) => event.sequence),
    );
    const revisions = updates.map((update) => update.state.revision);
    assert.deepEqual(
      revisions,
      [...revisions].sort((a, b) => a - b),
    );
    assert.equal(updates.at(-1)?.state.status, "COMPLETED");
  }
});
