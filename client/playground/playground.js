/**
 * Opens GraphiQL with our API's schema, subscriptions and sample operations; `start.js` calls it.
 *
 * It reads the schema by introspection, and again when you type other credentials. It never stores headers. A link may
 * carry credentials after its `#`, which no server sees: `/playground/#x-api-key=…`.
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
 * What GraphiQL shows before you edit anything. By itself it would show only the query of the first tab.
 *
 * @param {{query: string, variables: string}} tab
 */
function firstSample({ query, variables }) {
  const edited = ["query", "variables"].some((name) => storage.getItem(`graphiql:${name}`) !== null);
  return edited ? {} : { initialQuery: query, initialVariables: variables };
}

/** Reads the schema again when you type other credentials. */
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
    // Another tab's pane may be empty: the last credentials still count.
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
 * The operation to run. Just after a change of tabs, GraphiQL still names the other tab's operation.
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

/** @returns {Record<string, string> | null} the address's credentials, which are removed from it */
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
