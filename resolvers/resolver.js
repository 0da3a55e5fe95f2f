// The one APPSYNC_JS unit resolver, on every root field: hand what the resolvers' Lambda reads of AppSync's context to
// it, and turn the errors it answers into GraphQL errors. The request's headers stay here: tokens and keys are in them.
import { util } from "@aws-appsync/utils";

export function request(ctx) {
  const { fieldName, parentTypeName, selectionSetList } = ctx.info;
  return {
    operation: "Invoke",
    payload: {
      arguments: ctx.arguments,
      identity: ctx.identity || null, // not populated for the API key
      // By name: `info` as a whole would lose the selection set, which is left out when it is turned into JSON.
      info: { fieldName, parentTypeName, selectionSetList },
    },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) {
    // The Lambda failed. Its own words carry a request id or an advice; the runtime's could carry details.
    const own = error.message && error.message.startsWith("Internal error");
    util.error(own ? error.message : "Internal error: try again.", "Internal");
  }
  if (result && result.error) {
    util.error(result.error.message, result.error.type, null, result.error.info);
  }
  return result;
}
