// Amplify v6 in each mode of its argument's `modes`, all at once: their subscriptions share one socket.
//
// Argument: {api, userPool, user, credentials, modes, notes}. IAM may not submit: it follows the user's session.

import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";
import { signIn } from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { Hub } from "aws-amplify/utils";

import { SUBMIT } from "./documents.mjs";
import { described, follow } from "./follow.mjs";

const { api, userPool, user, credentials, modes, notes } = JSON.parse(process.argv[2]);

let sockets = 0;
globalThis.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    sockets += 1;
  }
};

Amplify.configure(
  { API: { GraphQL: api }, ...(userPool && { Auth: { Cognito: userPool } }) },
  {
    Auth: {
      tokenProvider: cognitoUserPoolsTokenProvider,
      credentialsProvider: {
        getCredentialsAndIdentityId: async () => ({ credentials }),
        clearCredentialsAndIdentityId() {},
      },
    },
  },
);
// If you pass your own credentials, Amplify does not configure the provider of tokens.
if (userPool) cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito: userPool });

const amplify = generateClient();

const clientOf = (authMode) => ({
  async query(query, variables) {
    return (await amplify.graphql({ query, variables, authMode })).data;
  },
  subscribe(query, variables, { acknowledged, pushed, failed }) {
    // Amplify reports start_ack only on its Hub, with the variables that it was given.
    const unlisten = Hub.listen("api", ({ payload: { message, data } }) => {
      if (message === "Connection established for subscription" && data.variables === variables) acknowledged();
    });
    const subscription = amplify
      .graphql({ query, variables, authMode })
      .subscribe({ next: ({ data }) => pushed(data), error: failed });
    return () => {
      unlisten();
      subscription.unsubscribe();
    };
  },
});

async function submitted(mode) {
  const { submitAssessment } = await clientOf(mode).query(SUBMIT, { input: notes });
  return submitAssessment.id;
}

try {
  if (user) await signIn(user);
  const ids = {};
  for (const mode of modes.filter((mode) => mode !== "iam")) ids[mode] = await submitted(mode);
  if (modes.includes("iam")) ids.iam = ids.userPool ?? ids.apiKey;
  const followed = async (mode) => [mode, { id: ids[mode], ...(await follow(clientOf(mode), ids[mode])) }];
  const told = await Promise.all(modes.map(followed));
  console.log(JSON.stringify({ sockets, ...Object.fromEntries(told) }));
} catch (error) {
  console.log(JSON.stringify({ refused: described(error) }));
}
process.exit(0);
