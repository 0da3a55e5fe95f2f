import assert from "node:assert/strict";
import { test } from "node:test";

import { AWAY, FakeApi, followed } from "./fake_api.mjs";
import { clock, events } from "./fakes.mjs";

const LIVES = 40;

/**
 * Random numbers that are the same in every run.
 *
 * @param {number} seed
 * @returns {(sides: number) => number} from 0 to `sides` - 1
 */
function dice(seed) {
  let at = seed + 1;
  return (sides) => {
    at = (at * 48271) % 2147483647;
    return at % sides;
  };
}

/**
 * One session's life over a network that drops, doubles, delays and reorders pushes, and breaks sockets and reads.
 *
 * @param {number} seed
 * @param {(milliseconds: number) => Promise<void>} advance
 */
async function life(seed, advance) {
  const roll = dice(seed);
  const api = new FakeApi();
  api.page = 1 + roll(5);
  const seen = followed(api);
  /** @type {import("./fake_api.mjs").Progress[]} */
  const delayed = [];
  const steps = 10 + roll(20);
  for (let step = 1; step <= steps; step += 1) {
    const pushed = api.happens(roll(4), step === steps ? { status: "COMPLETED" } : {});
    for (let copies = roll(3); copies > 0; copies -= 1) delayed.splice(roll(delayed.length + 1), 0, pushed);
    while (delayed.length && roll(3)) api.push(delayed.shift() ?? null);
    if (!roll(6)) api.end();
    if (!roll(8)) api.push(null);
    api.readError = roll(5) ? null : AWAY;
    api.socketError = roll(4) ? null : AWAY;
    await advance(100 * roll(60));
  }
  api.readError = api.socketError = null;
  await advance(30_000);
  return { api, seen };
}

test(`in ${LIVES} lives over a bad network, every event comes once, in order, and every life ends`, async (t) => {
  const advance = clock(t);
  for (let seed = 0; seed < LIVES; seed += 1) {
    const { api, seen } = await life(seed, advance);
    const sequences = events(1, api.log.length).map((event) => event.sequence);
    assert.deepEqual([seen.over, seen.error], [true, null], `seed ${seed}`);
    assert.deepEqual(seen.sequences, sequences, `seed ${seed}`);
    const revisions = seen.states.map((shown) => Number(shown.split(" ")[1]));
    assert.deepEqual(
      revisions,
      revisions.toSorted((one, other) => one - other),
      `seed ${seed}`,
    );
    assert.match(seen.states.at(-1) ?? "", /^COMPLETED/, `seed ${seed}`);
    assert.ok(!seen.states.slice(0, -1).some((shown) => shown.startsWith("COMPLETED")), `seed ${seed}`);
    assert.ok(!api.socket.open, `seed ${seed}`);
  }
});
