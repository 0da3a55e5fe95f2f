import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../client/web/api/errors.js";
import { AWAY, FakeApi, followed } from "./fake_api.mjs";
import { clock, events, replaced, settle } from "./fakes.mjs";

const numbers = (/** @type {number} */ to) => events(1, to).map((event) => event.sequence);

test("pushes are enough to follow a session from its start to its end", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  const seen = followed(api);
  await advance(100);
  const reads = api.reads;
  for (let n = 0; n < 5; n += 1) api.push(api.happens(2));
  api.push(api.happens(1, { status: "COMPLETED" }));
  await settle();
  assert.deepEqual([seen.over, seen.error, seen.sequences, api.reads], [true, null, numbers(11), reads]);
  assert.equal(seen.states.at(-1), "COMPLETED 6");
  assert.deepEqual(seen.connections, ["live"]);
  assert.equal(api.socket.open, false);
});

test("a session that is given as ended is only read", async (t) => {
  clock(t);
  const api = new FakeApi();
  api.page = 3;
  api.happens(7, { status: "COMPLETED" });
  const seen = followed(api, { known: api.state_ });
  await settle();
  assert.deepEqual([seen.over, seen.sequences, api.sockets.length], [true, numbers(7), 0]);
});

test("doubled and reordered pushes come out once and in order, without a read", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  const seen = followed(api);
  await advance(100);
  const reads = api.reads;
  const [first, second, third] = [api.happens(2), api.happens(2), api.happens(2)];
  for (const progress of [third, first, first, second, third]) api.push(progress);
  await settle();
  assert.deepEqual([seen.sequences, api.reads], [numbers(6), reads]);
});

test("a gap is read at once", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  const seen = followed(api);
  await advance(100);
  api.happens(3);
  api.push(api.happens(1));
  await settle();
  assert.deepEqual(seen.sequences, numbers(4));
});

test("a clock that is set back makes no poll later", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  api.socketError = AWAY;
  const seen = followed(api, { pace: { reconnectAtMost: 500 } });
  await advance(10_000);
  // Right after a read: an attempt to connect fails before the next one is due.
  for (const reads = api.reads; api.reads === reads; ) await advance(100);
  const now = Date.now;
  t.mock.method(Date, "now", () => now() - 3600_000);
  const reads = api.reads;
  await advance(60_000);
  assert.ok(api.reads - reads >= 20, `${api.reads - reads} reads in a minute`);
  api.happens(2, { status: "COMPLETED" });
  await advance(5_000);
  assert.deepEqual([seen.over, seen.sequences], [true, numbers(2)]);
});

test("a push that can't be read makes it read the session", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  const seen = followed(api);
  await advance(100);
  api.happens(2);
  api.push(null);
  await settle();
  assert.deepEqual(seen.sequences, numbers(2));
});

test("a session that waits for a review is followed without many reads, and goes on after it", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  const seen = followed(api);
  await advance(100);
  api.push(api.happens(2, { status: "AWAITING_REVIEW" }));
  await advance(100);
  const reads = api.reads;
  await advance(600_000);
  assert.deepEqual([seen.over, api.socket.open], [false, true]);
  assert.ok(api.reads - reads <= 5, `${api.reads - reads} reads in ten minutes`);
  api.happens(0, { status: "PENDING" });
  await advance(120_000);
  assert.equal(seen.states.at(-1), "PENDING 2", "a lost push is made up for");
  api.push(api.happens(1, { status: "COMPLETED" }));
  await settle();
  assert.deepEqual([seen.over, seen.sequences], [true, numbers(3)]);
});

test("silence is not trusted for longer than 25 seconds", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  const seen = followed(api);
  await advance(100);
  api.happens(1, { status: "COMPLETED" });
  await advance(24_000);
  assert.equal(seen.over, false);
  await advance(2_000);
  assert.deepEqual([seen.over, seen.sequences], [true, [1]]);
});

test("without a socket it polls every two seconds, says so, and is live again after", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  const seen = followed(api);
  await advance(100);
  api.socketError = AWAY;
  api.end();
  await advance(100);
  assert.deepEqual(seen.connections, ["live", "polling"]);
  const reads = api.reads;
  for (let n = 1; n <= 5; n += 1) {
    api.happens(1);
    await advance(2_100);
    assert.deepEqual(seen.sequences, numbers(n));
  }
  assert.ok(api.reads - reads <= 12);
  api.socketError = null;
  await advance(21_000);
  assert.deepEqual(seen.connections, ["live", "polling", "live"]);
  api.push(api.happens(1, { status: "COMPLETED" }));
  await settle();
  assert.deepEqual([seen.over, seen.sequences], [true, numbers(6)]);
});

