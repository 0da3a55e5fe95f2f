/**
 * The view of one session. It follows the session with `stream/stream.js` and passes each update to the parts that show
 * it. It also cancels, retries and deletes, and says when the session does not exist or can't be read.
 */

import { ApiError, messageOf } from "../../api/errors.js";
import { ENDED, RESTS } from "../../api/words.js";
import { stream } from "../../stream/stream.js";
import { el, say } from "../dom.js";
import { moment } from "../formats.js";
import { statusWords, usageWords } from "../labels.js";
import { notFound } from "../not-found.js";
import { press } from "../press.js";
import { Drafts } from "../review/review-draft.js";
import { askToDelete } from "./delete-dialog.js";
import { ProgressCard } from "./progress-card.js";
import { RestCard } from "./rest-card.js";
import { Results } from "./session-results.js";
import { Timeline } from "./timeline.js";

const TRY_AGAIN_MS = 2_000;

/** @typedef {import("../../api/answers.js").Session} Session */
/** @typedef {import("../../main.js").App} App */
/** @typedef {import("../../main.js").View} View */
/** @typedef {import("../../stream/merge.js").State} State */
/** @typedef {import("../../stream/stream.js").Connection} Connection */

/**
 * @param {App} app
 * @param {string} id
 * @param {Session | null} submitted the session, if it is known already
 * @returns {View}
 */
export function sessionView(app, id, submitted) {
  return new SessionView(app, id, submitted);
}

/** @implements {View} */
class SessionView {
  title = "Proposal";
  #app;
  #id;
  /** @type {Session | null} what is known of the session */
  #session;
  /** @type {State | null} the newest state that was shown */
  #state = null;
  #closed = new AbortController();
  #following = false;
  /** Ends the current stream, so that a new one starts from a newer state. */
  #restart = new AbortController();
  /**
   * The change that removes the pressed button, and the focus with it.
   *
   * @type {"end" | "start" | null}
   */
  #awaited = null;

  #heading = el("h1", { tabindex: "-1" }, "Proposal");
  #about = el("p", { class: "muted about" });
  #badge = el("span", { class: "status" });
  #cancel = el(
    "button",
    { type: "button", class: "secondary", hidden: true, onclick: () => this.#cancelled() },
    "Cancel",
  );
  #retry = el(
    "button",
    { type: "button", class: "primary", hidden: true, onclick: () => this.#retried() },
    "Run it again",
  );
  #problem = el("p", { class: "problem", role: "alert" });
  #progress = new ProgressCard(this.#problem, el("div", { class: "actions" }, this.#retry));
  #timeline = new Timeline();
  #usage = el("p", { class: "muted small usage", hidden: true });
  #results = new Results(() => this.#app.api.state(this.#id));
  #rest;
  /** The revision whose proposal is shown, as it is read only when the session rests. */
  #proposed = 0;

  element;

