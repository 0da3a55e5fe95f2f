/** Fakes for the tests of the page's modules: time, sockets, storage and an API that the test controls. */

/** @typedef {import("node:test").TestContext} TestContext */
/** @typedef {import("../../client/web/stream/merge.js").AgentEvent} AgentEvent */
/** @typedef {import("../../client/web/stream/merge.js").State} State */
/** @typedef {{url: string, headers: Record<string, string>, body: any}} Call of `fetch` */
/** @typedef {[status: number, body: unknown]} Answer to a call; a body that is no string is sent as JSON */
/** @typedef {(call: Call, count: number) => Answer | Promise<Answer>} Answers may throw what `fetch` would throw */

/** Let everything run that waits only for promises. */
export async function settle() {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Replaces the clock for one test. `await advance(ms)` moves it on in small steps.
 *
 * @param {TestContext} t
 */
export function clock(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  return async function advance(/** @type {number} */ milliseconds) {
    for (let left = milliseconds; left > 0; left -= 100) {
      t.mock.timers.tick(Math.min(100, left));
      await settle();
    }
    await settle();
  };
}

/**
 * Replaces a global for one test.
 *
 * @template Value
 * @param {TestContext} t
 * @param {string} name
 * @param {Value} value
 */
export function replaced(t, name, value) {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  t.after(() => (before ? Object.defineProperty(globalThis, name, before) : Reflect.deleteProperty(globalThis, name)));
  return value;
}

/** `localStorage` and `sessionStorage` in memory. */
export class Storage {
  /** @type {Map<string, string>} */
  items = new Map();
  /** @param {string} name */
  getItem(name) {
    return this.items.get(name) ?? null;
  }
  /**
   * @param {string} name
   * @param {unknown} value
   */
  setItem(name, value) {
    this.items.set(name, String(value));
  }
  /** @param {string} name */
  removeItem(name) {
    this.items.delete(name);
  }
  get length() {
    return this.items.size;
  }
  /** @param {number} place */
  key(place) {
    return [...this.items.keys()][place] ?? null;
  }
}

/** A WebSocket whose server is the test. `FakeSocket.made` lists all, the newest last. */
export class FakeSocket {
  /** @type {FakeSocket[]} */
  static made = [];
  readyState = 0;
  /** @type {any[]} */
  sent = [];
  closed = false;
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {((message: {data: string}) => void) | null} */
  onmessage = null;
  /** @type {(() => void) | null} */
  onclose = null;

  /**
   * @param {string} url
   * @param {string[]} protocols
   */
  constructor(url, protocols) {
    this.url = url;
    this.protocols = protocols;
    FakeSocket.made.push(this);
  }

  static get newest() {
    const socket = FakeSocket.made.at(-1);
    if (!socket) throw new Error("no socket has been opened");
    return socket;
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
    this.closed = true;
  }

  /** The server's side. */
  accept() {
    this.readyState = 1;
    this.onopen?.();
  }
  /** @param {unknown} frame */
  says(frame) {
    this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }
  drop() {
    this.readyState = 3;
    this.onclose?.();
  }
  get start() {
    return this.sent.find((frame) => frame.type === "start");
  }
}

/**
 * Replaces `fetch` for one test.
 *
 * @param {TestContext} t
 * @param {Answers} answers
 * @returns {Call[]} grows with each call
 */
export function fakeFetch(t, answers) {
  /** @type {Call[]} */
  const calls = [];
  replaced(t, "fetch", async (/** @type {URL | string} */ url, /** @type {any} */ init = {}) => {
    const call = { url: String(url), headers: init.headers ?? {}, body: init.body && JSON.parse(init.body) };
    calls.push(call);
    const [status, body] = await answers(call, calls.length);
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  });
  return calls;
}

/** @type {import("../../client/web/api/config.js").Config} */
export const CONFIG = {
  graphqlEndpoint: "http://127.0.0.1:8000/graphql",
  realtimeEndpoint: "ws://127.0.0.1:8000/graphql/realtime",
  userPoolEndpoint: "http://127.0.0.1:8000/cognito-idp",
  region: "us-east-1",
  userPoolId: "us-east-1_1",
  userPoolClientId: "client-1",
  operationsUrl: "http://127.0.0.1:8000/operations/",
};

/**
 * @param {number} revision
 * @param {number} lastSequence
 * @param {object} fields that differ from those of a session that runs
 * @returns {State}
 */
export function state(revision, lastSequence, fields = {}) {
  return {
    id: "s-1",
    status: "PROCESSING",
    currentStage: "Working",
    progress: revision,
    revision,
    lastSequence,
    cancelRequested: false,
    errorMessage: null,
    results: { requirementsData: null },
    proposalVersion: 0,
    usage: { inputTokens: 0, outputTokens: 0, cacheReadInputTokens: 0, modelCost: null, modelCostCurrency: null },
    updatedAt: "2026-11-22T12:00:00.000Z",
    ...fields,
  };
}

/**
 * @param {number} from the first event's sequence
 * @param {number} to the last event's sequence
 * @returns {AgentEvent[]}
 */
export function events(from, to) {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    sequence: from + index,
    type: "REASONING",
    tool: null,
    toolCallId: null,
    text: `event ${from + index}`,
    truncated: false,
    timestamp: "2026-11-22T12:00:00.000Z",
  }));
}
