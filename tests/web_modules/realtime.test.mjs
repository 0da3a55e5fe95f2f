import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../client/web/api/errors.js";
import { subscribe } from "../../client/web/api/realtime.js";
import { CONFIG, clock, FakeSocket, replaced, settle } from "./fakes.mjs";

/** @typedef {import("../../client/web/api/realtime.js").Credentials} Credentials */

/** @type {Credentials} */
const KEY = { headers: async () => ({ "x-api-key": "da2-x" }) };
const REQUEST = { query: "subscription OnProgress { onProgress }", variables: { sessionId: "s-1" } };

/**
 * A subscription, and what its listener has been told.
 *
 * @param {import("node:test").TestContext} t
 * @param {Credentials} session
 */
async function subscribed(t, session = KEY) {
  const advance = clock(t);
  FakeSocket.made = [];
  replaced(t, "WebSocket", FakeSocket);
  /** @type {unknown[]} */
  const said = [];
  const stop = subscribe(CONFIG, session, REQUEST, {
    onStarted: () => said.push("started"),
    onData: (result) => said.push(result),
    onClosed: (error) => said.push(error ? error.type : "completed"),
  });
  await settle();
  return { advance, said, stop };
}

/**
 * @param {FakeSocket} socket
 * @param {number} timeout in milliseconds
 */
function acknowledge(socket, timeout = 300_000) {
  socket.accept();
  socket.says({ type: "connection_ack", payload: { connectionTimeoutMs: timeout } });
  socket.says({ type: "start_ack", id: socket.start.id });
}

test("it speaks AppSync's protocol from the handshake to stop", async (t) => {
  const { said, stop } = await subscribed(t);
  const socket = FakeSocket.newest;
  assert.equal(socket.url, CONFIG.realtimeEndpoint);
  assert.equal(socket.protocols[0], "graphql-ws");
  const authorization = { "x-api-key": "da2-x", host: "127.0.0.1:8000" };
  assert.match(socket.protocols[1], /^header-[\w-]+$/);
  assert.deepEqual(JSON.parse(Buffer.from(socket.protocols[1].slice(7), "base64url").toString()), authorization);

  socket.accept();
  assert.deepEqual(socket.sent, [{ type: "connection_init" }]);
  socket.says({ type: "connection_ack", payload: { connectionTimeoutMs: 300_000 } });
  assert.deepEqual(socket.start.payload.extensions, { authorization });
  assert.deepEqual(JSON.parse(socket.start.payload.data), REQUEST);
  assert.deepEqual(said, []);

  socket.says({ type: "start_ack", id: socket.start.id });
  socket.says({ type: "data", id: socket.start.id, payload: { data: { onProgress: 1 } } });
  socket.says({ type: "data", id: "another", payload: { data: { onProgress: 2 } } });
  socket.says("no JSON");
  socket.says({ type: "news" });
  assert.deepEqual(said, ["started", { data: { onProgress: 1 } }]);

  stop();
  assert.deepEqual(socket.sent.at(-1), { type: "stop", id: socket.start.id });
  assert.ok(socket.closed);
  assert.equal(said.length, 2);
});

test("a socket that goes silent is given up after the announced time, but any frame counts as life", async (t) => {
  const { advance, said } = await subscribed(t);
  acknowledge(FakeSocket.newest, 10_000);
  await advance(9_000);
  FakeSocket.newest.says({ type: "ka" });
  await advance(9_000);
  FakeSocket.newest.says({ type: "data", id: "another", payload: {} });
  await advance(9_000);
  assert.deepEqual(said, ["started"]);
  await advance(2_000);
  assert.deepEqual(said, ["started", "Unavailable"]);
  assert.ok(FakeSocket.newest.closed);
});

test("a connection that is not acknowledged in time is given up", async (t) => {
  const { advance, said } = await subscribed(t);
  await advance(10_100);
  assert.deepEqual(said, ["Unavailable"]);
});

