import assert from "node:assert/strict";
import { test } from "node:test";

import data from "../data/client/merge.json" with { type: "json" };
import { outcomes } from "./merge_outcomes.mjs";

// Python's merge runs the same cases, and random ones are compared in tests/client/test_both_merges.py.
for (const { name, steps } of data.cases) {
  test(name, () => {
    assert.deepEqual(
      outcomes(steps.map((step) => step.hear)),
      steps.map((step) => step.then),
    );
  });
}
