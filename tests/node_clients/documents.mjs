// The operations that the client scripts send, as a reader's own frontend would write them.

export const SUBMIT = `mutation Submit($input: AssessmentInput!) { submitAssessment(input: $input) { id status } }`;

export const ON_PROGRESS = `subscription OnProgress($sessionId: ID!) {
  onProgress(sessionId: $sessionId) { status progress revision events { sequence type text } }
}`;

export const SESSION = `query Session($id: ID!) { session(id: $id) { status progress revision lastSequence } }`;

export const EVENTS = `query Events($sessionId: ID!, $after: Int) {
  events(sessionId: $sessionId, after: $after, limit: 1000) { items { sequence type text } }
}`;
