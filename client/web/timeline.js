/**
 * The agent's log as a list that grows: reasoning, tool calls with their answers, warnings, and the streamed answer as
 * flowing text.
 *
 * Only adds to what is there, so that ten thousand events cost no more than the new ones. It scrolls along while the
 * reader is at its end, and stands still once the reader has scrolled up. It fetches nothing.
 */

import { el, say } from "./dom.js";
import { Answer, ToolRow, textRow } from "./timeline-rows.js";
import { counted } from "./words.js";

/** @typedef {import("./merge.js").AgentEvent} AgentEvent */

/** How near to its end, in pixels, the list counts as being read there. */
const NEAR_END = 40;

export class Timeline {
  #last = 0;
  #list = el("ol", { class: "events" });
  #empty = el("p", { class: "muted empty" }, "The agent has not said anything yet.");
  #scroller = el(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": "Agent's log", onscroll: () => this.#scrolled() },
    this.#empty,
    this.#list,
  );
  #count = el("span", { class: "muted small" });
  #newest = el(
    "button",
    { type: "button", class: "newest secondary", hidden: true, onclick: () => this.#toEnd() },
    "Jump to the newest",
  );
  /** @type {ToolRow | null} the call that waits for its answer */
  #open = null;
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
    const rows = document.createDocumentFragment();
    for (const event of events) {
      if (event.sequence <= this.#last) continue;
      this.#last = event.sequence;
      const row = this.#row(event);
      if (row) rows.append(row);
    }
    this.#answer?.flush();
    if (this.#last) this.#empty.remove();
    this.#list.append(rows);
    say(this.#count, this.#last ? counted(this.#last, "event") : "");
    if (this.#atEnd) this.#toEnd();
    else this.#newest.hidden = false;
  }

  /** No answer will come to a call that has none: the run is over. */
  end() {
    this.#open?.unanswered();
    this.#open = null;
    this.#answer?.flush();
    this.#answer = null;
  }

  /**
   * @param {AgentEvent} event
   * @returns {Node | null} a new row, or null when the event went into one that is there
   */
  #row(event) {
    if (event.type === "CHUNK") {
      const row = this.#answer ? null : (this.#answer = new Answer(event)).element;
      this.#answer.append(event.text);
      return row;
    }
    if (event.type === "FINAL_RESPONSE") return this.#final(event);
    if (event.type === "TOOL_CALL") {
      this.end();
      this.#open = new ToolRow(event);
      return this.#open.element;
    }
    if (event.type === "TOOL_RESPONSE") {
      if (this.#open?.answered(event)) {
        this.#open = null;
        return null;
      }
      const row = new ToolRow(null, event);
      row.answered(event);
      return row.element;
    }
    this.#answer?.flush();
    this.#answer = null;
    return textRow(event);
  }

  /**
   * The agent repeats at the end what it streamed: shown once.
   *
   * @param {AgentEvent} event
   */
  #final(event) {
    const streamed = this.#answer?.text.trim() ?? "";
    this.#answer?.flush();
    this.#answer = null;
    const text = event.text.trim();
    if (!text || (streamed && streamed.startsWith(text))) return null;
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
