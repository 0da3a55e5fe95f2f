/**
 * Plays the browser's side of sign-ins by SRP for a test in Python: prints a number for each challenge to come, reads the
 * challenges as one line of JSON, and prints the responses.
 */

import { createInterface } from "node:readline";

import { Proof } from "../../client/web/sign-in/srp.js";

const { pool, passwords } = JSON.parse(process.argv[2] ?? "{}");
/** @type {Proof[]} */
const proofs = passwords.map(() => new Proof());
console.log(JSON.stringify(proofs.map((proof) => proof.number)));
for await (const line of createInterface({ input: process.stdin })) {
  const challenges = JSON.parse(line);
  const now = new Date();
  const responses = proofs.map((proof, place) => proof.responses(pool, challenges[place], passwords[place], now));
  console.log(JSON.stringify(await Promise.all(responses)));
  break;
}
