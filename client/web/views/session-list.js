/** The user's sessions, newest first, one page at a time. The list refreshes itself, faster while a session runs. */

import { ApiError, messageOf } from "../api/errors.js";
import { ENDED } from "../api/words.js";
import { sessionAddress } from "../router.js";
import { el, say } from "./dom.js";
import { moment } from "./formats.js";
import { statusWords } from "./labels.js";
import { press } from "./press.js";

const PAGE = 20;
/** The largest page that the API gives. */
const MOST = 100;
/** While a session runs. */
const REFRESH_MS = 4_000;
/** While no session runs; another tab may submit one. */
const REST_MS = 20_000;

/** @typedef {import("../main.js").App} App */
/** @typedef {import("../main.js").View} View */

/**
 * @param {App} app
 * @returns {View}
 */
export function sessionList(app) {
  return new SessionList(app);
}

/** @implements {View} */
class SessionList {
  title = "My proposals";
  #app;
  /** @type {Map<string, ReturnType<typeof line>>} in the order of the list */
  #lines = new Map();
  /** @type {string | null} */
  #next = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #closed = new AbortController();

  #list = el("ul", { class: "sessions", "aria-label": "My proposals" });
  #note = el("p", { class: "muted", role: "status" }, "Loading …");
  #more = el(
    "button",
    { type: "button", class: "secondary", hidden: true, onclick: () => this.#loadMore() },
    "Show more",
  );

  element = el(
    "div",
    { class: "narrow" },
    el(
      "div",
      { class: "page-head" },
      el("h1", { tabindex: "-1" }, "My proposals"),
      el("a", { class: "button primary", href: "#/new" }, "New proposal"),
    ),
    this.#list,
    this.#note,
    this.#more,
  );

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    const looked = () => document.visibilityState === "visible" && void this.resume();
    document.addEventListener("visibilitychange", looked, { signal: this.#closed.signal });
    void this.resume();
  }

  close() {
    this.#closed.abort();
    clearTimeout(this.#timer);
  }

  /** Read the list again, and schedule the next read. */
  async resume() {
    clearTimeout(this.#timer);
    if (this.#closed.signal.aborted) return;
    if (document.visibilityState === "visible") {
      try {
        await this.#refresh();
      } catch (error) {
        if (this.#closed.signal.aborted || this.#app.signInEnded(error)) return;
        say(this.#note, messageOf(error));
        if (!(error instanceof ApiError && error.passing)) return;
      }
    }
    if (this.#closed.signal.aborted) return;
    clearTimeout(this.#timer);
    const running = [...this.#lines.values()].some((one) => !ENDED.has(one.status));
    this.#timer = setTimeout(() => void this.resume(), running ? REFRESH_MS : REST_MS);
  }

  async #refresh() {
    const first = this.#lines.size === 0;
    const { items, nextToken } = await this.#app.api.sessions(Math.min(MOST, Math.max(PAGE, this.#lines.size)));
    if (this.#closed.signal.aborted) return;
    if (first) this.#next = nextToken;
    this.#take(items);
    say(this.#note, this.#lines.size ? "" : "No proposals yet. Paste the notes of a meeting to make the first.");
  }

  async #loadMore() {
    await press(this.#more, "Loading …", async () => {
      try {
        const { items, nextToken } = await this.#app.api.sessions(PAGE, this.#next);
        this.#next = nextToken;
        const before = this.#lines.size;
        this.#take(items);
        say(this.#note, "");
        [...this.#lines.values()][before]?.link.focus();
      } catch (error) {
        if (!this.#closed.signal.aborted && !this.#app.signInEnded(error)) say(this.#note, messageOf(error));
      }
    });
  }

  /** @param {any[]} items */
  #take(items) {
    for (const item of items) {
      const known = this.#lines.get(item.id);
      if (known) known.show(item);
      else this.#lines.set(item.id, line(item));
    }
    const newestFirst = [...this.#lines.values()].sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
    newestFirst.forEach((one, place) => {
      // Move only rows that are out of place, so that focus and selection stay.
      if (this.#list.children[place] !== one.element)
        this.#list.insertBefore(one.element, this.#list.children[place] ?? null);
    });
    this.#more.hidden = !this.#next;
  }
}

/** @param {any} item a SessionSummary */
function line(item) {
  const badge = el("span", { class: "status" });
  const bar = el("progress", { max: 100, "aria-label": "Progress" });
  const link = el("a", { href: sessionAddress(item.id) }, item.clientName);
  const view = {
    createdAt: item.createdAt,
    status: item.status,
    link,
    element: el(
      "li",
      {},
      el(
        "div",
        { class: "session-name" },
        link,
        el("p", { class: "muted small" }, [item.projectName, moment(item.createdAt)].filter(Boolean).join(" · ")),
      ),
      el("div", { class: "session-state" }, badge, bar),
    ),
    /** @param {any} now */
    show(now) {
      view.status = now.status;
      const { label, kind } = statusWords(now.status);
      say(badge, label);
      badge.className = `status ${kind}`;
      bar.value = now.progress;
      bar.hidden = ENDED.has(now.status);
    },
  };
  view.show(item);
  return view;
}
