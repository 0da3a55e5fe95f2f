import assert from "node:assert/strict";
import { test } from "node:test";

import { Proof, written } from "../../client/web/sign-in/srp.js";
import data from "../data/client/srp.json" with { type: "json" };

const NOW = new Date("2026-11-07T09:05:00Z");
const CHALLENGE = { SALT: "a1", SRP_B: "b2", SECRET_BLOCK: "AAEC", USER_ID_FOR_SRP: "u-1" };

// The command line's sign-in runs the same cases.
for (const { name, poolId, secret, password, now, challenge, number, responses } of data.cases) {
  test(`another implementation answers the same: ${name}`, async () => {
    const proof = new Proof(BigInt(`0x${secret}`));
    assert.equal(proof.number, number);
    assert.deepEqual(await proof.responses(poolId, challenge, password, new Date(now)), responses);
  });
}

test("a time is written as Cognito reads it, whatever the day", () => {
  assert.equal(written(NOW), "Sat Nov 7 09:05:00 UTC 2026");
  assert.equal(written(new Date("2027-01-31T23:59:59Z")), "Sun Jan 31 23:59:59 UTC 2027");
});

test("each sign-in begins with another number", () => {
  const numbers = [new Proof().number, new Proof().number];
  assert.notEqual(numbers[0], numbers[1]);
  for (const number of numbers) assert.match(number, /^[0-9a-f]{700,768}$/);
});

test("a proof is bound to its password, its pool and its time", async () => {
  const proof = new Proof();
  const claim = async (/** @type {[string, string, Date]} */ ...[pool, password, now]) =>
    (await proof.responses(pool, CHALLENGE, password, now)).PASSWORD_CLAIM_SIGNATURE;
  const claims = [
    await claim("eu-west-1_pool", "secret", NOW),
    await claim("eu-west-1_pool", "Secret", NOW),
    await claim("eu-west-1_other", "secret", NOW),
    await claim("eu-west-1_pool", "secret", new Date(NOW.getTime() + 1000)),
  ];
  assert.equal(new Set(claims).size, claims.length);
  assert.equal(await claim("eu-west-1_pool", "secret", NOW), claims[0]);
});

for (const wrong of [{ SRP_B: "0" }, { SRP_B: "xyz" }, { SALT: undefined }, { SECRET_BLOCK: "?" }]) {
  test(`a challenge with ${JSON.stringify(wrong)} is not answered`, async () => {
    const challenge = /** @type {any} */ ({ ...CHALLENGE, ...wrong });
    await assert.rejects(new Proof().responses("eu-west-1_pool", challenge, "secret", NOW), { type: "Rejected" });
  });
}
