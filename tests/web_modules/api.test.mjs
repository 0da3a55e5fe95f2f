import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Api, ApiError } from "../../client/web/api/api.js";
import { loadConfig } from "../../client/web/api/config.js";
import { assembled } from "../../client/web/api/documents.js";
import { CONFIG, clock, fakeFetch, settle, state } from "./fakes.mjs";

/** @typedef {import("./fakes.mjs").Answer} Answer */
/** @typedef {import("./fakes.mjs").Call} Call */
/** @typedef {import("../../client/web/api/realtime.js").Credentials} Credentials */

/** @type {Credentials} */
const KEY = { headers: async () => ({ "x-api-key": "da2-x" }) };
const INPUT = { clientName: "Acme", requirements: "A portal." };
const SESSION = state(0, 0, { assessment: { clientName: "Acme" }, createdAt: "2026-11-22T12:00:00.000Z" });
/** @type {Answer} */
const ACCEPTED = [200, { data: { submitAssessment: SESSION } }];

/**
 * Read in one blocking call: a test that moves the clock can't wait for the disk.
 *
 * @param {string} name
 */
const operation = (name) => readFileSync(new URL(`../../client/operations/${name}.graphql`, import.meta.url), "utf8");

/**
 * An API with the real documents and the test's answers.
 *
 * @param {import("node:test").TestContext} t
 * @param {import("./fakes.mjs").Answers} answers
 * @param {Credentials} session
 */
function api(t, answers, session = KEY) {
  /** @type {Call[]} */
  const calls = [];
  fakeFetch(t, async (call) => {
    const name = call.url.match(/operations\/(\w+)\.graphql$/)?.[1];
    if (name) return [200, operation(name)];
    calls.push(call);
    return answers(call, calls.length);
  });
  return { api: new Api(CONFIG, session), calls };
}

/** @returns {never} */
const failing = () => {
  throw new TypeError("fetch failed");
};

test("a document carries the fragments that it spreads, and no others", async () => {
  const fragments = operation("fragments");
  const names = (/** @type {string} */ text) => [...text.matchAll(/^fragment (\w+)/gm)].map((match) => match[1]).sort();
  const spread = names(assembled(operation("state"), fragments));
  assert.ok(spread.includes("StateFields"));
  assert.ok(spread.includes("ResultFields"), "StateFields spreads it");
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

test("requirements are the same however often they are encoded", async (t) => {
  const value = { scope: ["portal"] };
  const once = JSON.stringify(value);
  for (const form of [value, once, JSON.stringify(once)]) {
    const results = { requirementsData: form };
    const { api: one } = api(t, () => [200, { data: { session: { ...SESSION, results } } }]);
    assert.deepEqual((await one.session("s-1")).results.requirementsData, value);
  }
});

test("a session that does not exist is NotFound", async (t) => {
  const { api: one } = api(t, () => [200, { data: { session: null } }]);
  await assert.rejects(one.state("s-1"), { type: "NotFound" });
});

test("a lost answer to a submission is asked for again with the same token", async (t) => {
  const advance = clock(t);
  const { api: one, calls } = api(t, (_call, count) => (count < 3 ? failing() : ACCEPTED));
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
  /** @type {Answer} */
  const conflict = [200, { data: null, errors: [{ errorType: "Conflict", message: "that token has another input" }] }];
  const { api: one, calls } = api(t, (_call, count) => (count === 1 ? conflict : ACCEPTED));
  await assert.rejects(one.submit(INPUT), { type: "Conflict" });
  await one.submit(INPUT);
  const [first, second] = calls.map((call) => call.body.variables.input.clientRequestToken);
  assert.notEqual(first, second);
});

test("a refused review says why, and is sent once", async (t) => {
  const errorInfo = { reason: "OUTDATED", revision: 9 };
  const errors = [{ errorType: "Conflict", message: "it has changed", errorInfo }];
  const { api: one, calls } = api(t, () => [200, { data: { reviewSession: null }, errors }]);
  await assert.rejects(one.review("s-1", { revision: 7, approve: true }), { type: "Conflict", reason: "OUTDATED" });
  assert.deepEqual([calls.length, calls[0].body.variables.input.revision], [1, 7]);
});

test("a deletion whose answer was lost is sent again, and is done when nothing is left", async (t) => {
  const advance = clock(t);
  const errors = [{ errorType: "NotFound", message: "there is no such session" }];
  const { api: one, calls } = api(t, (_call, count) =>
    count === 1 ? failing() : [200, { data: { deleteSession: null }, errors }],
  );
  const deleted = one.delete("s-1");
  for (let n = 0; n < 10; n += 1) await advance(100);
  await deleted;
  assert.equal(calls.length, 2);
});

test("a retry is sent once, for a lost answer may have been a success", async (t) => {
  const { api: one, calls } = api(t, failing);
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

/** @type {[answer: Answer, type: string][]} */
const REFUSALS = [
  [[200, { data: null, errors: [{ errorType: "Conflict", message: "it runs" }] }], "Conflict"],
  [[200, { data: null, errors: [{ errorType: "LimitExceeded", message: "too many" }] }], "LimitExceeded"],
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
];

for (const [answer, type] of REFUSALS) {
  test(`an answer ${JSON.stringify(answer)} is ${type}`, async (t) => {
    const { api: one } = api(t, () => answer);
    await assert.rejects(
      one.state("s-1"),
      (error) => error instanceof ApiError && error.type === type && !!error.message,
    );
  });
}

test("a firewall that refuses too many requests is told as that, and not as a refused sign-in", async (t) => {
  const errors = [{ errorType: "TooManyRequests", message: "slow down" }];
  for (const body of ["<html>", { data: null, errors }]) {
    const { api: one } = api(t, () => [429, body]);
    await assert.rejects(one.state("s-1"), { type: "Unavailable", message: /Too many requests.*Wait a minute/ });
  }
});

test("a refused token is renewed, and the call repeated with the new one", async (t) => {
  let token = "old";
  const session = {
    headers: async () => ({ Authorization: token }),
    renew: async () => {
      token = "new";
    },
  };
  /** @type {Answer} */
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
