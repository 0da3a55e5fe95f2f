/**
 * The agent's log as a growing list: reasoning, tool calls with their answers, warnings, and the streamed answer.
 *
 * It only appends rows, and the browser lays out only the blocks of rows near the viewport, so a log of ten thousand
 * events stays fast. It follows the newest row until the reader scrolls up. It never calls the API.
 */

import { el, say } from "../dom.js";
import { counted } from "../formats.js";
import { Answer, ToolRow, textRow } from "./timeline-rows.js";

/** @typedef {import("../../stream/merge.js").AgentEvent} AgentEvent */

/** Within this distance from its end, in pixels, the list follows the newest row. */
const NEAR_END = 40;
/** How many rows the browser lays out, or skips, together. */
const BLOCK = 50;
/** How many events are added in one go, so that a log of thousands does not block the page. */
const SLICE = 120;

export class Timeline {
  #last = 0;
  /** @type {(AgentEvent | null)[]} events still to be shown, in order; null for the end of a run */
  #waiting = [];
  #draining = false;
  #rows = 0;
  // Roles instead of an `ol`: the blocks between the list and its items would not be valid in an `ol`.
  #list = el("div", { class: "events", role: "list" });
  #block = el("div", { class: "block" });
  #empty = el("p", { class: "muted empty" }, "The agent has not said anything yet.");
  #scroller = el(
    "div",
    { class: "scroller", tabindex: "0", role: "group", "aria-label": "Agent's log", onscroll: () => this.#scrolled() },
    this.#empty,
    this.#list,
  );
  #count = el("span", { class: "muted small" });
  #newest = el(
    "button",
    { type: "button", class: "newest secondary", hidden: true, onclick: () => this.#toEnd() },
    "Jump to the newest",
  );
  /** @type {Map<string | null, ToolRow>} calls without an answer so far, by what `keyOf` gives */
  #open = new Map();
  /** @type {Answer | null} */
  #answer = null;
  #atEnd = true;
  #top = 0;

  element = el(
    "section",
    { class: "card log", "aria-labelledby": "log-title" },
    el("div", { class: "card-head" }, el("h2", { id: "log-title" }, "What the agent does"), this.#count),
    this.#scroller,
    this.#newest,
  );

  constructor() {
    this.#list.append(this.#block);
    // The height changes when rows come into view and when paragraphs grow.
    new ResizeObserver(() => this.#atEnd && this.#toEnd()).observe(this.#list);
    // A reader who opens a row's details wants to stay there.
    this.#list.addEventListener("click", (/** @type {any} */ event) => {
      if (event.target.closest("summary")) this.#atEnd = false;
    });
  }

  /**
   * Add the events that are not in the list yet.
   *
   * @param {AgentEvent[]} events in order
   */
  add(events) {
    for (const event of events) this.#waiting.push(event);
    this.#drain();
  }

  /** The run is over: calls without an answer will get none. */
  end() {
    this.#waiting.push(null);
    this.#drain();
  }

  /** Show some of the waiting events now, and the rest a little later. */
  #drain() {
    if (this.#draining) return;
    for (const event of this.#waiting.splice(0, SLICE)) this.#take(event);
    this.#answer?.flush();
    if (this.#last) this.#empty.remove();
    say(this.#count, this.#last ? counted(this.#last, "event") : "");
    if (!this.#atEnd) this.#newest.hidden = false;
    if (!this.#waiting.length) return;
    this.#draining = true;
    setTimeout(() => {
      this.#draining = false;
      this.#drain();
    });
  }

  /** @param {AgentEvent | null} event */
  #take(event) {
    if (!event) {
      for (const call of this.#open.values()) call.unanswered();
      this.#open.clear();
      this.#closeAnswer();
    } else if (event.sequence > this.#last) {
      this.#last = event.sequence;
      const row = this.#row(event);
      if (row) this.#append(row);
    }
  }

  /** @param {Node} row */
  #append(row) {
    if (this.#rows > 0 && this.#rows % BLOCK === 0) {
      this.#block.classList.add("full");
      this.#block = el("div", { class: "block" });
      this.#list.append(this.#block);
    }
    this.#rows += 1;
    this.#block.append(row);
  }

  #closeAnswer() {
    this.#answer?.flush();
    this.#answer = null;
  }

  /**
   * @param {AgentEvent} event
   * @returns {Node | null} a new row, or null when the event belongs to an existing one
   */
  #row(event) {
    if (event.type === "CHUNK") return this.#chunk(event);
    if (event.type === "FINAL_RESPONSE") return this.#final(event);
    if (event.type === "TOOL_RESPONSE") return this.#answered(event);
    this.#closeAnswer();
    if (event.type !== "TOOL_CALL") return textRow(event);
    const call = new ToolRow(event);
    const key = keyOf(event);
    this.#open.get(key)?.unanswered();
    this.#open.set(key, call);
    return call.element;
  }

  /** @param {AgentEvent} event */
  #chunk(event) {
    const begun = this.#answer;
    const answer = begun ?? new Answer(event);
    answer.append(event.text);
    this.#answer = answer;
    return begun ? null : answer.element;
  }

  /** @param {AgentEvent} event */
  #answered(event) {
    const key = keyOf(event);
    const call = this.#open.get(key);
    this.#open.delete(key);
    const row = call ?? new ToolRow(null, event);
    row.answered(event);
    return call ? null : row.element;
  }

  /**
   * The final response repeats the streamed answer, which is not shown twice.
   *
   * @param {AgentEvent} event
   */
  #final(event) {
    const streamed = this.#answer?.text.trim() ?? "";
    this.#closeAnswer();
    const text = event.text.trim();
    if (!text || streamed.startsWith(text)) return null;
    const answer = new Answer(event);
    answer.append(event.text + (event.truncated ? " (cut)" : ""));
    answer.flush();
    return answer.element;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    // Only the reader scrolls up. New rows move the end away, but that must not stop the following.
    if (scrollHeight - scrollTop - clientHeight < NEAR_END) this.#atEnd = true;
    else if (scrollTop < this.#top) this.#atEnd = false;
    this.#top = scrollTop;
    if (this.#atEnd) this.#newest.hidden = true;
  }

  #toEnd() {
    this.#atEnd = true;
    this.#newest.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}

/**
 * What a call and its answer have in common: the call's id, or the tool where the log has no id.
 *
 * @param {AgentEvent} event
 */
function keyOf({ tool, toolCallId }) {
  return toolCallId ?? tool;
}
