/** The card of progress: stage, bar, steps, connection and how the session ended. It never calls the API. */

import { ENDED } from "../../api/words.js";
import { add, el, say } from "../dom.js";
import { stageWords, statusWords } from "../labels.js";
import { Stages } from "./stages.js";

/** @typedef {import("../../stream/merge.js").State} State */

const CONNECTIONS = {
  live: "Live",
  polling: "Connection lost: checking every 2 seconds",
  offline: "Offline: trying again",
};

/** What to do when a session ended without completing. */
const ADVICE = {
  ERROR: "What was finished is kept. Run it again: finished steps are not done twice.",
  CONFIGURATION_ERROR:
    "The notes are safe. Ask whoever runs ScopeSmith to change the setting that is named here, then run it again.",
  CANCELLED: "What was finished is kept. Run it again to go on.",
};

export class ProgressCard {
  #stage = el("p", { class: "current-stage", role: "status" });
  #bar = el("progress", { max: 100, value: 0, "aria-label": "Progress" });
  #percent = el("span", { class: "percent" }, "0 %");
  #connection = el("p", { class: "connection", role: "status" });
  #end = el("section", { class: "end", role: "alert", hidden: true });
  #stages = new Stages();

  element;

  /** @param {...any} more to show below */
  constructor(...more) {
    this.element = el(
      "section",
      { class: "card progress-card", "aria-label": "Progress" },
      el("div", { class: "progress-row" }, this.#stage, this.#connection),
      el("div", { class: "bar-row" }, this.#bar, this.#percent),
      this.#stages.element,
      this.#end,
      ...more,
    );
  }

  /** @param {State} state */
  show(state) {
    say(this.#stage, headline(state));
    // The API's own words, to compare with its log.
    this.#stage.title = state.currentStage ?? "";
    this.#bar.value = state.progress;
    say(this.#percent, `${state.progress} %`);
    this.#stages.show(state);
    this.#showEnd(state);
    if (ENDED.has(state.status)) this.connected(null);
  }

  /** @param {keyof typeof CONNECTIONS | null} connection null to show nothing */
  connected(connection) {
    say(this.#connection, connection ? CONNECTIONS[connection] : "");
    this.#connection.dataset.connection = connection ?? "";
  }

  /** @param {State} state */
  #showEnd(state) {
    const advice = ADVICE[/** @type {keyof typeof ADVICE} */ (state.status)];
    this.#end.hidden = !advice;
    if (!advice) return this.#end.replaceChildren();
    const { label, kind } = statusWords(state.status);
    this.#end.className = `end ${kind}`;
    this.#end.replaceChildren(el("h2", {}, label));
    add(this.#end, state.errorMessage && el("p", { class: "error-message" }, state.errorMessage), el("p", {}, advice));
  }
}

/** @param {State} state */
function headline(state) {
  if (state.status === "COMPLETED") return "Completed: both documents are ready.";
  if (ENDED.has(state.status)) return `Ended at: ${stageWords(state)}`;
  if (state.cancelRequested) return "Cancel requested: the agent stops at its next step.";
  return stageWords(state);
}
