/**
 * The user's sessions, one page at a time: first those that wait for a review, then the newest. The list refreshes
 * itself, faster while a session runs.
 */

import { ApiError, messageOf } from "../api/errors.js";
import { AWAITING_REVIEW, ENDED, RESTS } from "../api/words.js";
import { sessionAddress } from "../router.js";
import { el, say } from "./dom.js";
import { moment } from "./formats.js";
import { statusWords } from "./labels.js";
import { press } from "./press.js";

const PAGE = 20;
/** The largest page that the API gives. */
const MOST = 100;
/** How many of the largest pages are searched for what waits, before "Show more" is offered. */
const SEARCHED_PAGES = 5;
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
  #onlyWaiting = false;

  #waiting = el(
    "button",
    { type: "button", class: "secondary filter", "aria-pressed": "false", onclick: () => this.#filter() },
    "Waiting for me",
  );
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
      el(
        "div",
        { class: "actions" },
        this.#waiting,
        el("a", { class: "button primary", href: "#/new" }, "New proposal"),
      ),
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
    const running = [...this.#lines.values()].some((one) => !RESTS.has(one.status));
    this.#timer = setTimeout(() => void this.resume(), running ? REFRESH_MS : REST_MS);
  }

  async #refresh() {
    const first = this.#lines.size === 0;
    const { items, nextToken } = await this.#app.api.sessions(Math.min(MOST, Math.max(PAGE, this.#lines.size)));
    if (this.#closed.signal.aborted) return;
    if (first) this.#next = nextToken;
    this.#take(items);
    this.#sayIfEmpty();
  }

  #sayIfEmpty() {
    const none = this.#onlyWaiting
      ? "Nothing waits for your review."
      : "No proposals yet. Paste the notes of a meeting to make the first.";
    say(this.#note, this.#list.childElementCount ? "" : none);
  }

  /** Show only what waits for a review, or everything again. What waits may be on a later page. */
  async #filter() {
    this.#onlyWaiting = !this.#onlyWaiting;
    this.#waiting.setAttribute("aria-pressed", String(this.#onlyWaiting));
    this.#arrange();
    this.#sayIfEmpty();
    for (let page = 0; this.#onlyWaiting && this.#next && page < SEARCHED_PAGES; page += 1) {
      if (!(await this.#loadPage(MOST))) return;
    }
  }

  /**
   * @param {number} size
   * @returns {Promise<boolean>} whether it could be read
   */
  async #loadPage(size) {
    try {
      const { items, nextToken } = await this.#app.api.sessions(size, this.#next);
      if (this.#closed.signal.aborted) return false;
      this.#next = nextToken;
      this.#take(items);
      this.#sayIfEmpty();
      return true;
    } catch (error) {
      if (!this.#closed.signal.aborted && !this.#app.signInEnded(error)) say(this.#note, messageOf(error));
      return false;
    }
  }

  async #loadMore() {
    await press(this.#more, "Loading …", async () => {
      const before = new Set(this.#list.children);
      if (!(await this.#loadPage(PAGE))) return;
      const added = [...this.#lines.values()].find(({ element }) => element.isConnected && !before.has(element));
      added?.link.focus();
    });
  }

  /** @param {any[]} items */
  #take(items) {
    for (const item of items) {
      const known = this.#lines.get(item.id);
      if (known) known.show(item);
      else this.#lines.set(item.id, line(item));
    }
    this.#arrange();
  }

  #arrange() {
    const all = [...this.#lines.values()].sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
    const waiting = all.filter(({ status }) => status === AWAITING_REVIEW);
    const shown = this.#onlyWaiting ? waiting : [...waiting, ...all.filter((one) => !waiting.includes(one))];
    const places = new Set(shown.map(({ element }) => element));
    for (const element of [...this.#list.children]) if (!places.has(element)) element.remove();
    shown.forEach((one, place) => {
      // Move only rows that are out of place, so that focus and selection stay.
      if (this.#list.children[place] !== one.element)
        this.#list.insertBefore(one.element, this.#list.children[place] ?? null);
    });
    this.#more.hidden = !this.#next;
    say(this.#waiting, waiting.length ? `Waiting for me (${waiting.length})` : "Waiting for me");
    this.title = waiting.length ? `${waiting.length} waiting · My proposals` : "My proposals";
    this.#app.titled(this);
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
      view.element.classList.toggle("waits", now.status === AWAITING_REVIEW);
    },
  };
  view.show(item);
  return view;
}
