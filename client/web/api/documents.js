/**
 * Fetches the GraphQL documents of `operations/`, each of them once.
 *
 * `documentOf` adds to an operation the fragments that it spreads. It adds no others, because GraphQL refuses a
 * document with an unused fragment. `api/api.js` and the playground call it; this module never calls the API.
 */

import { fromNetwork, fromStatus } from "./errors.js";

const SECONDS = 15;

/** @type {Map<string, Promise<string>>} */
const texts = new Map();

/**
 * @param {string} folder the address of the operations, with a slash at the end
 * @param {string} name
 * @returns {Promise<string>} the operation and its fragments
 */
export async function documentOf(folder, name) {
  const [operation, fragments] = await Promise.all([text(folder, name), text(folder, "fragments")]);
  return assembled(operation, fragments);
}

/**
 * @param {string} operation
 * @param {string} fragments
 * @returns {string}
 */
export function assembled(operation, fragments) {
  const known = new Map(definitions(fragments).map((text) => [text.match(/^fragment\s+(\w+)/)?.[1], text]));
  const needed = new Set([operation.trim()]);
  // A loop over a set also visits what is added during the loop.
  for (const text of needed) {
    for (const [, name] of withoutComments(text).matchAll(/\.\.\.\s*(?!on\b)(\w+)/g)) {
      const fragment = known.get(name);
      if (fragment) needed.add(fragment);
    }
  }
  return [...needed].join("\n\n");
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {Promise<string>}
 */
function text(folder, name) {
  const url = new URL(`${name}.graphql`, folder).href;
  const wanted = texts.get(url) ?? fetched(url);
  texts.set(url, wanted);
  // After a failure, the next call fetches it again.
  wanted.catch(() => texts.delete(url));
  return wanted;
}

/**
 * @param {string} url
 * @returns {Promise<string>}
 */
async function fetched(url) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(SECONDS * 1000) });
    if (!answer.ok) throw fromStatus(answer.status);
    return await answer.text();
  } catch (error) {
    throw fromNetwork(error);
  }
}

/**
 * The definitions in a document, each from its keyword to the brace that closes it.
 *
 * @param {string} document
 * @returns {string[]}
 */
function definitions(document) {
  const found = [];
  let depth = 0;
  let begin = 0;
  const bare = withoutComments(document);
  for (let at = 0; at < bare.length; at += 1) {
    if (bare[at] === "{") depth += 1;
    if (bare[at] !== "}") continue;
    depth -= 1;
    if (depth) continue;
    found.push(bare.slice(begin, at + 1).trim());
    begin = at + 1;
  }
  return found;
}

/** @param {string} document */
function withoutComments(document) {
  return document.replaceAll(/#.*/g, "");
}
