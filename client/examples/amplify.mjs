// Submits an assessment with AWS Amplify v6 and prints how it goes: node amplify.mjs https://ORIGIN
//
// Signs in as SCOPESMITH_USER with SCOPESMITH_PASSWORD. Amplify speaks TLS alone: locally start with --tls, and let
// NODE_EXTRA_CA_CERTS name the certificate that the start prints.

import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";
import { signIn } from "aws-amplify/auth";
import { Hub } from "aws-amplify/utils";

import { Following, ON_PROGRESS, SUBMIT } from "./following.mjs";

const page = process.argv[2];
const config = await (await fetch(new URL("config.json", page))).json();
const absolute = (path) => new URL(path, page).href;

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
await signIn({ username: process.env.SCOPESMITH_USER, password: process.env.SCOPESMITH_PASSWORD });

const api = generateClient();
const ask = async (query, variables) => (await api.graphql({ query, variables })).data;

const notes = { clientName: "Example Ltd", requirements: "Customers must see their orders online." };
const clientRequestToken = crypto.randomUUID(); // sent again after a lost answer, it gives the same session
const { submitAssessment } = await ask(SUBMIT, { input: { ...notes, clientRequestToken } });

const following = new Following(ask, submitAssessment.id, ({ state, events }) => {
  console.log(state.progress, state.status, ...events.map(({ sequence, type }) => `${sequence} ${type}`));
});
const variables = { sessionId: submitAssessment.id };
// Amplify reconnects by itself, and says on its Hub alone when the subscription is acknowledged.
Hub.listen("api", ({ payload: { message, data } }) => {
  if (message === "Connection established for subscription" && data.variables === variables) following.read();
});
const subscription = api
  .graphql({ query: ON_PROGRESS, variables })
  .subscribe({ next: ({ data }) => following.push(data.onProgress), error: (error) => console.error(error) });

await following.ended;
subscription.unsubscribe();
process.exit(); // Amplify leaves timers behind
