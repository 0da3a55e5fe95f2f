/**
 * Follows one assessment on a running API with the page's own modules and prints what it saw as JSON.
 *
 * Its argument is JSON: `origin`, and `apiKey` or `username` and `password`.
 */

import { Api } from "../../client/web/api/api.js";
import { loadConfig } from "../../client/web/api/config.js";
import { apiKeySession, signIn } from "../../client/web/sign-in/auth.js";
import { stream } from "../../client/web/stream/stream.js";

const { origin, apiKey, username, password } = JSON.parse(process.argv[2]);
const config = await loadConfig(origin);
const session = apiKey ? apiKeySession(apiKey) : (await signIn(config, username, password)).session;
if (!session) throw new Error("signing in asks for more than the password");
const api = new Api(config, session);

const submitted = await api.submit({
  clientName: "Fennmark Logistics",
  requirements: "Customers must see their orders.",
});
/** @type {string[]} */
const statuses = [];
/** @type {number[]} */
const sequences = [];
/** @type {string[]} */
const connections = [];
const onConnection = (/** @type {string} */ connection) => connections.push(connection);
for await (const { state, events } of stream(api, submitted.id, { known: submitted, onConnection })) {
  if (statuses.at(-1) !== state.status) statuses.push(state.status);
  sequences.push(...events.map((event) => event.sequence));
}
const last = await api.session(submitted.id);
const { powerpointUrl, sowUrl, requirementsData } = last.results;

/** @param {string} url */
async function firstBytes(url) {
  const bytes = await (await fetch(url)).arrayBuffer();
  return Buffer.from(bytes, 0, 2).toString();
}

const told = {
  id: submitted.id,
  statuses,
  sequences,
  connections,
  lastSequence: last.lastSequence,
  progress: last.progress,
  requirements: typeof requirementsData,
  pages: await Promise.all([powerpointUrl, sowUrl].map(firstBytes)),
  listed: (await api.sessions()).items.map((item) => item.id),
  again: await api.retry(submitted.id).catch((error) => error.type),
  unknown: await api.session("no-such-session").catch((error) => error.type),
};
await session.signOut();
console.log(JSON.stringify(told));
