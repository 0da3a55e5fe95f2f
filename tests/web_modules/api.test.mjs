import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Api, ApiError } from "../../client/web/api/api.js";
import { loadConfig } from "../../client/web/api/config.js";
import { assembled } from "../../client/web/api/documents.js";
import { CONFIG, clock, fakeFetch, settle, state } from "./fakes.mjs";

const KEY = { headers: async () => ({ "x-api-key": "da2-x" }) };
const INPUT = { clientName: "Acme", requirements: "A portal." };
const SESSION = state(0, 0, { assessment: { clientName: "Acme" }, createdAt: "2026-11-22T12:00:00.000Z" });
const ACCEPTED = [200, { data: { submitAssessment: SESSION } }];

/** Read at once: the mocked time would run out while a busy machine reads. */
const operation = (name) => readFileSync(new URL(`../../client/operations/${name}.graphql`, import.meta.url), "utf8");

/** An API whose documents are the real ones, and whose answers are the test's. */
function api(t, answers, session = KEY) {
  const calls = [];
  fakeFetch(t, async (call) => {
    const name = call.url.match(/operations\/(\w+)\.graphql$/)?.[1];
    if (name) return [200, operation(name)];
    calls.push(call);
    return answers(call, calls.length);
  });
  return { api: new Api(CONFIG, session), calls };
}

const failing = (error) => () => {
  throw error;
};

test("a document carries the fragments that it spreads, and no others", async () => {
  const fragments = operation("fragments");
  const names = (text) => [...text.matchAll(/^fragment (\w+)/gm)].map((match) => match[1]).sort();
  assert.deepEqual(names(assembled(operation("state"), fragments)), ["ResultFields", "StateFields"]);
  assert.deepEqual(names(assembled(operation("sessions"), fragments)), []);
  const small = "fragment A on T { ... on U { b } ...B }\nfragment B on T { b }\nfragment C on T { c }";
  assert.deepEqual(names(assembled("query Q { a { ...A } } # ...C", small)), ["A", "B"]);
});