test("a start that is not acknowledged in time is given up", async (t) => {
  const { advance, said } = await subscribed(t);
  FakeSocket.newest.accept();
  FakeSocket.newest.says({ type: "connection_ack", payload: { connectionTimeoutMs: 300_000 } });
  await advance(14_000);
  assert.deepEqual(said, []);
  await advance(2_000);
  assert.deepEqual(said, ["Unavailable"]);
});

test("a dropped socket is said once", async (t) => {
  const { said } = await subscribed(t);
  acknowledge(FakeSocket.newest);
  const { onclose } = FakeSocket.newest;
  onclose?.();
  onclose?.();
  assert.deepEqual(said, ["started", "Unavailable"]);
});

test("the server may complete a subscription", async (t) => {
  const { said } = await subscribed(t);
  acknowledge(FakeSocket.newest);
  FakeSocket.newest.says({ type: "complete", id: FakeSocket.newest.start.id });
  assert.deepEqual(said, ["started", "completed"]);
});

for (const [kind, type] of [
  ["NotFound", "NotFound"],
  ["MaxSubscriptionsReachedError", "Unavailable"],
  ["UnsupportedOperation", "Rejected"],
  ["UnauthorizedException", "Unauthorized"],
]) {
  test(`a start refused with ${kind} ends as ${type}`, async (t) => {
    const { said } = await subscribed(t);
    FakeSocket.newest.accept();
    FakeSocket.newest.says({ type: "connection_ack", payload: {} });
    const { id } = FakeSocket.newest.start;
    FakeSocket.newest.says({ type: "error", id, payload: { errors: [{ errorType: kind, message: "no" }] } });
    await settle();
    assert.deepEqual(said, [type]);
  });
}

test("a refused connection says why", async (t) => {
  const { said } = await subscribed(t);
  FakeSocket.newest.accept();
  const errors = [{ errorType: "UnauthorizedException", message: "no", errorCode: 400 }];
  FakeSocket.newest.says({ type: "connection_error", payload: { errors } });
  await settle();
  assert.deepEqual(said, ["Unauthorized"]);
});

test("a refused token is renewed once, and the subscription starts with the new one", async (t) => {
  /** @type {(string | undefined)[]} */
  const renewed = [];
  let token = "old";
  const session = {
    headers: async () => ({ Authorization: token }),
    renew: async (/** @type {Record<string, string>} */ refused) => {
      renewed.push(refused.Authorization);
      token = "new";
    },
  };
  const { said } = await subscribed(t, session);
  const errors = [{ errorType: "UnauthorizedException", message: "Token has expired." }];
  FakeSocket.newest.accept();
  FakeSocket.newest.says({ type: "connection_error", payload: { errors } });
  await settle();
  assert.deepEqual([renewed, said, FakeSocket.made.length], [["old"], [], 2]);
  acknowledge(FakeSocket.newest);
  assert.equal(FakeSocket.newest.start.payload.extensions.authorization.Authorization, "new");
  assert.deepEqual(said, ["started"]);
  FakeSocket.newest.says({ type: "error", id: FakeSocket.newest.start.id, payload: { errors } });
  await settle();
  assert.deepEqual([renewed.length, said], [1, ["started", "Unauthorized"]]);
});

test("credentials that can't be had end it with their own error", async (t) => {
  const session = {
    headers: async () => {
      throw new ApiError("Unauthorized", "Sign in again.");
    },
  };
  const { said } = await subscribed(t, session);
  assert.deepEqual(said, ["Unauthorized"]);
  assert.equal(FakeSocket.made.length, 0);
});

test("stopped before it is connected, it opens nothing and says nothing", async (t) => {
  FakeSocket.made = [];
  replaced(t, "WebSocket", FakeSocket);
  const stop = subscribe(CONFIG, KEY, REQUEST, { onData: () => assert.fail(), onClosed: () => assert.fail() });
  stop();
  await settle();
  assert.equal(FakeSocket.made.length, 0);
});
