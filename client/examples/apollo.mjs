// Submits an assessment with Apollo Client 4 over AWS's links and prints its progress: node apollo.mjs https://ORIGIN
//
// SCOPESMITH_TOKEN is a user's Cognito token, or SCOPESMITH_API_KEY the API's key.

import { ApolloClient, ApolloLink, gql, InMemoryCache } from "@apollo/client/core";
import { createAuthLink } from "aws-appsync-auth-link";
import { CONTROL_EVENTS_KEY, createSubscriptionHandshakeLink } from "aws-appsync-subscription-link";
import { tap } from "rxjs";

import { Following, ON_PROGRESS, SUBMIT } from "./following.mjs";

const page = process.argv[2];
const { SCOPESMITH_TOKEN: token, SCOPESMITH_API_KEY: apiKey = "" } = process.env;
/** @type {import("aws-appsync-auth-link").AuthOptions} */
const auth = token ? { type: "AMAZON_COGNITO_USER_POOLS", jwtToken: () => token } : { type: "API_KEY", apiKey };
const config = await (await fetch(new URL("config.json", page))).json();
const options = { url: new URL(config.graphqlEndpoint, page).href, region: config.region, auth };

// AWS's link announces the acknowledgement in a result without data, which Apollo Client drops: see it before.
const acknowledged = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap(({ extensions }) => extensions?.controlMsgType === "CONNECTED" && operation.getContext().onAcknowledged()),
  ),
);
const apollo = new ApolloClient({
  link: ApolloLink.from([acknowledged, createAuthLink(options), createSubscriptionHandshakeLink(options)]),
  cache: new InMemoryCache(),
  defaultOptions: { query: { fetchPolicy: "no-cache" } }, // the cache would answer a second read
});
/** @type {(text: string) => import("@apollo/client/core").TypedDocumentNode<any, any>} */
const parsed = gql;
/** @type {(query: string, variables: object) => Promise<any>} */
const ask = async (query, variables) => (await apollo.query({ query: parsed(query), variables })).data;

const notes = { clientName: "Example Ltd", requirements: "Customers must see their orders online." };
const clientRequestToken = crypto.randomUUID(); // sent again after a lost answer, it gives the same session
const variables = { input: { ...notes, clientRequestToken } };
const { data } = await apollo.mutate({ mutation: parsed(SUBMIT), variables });
const sessionId = data.submitAssessment.id;

const following = new Following(ask, sessionId, ({ state, events }) => {
  console.log(state.progress, state.status, ...events.map(({ sequence, type }) => `${sequence} ${type}`));
});
// AWS's link does not reconnect: subscribe again when it reports that the connection is lost.
/** @type {import("rxjs").Subscription | undefined} */
let subscription;
function subscribe() {
  subscription = apollo
    .subscribe({
      query: parsed(ON_PROGRESS),
      variables: { sessionId },
      fetchPolicy: "no-cache",
      context: { controlMessages: { [CONTROL_EVENTS_KEY]: true }, onAcknowledged: () => following.read() },
    })
    .subscribe(({ data, error }) => (error ? setTimeout(subscribe, 2_000) : following.push(data.onProgress)));
}
subscribe();

await following.ended;
subscription?.unsubscribe();
process.exit(); // the link leaves a timer behind
