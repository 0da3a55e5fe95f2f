/**
 * The sign-in form: user name and password, then Cognito's challenge if there is one; or an API key.
 *
 * `main.js` shows it as a page, and as a dialog when a sign-in ends during work. It never stores credentials:
 * `sign-in/auth.js` does.
 */

import { Api } from "../api/api.js";
import { ApiError, messageOf } from "../api/errors.js";
import { el, say } from "../views/dom.js";
import { press } from "../views/press.js";
import { apiKeySession, signIn } from "./auth.js";

/** @typedef {import("../api/config.js").Config} Config */
/** @typedef {import("./auth.js").Challenge} Challenge */
/** @typedef {import("./auth.js").Session} Session */
/** @typedef {import("./auth.js").SignIn} SignIn */

/**
 * @param {Config} config
 * @param {object} given
 * @param {(session: Session) => void} given.onSignedIn
 * @param {string} [given.reason] why the user must sign in again
 * @param {string | null} [given.username] who was signed in before
 * @param {boolean} [given.kept] whether that user stays signed in
 * @returns {HTMLElement}
 */
export function signInPanel(config, { onSignedIn, reason, username, kept = false }) {
  const step = el("div", { class: "step" });
  const panel = el(
    "section",
    { class: "card sign-in", "aria-labelledby": "sign-in-title" },
    el("h1", { id: "sign-in-title", tabindex: "-1" }, reason ? "Sign in again" : "Sign in"),
    el("p", { class: "muted" }, reason ?? "Meeting notes in, a priced proposal out. You watch every step."),
    step,
  );

  /** @param {SignIn} answer of `signIn` or of a challenge's `answer` */
  function proceed(answer) {
    if (answer.session) onSignedIn(answer.session);
    else show(challengeForm(answer.challenge, proceed, () => show(...start())));
  }

  /** @param {...HTMLElement} forms */
  function show(...forms) {
    step.replaceChildren(...forms);
    step.querySelector("input")?.focus();
  }

  function start() {
    return [passwordForm(config, username ?? "", kept, proceed), keyForm(config, onSignedIn, username === null)];
  }

  step.append(...start());
  return panel;
}

/**
 * @param {Config} config
 * @param {string} username
 * @param {boolean} kept
 * @param {(answer: SignIn) => void} proceed
 */
function passwordForm(config, username, kept, proceed) {
  const name = input("username", { autocomplete: "username", autocapitalize: "none", spellcheck: "false" });
  const password = input("current-password", {
    type: "password",
    autocomplete: "current-password",
    autofocus: Boolean(username), // the dialog already knows the name
  });
  const stay = input("stay-signed-in", { type: "checkbox", required: false, checked: kept });
  name.value = username;
  return asking({
    name: "Sign in",
    fields: [
      labelled("E-mail address or user name", name),
      labelled("Password", password),
      el("label", { class: "choice" }, stay, "Keep me signed in on this device"),
    ],
    send: async () => proceed(await signIn(config, name.value.trim(), password.value, { stay: stay.checked })),
    refused: password,
  });
}

/**
 * @param {Config} config
 * @param {(session: Session) => void} onSignedIn
 * @param {boolean} open
 */
function keyForm(config, onSignedIn, open) {
  const key = input("api-key", { type: "password", autocomplete: "off", spellcheck: "false" });
  return el(
    "details",
    { class: "key", open },
    el("summary", {}, "Use an API key instead"),
    el("p", { class: "muted" }, "Everyone with the same key sees the same proposals. Only this tab remembers it."),
    asking({
      name: "Use the key",
      fields: [labelled("API key", key)],
      send: async () => onSignedIn(await accepted(config, apiKeySession(key.value.trim()))),
      refused: key,
    }),
  );
}

/**
 * The session, once the API has accepted its key. Only a call shows whether a key is right.
 *
 * @param {Config} config
 * @param {Session} session
 */
async function accepted(config, session) {
  try {
    await new Api(config, session).sessions(1);
    return session;
  } catch (error) {
    await session.signOut();
    const refused = error instanceof ApiError && error.type === "Unauthorized";
    throw refused ? new Error("The API does not accept this key. Check it, and paste it again.") : error;
  }
}

/**
 * @param {Challenge} challenge
 * @param {(answer: SignIn) => void} proceed
 * @param {() => void} restart
 */
function challengeForm(challenge, proceed, restart) {
  const form = challenge.name === "NEW_PASSWORD_REQUIRED" ? newPassword() : code();
  form.append(el("button", { type: "button", class: "quiet", onclick: restart }, "Start again"));
  return form;

  function newPassword() {
    const first = input("new-password", { type: "password", autocomplete: "new-password" });
    const second = input("new-password-again", { type: "password", autocomplete: "new-password" });
    return asking({
      name: "Set the password",
      lead: "Choose a password of your own: the one you were given is for the first sign-in only.",
      fields: [labelled("New password", first), labelled("New password again", second)],
      check: () => (first.value === second.value ? "" : "The two passwords differ. Type them again."),
      send: async () => proceed(await challenge.answer(first.value)),
    });
  }

  function code() {
    const digits = input("code", {
      inputmode: "numeric",
      autocomplete: "one-time-code",
      pattern: "\\d{6}",
      maxlength: 6,
    });
    return asking({
      name: "Go on",
      lead: "Enter the six digits that your authenticator app shows.",
      fields: [labelled("Code", digits)],
      send: async () => proceed(await challenge.answer(digits.value)),
      refused: digits,
    });
  }
}

/**
 * A form that sends one request at a time, shows that it is busy, and shows why a request was refused.
 *
 * @param {object} given
 * @param {string} given.name of the button
 * @param {HTMLElement[]} given.fields
 * @param {() => Promise<void>} given.send
 * @param {string} [given.lead]
 * @param {() => string} [given.check] what is wrong, or an empty text
 * @param {HTMLInputElement} [given.refused] the field to select after a refusal
 * @returns {HTMLFormElement}
 */
function asking({ name, fields, send, lead, check = () => "", refused }) {
  const problem = el("p", { class: "problem", role: "alert" });
  const button = el("button", { class: "primary" }, name);
  return el(
    "form",
    {
      onsubmit: async (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        await press(button, "One moment …", async () => {
          say(problem, check());
          if (problem.textContent) return;
          try {
            await send();
          } catch (error) {
            say(problem, messageOf(error));
            refused?.focus();
            refused?.select();
          }
        });
      },
    },
    lead && el("p", {}, lead),
    fields,
    problem,
    button,
  );
}

/**
 * @param {string} id
 * @param {Record<string, any>} properties
 * @returns {HTMLInputElement}
 */
function input(id, properties) {
  return el("input", { id, name: id, required: true, ...properties });
}

/**
 * @param {string} label
 * @param {HTMLInputElement} field
 */
function labelled(label, field) {
  return el("div", { class: "field" }, el("label", { for: field.id }, label), field);
}
