import assert from "node:assert/strict";
import { test } from "node:test";

import { ASSESSMENT_LIMITS, finished, RESTS, running, STATUSES, TOOLS } from "../../client/web/api/words.js";
import { assessment, FIELDS, fault, YES } from "../../client/web/views/form/form-fields.js";
import { money, number } from "../../client/web/views/formats.js";
import { stageWords, statusWords, toolWords, usageWords } from "../../client/web/views/labels.js";
import { gist } from "../../client/web/views/session/json-text.js";
import { standing } from "../../client/web/views/session/stages.js";
import { state } from "./fakes.mjs";

test("the form has every field of an assessment, with its limits", () => {
  assert.deepEqual(FIELDS.map(({ name }) => name).sort(), Object.keys(ASSESSMENT_LIMITS).sort());
  for (const field of FIELDS) {
    const { required, longest, least, most } = ASSESSMENT_LIMITS[field.name];
    assert.equal(Boolean(field.required), required, field.name);
    if (longest) {
      assert.equal(fault(field, "x".repeat(longest)), "", field.name);
      assert.match(fault(field, "x".repeat(longest + 1)), /^Too long by 1:/, field.name);
    } else if (field.range) {
      assert.deepEqual([fault(field, String(least)), fault(field, String(most))], ["", ""], field.name);
      assert.match(fault(field, String(Number(most) + 1)), /^Give a whole number from/, field.name);
    }
  }
});

test("a day and a currency are checked, and a flag is sent as one", () => {
  const [start, currency] = ["startDate", "currency"].map((name) => FIELDS.filter((field) => field.name === name)[0]);
  assert.deepEqual([fault(start, "2027-03-01"), fault(currency, "EUR"), fault(currency, "")], ["", "", ""]);
  assert.match(fault(start, "12027-03-01"), /four digits/);
  assert.match(fault(currency, "euro"), /three letters/);
  const values = { clientName: "Acme", requirements: "A portal.", review: YES, currency: "EUR", startDate: "" };
  const { review, ...texts } = assessment(values);
  assert.equal(review, true);
  assert.deepEqual(texts, { clientName: "Acme", requirements: "A portal.", currency: "EUR" });
});

test("every status has words of its own, and looks at rest when it rests", () => {
  for (const status of STATUSES) {
    const { label, kind } = statusWords(status);
    assert.notEqual(label, status);
    assert.equal(!["waiting", "running"].includes(kind), RESTS.has(status), status);
  }
});

test("every tool has words of its own, at work and finished", () => {
  for (const { name } of TOOLS) {
    assert.notEqual(toolWords(name), name);
    for (const currentStage of [running(name), finished(name)]) {
      assert.notEqual(stageWords({ status: "PROCESSING", currentStage }), currentStage);
    }
  }
});

test("a word that a newer server sends is shown as it is", () => {
  assert.deepEqual(statusWords("TRANSLATING"), { label: "TRANSLATING", kind: "running" });
  assert.equal(toolWords("Translator"), "Translator");
  assert.equal(stageWords({ status: "PROCESSING", currentStage: "Running Translator" }), "Running Translator");
  assert.equal(stageWords({ status: "TRANSLATING", currentStage: null }), "TRANSLATING");
});

test("a step is done at its progress, at work while its tool runs, and failed where the session ended", () => {
  const [first, second] = TOOLS;
  const atSecond = state(3, 3, { progress: first.progress, currentStage: running(second.name) });
  const steps = (/** @type {import("../../client/web/stream/merge.js").State} */ one) =>
    [first.name, second.name, "answer"].map((name) => standing(name, one));
  assert.deepEqual(steps(atSecond), ["done", "running", "waiting"]);
  assert.deepEqual(steps({ ...atSecond, status: "ERROR" }), ["done", "failed", "waiting"]);
  assert.deepEqual(steps({ ...atSecond, status: "CANCELLED" }), ["done", "stopped", "waiting"]);
  assert.deepEqual(steps(state(9, 9, { status: "COMPLETED", progress: 100 })), ["done", "done", "done"]);
});

test("what the models cost is said once one was asked, and the price where there is one", () => {
  const none = { inputTokens: 0, outputTokens: 0, cacheReadInputTokens: 0, modelCost: 0, modelCostCurrency: "USD" };
  const some = { ...none, inputTokens: 2_000, outputTokens: 345, cacheReadInputTokens: 10_000 };
  assert.equal(usageWords(none), "");
  const tokens = `Model: ${number(12_000)} tokens in, 345 out`;
  assert.equal(usageWords({ ...some, modelCost: 0.07 }), `${tokens}, ${money(0.07, "USD", 2)}`);
  assert.equal(usageWords({ ...some, modelCost: 0.0001 }), `${tokens}, less than ${money(0.01, "USD", 2)}`);
  assert.equal(usageWords({ ...some, modelCost: null }), tokens);
});

test("a tool's answer is summed up in one line, and an empty list is said to be one", () => {
  const answer = { templates: [], searched: ["logistics/", "default/"], note: "", totalHours: 12 };
  assert.equal(gist(JSON.stringify(answer)), "templates: none · searched: logistics/, default/ · total hours: 12");
  assert.equal(gist("no JSON"), "no JSON");
});
