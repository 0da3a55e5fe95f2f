import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { test } from "node:test";

import { CONFIG, FakeSocket, fakeFetch, replaced, Storage, settle } from "./fakes.mjs";

// A server shows the page's folders beside the playground's.
registerHooks({
  resolve: (name, context, next) =>
    next(context.parentURL?.includes("/client/playground/") ? name.replace("../", "../web/") : name, context),
});
const { fetcher } = await import("../../client/playground/fetcher.js");

const KEY = { headers: { "x-api-key": "da2-x" } };
const SUBSCRIPTION = { query: "subscription A { a }" };

/**
 * An acknowledged subscription and its socket.
 *
 * @param {import("node:test").TestContext} t
 */
async function pushing(t) {
  replaced(t, "WebSocket", FakeSocket);
  const send = fetcher(CONFIG, () => ({ kind: "subscription", name: "A" }));
  const pushes = await send(SUBSCRIPTION, KEY);
  await settle();
  const socket = FakeSocket.newest;
  socket.accept();
  socket.says({ type: "connection_ack" });
  socket.says({ type: "start_ack", id: socket.start.id });
  return {
    pushes,
    socket,
    push: (/** @type {number} */ a) => socket.says({ type: "data", id: socket.start.id, payload: { data: { a } } }),
  };
}

test("what is pushed comes in order, up to the end that the server sets", async (t) => {
  const { pushes, socket, push } = await pushing(t);
  push(1);
  push(2);
  socket.says({ type: "complete", id: socket.start.id });
  const heard = [];
  for await (const { data } of pushes) heard.push(data.a);
  assert.deepEqual(heard, [1, 2]);
});

test("stopping a subscription closes its socket at once, also while nothing is pushed", async (t) => {
  const { pushes, socket } = await pushing(t);
  const waiting = pushes.next();
  await settle();
  await pushes.return();
  assert.deepEqual(socket.sent.at(-1), { type: "stop", id: socket.start.id });
  assert.ok(socket.closed);
  assert.equal((await waiting).done, true);
});

test("a lost socket is told as an error", async (t) => {
  const { pushes, socket } = await pushing(t);
  socket.drop();
  assert.equal((await pushes.next()).value.errors[0].errorType, "Unavailable");
  assert.equal((await pushes.next()).done, true);
});

test("a pane without credentials uses the last ones, and without any it says so", async (t) => {
  replaced(t, "localStorage", new Storage());
  replaced(t, "sessionStorage", new Storage());
  const calls = fakeFetch(t, () => [200, { data: { a: 1 } }]);
  const send = fetcher(CONFIG, () => ({ kind: "query", name: "A" }));
  assert.match((await send({ query: "{ a }" }, { headers: { "x-api-key": "" } })).errors[0].message, /No credentials/);
  assert.deepEqual(await send({ query: "{ a }" }, KEY), { data: { a: 1 } });
  assert.deepEqual(await send({ query: "{ a }" }), { data: { a: 1 } });
  assert.deepEqual(
    calls.map(({ headers }) => headers["x-api-key"]),
    ["da2-x", "da2-x"],
  );
});
