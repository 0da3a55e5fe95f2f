// The APPSYNC_JS unit resolver of announceProgress, with a data source that does nothing. It answers the progress that
// the resolvers' Lambda gives, so that AppSync pushes it to the subscribers.
export function request(ctx) {
  return { payload: ctx.arguments.progress };
}

export function response(ctx) {
  return ctx.result;
}
