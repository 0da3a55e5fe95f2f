/**
 * One session, live: follows it through `stream.js` and hands each update to the parts that show it. Here are also
 * cancel, retry, and what is said when the session fails, is not there, or can't be reached.
 */

import { costsCard } from "./costs.js";
import { add, el, say } from "./dom.js";
import { Downloads } from "./downloads.js";
import { ENDED } from "./merge.js";
import { requirementsCard } from "./requirements.js";
import { Stages } from "./stages.js";
import { follow } from "./stream.js";
import { Timeline } from "./timeline.js";
import { moment, statusWords } from "./words.js";

const CONNECTIONS = {
  live: "Live",
  polling: "Connection lost: checking every 2 seconds",
  offline: "Offline: trying again",
};

const COMING = "Requirements, costs and documents appear here, each as soon as the agent has it.";

const TRY_AGAIN_MS = 2_000;

/** What to do about an end that is no completion. */
const ADVICE = {
  ERROR: "What was finished is kept. Run it again: finished steps are not done twice.",
  CONFIGURATION_ERROR:
    "The notes are safe. Ask whoever runs ScopeSmith to change the setting that is named here, then run it again.",
  CANCELLED: "What was finished is kept. Run it again to go on.",
};

/**
 * @param {import("./main.js").App} app
 * @param {string} id
 * @param {any} submitted the session, where it is known already
 * @returns {import("./main.js").View}
 */
export function sessionView(app, id, submitted) {
  return new SessionView(app, id, submitted);
}

/** @implements {import("./main.js").View} */
class SessionView {
  title = "Proposal";
  #app;
  #id;
  /** @type {any} what is known of the session */
  #session;
  /** @type {any} the newest state that was shown */
  #state = null;
  #closed = new AbortController();
  #following = false;
  /** Ends what is being followed, to follow it from a newer state. */
  #restart = new AbortController();

  #heading = el("h1", { tabindex: "-1" }, "Proposal");
  #about = el("p", { class: "muted about" });
  #badge = el("span", { class: "status" });
  #stage = el("p", { class: "current-stage", role: "status" });
  #bar = el("progress", { max: 100, value: 0, "aria-label": "Progress" });
  #percent = el("span", { class: "percent" }, "0 %");
  #connection = el("p", { class: "connection", role: "status" });
  #cancel = el("button", { type: "button", class: "secondary", hidden: true, onclick: () => this.#cancelled() }, "Cancel");
  #retry = el("button", { type: "button", class: "primary", hidden: true, onclick: () => this.#retried() }, "Run it again");
  #problem = el("p", { class: "problem", role: "alert" });
  #end = el("section", { class: "end", role: "alert", hidden: true });
  #stages = new Stages();
  #timeline = new Timeline();
  #downloads = new Downloads(() => this.#app.api.state(this.#id));
  #costs = part();
  #requirements = part();
  #hint = el("p", { class: "muted hint-card" }, COMING);