test("a restarted API loses nothing, however long it was away", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  const seen = followed(api);
  await advance(100);
  api.push(api.happens(3));
  await settle();
  api.readError = api.socketError = AWAY;
  api.end();
  await advance(600_000);
  assert.equal(seen.connections.at(-1), "offline");
  assert.equal(seen.over, false);
  api.happens(4);
  api.readError = api.socketError = null;
  await advance(2_100);
  assert.deepEqual(seen.sequences, numbers(7));
  await advance(21_000);
  assert.equal(seen.connections.at(-1), "live");
  api.push(api.happens(1, { status: "ERROR" }));
  await settle();
  assert.deepEqual([seen.over, seen.sequences], [true, numbers(8)]);
});

test("the waits between attempts grow, and begin anew after a connection that held", async (t) => {
  const advance = clock(t);
  t.mock.method(Math, "random", () => 0);
  const api = new FakeApi();
  followed(api);
  await advance(100);
  api.socketError = AWAY;
  api.end();
  await advance(60_000);
  const whileAway = api.sockets.length;
  assert.ok(whileAway >= 7 && whileAway <= 12, `${whileAway} attempts in a minute`);
  api.socketError = null;
  await advance(11_000);
  assert.ok(api.socket.open);
  await advance(31_000);
  const before = api.sockets.length;
  api.end();
  await advance(600);
  assert.equal(api.sockets.length, before + 1);
});

test("an ended session's last events are waited for, but not for ever", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  const seen = followed(api, { pace: { logReads: 3 } });
  await advance(100);
  api.happens(2, { status: "COMPLETED" });
  api.log = [];
  api.push({ state: api.state_, events: [] });
  await advance(10_000);
  assert.deepEqual([seen.over, seen.error], [true, "Internal"]);
  assert.ok(!seen.states.includes("COMPLETED 1"));
});

for (const type of ["Unauthorized", "NotFound"]) {
  test(`${type} ends the stream with that error, from a read and from the socket`, async (t) => {
    const advance = clock(t);
    const refusing = new FakeApi();
    refusing.readError = new ApiError(type, "no");
    const read = followed(refusing);
    const closing = new FakeApi();
    const heard = followed(closing);
    await advance(100);
    assert.equal(read.error, type);
    closing.push(closing.happens(2));
    closing.end(closing.socket, new ApiError(type, "no"));
    await settle();
    assert.deepEqual([heard.error, heard.sequences], [type, [1, 2]]);
  });
}

test("an API that fails inside or is not understood by a proxy is asked again", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  api.readError = new ApiError("Internal", "request 1");
  api.socketError = new ApiError("Rejected", "a proxy's page");
  const seen = followed(api);
  await advance(5_000);
  assert.equal(seen.over, false);
  api.readError = api.socketError = null;
  api.happens(1, { status: "COMPLETED" });
  await advance(15_000);
  assert.deepEqual([seen.over, seen.error, seen.sequences], [true, null, [1]]);
});

test("an aborted stream ends quietly and leaves no socket", async (t) => {
  const advance = clock(t);
  const api = new FakeApi();
  const leaving = new AbortController();
  const seen = followed(api, { signal: leaving.signal });
  await advance(100);
  leaving.abort();
  await settle();
  assert.deepEqual([seen.over, seen.error, api.socket.open], [true, null, false]);
});

test("a tab that is shown again reads at once, and one that is online again connects at once", async (t) => {
  const advance = clock(t);
  const page = replaced(t, "document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  const tab = replaced(t, "window", new EventTarget());
  const api = new FakeApi();
  const seen = followed(api);
  await advance(100);
  api.happens(2);
  page.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.deepEqual(seen.sequences, [1, 2]);
  api.socketError = AWAY;
  api.end();
  await advance(30_000);
  api.socketError = null;
  const before = api.sockets.length;
  tab.dispatchEvent(new Event("online"));
  await settle();
  assert.deepEqual([api.sockets.length, seen.connections.at(-1)], [before + 1, "live"]);
});
