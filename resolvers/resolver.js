// The APPSYNC_JS unit resolver of every root field. It invokes the resolvers' Lambda with the parts of AppSync's context
// that the Lambda reads, and turns the errors that the Lambda returns into GraphQL errors. It does not pass on the
// request's headers, because they hold tokens and keys.
import { util } from "@aws-appsync/utils";

export function request(ctx) {
  const { fieldName, parentTypeName, selectionSetList } = ctx.info;
  return {
    operation: "Invoke",
    payload: {
      arguments: ctx.arguments,
      identity: ctx.identity || null, // undefined for the API key
      // Field by field, because AppSync leaves selectionSetList out if you pass `info` as a whole.
      info: { fieldName, parentTypeName, selectionSetList },
    },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error || (result && result.error)) {
    // AppSync logs this beside the error, with the request's id: so the session's id finds the request.
    console.error(`session_id ${sessionId(ctx.arguments)}`);
  }
  if (error) {
    // The Lambda failed. Its own messages hold a request id or say what to do. Those of the runtime may hold details.
    const own = error.message && error.message.startsWith("Internal error");
    util.error(own ? error.message : "Internal error: try again.", "Internal");
  }
  if (result && result.error) {
    util.error(result.error.message, result.error.type, null, result.error.info);
  }
  return result;
}

function sessionId({ id, sessionId: named, input }) {
  const asked = id || named || (input && input.sessionId) || "none";
  return asked.slice(0, 36); // a caller may send any text for an id
}
