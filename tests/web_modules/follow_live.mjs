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
const api = new Api(config, session);

const submitted = await api.submit({
  clientName: "Fennmark Logistics",
  requirements: "Customers must see their orders.",
});
const told = { id: submitted.id, statuses: [], sequences: [], connections: [] };
const onConnection = (connection) => told.connections.push(connection);
for await (const { state, events } of stream(api, submitted.id, { known: submitted, onConnection })) {
  if (told.statuses.at(-1) !== state.status) told.statuses.push(state.status);
  told.sequences.push(...events.map((event) => event.sequence));
}
const last = await api.session(submitted.id);
told.lastSequence = last.lastSequence;
told.progress = last.progress;
told.requirements = typeof last.results.requirementsData;
told.pages = [];
for (const url of [last.results.powerpointUrl, last.results.sowUrl]) {
  told.pages.push(
    Buffer.from(await (await fetch(url)).arrayBuffer())
      .subarray(0, 2)
      .toString(),
  );
}
told.listed = (await api.sessions()).items.map((item) => item.id);
told.again = await api.retry(submitted.id).catch((error) => error.type);
told.unknown = await api.session("no-such-session").catch((error) => error.type);
await session.signOut();
console.log(JSON.stringify(told));