  /**
   * @param {App} app
   * @param {string} id
   * @param {Session | null} submitted
   */
  constructor(app, id, submitted) {
    this.#app = app;
    this.#id = id;
    this.#session = submitted;
    this.#rest = new RestCard(id, () => this.#askToDelete());
    this.element = el(
      "div",
      { class: "session" },
      el(
        "div",
        { class: "session-head" },
        el("div", {}, this.#heading, this.#about),
        el("div", { class: "session-now" }, this.#badge, this.#cancel, this.#rest.actions),
      ),
      this.#progress.element,
      this.#rest.element,
      // On a phone this is the order from top to bottom: the log comes before the long tables.
      el("div", { class: "columns" }, this.#results.first, this.#timeline.element, this.#results.others),
    );
    this.#timeline.element.append(this.#usage);
    // Another tab may have retried, reviewed or deleted the session.
    document.addEventListener("visibilitychange", () => this.#lookAgain(), { signal: this.#closed.signal });
    void this.resume();
  }

  close() {
    this.#closed.abort();
  }

  /** Load the session if it is not known, and follow it. Called again after a new sign-in. */
  async resume() {
    if (this.#following) return;
    this.#following = true;
    try {
      do {
        this.#restart = new AbortController();
        this.#session ??= await this.#loaded();
        this.#introduce(this.#session);
        await this.#follow(this.#session);
      } while (this.#restart.signal.aborted && !this.#closed.signal.aborted);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#following = false;
    }
  }

  async #loaded() {
    for (;;) {
      try {
        return await this.#app.api.session(this.#id);
      } catch (error) {
        if (!(error instanceof ApiError && error.passing)) throw error;
        this.#progress.connected("offline");
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
        if (this.#closed.signal.aborted) throw error;
      }
    }
  }

  /** @param {Session} session */
  #introduce({ assessment, createdAt }) {
    say(this.#heading, assessment.clientName);
    const parts = [assessment.projectName, `submitted ${moment(createdAt)}`];
    say(this.#about, parts.filter(Boolean).join(" · "));
  }

  /** @param {State} known */
  async #follow(known) {
    const signal = AbortSignal.any([this.#closed.signal, this.#restart.signal]);
    const onConnection = (/** @type {Connection} */ connection) => this.#progress.connected(connection);
    for await (const { state, events } of stream(this.#app.api, this.#id, { known, onConnection, signal })) {
      if (signal.aborted) return;
      this.#timeline.add(events);
      this.#show(state);
      void this.#showProposal(state);
    }
    // What is pushed of a deletion looks like a cancel with a message. Only a read tells them apart.
    if (this.#state?.status === "CANCELLED" && this.#state.errorMessage) await this.#app.api.state(this.#id);
  }

  /**
   * Read the proposal of a session that rests, for its price and the analysis' confidence.
   *
   * @param {State} state
   */
  async #showProposal({ revision, status, proposalVersion }) {
    if (!RESTS.has(status) || !proposalVersion || revision === this.#proposed) return;
    this.#proposed = revision;
    try {
      const proposal = await this.#app.api.proposal(this.#id);
      if (!this.#closed.signal.aborted && revision === this.#proposed) this.#rest.showProposal(proposal);
    } catch {
      // The session itself is shown. Its review reads the proposal again.
      this.#proposed = 0;
    }
  }

  /** @param {State} state */
  #show(state) {
    // A new stream may start with an older state than the one that is shown.
    if (this.#state && state.revision < this.#state.revision) return;
    this.#state = state;
    const ended = ENDED.has(state.status);
    const { label, kind } = statusWords(state.status);
    say(this.#badge, label);
    this.#badge.className = `status ${kind}`;
    this.#progress.show(state);
    this.#results.show(state);
    this.#rest.show(state);
    if (RESTS.has(state.status)) this.#timeline.end();
    const usage = usageWords(state.usage);
    say(this.#usage, usage);
    this.#usage.hidden = !usage;
    this.#offer(state, ended);
    this.title = `${ended ? label : `${state.progress} %`} · ${this.#heading.textContent}`;
    this.#app.titled(this);
  }

  /**
   * @param {State} state
   * @param {boolean} ended
   */
  #offer(state, ended) {
    this.#cancel.hidden = ended;
    this.#cancel.disabled = state.cancelRequested;
    say(this.#cancel, state.cancelRequested ? "Cancelling …" : "Cancel");
    this.#retry.hidden = !ended || state.status === "COMPLETED";
    if (this.#awaited !== (ended ? "end" : "start")) return;
    this.#awaited = null;
    // If the user has moved the focus elsewhere meanwhile, it stays there.
    const lost = [document.body, this.#cancel, this.#retry].includes(document.activeElement);
    if (lost) [this.#retry, this.#cancel, this.#heading].find((one) => !one.hidden)?.focus();
  }

  async #cancelled() {
    this.#awaited = "end";
    await press(this.#cancel, "Cancelling …", () =>
      this.#asked(async () => {
        // A session that has not started is cancelled at once, and nothing is pushed.
        this.#session = await this.#app.api.cancel(this.#id);
        this.#restart.abort();
        void this.resume();
      }),
    );
  }

  async #retried() {
    this.#awaited = "start";
    await press(this.#retry, "Starting …", () =>
      this.#asked(async () => {
        this.#session = await this.#app.api.retry(this.#id);
        void this.resume();
      }),
    );
  }

  #askToDelete() {
    askToDelete(this.#heading.textContent ?? "", {
      signInEnded: (error) => this.#app.signInEnded(error),
      remove: async () => {
        await this.#app.api.delete(this.#id);
        new Drafts(this.#app.session?.username ?? null, this.#id).dropAll();
        if (!this.#closed.signal.aborted) location.hash = "#/sessions";
      },
    });
  }

  /** @param {() => Promise<void>} ask */
  async #asked(ask) {
    say(this.#problem, "");
    try {
      await ask();
    } catch (error) {
      this.#awaited = null;
      if (this.#closed.signal.aborted || this.#app.signInEnded(error)) return;
      say(this.#problem, messageOf(error));
      void this.#lookAgain();
    }
  }

  async #lookAgain() {
    if (document.visibilityState !== "visible" || this.#following || !this.#state) return;
    try {
      const session = await this.#app.api.session(this.#id);
      if (ENDED.has(session.status) && session.revision === this.#state.revision) return;
      this.#session = session;
      await this.resume();
    } catch (error) {
      if (error instanceof ApiError && error.type === "NotFound") this.#notThere();
      // Otherwise keep what is shown. The next look may succeed.
    }
  }

  /** @param {unknown} error */
  #failed(error) {
    if (this.#closed.signal.aborted || this.#app.signInEnded(error)) return;
    if (error instanceof ApiError && error.type === "NotFound") return this.#notThere();
    this.#progress.connected(null);
    say(this.#problem, messageOf(error));
  }

  #notThere() {
    if (this.#closed.signal.aborted) return;
    this.title = "Not found";
    this.#app.titled(this);
    const held = document.activeElement === this.#heading;
    const text = "This proposal does not exist or is not yours. Old proposals are removed after a while.";
    this.element.replaceChildren(notFound("No such proposal", text));
    if (held) this.element.querySelector("h1").focus();
  }
}
