import assert from "node:assert/strict";
import { test } from "node:test";

import { contains, contested, difference, onTop, reviewInput } from "../../client/web/views/review/changes.js";
import { doubt, fieldChanges, newPrice, priceChange } from "../../client/web/views/review/review-words.js";
import {
  added,
  changed,
  merged,
  removed,
  scoped,
  sheetOf,
  split,
  withTerms,
} from "../../client/web/views/review/sheet.js";
import { proposal, requirement, sheet } from "./fake_proposals.mjs";

const BASE = sheet(requirement("FR-1", { lines: [3] }), requirement("FR-2"), requirement("FR-3"));

/** @param {import("../../client/web/views/review/changes.js").Difference} found */
const ids = ({ added: more, removed: less, changed: other }) => [
  more.map(({ text }) => text),
  less.map(({ id }) => id),
  other.map(({ after }) => after.id),
];

test("nothing is sent of what nobody has changed", () => {
  assert.deepEqual(reviewInput(BASE, BASE), {});
  assert.deepEqual(reviewInput(BASE, withTerms(BASE, { teamSize: " 3 ", discountPercent: "0.0", duration: "" })), {});
  const terms = withTerms(BASE, { teamSize: "2", discountPercent: "7.5", startDate: "2027-02-01" });
  assert.deepEqual(reviewInput(BASE, terms), { teamSize: 2, discountPercent: 7.5, startDate: "2027-02-01" });
});

test("a changed list is sent whole, with no id for a new one and no size for what is not built", () => {
  const out = scoped(removed(added(BASE, "new-1", "Orders"), ["FR-3"]), "FR-2", false);
  const input = reviewInput(BASE, changed(out, "new-1", { text: "  Export  " }));
  const built = { workPackage: "Orders", size: "M", priority: "MUST" };
  assert.deepEqual(input, {
    requirements: [
      { id: "FR-1", kind: "FUNCTIONAL", text: "The text of FR-1.", ...built },
      { id: "FR-2", kind: "OUT_OF_SCOPE", text: "The text of FR-2.", priority: "MUST" },
      { kind: "FUNCTIONAL", text: "Export", ...built },
    ],
  });
});

test("lines are sent of a merged one and of the new part of a split one, and of no other", () => {
  const base = sheet(
    requirement("FR-1", { lines: [4] }),
    requirement("FR-2", { lines: [2], text: "Book. Cancel." }),
    requirement("FR-3", { lines: [9] }),
    requirement("FR-4", { lines: [7] }),
  );
  const sent = (/** @type {import("../../client/web/views/review/sheet.js").Sheet} */ after) =>
    /** @type {{id?: string, lines?: number[]}[]} */ (reviewInput(base, after).requirements).map(({ id, lines }) => [
      id,
      lines,
    ]);
  const both = split(merged(base, ["FR-1", "FR-3"], ["MUST"]), "FR-2", 5, "new-1");
  assert.deepEqual(sent(both), [
    ["FR-1", [4, 9]],
    ["FR-2", undefined],
    [undefined, [2]],
    ["FR-4", undefined],
  ]);
  const kept = JSON.parse(JSON.stringify(scoped(base, "FR-4", false)));
  assert.deepEqual(
    sent(kept).map(([, lines]) => lines),
    [undefined, undefined, undefined, undefined],
    "a draft that was kept and another kind change no lines",
  );
});

test("of a merge of very many lines no more are sent than the API takes", () => {
  const lines = (/** @type {number} */ from) => Array.from({ length: 150 }, (_, at) => from + at);
  const base = sheet(requirement("FR-1", { lines: lines(1) }), requirement("FR-2", { lines: lines(500) }));
  const [first] = /** @type {{lines: number[]}[]} */ (
    reviewInput(base, merged(base, ["FR-1", "FR-2"], ["MUST"])).requirements
  );
  assert.deepEqual([first.lines.length, first.lines.at(-1)], [200, 549]);
});

