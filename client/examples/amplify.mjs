// Submits an assessment with AWS Amplify v6 and prints its progress: node amplify.mjs https://ORIGIN
//
// Signs in as SCOPESMITH_USER with SCOPESMITH_PASSWORD. Amplify needs TLS: start the local server with --tls, and set
// NODE_EXTRA_CA_CERTS to the certificate that it prints.

import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";
import { signIn } from "aws-amplify/auth";
import { Hub } from "aws-amplify/utils";

import { Following, ON_PROGRESS, SUBMIT } from "./following.mjs";

const page = process.argv[2];
const config = await (await fetch(new URL("config.json", page))).json();
const absolute = (/** @type {string} */ path) => new URL(path, page).href;

Amplify.configure({
  API: {
    GraphQL: {
      endpoint: absolute(config.graphqlEndpoint),
      region: config.region,
      defaultAuthMode: "userPool",
    },
  },
  Auth: {
    Cognito: {
      userPoolId: config.userPoolId,
      userPoolClientId: config.userPoolClientId,
      userPoolEndpoint: absolute(config.userPoolEndpoint),
    },
  },
});
const { SCOPESMITH_USER: username = "", SCOPESMITH_PASSWORD: password = "" } = process.env;
await signIn({ username, password });

/** @type {any} Amplify has types only for documents that its code generator made */
const api = generateClient();
/** @type {(query: string, variables: object) => Promise<any>} */
const ask = async (query, variables) => (await api.graphql({ query, variables })).data;

const notes = { clientName: "Example Ltd", requirements: "Customers must see their orders online." };
const clientRequestToken = crypto.randomUUID(); // sent again after a lost answer, it gives the same session
const { submitAssessment } = await ask(SUBMIT, { input: { ...notes, clientRequestToken } });

const following = new Following(ask, submitAssessment.id, ({ state, events }) => {
  console.log(state.progress, state.status, ...events.map(({ sequence, type }) => `${sequence} ${type}`));
});
const variables = { sessionId: submitAssessment.id };
// Amplify reconnects by itself. Only its Hub says when the subscription is acknowledged.
Hub.listen("api", ({ payload }) => {
  const { message, data } = /** @type {any} */ (payload);
  if (message === "Connection established for subscription" && data.variables === variables) following.read();
});
const subscription = api.graphql({ query: ON_PROGRESS, variables }).subscribe({
  next: (/** @type {any} */ { data }) => following.push(data.onProgress),
  error: console.error,
});

await following.ended;
subscription.unsubscribe();
process.exit(); // Amplify leaves timers behind
