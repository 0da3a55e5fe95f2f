// Apollo Client over aws-appsync-auth-link and aws-appsync-subscription-link, in the mode that its argument says.
//
// Argument: {url, region, auth, notes} or, to follow a session that is there, {url, region, auth, sessionId}.

import { createRequire } from "node:module";

import { SUBMIT } from "./documents.mjs";
import { described, follow } from "./follow.mjs";

// All in their CommonJS form: the module form of aws-appsync-auth-link 4 can't sign under Node, as it looks for its
// hash function among names that Node does not see in a CommonJS package.
const require = createRequire(import.meta.url);
const { ApolloClient, ApolloLink, InMemoryCache, gql } = require("@apollo/client/core");
const { createAuthLink } = require("aws-appsync-auth-link");
const { CONTROL_EVENTS_KEY, createSubscriptionHandshakeLink } = require("aws-appsync-subscription-link");
const { tap } = require("rxjs");

const { url, region, auth, notes, sessionId } = JSON.parse(process.argv[2]);

// Apollo Client hands on no result without data, and the link's note of start_ack has none: a link sees it first.
const acknowledgement = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap(({ extensions }) => extensions?.controlMsgType === "CONNECTED" && operation.getContext().acknowledged()),
  ),
);

const apollo = new ApolloClient({
  link: ApolloLink.from([
    acknowledgement,
    createAuthLink({ url, region, auth }),
    createSubscriptionHandshakeLink({ url, region, auth }),
  ]),
  cache: new InMemoryCache(),
  // Apollo Client would add its name to the body, after the link has signed it for IAM.
  enhancedClientAwareness: { transport: false },
  defaultOptions: { query: { fetchPolicy: "no-cache" } },
});

const client = {
  async query(document, variables) {
    return (await apollo.query({ query: gql(document), variables })).data;
  },
  subscribe(document, variables, { acknowledged, pushed, failed }) {
    const subscription = apollo
      .subscribe({
        query: gql(document),
        variables,
        fetchPolicy: "no-cache",
        context: { controlMessages: { [CONTROL_EVENTS_KEY]: true }, acknowledged },
      })
      .subscribe({
        next: ({ data, error }) => (error ? failed(error) : pushed(data)),
        error: failed,
      });
    return () => subscription.unsubscribe();
  },
};

async function submitted() {
  const { data } = await apollo.mutate({ mutation: gql(SUBMIT), variables: { input: notes } });
  return data.submitAssessment.id;
}

try {
  const id = sessionId ?? (await submitted());
  console.log(JSON.stringify({ id, ...(await follow(client, id)) }));
} catch (error) {
  console.log(JSON.stringify({ refused: described(error) }));
}
process.exit(0);
