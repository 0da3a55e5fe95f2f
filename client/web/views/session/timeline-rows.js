/**
 * The rows of the agent's log: a text, a tool call with its answer, the streamed answer. `views/session/timeline.js`
 * decides which event goes into which row; a row never reads markup from it.
 */

import { add, el, say } from "../dom.js";
import { clock, number } from "../formats.js";
import { toolWords } from "../labels.js";
import { gist, pretty } from "./json-text.js";

/** @typedef {import("../../stream/merge.js").AgentEvent} AgentEvent */

/** @type {Record<string, {symbol: string, name: string, look: string}>} */
const LOOKS = {
  REASONING: { symbol: "·", name: "Reasoning", look: "reasoning" },
  WARNING: { symbol: "!", name: "Warning", look: "warning" },
};

/**
 * Reasoning, a warning, or an event of a kind that this page does not know.
 *
 * @param {AgentEvent} event
 */
export function textRow(event) {
  const look = LOOKS[event.type] ?? { symbol: "?", name: event.type, look: "other" };
  return row(
    event,
    look,
    el(
      "p",
      {},
      event.type === "REASONING" ? hidden(`${look.name}: `) : el("strong", {}, `${look.name}: `),
      event.text.trim(),
      cut(event),
    ),
  );
}

/** One row for a tool's call and its answer. */
export class ToolRow {
  #call;
  /** @type {AgentEvent | null} */
  #answer = null;
  #state = el("span", { class: "tool-state muted" }, "working …");
  #gist = el("p", { class: "gist muted" });
  #details = el(
    "details",
    { ontoggle: () => this.#fill() },
    el("summary", {}, "Details"),
    el("div", { class: "exchange" }),
  );

  /**
   * @param {AgentEvent | null} call null if the log has only the answer
   * @param {AgentEvent | null} answer given if there is no call
   */
  constructor(call, answer = null) {
    this.#call = call;
    const event = /** @type {AgentEvent} */ (call ?? answer);
    const tool = event.tool ?? "A tool";
    this.element = row(
      event,
      { symbol: "▸", name: "Tool", look: "tool" },
      el("p", {}, hidden("Tool: "), el("strong", { title: tool }, toolWords(tool)), " ", this.#state),
      this.#gist,
      this.#details,
    );
  }

  /** @param {AgentEvent} answer */
  answered(answer) {
    this.#answer = answer;
    this.element.classList.add("answered");
    const seconds = this.#call ? (Date.parse(answer.timestamp) - Date.parse(this.#call.timestamp)) / 1000 : NaN;
    say(this.#state, seconds >= 0 ? `answered in ${number(seconds)} s` : "answered");
    say(this.#gist, gist(answer.text));
    this.#fill();
  }

  unanswered() {
    say(this.#state, "no answer");
  }

  /** The JSON is formatted only when the details are open. */
  #fill() {
    if (!this.#details.open) return;
    const parts = /** @type {const} */ ([
      ["Asked", this.#call],
      ["Answered", this.#answer],
    ]);
    this.#details.lastElementChild.replaceChildren(
      ...parts.flatMap(([title, event]) => (event ? exchange(title, event) : [])),
    );
  }
}

/**
 * @param {string} title
 * @param {AgentEvent} event
 */
function exchange(title, event) {
  return [
    el("h3", {}, title, cut(event)),
    el("pre", { tabindex: "0", "aria-label": title }, pretty(event.text) || "nothing"),
  ];
}

/** The streamed answer: its chunks are joined, and each line is a paragraph. */
export class Answer {
  text = "";
  #waiting = "";
  #body = el("div", { class: "answer-text" });
  /** @type {Text | null} the paragraph that the next chunk continues */
  #line = null;

  /** @param {AgentEvent} event */
  constructor(event) {
    this.element = row(
      event,
      { symbol: "»", name: "Answer", look: "answer" },
      el("p", {}, el("strong", {}, "Answer")),
      this.#body,
    );
  }

  /** @param {string} text */
  append(text) {
    this.text += text;
    this.#waiting += text;
  }

  /** Show all chunks that have been appended since the last call. */
  flush() {
    const [first, ...others] = this.#waiting.split("\n");
    this.#waiting = "";
    this.#goOn(first);
    for (const line of others) {
      this.#line = null;
      this.#goOn(line);
    }
  }

  /** @param {string} text */
  #goOn(text) {
    if (this.#line) this.#line.appendData(text);
    else if (text) {
      this.#line = document.createTextNode(text);
      this.#body.append(el("p", {}, this.#line));
    }
  }
}

/**
 * @param {AgentEvent} event
 * @param {{symbol: string, name: string, look: string}} look
 * @param {...any} body
 */
function row(event, look, ...body) {
  const element = el(
    "div",
    { class: `event ${look.look}`, role: "listitem", "data-sequence": event.sequence },
    el("time", { datetime: event.timestamp }, clock(event.timestamp)),
    el("span", { class: "symbol", "aria-hidden": "true" }, look.symbol),
  );
  add(element, el("div", { class: "event-body" }, ...body));
  return element;
}

/** @param {AgentEvent} event */
function cut(event) {
  return event.truncated && el("span", { class: "muted" }, " (cut)");
}

/** @param {string} text */
function hidden(text) {
  return el("span", { class: "visually-hidden" }, text);
}
