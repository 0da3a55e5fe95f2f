/** The five tools and the final answer as steps, each with its state. It never calls the API. */

import { COMPLETED_PROGRESS, ENDED, running, TOOLS } from "../../api/words.js";
import { el, say } from "../dom.js";
import { toolWords } from "../labels.js";

/** The step that follows the tools. */
const ANSWER = "answer";

/** The steps, each with the percent of the whole that is done once it is. */
const STEPS = new Map(
  [...TOOLS, { name: ANSWER, progress: COMPLETED_PROGRESS }].map((step) => [step.name, step.progress]),
);

/** The percent that is done once every tool is. */
const TOOLS_DONE_AT = Math.max(...TOOLS.map((tool) => tool.progress));

/** @type {Record<string, {symbol: string, words: string}>} */
const LOOKS = {
  waiting: { symbol: "", words: "waiting" },
  running: { symbol: "", words: "at work" },
  done: { symbol: "✓", words: "done" },
  failed: { symbol: "!", words: "failed here" },
  stopped: { symbol: "–", words: "stopped here" },
};

export class Stages {
  #steps = [...STEPS.keys()].map((name) => ({
    name,
    symbol: el("span", { class: "step-symbol", "aria-hidden": "true" }),
    words: el("span", { class: "step-words" }),
    item: el("li", {}),
  }));

  element = el(
    "ol",
    { class: "stages", "aria-label": "Steps" },
    this.#steps.map(({ name, symbol, words, item }) => {
      item.append(symbol, el("span", { class: "step-name" }, name === ANSWER ? "Final check" : toolWords(name)), words);
      return item;
    }),
  );

  /** @param {import("../../stream/merge.js").State} state */
  show(state) {
    for (const { name, symbol, words, item } of this.#steps) {
      const look = standing(name, state);
      item.className = look;
      say(symbol, LOOKS[look].symbol);
      say(words, LOOKS[look].words);
      if (look === "running") item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    }
  }
}

/**
 * The state of a step.
 *
 * @param {string} name
 * @param {import("../../stream/merge.js").State} state
 */
export function standing(name, state) {
  const done = STEPS.get(name) ?? COMPLETED_PROGRESS;
  const atIt = name === ANSWER ? state.progress >= TOOLS_DONE_AT : state.currentStage === running(name);
  if (state.progress >= done && !(atIt && !ENDED.has(state.status))) return "done";
  if (!atIt) return "waiting";
  if (!ENDED.has(state.status)) return "running";
  return state.status === "CANCELLED" ? "stopped" : "failed";
}
