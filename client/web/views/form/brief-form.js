/**
 * The form for a new proposal. It stores a draft at every keystroke, checks the API's limits before it submits, and
 * shows the API's refusals at their fields. It never clears a field that was not submitted.
 */

import { ApiError, messageOf } from "../../api/errors.js";
import { sessionAddress } from "../../router.js";
import { el, say } from "../dom.js";
import { characters, number } from "../formats.js";
import { press } from "../press.js";
import { dropDraft, keepDraft, readDraft } from "./draft.js";
import { assessment, FIELDS, fault, YES } from "./form-fields.js";
import { SAMPLE, sampleNotes } from "./sample.js";

/**
 * @param {import("../../main.js").App} app
 * @returns {import("../../main.js").View}
 */
export function briefForm(app) {
  const username = app.session?.username ?? null;
  let draft = readDraft(username);
  let closed = false;
  const fields = FIELDS.map((field) =>
    (field.holds === "flag" ? tickView : fieldView)(field, draft.values[field.name] ?? "", changed),
  );
  const short = FIELDS.findIndex((field) => field.long);
  const problem = el("p", { class: "problem", role: "alert" });
  const submit = el("button", { class: "primary" }, "Create the proposal");
  const undo = el("button", { type: "button", class: "quiet", hidden: true }, "Bring back what I had");
  const form = el(
    "form",
    { class: "card brief", novalidate: true, onsubmit: send },
    el(
      "div",
      { class: "short-fields" },
      fields.slice(0, short).map((field) => field.element),
    ),
    fields.slice(short).map((field) => field.element),
    problem,
    el(
      "div",
      { class: "actions" },
      submit,
      el("button", { type: "button", class: "quiet", onclick: () => replaceAll({}) }, "Clear"),
      undo,
    ),
    el("p", { class: "muted small" }, "What you type is kept in this browser until you submit it or sign out."),
  );

  function values() {
    return Object.fromEntries(fields.map((field) => [field.name, field.value]));
  }

  function changed() {
    draft = keepDraft(username, values());
  }

  /** @param {Record<string, string>} given */
  function replaceAll(given) {
    const before = values();
    for (const field of fields) field.fill(given[field.name] ?? "");
    changed();
    say(problem, "");
    undo.hidden = Object.values(before).every((value) => !value.trim());
    undo.onclick = () => {
      replaceAll(before);
      undo.hidden = true;
      submit.focus();
    };
  }

  async function trySample() {
    try {
      replaceAll({ ...SAMPLE, requirements: await sampleNotes() });
      submit.focus();
    } catch {
      say(problem, "The sample could not be loaded. Check your connection and try again.");
    }
  }

  /** @param {SubmitEvent} event */
  async function send(event) {
    event.preventDefault();
    await press(submit, "Submitting …", submitted);
  }

  async function submitted() {
    const wrong = fields.filter((field) => !field.check());
    if (wrong.length) return refuse(wrong, "");
    say(problem, "");
    const sent = draft;
    try {
      const session = await app.api.submit({ ...assessment(sent.values), clientRequestToken: sent.token });
      // The draft may have changed while the answer was on its way, here or in another tab: then keep it.
      if (readDraft(username).token === sent.token) dropDraft(username);
      // A user who has left the form meanwhile finds the proposal in the list.
      if (closed) return;
      app.submitted(session);
      location.hash = sessionAddress(session.id);
    } catch (error) {
      if (!closed) failed(error);
    }
  }

  /** @param {unknown} error */
  function failed(error) {
    if (app.signInEnded(error)) return;
    const known = new Map(fields.map((field) => [field.name, field]));
    const wrong = [];
    const other = [];
    for (const { field, message } of error instanceof ApiError ? error.fields : []) {
      const view = known.get(field.split(".").at(-1) ?? field);
      if (view) wrong.push(view.complain(`This ${message}.`));
      else other.push(`${field}: ${message}`);
    }
    refuse(wrong, wrong.length ? other.join("; ") : messageOf(error));
  }

  /**
   * @param {any[]} wrong
   * @param {string} text
   */
  function refuse(wrong, text) {
    say(problem, text);
    wrong[0]?.focus();
  }

  return {
    title: "New proposal",
    element: el(
      "div",
      { class: "narrow" },
      el(
        "div",
        { class: "page-head" },
        el("h1", { tabindex: "-1" }, "New proposal"),
        el("button", { type: "button", class: "secondary", onclick: trySample }, "Try a sample brief"),
      ),
      el(
        "p",
        { class: "lead" },
        "Paste the notes of a meeting. An agent reads them, prices the work and writes a presentation and a " +
          "statement of work with the same figures. You watch it at work.",
      ),
      form,
    ),
    close() {
      closed = true;
    },
  };
}