test("a call sends its document with the caller's credentials and answers with the data", async (t) => {
  const results = { requirementsData: '{"scope": ["portal"]}' };
  const { api: one, calls } = api(t, () => [200, { data: { session: { ...SESSION, results } } }]);
  const session = await one.session("s-1");
  assert.deepEqual(session.results.requirementsData, { scope: ["portal"] });
  assert.equal(calls[0].headers["x-api-key"], "da2-x");
  assert.match(calls[0].body.query, /^query Session\(/);
  assert.deepEqual(calls[0].body.variables, { id: "s-1" });
});

test("a session that does not exist is NotFound", async (t) => {
  const { api: one } = api(t, () => [200, { data: { session: null } }]);
  await assert.rejects(one.state("s-1"), { type: "NotFound" });
});

test("a lost answer to a submission is asked for again with the same token", async (t) => {
  const advance = clock(t);
  const { api: one, calls } = api(t, (_call, count) =>
    count < 3 ? failing(new TypeError("fetch failed"))() : ACCEPTED,
  );
  const submitted = one.submit(INPUT);
  for (let n = 0; n < 40; n += 1) await advance(100);
  assert.equal((await submitted).id, "s-1");
  const tokens = new Set(calls.map((call) => call.body.variables.input.clientRequestToken));
  assert.deepEqual([calls.length, tokens.size], [3, 1]);
});

test("a submission that was given up keeps its token for the same input, and only for it", async (t) => {
  const advance = clock(t);
  let away = true;
  const { api: one, calls } = api(t, () => (away ? [503, "busy"] : ACCEPTED));
  const first = assert.rejects(one.submit(INPUT), { type: "Unavailable" });
  for (let n = 0; n < 60; n += 1) await advance(100);
  await first;
  away = false;
  await one.submit(INPUT);
  await one.submit(INPUT);
  await one.submit({ ...INPUT, clientName: "Other" });
  const tokens = calls.map((call) => call.body.variables.input.clientRequestToken);
  assert.equal(new Set(tokens.slice(0, 5)).size, 1);
  assert.equal(new Set(tokens).size, 3);
});

test("a submission that was refused is another one when it is sent again", async (t) => {
  const conflict = [200, { data: null, errors: [{ errorType: "Conflict", message: "that token has another input" }] }];
  const { api: one, calls } = api(t, (_call, count) => (count === 1 ? conflict : ACCEPTED));
  await assert.rejects(one.submit(INPUT), { type: "Conflict" });
  await one.submit(INPUT);
  const [first, second] = calls.map((call) => call.body.variables.input.clientRequestToken);
  assert.notEqual(first, second);
});

test("a retry is sent once, for a lost answer may have been a success", async (t) => {
  const { api: one, calls } = api(t, failing(new TypeError("fetch failed")));
  await assert.rejects(one.retry("s-1"), { type: "Unavailable" });
  assert.equal(calls.length, 1);
});

test("faults of the input are given by field", async (t) => {
  const errorInfo = [{ field: "clientName", message: "must not be blank" }];
  const errors = [{ errorType: "InvalidInput", message: "clientName must not be blank", errorInfo }];
  const { api: one, calls } = api(t, () => [200, { data: { submitAssessment: null }, errors }]);
  const expected = { name: "ApiError", type: "InvalidInput", fields: errorInfo };
  await assert.rejects(one.submit(INPUT), expected);
  assert.equal(calls.length, 1);
});

for (const [answer, type] of [
  [[200, { data: null, errors: [{ errorType: "Conflict", message: "it runs" }] }], "Conflict"],
  [[200, { data: null, errors: [{ errorType: "Unauthorized", message: "no" }] }], "Unauthorized"],
  [[200, { data: null, errors: [{ errorType: "Internal", message: "request 1" }] }], "Internal"],
  [[200, { data: null, errors: [{ errorType: "ExecutionTimeout", message: "30 s" }] }], "Unavailable"],
  [[200, { data: null, errors: [{ message: "Validation error" }] }], "Rejected"],
  [[400, { errors: [{ errorType: "MalformedHttpRequestException", message: "no" }] }], "Rejected"],
  [[401, { errors: [{ errorType: "UnauthorizedException", message: "no" }] }], "Unauthorized"],
  [[413, "too large"], "InvalidInput"],
  [[429, "slow down"], "Unavailable"],
  [[500, "<html>"], "Unavailable"],
  [[502, { message: "bad gateway" }], "Unavailable"],
  [[404, "<html>"], "Rejected"],
  [[200, "<html>a captive portal"], "Rejected"],
  [[200, []], "Rejected"],
]) {
  test(`an answer ${JSON.stringify(answer)} is ${type}`, async (t) => {
    const { api: one } = api(t, () => answer);
    await assert.rejects(
      one.state("s-1"),
      (error) => error instanceof ApiError && error.type === type && !!error.message,
    );
  });
}

test("a refused token is renewed, and the call repeated with the new one", async (t) => {
  let token = "old";
  const session = { headers: async () => ({ Authorization: token }), renew: async () => void (token = "new") };
  const refused = [401, { errors: [{ errorType: "UnauthorizedException" }] }];
  const { api: one, calls } = api(t, (call) => (call.headers.Authorization === "new" ? ACCEPTED : refused), session);
  await one.submit(INPUT);
  assert.deepEqual(
    calls.map((call) => call.headers.Authorization),
    ["old", "new"],
  );
});

test("a document that could not be had is asked for again", async (t) => {
  let away = true;
  fakeFetch(t, async ({ url }) => {
    if (url.includes("operations/")) return away ? [503, ""] : [200, "query State { session { id } }"];
    return [200, { data: { session: SESSION } }];
  });
  const one = new Api({ ...CONFIG, operationsUrl: "http://127.0.0.1:8001/operations/" }, KEY);
  await assert.rejects(one.state("s-1"), { type: "Unavailable" });
  away = false;
  assert.equal((await one.state("s-1")).id, "s-1");
});

test("the configuration's addresses are resolved against the page", async (t) => {
  const given = {
    graphqlEndpoint: "/graphql",
    realtimeEndpoint: "/graphql/realtime",
    userPoolEndpoint: "/cognito-idp",
  };
  fakeFetch(t, () => [200, given]);
  const config = await loadConfig("https://example.com/#/sessions/s-1");
  assert.equal(config.graphqlEndpoint, "https://example.com/graphql");
  assert.equal(config.realtimeEndpoint, "wss://example.com/graphql/realtime");
  assert.equal(config.userPoolEndpoint, "https://example.com/cognito-idp");
  assert.equal(config.operationsUrl, "https://example.com/operations/");
  fakeFetch(t, () => [
    200,
    { ...given, realtimeEndpoint: "wss://a.appsync-realtime-api.eu-west-1.amazonaws.com/graphql" },
  ]);
  assert.match((await loadConfig("http://127.0.0.1:8000/")).realtimeEndpoint, /^wss:\/\/a\.appsync/);
  fakeFetch(t, () => [200, {}]);
  await assert.rejects(loadConfig("https://example.com/"), { type: "Rejected" });
  await settle();
});
