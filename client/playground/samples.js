/** The playground's first tabs: the documents of `operations/`, with sample variables. */

import { documentOf } from "../api/documents.js";

const SESSION_ID = "a session's id: submit one, or list yours";

/** One tab each, in the order in which a new user needs them. */
const SAMPLES = [
  [
    "submit",
    {
      input: {
        clientName: "Fennmark Logistics",
        projectName: "Order portal",
        industry: "Logistics",
        requirements:
          "Customers must see their orders and invoices online. Sign-in with the existing accounts. " +
          "Two systems to connect: the ERP and the warehouse. Go live before March.",
        duration: "6 months",
        teamSize: 5,
      },
    },
  ],
  ["on_progress", { sessionId: SESSION_ID }],
  ["sessions", { limit: 20 }],
  ["session", { id: SESSION_ID }],
  ["events", { sessionId: SESSION_ID, after: 0, limit: 100 }],
  ["cancel", { id: SESSION_ID }],
  ["retry", { id: SESSION_ID }],
];

/**
 * @param {string} folder the address of the operations
 * @param {string} headers for each tab's Headers pane
 */
export async function sampleTabs(folder, headers) {
  const tab = async (/** @type {any} */ [name, variables]) => ({
    query: await documentOf(folder, name),
    variables: JSON.stringify(variables, null, 2),
    headers,
  });
  return Promise.all(SAMPLES.map(tab));
}
