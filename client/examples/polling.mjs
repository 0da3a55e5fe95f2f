// Submits an assessment with fetch and polls its progress, without a WebSocket: node polling.mjs https://ORIGIN
//
// SCOPESMITH_API_KEY is the API's key. To call as a user, send the user's token in an `authorization` header instead.

import { setTimeout as sleep } from "node:timers/promises";

import { Following, SUBMIT } from "./following.mjs";

const page = process.argv[2];
const config = await (await fetch(new URL("config.json", page))).json();
const headers = { "content-type": "application/json", "x-api-key": process.env.SCOPESMITH_API_KEY ?? "" };

/**
 * @param {string} query
 * @param {object} variables
 */
async function ask(query, variables) {
  const body = JSON.stringify({ query, variables });
  const answer = await fetch(new URL(config.graphqlEndpoint, page), { method: "POST", headers, body });
  /** @type {{data: any, errors?: {errorType: string, message: string}[]}} */
  const { data, errors } = await answer.json();
  // An `InvalidInput` says in `errorInfo` what is wrong with each field.
  if (errors) throw new Error(errors.map(({ errorType, message }) => `${errorType}: ${message}`).join("; "));
  return data;
}

const notes = { clientName: "Example Ltd", requirements: "Customers must see their orders online." };
const clientRequestToken = crypto.randomUUID(); // sent again after a lost answer, it gives the same session
const { submitAssessment } = await ask(SUBMIT, { input: { ...notes, clientRequestToken } });

const following = new Following(ask, submitAssessment.id, ({ state, events }) => {
  console.log(state.progress, state.status, ...events.map(({ sequence, type }) => `${sequence} ${type}`));
});
let ended = false;
following.ended.then(() => {
  ended = true;
});
while (!ended) {
  await following.read();
  if (!ended) await sleep(2_000);
}