test("lines are a change that versions show, and mine stay on top of theirs", () => {
  const base = sheet(requirement("FR-1", { lines: [4] }), requirement("FR-2", { lines: [2] }));
  const mine = merged(base, ["FR-1", "FR-2"], ["MUST"]);
  const [change] = difference(base, mine).changed;
  assert.deepEqual(fieldChanges(change), ["lines 4 → 2, 4"]);
  assert.deepEqual(fieldChanges({ before: change.after, after: { ...change.after, lines: [] } }), [
    "lines 2, 4 → none",
  ]);
  const [first] = onTop(base, mine, changed(base, "FR-1", { size: "L" })).items;
  assert.deepEqual([first.size, first.lines], ["L", [2, 4]]);
  const made = sheetOf(
    proposal({ version: 2, requirements: [requirement("FR-1", { text: first.text, lines: [2, 4] })] }),
  );
  assert.equal(contains(base, mine, made), true);
});

test("a requirement whose kind has changed is found again under its new id", () => {
  const later = sheet(
    requirement("OUT-1", { kind: "OUT_OF_SCOPE", text: "The text of FR-2.", size: null, workPackage: null }),
    requirement("INT-1", { kind: "INTEGRATION", text: "Rewritten.", lines: [3] }),
    requirement("FR-4"),
  );
  assert.deepEqual(ids(difference(BASE, later)), [["The text of FR-4."], ["FR-3"], ["INT-1", "OUT-1"]]);
  const [, out] = difference(BASE, later).changed;
  assert.deepEqual(fieldChanges(out), ["kind Function → Out of scope"]);
});

test("mine on top of theirs: my fields count, theirs stay where I changed nothing", () => {
  const mine = withTerms(changed(removed(BASE, ["FR-3"]), "FR-1", { size: "XL" }), { discountPercent: "5" });
  const theirs = withTerms(
    changed(changed(BASE, "FR-1", { text: "Theirs.", size: "S" }), "FR-2", { priority: "COULD" }),
    {
      teamSize: "1",
    },
  );
  const both = onTop(BASE, mine, theirs);
  const [first, second, ...others] = both.items;
  assert.deepEqual([first.text, first.size, second.priority, others], ["Theirs.", "XL", "COULD", []]);
  assert.deepEqual([both.terms.teamSize, both.terms.discountPercent], ["1", "5"]);
  const clash = contested(difference(BASE, mine), difference(BASE, theirs));
  assert.deepEqual(clash, { ids: ["FR-1"], terms: [] });
});

test("what they removed comes back as a new one if I have changed it, and stays away if not", () => {
  const mine = changed(BASE, "FR-1", { size: "L" });
  const theirs = removed(BASE, ["FR-1", "FR-2"]);
  const { items } = onTop(BASE, mine, theirs);
  assert.deepEqual(
    items.map(({ id, size }) => [id, size]),
    [
      ["FR-3", "M"],
      [null, "L"],
    ],
  );
});

test("a review whose answer was lost is recognized in the version that it made", () => {
  const mine = changed(added(merged(BASE, ["FR-1", "FR-2"], ["MUST"]), "new-1", null), "new-1", { text: "Export" });
  const made = sheetOf(
    proposal({
      version: 2,
      requirements: [
        requirement("FR-1", { text: "The text of FR-1. The text of FR-2." }),
        requirement("FR-3"),
        requirement("FR-4", { text: "Export" }),
      ],
    }),
  );
  assert.equal(contains(BASE, mine, made), true);
  assert.equal(contains(BASE, changed(mine, "FR-3", { size: "S" }), made), false);
});

test("a new price says what is different, and a doubtful reading is said in words", () => {
  const before = proposal();
  const costData = { ...before.costData, totalCost: 8_000 };
  const now = proposal({ version: 2, costData, duration: "8 weeks" });
  assert.match(newPrice(now, before), /^Version 2: \D*8,000\D* \(\D*2,000\D* less\), 8 weeks, ends .*2027\.$/);
  assert.equal(priceChange(before, before), "the same price");
  assert.equal(priceChange(proposal({ costData: { ...costData, currency: "USD" } }), before), "");
  assert.equal(doubt(proposal({ confidence: 0.7 })), "");
  assert.equal(doubt(proposal({ confidence: null })), "");
  assert.match(doubt(proposal({ confidence: 0.42 })), /only 42 % sure/);
});
