/** What the page's modules are tested against: time that the test moves, sockets and an API that it holds. */

/** Let everything that waits for nothing but promises run. */
export async function settle() {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Time of the test's own. `await advance(ms)` moves it in small steps. */
export function clock(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  return async function advance(milliseconds) {
    for (let left = milliseconds; left > 0; left -= 100) {
      t.mock.timers.tick(Math.min(100, left));
      await settle();
    }
    await settle();
  };
}

/** Replaces a global for the length of a test. */
export function replaced(t, name, value) {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  t.after(() => (before ? Object.defineProperty(globalThis, name, before) : delete globalThis[name]));
  return value;
}

/** `localStorage` and `sessionStorage` in memory. */
export class Storage {
  items = new Map();
  getItem(name) {
    return this.items.get(name) ?? null;
  }
  setItem(name, value) {
    this.items.set(name, String(value));
  }
  removeItem(name) {
    this.items.delete(name);
  }
}

/** A WebSocket whose server is the test. `FakeSocket.made` lists them, newest last. */
export class FakeSocket {
  static made = [];
  readyState = 0;
  sent = [];
  closed = false;

  constructor(url, protocols) {
    Object.assign(this, { url, protocols });
    FakeSocket.made.push(this);
  }

  static get newest() {
    return FakeSocket.made.at(-1);
  }

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

/** `fetch` answered by `answers(url, init)`: an answer's status and body, or an error that it throws. */
export function fakeFetch(t, answers) {
  const calls = [];
  replaced(t, "fetch", async (url, init = {}) => {
    const call = { url: String(url), headers: init.headers ?? {}, body: init.body && JSON.parse(init.body) };
    calls.push(call);
    const [status, body] = await answers(call, calls.length);
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  });
  return calls;
}

export const CONFIG = {
  graphqlEndpoint: "http://127.0.0.1:8000/graphql",
  realtimeEndpoint: "ws://127.0.0.1:8000/graphql/realtime",
  userPoolEndpoint: "http://127.0.0.1:8000/cognito-idp",
  userPoolClientId: "client-1",
  operationsUrl: "http://127.0.0.1:8000/operations/",
};

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
    updatedAt: "2026-11-22T12:00:00.000Z",
    ...fields,
  };
}

export function events(from, to) {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    sequence: from + index,
    text: `event ${from + index}`,
  }));
}
