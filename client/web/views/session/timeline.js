/**
 * The agent's log as a list that grows: reasoning, tool calls with their answers, warnings, and the streamed answer as
 * flowing text.
 *
 * Only adds to what is there, and lays out only the blocks of rows that are near, so that ten thousand events cost no
 * more than the new ones. It scrolls along while the reader is at its end, and stands still once the reader has
 * scrolled up. It fetches nothing.
 */

import { el, say } from "../dom.js";
import { counted } from "../words.js";
import { Answer, ToolRow, textRow } from "./timeline-rows.js";

/** @typedef {import("../../stream/merge.js").AgentEvent} AgentEvent */

/** How near to its end, in pixels, the list counts as being read there. */
const NEAR_END = 40;
/** How many rows are laid out or left out together. */
const BLOCK = 50;
/** How many events are added between two frames: a log of thousands must not hold up the page. */
const SLICE = 120;

export class Timeline {
  #last = 0;
  /** @type {(AgentEvent | null)[]} not shown yet, in order; null for the end of a run */
  #waiting = [];
  #draining = false;
  #rows = 0;
  // Roles, not an `ol`: a block stands between the list and its items, and is none of either.
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
  /** @type {Map<string | null, ToolRow>} the calls that wait for their answers, by tool */
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
    // Rows that come into view take their real height, and paragraphs grow.
    new ResizeObserver(() => this.#atEnd && this.#toEnd()).observe(this.#list);
    // Whoever opens the details of a row wants to read there.
    this.#list.addEventListener("click", (/** @type {any} */ event) => {
      if (event.target.closest("summary")) this.#atEnd = false;
    });
  }

  /**
   * Add the events that are not there yet; they come in order.
   *
   * @param {AgentEvent[]} events
   */
  add(events) {
    for (const event of events) this.#waiting.push(event);
    this.#drain();
  }

  /** The run is over: no answer will come to a call that has none. */
  end() {
    this.#waiting.push(null);
    this.#drain();
  }

  /** Show what waits: the first of it now, more of it after the next frame. */
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
   * @returns {Node | null} a new row, or null when the event went into one that is there
   */
  #row(event) {
    if (event.type === "CHUNK") return this.#chunk(event);
    if (event.type === "FINAL_RESPONSE") return this.#final(event);
    if (event.type === "TOOL_RESPONSE") return this.#answered(event);
    this.#closeAnswer();
    if (event.type !== "TOOL_CALL") return textRow(event);
    const call = new ToolRow(event);
    this.#open.get(event.tool)?.unanswered();
    this.#open.set(event.tool, call);
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
    const call = this.#open.get(event.tool);
    this.#open.delete(event.tool);
    const row = call ?? new ToolRow(null, event);
    row.answered(event);
    return call ? null : row.element;
  }

  /**
   * The agent repeats at the end what it streamed: shown once.
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
    // Only the reader scrolls up; that the end moves away is no reason to stay behind.
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
