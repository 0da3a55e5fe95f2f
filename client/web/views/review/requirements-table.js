/**
 * The requirements by work package, in a table whose rows are fields. It keeps each row's element, so that the focus
 * and the caret stay where they are when something else changes.
 */

import { el, say } from "../dom.js";
import { counted, money, number } from "../formats.js";
import { RequirementRow } from "./requirement-row.js";
import { groupWords } from "./review-words.js";
import { differs, isBuilt, OUT, sheetOf } from "./sheet.js";

/** @typedef {import("./sheet.js").Item} Item */
/** @typedef {import("../../api/answers.js").Proposal} Proposal */

const COLUMNS = ["Select", "Requirement", "Kind and package", "Size and priority", "In scope", "Change"];

/**
 * @typedef {object} Group
 * @property {string} id
 * @property {string} title
 * @property {string | null} workPackage null for requirements outside of any
 * @property {boolean} built
 * @property {Item[]} items
 */

/**
 * @typedef {object} Shown
 * @property {Proposal} base the version that is edited
 * @property {Item[]} items
 * @property {Set<string>} selected keys
 * @property {Map<string, string>} faults by key
 */

export class RequirementsTable {
  /** @type {Map<string, RequirementRow>} by key */
  #rows = new Map();
  /** @type {Map<string, ReturnType<typeof groupBody>>} by the group's id */
  #bodies = new Map();
  /** @type {string | null} */
  #chosen = null;
  /** @type {Proposal | null} */
  #base = null;
  /** @type {Map<string | null, Item>} the base's items, by id */
  #before = new Map();
  /** @type {string[]} */
  #packages = [];
  #events;
  #quoted;
  #table = el(
    "table",
    { class: "review-table" },
    el("caption", { class: "visually-hidden" }, "Requirements by work package"),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        COLUMNS.map((name, place) =>
          el("th", { scope: "col" }, el("span", { class: place === 0 && "visually-hidden" }, name)),
        ),
      ),
    ),
  );

  element = this.#table;

  /**
   * @param {import("./requirement-row.js").RowEvents & {onAdd: (workPackage: string | null) => void}} events
   * @param {(item: Item) => {line: number, text: string}[]} quoted the lines of the notes that an item comes from
   */
  constructor(events, quoted) {
    this.#events = events;
    this.#quoted = quoted;
  }

  /** @param {Shown} shown */
  show({ base, items, selected, faults }) {
    const held = /** @type {HTMLElement | null} */ (document.activeElement);
    if (base !== this.#base) this.#before = new Map(sheetOf(base).items.map((one) => [one.id, one]));
    this.#base = base;
    const packages = this.#sameNames(namesOf(base, items));
    for (const item of items) {
      const origin = this.#before.get(item.id);
      const mark = origin ? (differs(origin, item) ? "changed" : "") : "new";
      const fault = faults.get(item.key) ?? "";
      this.#row(item.key).show(item, { mark, selected: selected.has(item.key), fault, packages });
    }
    this.#arrange(grouped(items, packages), base);
    // A row that has moved to another package has lost the focus.
    if (held?.isConnected && this.#table.contains(held)) held.focus({ preventScroll: true });
    if (this.#chosen !== null && !this.#rows.has(this.#chosen)) this.#chosen = null;
  }

  /** @param {Item} item to mark, with its lines of the notes */
  choose(item) {
    if (this.#chosen !== null && this.#chosen !== item.key) this.#rows.get(this.#chosen)?.choose(null);
    this.#chosen = item.key;
    this.#rows.get(item.key)?.choose(this.#quoted(item));
  }

  /** @param {string} key */
  focus(key) {
    const row = this.#rows.get(key);
    row?.focus();
    row?.element.scrollIntoView({ block: "nearest" });
  }

  /**
   * The rows' keys as they are shown, from top to bottom.
   *
   * @returns {string[]}
   */
  get order() {
    return [...this.#table.querySelectorAll("tr[data-key]")].map((row) => row.dataset.key);
  }

  /**
   * The names of before if they are the same, so that a row sees at once that nothing has changed.
   *
   * @param {string[]} names
   */
  #sameNames(names) {
    if (names.join("\n") !== this.#packages.join("\n")) this.#packages = names;
    return this.#packages;
  }

  /** @param {string} key */
  #row(key) {
    const row = this.#rows.get(key) ?? new RequirementRow(key, this.#events);
    this.#rows.set(key, row);
    return row;
  }

  /**
   * @param {Group[]} groups
   * @param {Proposal} base
   */
  #arrange(groups, base) {
    const keys = new Set(groups.flatMap(({ items }) => items.map(({ key }) => key)));
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
    const bodies = groups.map((group) => {
      const body = this.#bodies.get(group.id) ?? groupBody(group, this.#events.onAdd);
      this.#bodies.set(group.id, body);
      say(body.about, groupFigures(group, base));
      const rows = group.items.map(({ key }) => this.#row(key).element);
      inOrder(body.element, [body.head, ...rows]);
      return body.element;
    });
    for (const [id, body] of this.#bodies) {
      if (bodies.includes(body.element)) continue;
      body.element.remove();
      this.#bodies.delete(id);
    }
    inOrder(this.#table, [this.#table.caption, this.#table.tHead, ...bodies]);
  }
}

/**
 * The work packages' names, in the proposal's order; new ones last.
 *
 * @param {Proposal} base
 * @param {Item[]} items
 * @returns {string[]}
 */
export function namesOf(base, items) {
  const used = [...base.requirements, ...items]
    .filter(({ kind }) => isBuilt(kind))
    .map(({ workPackage }) => workPackage);
  const names = [...base.workPackages.map(({ name }) => name), ...used];
  const given = new Set(used);
  return [...new Set(names)].filter((name) => name !== null && given.has(name)).map(String);
}

/**
 * @param {Item[]} items
 * @param {string[]} packages
 * @returns {Group[]}
 */
function grouped(items, packages) {
  const built = items.filter(({ kind }) => isBuilt(kind));
  const others = items.filter(({ kind }) => !isBuilt(kind));
  const kinds = [...new Set(["CONSTRAINT", OUT, "OPEN_QUESTION", ...others.map(({ kind }) => kind)])];
  /** @type {Group[]} */
  const groups = [
    ...packages.map((name) => ({
      id: `package ${name}`,
      title: name,
      workPackage: name,
      built: true,
      items: built.filter(({ workPackage }) => workPackage === name),
    })),
    {
      id: "none",
      title: groupWords(""),
      workPackage: null,
      built: true,
      items: built.filter(({ workPackage }) => !workPackage),
    },
    ...kinds.map((kind) => ({
      id: `kind ${kind}`,
      title: groupWords(kind),
      workPackage: null,
      built: false,
      items: others.filter((item) => item.kind === kind),
    })),
  ];
  return groups.filter((group) => group.items.length);
}

/**
 * @param {Group} group
 * @param {(workPackage: string | null) => void} onAdd
 */
function groupBody({ title, workPackage, built }, onAdd) {
  const about = el("span", { class: "muted small" });
  const add = el(
    "button",
    { type: "button", class: "quiet small-button", onclick: () => onAdd(workPackage) },
    "Add",
    el("span", { class: "visually-hidden" }, ` a requirement to ${title}`),
  );
  const head = el(
    "tr",
    { class: "group" },
    el(
      "th",
      { scope: "rowgroup", colspan: COLUMNS.length },
      el("div", {}, el("span", {}, title), about, built ? add : null),
    ),
  );
  return { element: el("tbody", {}, head), head, about };
}

/**
 * @param {Group} group
 * @param {Proposal} base
 */
function groupFigures({ items, workPackage }, base) {
  const count = counted(items.length, "requirement");
  const priced = base.workPackages.find(({ name }) => name === workPackage);
  if (!priced || !base.costData) return count;
  return `${count} · priced at ${number(priced.hours)} h, ${money(priced.cost, base.costData.currency, 0)}`;
}

/**
 * Let the element have these children in this order, and move only what is out of place.
 *
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} wanted
 */
function inOrder(parent, wanted) {
  wanted.forEach((child, place) => {
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
  });
}