/**
 * One field with its label, hint, counter and error.
 *
 * @param {import("./form-fields.js").Field} field
 * @param {string} value
 * @param {() => void} changed
 */
function fieldView(field, value, changed) {
  const id = `field-${field.name}`;
  const input = el(field.long ? "textarea" : "input", {
    id,
    name: field.name,
    required: field.required,
    autocomplete: "off",
    ...(field.long ? { rows: 16, spellcheck: "false" } : {}),
    ...(field.holds === "day" ? { type: "date" } : {}),
    ...(field.holds === "code" ? { maxlength: 3, autocapitalize: "characters" } : {}),
    ...(field.range ? { type: "number", min: field.range[0], max: field.range[1], step: 1, inputmode: "numeric" } : {}),
    "aria-describedby": [field.hint && `${id}-hint`, field.longest && `${id}-count`, `${id}-fault`]
      .filter(Boolean)
      .join(" "),
  });
  const counter = field.longest ? el("span", { class: "counter", id: `${id}-count` }) : null;
  const complaint = el("p", { class: "fault", id: `${id}-fault` });
  input.value = value;
  input.addEventListener("input", () => {
    if (field.holds === "code") input.value = input.value.toUpperCase();
    count();
    if (complaint.textContent) check();
    changed();
  });
  // No check on `change`: its message would move the submit button while the user is about to click it.
  count();

  function count() {
    if (!counter || !field.longest) return;
    const used = characters(input.value);
    say(counter, `${number(used)} of ${number(field.longest)} characters.`);
    counter.classList.toggle("over", used > field.longest);
    // A short field shows its counter only near the limit.
    counter.classList.toggle("visually-hidden", !field.long && used < field.longest / 2);
  }

  /** @returns {boolean} whether the value may be sent */
  function check() {
    const unreadable = field.holds === "day" ? "This day is not complete." : "Give a whole number.";
    const found = input.validity.badInput ? unreadable : fault(field, input.value);
    complain(found);
    return !found;
  }

  /** @param {string} text */
  function complain(text) {
    say(complaint, text);
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    return view;
  }

  const view = {
    name: field.name,
    element: el(
      "div",
      { class: field.long ? "field long" : "field" },
      el(
        "div",
        { class: "label-row" },
        el("label", { for: id }, field.label, !field.required && el("span", { class: "optional" }, " (optional)")),
        counter,
      ),
      field.hint && el("p", { class: "hint", id: `${id}-hint` }, field.hint),
      input,
      complaint,
    ),
    get value() {
      return input.value;
    },
    /** @param {string} text */
    fill(text) {
      input.value = text;
      count();
      complain("");
    },
    check,
    complain,
    focus: () => input.focus(),
  };
  return view;
}

/**
 * A field that is ticked or not.
 *
 * @param {import("./form-fields.js").Field} field
 * @param {string} value
 * @param {() => void} changed
 */
function tickView(field, value, changed) {
  const id = `field-${field.name}`;
  const input = el("input", { id, type: "checkbox", "aria-describedby": `${id}-hint ${id}-fault`, onchange: changed });
  const complaint = el("p", { class: "fault", id: `${id}-fault` });
  input.checked = value === YES;
  const view = {
    name: field.name,
    element: el(
      "div",
      { class: "field tick-field" },
      el("div", { class: "tick" }, input, el("label", { for: id }, field.label)),
      el("p", { class: "hint", id: `${id}-hint` }, field.hint),
      complaint,
    ),
    get value() {
      return input.checked ? YES : "";
    },
    /** @param {string} text */
    fill(text) {
      input.checked = text === YES;
      say(complaint, "");
    },
    check: () => true,
    /** @param {string} text */
    complain(text) {
      say(complaint, text);
      return view;
    },
    focus: () => input.focus(),
  };
  return view;
}
