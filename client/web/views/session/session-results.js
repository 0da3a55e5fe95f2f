/** The session's results so far. Each card appears as soon as it has something to show. */

import { ENDED } from "../../api/words.js";
import { el, say } from "../dom.js";
import { costsCard } from "./costs.js";
import { Downloads } from "./downloads.js";
import { requirementsCard } from "./requirements.js";

const COMING = "Requirements, costs and documents appear here, each as soon as the agent has it.";
const NOTHING = "This run ended before it had any result.";

export class Results {
  #downloads;
  #hint = el("p", { class: "muted hint-card" }, COMING);
  #costs = part(costsCard);
  #requirements = part(requirementsCard);

  /** @param {() => Promise<any>} read the session's state, with new links */
  constructor(read) {
    this.#downloads = new Downloads(read);
  }

  /** The documents, which come before everything else. */
  get first() {
    return this.#downloads.element;
  }

  get others() {
    return [this.#hint, this.#costs.element, this.#requirements.element];
  }

  /** @param {import("../../stream/merge.js").State} state */
  show({ results, status }) {
    this.#downloads.show(results);
    this.#costs.show(results.costData);
    this.#requirements.show(results.requirementsData);
    this.#hint.hidden = Boolean(
      results.powerpointUrl || results.sowUrl || results.costData || results.requirementsData,
    );
    say(this.#hint, ENDED.has(status) ? NOTHING : COMING);
  }
}

/**
 * A place for a card, which is built again only when its data has changed.
 *
 * @param {(data: any) => HTMLElement | null} build
 */
function part(build) {
  const element = el("div", { class: "part" });
  let shown = "null";
  return {
    element,
    /** @param {any} data */
    show(data) {
      const written = JSON.stringify(data ?? null);
      if (written === shown) return;
      shown = written;
      const card = data ? build(data) : null;
      element.replaceChildren(...(card ? [card] : []));
    },
  };
}
