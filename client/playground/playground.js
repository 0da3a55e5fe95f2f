/**
 * GraphiQL with our API's schema, subscriptions and sample operations.
 *
 * It reads the schema by introspection, again when other credentials are typed. Headers are not stored. A link may
 * bring credentials after its `#`, which no server sees: `/playground/#x-api-key=…`.
 */

import { loadConfig } from "../api/config.js";
import {
  createElement,
  createRoot,
  GraphiQL,
  getOperationAST,
  parse,
  useEffect,
  useGraphiQLActions,
} from "./built/graphiql.js";
import { fetcher, hasCredentials } from "./fetcher.js";
import { sampleTabs } from "./samples.js";
import { storage } from "./storage.js";

const TYPING_MS = 600;

/** @param {HTMLElement} place */
export async function open(place) {
  const config = await loadConfig(new URL("..", document.baseURI).href);
  const headers = JSON.stringify(linkedCredentials() ?? { "x-api-key": "" }, null, 2);
  const tabs = await sampleTabs(config.operationsUrl, headers);
  const credentials = new Credentials(headers);
  const playground = createElement(
    GraphiQL,
    {
      fetcher: fetcher(config, operationOf),
      defaultTabs: tabs,
      defaultHeaders: headers,
      initialHeaders: headers,
      ...firstSample(tabs[0]),
      storage,
      defaultEditorToolsVisibility: "headers",
      shouldPersistHeaders: false,
      showPersistHeadersSettings: false,
      onEditHeaders: (/** @type {string} */ text) => credentials.typed(text),
    },
    createElement(
      GraphiQL.Logo,
      null,
      createElement("a", { className: "graphiql-logo-link", href: "../" }, "ScopeSmith"),
    ),
    createElement(GraphiQL.Footer, null, createElement(About, { credentials })),
  );
  createRoot(place).render(playground);
}

/**
 * What GraphiQL shows where nobody has edited anything yet. Of the first tab it would show the query alone.
 *
 * @param {{query: string, variables: string}} tab
 */
function firstSample({ query, variables }) {
  const edited = ["query", "variables"].some((name) => storage.getItem(`graphiql:${name}`) !== null);
  return edited ? {} : { initialQuery: query, initialVariables: variables };
}

/** Notices when other credentials are typed, and has the schema read with them. */
class Credentials {
  /** @type {() => void} */
  introspect = () => {};
  #known;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {string} headers */
  constructor(headers) {
    this.#known = headers;
  }

  /** @param {string} text of the Headers pane */
  typed(text) {
    // Another tab's empty pane is no change: what was typed last counts.
    if (text === this.#known || !hasCredentials(parsed(text))) return;
    this.#known = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.introspect(), TYPING_MS);
  }
}

/** The line below the answers. */
function About(/** @type {{credentials: Credentials}} */ { credentials }) {
  const { introspect } = useGraphiQLActions();
  useEffect(() => {
    credentials.introspect = introspect;
  });
  const code = (/** @type {string} */ text) => createElement("code", null, text);
  return createElement(
    "p",
    { className: "credentials" },
    "Credentials go into the Headers pane, for requests and subscriptions alike: ",
    code('{"x-api-key": "…"}'),
    " or ",
    code('{"Authorization": "a user’s token"}'),
    ". A pane without any uses the last ones, or your sign-in on the page.",
  );
}

/**
 * The operation to run. For a moment after a change of tabs GraphiQL still names the other tab's.
 *
 * @param {string} query
 * @param {string} [name]
 */
function operationOf(query, name) {
  try {
    const document = parse(query);
    const node = getOperationAST(document, name) ?? getOperationAST(document);
    return { kind: node?.operation, name: node?.name?.value };
  } catch {
    return { name }; // the API says what is wrong with it
  }
}

/** @returns {Record<string, string> | null} what the address brought along; it is taken out of it */
function linkedCredentials() {
  const given = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (!hasCredentials(given)) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return given;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
