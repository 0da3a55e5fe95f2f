/** The five tools and the final answer as steps, each with where it stands. Shows a state; knows no API. */

import { ENDED } from "../../stream/merge.js";
import { el, say } from "../dom.js";
import { TOOL_NAMES, toolWords } from "../words.js";

/** Percent of the whole that is done once a step is: schema/statuses.py has them (a test compares). */
export const DONE_AT = {
  RequirementsAnalyzer: 30,
  CostCalculator: 50,
  TemplateRetriever: 60,
  PowerPointGenerator: 80,
  SOWGenerator: 95,
  answer: 100,
};

/** @type {Record<string, {symbol: string, words: string}>} */
const LOOKS = {
  waiting: { symbol: "", words: "waiting" },
  running: { symbol: "", words: "at work" },
  done: { symbol: "✓", words: "done" },
  failed: { symbol: "!", words: "failed here" },
  stopped: { symbol: "–", words: "stopped here" },
};

export class Stages {
  #steps = [...TOOL_NAMES, "answer"].map((name) => ({
    name,
    symbol: el("span", { class: "step-symbol", "aria-hidden": "true" }),
    words: el("span", { class: "step-words" }),
    item: el("li", {}),
  }));

  element = el(
    "ol",
    { class: "stages", "aria-label": "Steps" },
    this.#steps.map(({ name, symbol, words, item }) => {
      item.append(
        symbol,
        el("span", { class: "step-name" }, name === "answer" ? "Final check" : toolWords(name)),
        words,
      );
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
 * Where a step stands.
 *
 * @param {string} name
 * @param {import("../../stream/merge.js").State} state
 */
export function standing(name, state) {
  const done = DONE_AT[/** @type {keyof typeof DONE_AT} */ (name)];
  const atIt = name === "answer" ? state.progress >= DONE_AT.SOWGenerator : state.currentStage === `Running ${name}`;
  if (state.progress >= done && !(atIt && !ENDED.has(state.status))) return "done";
  if (!atIt) return "waiting";
  if (!ENDED.has(state.status)) return "running";
  return state.status === "CANCELLED" ? "stopped" : "failed";
}
