import assert from "node:assert/strict";
import { test } from "node:test";

import { PRIORITIES } from "../../client/web/api/words.js";
import { anyFault, faults } from "../../client/web/views/review/faults.js";
import { History } from "../../client/web/views/review/history.js";
import { Drafts, dropReviews, keepsReviews } from "../../client/web/views/review/review-draft.js";
import { added, changed, merged, removed, scoped, split, withTerms } from "../../client/web/views/review/sheet.js";
import { halves } from "../../client/web/views/review/sheet-text.js";
import { requirement, sheet } from "./fake_proposals.mjs";
import { replaced, Storage } from "./fakes.mjs";

const texts = (/** @type {import("../../client/web/views/review/sheet.js").Sheet} */ { items }) =>
  items.map(({ id, text }) => `${id}: ${text}`);

test("a merge keeps the first one's id and kind, the largest size and the strongest priority", () => {
  const before = sheet(
    requirement("FR-1", { text: "See orders", size: "S", priority: "COULD", lines: [4] }),
    requirement("FR-2", { text: "Print them." }),
    requirement("INT-1", {
      text: "Orders from the shop.",
      kind: "INTEGRATION",
      size: "XL",
      priority: "SHOULD",
      lines: [2],
    }),
  );
  const { items } = merged(before, ["FR-1", "INT-1"], PRIORITIES);
  assert.deepEqual(texts({ ...before, items }), ["FR-1: See orders. Orders from the shop.", "FR-2: Print them."]);
  const { kind, size, priority, lines } = items[0];
  assert.deepEqual([kind, size, priority, lines], ["FUNCTIONAL", "XL", "SHOULD", [2, 4]]);
  assert.equal(before.items.length, 3, "the sheet before is as it was");
});

test("a split keeps the id with the first part, at the caret or after the first sentence", () => {
  const before = sheet(requirement("FR-1", { text: "Users book rooms and cancel them" }), requirement("FR-2"));
  assert.deepEqual(texts(split(before, "FR-1", 16, "new-1")).slice(0, 2), [
    "FR-1: Users book rooms",
    "null: and cancel them",
  ]);
  assert.deepEqual(halves("One thing. Another; a third", 0), ["One thing.", "Another; a third"]);
  assert.deepEqual(halves("Book rooms and cancel", 21), ["Book rooms", "Cancel"]);
  assert.deepEqual(halves("Rooms", 0), ["Rooms", "Rooms"]);
});

test("a requirement that comes back into scope is what it was", () => {
  const before = sheet(
    requirement("NFR-1", { kind: "NON_FUNCTIONAL", size: "L" }),
    requirement("OUT-1", { kind: "OUT_OF_SCOPE", size: null }),
  );
  const out = scoped(before, "NFR-1", false);
  assert.equal(out.items[0].kind, "OUT_OF_SCOPE");
  const [back] = scoped(out, "NFR-1", true).items;
  assert.deepEqual([back.kind, back.size], ["NON_FUNCTIONAL", "L"]);
  const [, taken] = scoped(before, "OUT-1", true).items;
  assert.deepEqual([taken.kind, taken.size], ["FUNCTIONAL", "M"], "what was never built has the usual size");
});

test("undo goes back act by act, typing in one field is one act, and a new act ends redo", () => {
  const first = sheet(requirement("FR-1", { text: "" }));
  const history = new History(first);
  for (const text of ["S", "Se", "See"]) history.act(changed(history.sheet, "FR-1", { text }), "typing", "FR-1 text");
  history.act(changed(history.sheet, "FR-1", { size: "L" }), "size");
  assert.equal(history.undo(), "size");
  assert.equal(history.sheet.items[0].text, "See");
  assert.equal(history.undo(), "typing");
  assert.equal(history.sheet, first);
  assert.equal(history.canUndo, false);
  assert.equal(history.redo(), "typing");
  history.act(removed(history.sheet, ["FR-1"]), "removal");
  assert.equal(history.canRedo, false);
});

test("what may not be sent is found, each fault at its row or term", () => {
  const good = sheet(requirement("FR-1"));
  assert.equal(anyFault(faults(good)), false);
  const empty = faults(added(good, "new-1", null));
  assert.deepEqual([...empty.rows.keys()], ["new-1"]);
  assert.match(empty.rows.get("new-1") ?? "", /^Write what is asked for/);
  assert.match(faults(removed(good, ["FR-1"])).list, /from 1 to 500/);
  const long = changed(good, "FR-1", { text: "x".repeat(2001) });
  assert.match(faults(long).rows.get("FR-1") ?? "", /^Too long by 1:/);
  const terms = {
    teamSize: "0",
    currency: "euro",
    discountPercent: "101",
    startDate: "12027-01-01",
    note: "n".repeat(1001),
  };
  assert.deepEqual([...faults(withTerms(good, terms)).terms.keys()].sort(), Object.keys(terms).sort());
});

test("a draft is kept by user, session and version, and another tab's is not dropped", (t) => {
  const storage = new Storage();
  replaced(t, "localStorage", storage);
  const [mine, theirs] = [sheet(requirement("FR-1")), sheet(requirement("FR-1", { size: "L" }))];
  const drafts = new Drafts("ada", "s-1");
  drafts.keep(1, mine);
  drafts.keep(10, theirs);
  assert.deepEqual(drafts.read(), { version: 10, sheet: theirs });
  assert.equal(new Drafts("ben", "s-1").read(), null);
  assert.equal(new Drafts("ada", "s-10").read(), null);
  drafts.drop(10, mine);
  assert.equal(drafts.read()?.version, 10);
  drafts.drop(10, theirs);
  assert.equal(drafts.read()?.version, 1);
  drafts.dropAll();
  assert.equal(drafts.read(), null);
});

test("the drafts of a user are dropped in all sessions, and those of nobody else", (t) => {
  const storage = new Storage();
  replaced(t, "localStorage", storage);
  const mine = sheet(requirement("FR-1"));
  new Drafts("ada@example.com", "s-1").keep(1, mine);
  new Drafts("ada@example.com", "s-2").keep(3, mine);
  const others = [new Drafts("ada@example.com.au", "s-3"), new Drafts("ada", "s-1"), new Drafts(null, "s-1")];
  for (const drafts of others) drafts.keep(1, mine);
  assert.ok(keepsReviews("ada@example.com"));
  dropReviews("ada@example.com");
  assert.ok(!keepsReviews("ada@example.com"));
  for (const drafts of others) assert.deepEqual(drafts.read(), { version: 1, sheet: mine });
});