  element = el(
    "div",
    { class: "session" },
    el("div", { class: "session-head" }, el("div", {}, this.#heading, this.#about), el("div", { class: "session-now" }, this.#badge, this.#cancel)),
    el(
      "section",
      { class: "card progress-card", "aria-label": "Progress" },
      el("div", { class: "progress-row" }, this.#stage, this.#connection),
      el("div", { class: "bar-row" }, this.#bar, this.#percent),
      this.#stages.element,
      this.#end,
      this.#problem,
      el("div", { class: "actions" }, this.#retry),
    ),
    el(
      "div",
      { class: "columns" },
      el(
        "div",
        { class: "results" },
        this.#hint,
        this.#downloads.element,
        this.#costs.element,
      ),
      this.#timeline.element,
      this.#requirements.element,
    ),
  );

  /**
   * @param {import("./main.js").App} app
   * @param {string} id
   * @param {any} submitted
   */
  constructor(app, id, submitted) {
    this.#app = app;
    this.#id = id;
    this.#session = submitted;
    // Another tab may have started it again.
    document.addEventListener("visibilitychange", () => this.#lookAgain(), { signal: this.#closed.signal });
    void this.resume();
  }

  close() {
    this.#closed.abort();
  }

  /** Load what is not known yet, and follow; also after a sign-in that had ended. */
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
        if (!error.passing || this.#closed.signal.aborted) throw error;
        this.#connected("offline");
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
      }
    }
  }

  /** @param {any} session */
  #introduce({ assessment, createdAt }) {
    say(this.#heading, assessment.clientName);
    const parts = [assessment.projectName, `submitted ${moment(createdAt)}`];
    say(this.#about, parts.filter(Boolean).join(" · "));
  }

  /** @param {any} known */
  async #follow(known) {
    const signal = AbortSignal.any([this.#closed.signal, this.#restart.signal]);
    const onConnection = (/** @type {keyof typeof CONNECTIONS} */ connection) => this.#connected(connection);
    for await (const { state, events } of follow(this.#app.api, this.#id, { known, onConnection, signal })) {
      if (signal.aborted) return;
      this.#timeline.add(events);
      this.#show(state);
    }
  }

  /** @param {any} state */
  #show(state) {
    // A stream that begins anew may begin with less than is shown.
    if (this.#state && state.revision < this.#state.revision) return;
    this.#state = state;
    const ended = ENDED.has(state.status);
    const { label, kind } = statusWords(state.status);
    say(this.#badge, label);
    this.#badge.className = `status ${kind}`;
    say(this.#stage, state.cancelRequested && !ended ? "Cancel requested: the agent stops at its next step." : stageWords(state));
    this.#bar.value = state.progress;
    say(this.#percent, `${state.progress} %`);
    this.#stages.show(state);
    this.#showResults(state.results);
    this.#showEnd(state);
    this.#cancel.hidden = ended;
    this.#cancel.disabled = state.cancelRequested;
    say(this.#cancel, state.cancelRequested ? "Cancelling …" : "Cancel");
    this.#retry.hidden = !ended || state.status === "COMPLETED";
    if (ended) {
      this.#timeline.end();
      say(this.#connection, "");
    }
    this.title = `${ended ? label : `${state.progress} %`} · ${this.#heading.textContent}`;
    this.#app.titled(this);
  }

  /** @param {any} results */
  #showResults(results) {
    this.#downloads.show(results);
    this.#costs.show(results.costData, costsCard);
    this.#requirements.show(results.requirementsData, requirementsCard);
    const any = results.powerpointUrl || results.sowUrl || results.costData || results.requirementsData;
    this.#hint.hidden = Boolean(any);
    if (ENDED.has(this.#state.status)) say(this.#hint, "This run ended before it had any result.");
    else say(this.#hint, COMING);
  }

  /** @param {any} state */
  #showEnd(state) {
    const advice = ADVICE[/** @type {keyof typeof ADVICE} */ (state.status)];
    this.#end.hidden = !advice;
    if (!advice) return this.#end.replaceChildren();
    const { label, kind } = statusWords(state.status);
    this.#end.className = `end ${kind}`;
    this.#end.replaceChildren(el("h2", {}, label));
    add(this.#end, state.errorMessage && el("p", { class: "error-message" }, state.errorMessage), el("p", {}, advice));
  }

  /** @param {keyof typeof CONNECTIONS} connection */
  #connected(connection) {
    say(this.#connection, CONNECTIONS[connection]);
    this.#connection.dataset.connection = connection;
  }

  async #cancelled() {
    this.#cancel.disabled = true;
    await this.#asked(async () => {
      const session = await this.#app.api.cancel(this.#id);
      // A session that no run has taken yet is cancelled at once, and nothing is pushed about it.
      this.#session = session;
      this.#restart.abort();
    });
    this.#cancel.disabled = Boolean(this.#state?.cancelRequested);
  }

  async #retried() {
    this.#retry.disabled = true;
    await this.#asked(async () => {
      this.#session = await this.#app.api.retry(this.#id);
      void this.resume();
      this.#cancel.focus();
    });
    this.#retry.disabled = false;
  }

  /** @param {() => Promise<void>} ask */
  async #asked(ask) {
    say(this.#problem, "");
    try {
      await ask();
    } catch (error) {
      if (this.#app.signInEnded(error)) return;
      say(this.#problem, error.message);
      void this.#lookAgain();
    }
  }

  async #lookAgain() {
    if (document.visibilityState !== "visible" || this.#following || !this.#state || this.#state.status === "COMPLETED") return;
    try {
      this.#session = await this.#app.api.session(this.#id);
      await this.resume();
    } catch {
      // What is shown stays; the next look may succeed.
    }
  }

  /** @param {any} error */
  #failed(error) {
    if (this.#closed.signal.aborted || this.#app.signInEnded(error)) return;
    if (error.type === "NotFound") return this.#notThere();
    say(this.#connection, "");
    say(this.#problem, error.message);
  }

  #notThere() {
    this.title = "Not found";
    this.#app.titled(this);
    this.element.replaceChildren(
      el(
        "section",
        { class: "card not-found" },
        el("h1", { tabindex: "-1" }, "No such proposal"),
        el("p", {}, "This proposal does not exist or is not yours. Old proposals are removed after a while."),
        el("p", {}, el("a", { href: "#/sessions" }, "See my proposals")),
      ),
    );
  }
}

/** A place for a card that is built anew only when what it shows has changed. */
function part() {
  const element = el("div", { class: "part" });
  let shown = "null";
  return {
    element,
    /**
     * @param {any} data
     * @param {(data: any) => HTMLElement | null} build
     */
    show(data, build) {
      const written = JSON.stringify(data ?? null);
      if (written === shown) return;
      shown = written;
      const card = data ? build(data) : null;
      element.replaceChildren(...(card ? [card] : []));
    },
  };
}

/** @param {any} state */
function stageWords({ status, currentStage }) {
  if (status === "COMPLETED") return "Completed: both documents are ready.";
  const stage = currentStage || statusWords(status).label;
  return ENDED.has(status) ? `Ended at: ${stage}` : stage;
}
