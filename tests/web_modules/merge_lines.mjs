// Merges each line of standard input, a JSON list of hearings, and prints what came out as a line of JSON.

import { createInterface } from "node:readline";

import { outcomes } from "./merge_outcomes.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(outcomes(JSON.parse(line))));
}
