/**
 * The page's composition root: reads where the API is and who is signed in, shows the view that the address asks
 * for, and asks for a sign-in again when one has ended, on top of whatever is shown.
 */

import { Api } from "./api/api.js";
import { loadConfig } from "./api/config.js";
import { ApiError, messageOf } from "./api/errors.js";
import { route } from "./router.js";
import { restore } from "./sign-in/auth.js";
import { signInPanel } from "./sign-in/sign-in.js";
import { el, say } from "./views/dom.js";
import { briefForm } from "./views/form/brief-form.js";
import { notFound } from "./views/not-found.js";
import { sessionView } from "./views/session/session-view.js";
import { sessionList } from "./views/session-list.js";

/** @typedef {import("./api/api.js").Session} Session */
/** @typedef {import("./sign-in/auth.js").Session} SignedIn */

/**
 * @typedef {object} View
 * @property {string} title
 * @property {HTMLElement} element
 * @property {() => void} close stops whatever it does
 * @property {() => void} [resume] goes on after a sign-in that had ended
 */

/** What views may ask of the page. */
export class App {
  /** @type {SignedIn | null} who is signed in */
  session = null;
  /** @type {Api | null} */
  #api = null;
  #config;
  /** @type {View | null} */
  #view = null;
  /** @type {Session | null} just submitted: shown before it is read */
  #submitted = null;
  /** @type {HTMLDialogElement | null} */
  #dialog = null;

  #main = /** @type {HTMLElement} */ (document.getElementById("main"));
  #nav = /** @type {HTMLElement} */ (document.getElementById("nav"));
  #account = /** @type {HTMLElement} */ (document.getElementById("account"));
  #who = /** @type {HTMLElement} */ (document.getElementById("who"));

  /** @param {import("./api/config.js").Config} config */
  constructor(config) {
    this.#config = config;
    window.addEventListener("hashchange", () => this.#render());
    // No key: everything was removed.
    window.addEventListener(
      "storage",
      ({ key }) => (key ?? "scopesmith.user") === "scopesmith.user" && this.#signedInElsewhere(),
    );
    document.getElementById("sign-out")?.addEventListener("click", () => this.#signOut());
    const session = restore(config);
    if (session) this.#enter(session);
    else this.#askWho();
  }

  /** The API with the credentials of whoever is signed in: views are shown to nobody else. */
  get api() {
    if (!this.#api) throw new Error("Nobody is signed in.");
    return this.#api;
  }

  /** @param {Session} session as the API gave it */
  submitted(session) {
    this.#submitted = session;
  }

  /**
   * Whether the error is that the sign-in has ended; then a new one is asked for, and the view is resumed after it.
   *
   * @param {unknown} error
   * @returns {boolean}
   */
  signInEnded(error) {
    if (!(error instanceof ApiError && error.type === "Unauthorized") || !this.session) return false;
    this.#askAgain(error.message, this.session.username);
    return true;
  }

  /** @param {View} view whose title has changed */
  titled(view) {
    if (view === this.#view) document.title = `${view.title} · ScopeSmith`;
  }

  /**
   * @param {SignedIn} session
   * @param {boolean} [led] whether the focus goes to the view, as what had it goes away
   */
  #enter(session, led = false) {
    this.session = session;
    this.#api = new Api(this.#config, session);
    this.#nav.hidden = this.#account.hidden = false;
    say(this.#who, session.username ?? "API key");
    this.#render(led);
  }

  #render(led = true) {
    if (!this.session) return;
    const where = route(location.hash);
    this.#view?.close();
    this.#view = this.#viewAt(where);
    this.titled(this.#view);
    for (const link of this.#nav.querySelectorAll("a")) {
      const current = link.hash === (where?.view === "sessions" ? "#/sessions" : where?.view === "new" ? "#/new" : "");
      if (current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.#main.replaceChildren(this.#view.element);
    window.scrollTo(0, 0);
    // Who navigates by keyboard or ear is taken along; at the first view the browser's own start is right.
    if (led) this.#main.querySelector("h1")?.focus({ preventScroll: true });
  }

  /**
   * @param {import("./router.js").Route | null} where
   * @returns {View}
   */
  #viewAt(where) {
    const submitted = this.#submitted;
    this.#submitted = null;
    if (where?.view === "new") return briefForm(this);
    if (where?.view === "sessions") return sessionList(this);
    if (where) return sessionView(this, where.id, submitted?.id === where.id ? submitted : null);
    return { title: "Not found", element: notFound("No such page", "The address leads nowhere."), close() {} };
  }

  #askWho() {
    const left = this.session !== null;
    this.#closeDialog();
    this.#view?.close();
    this.#view = null;
    this.session = null;
    this.#nav.hidden = this.#account.hidden = true;
    document.title = "Sign in · ScopeSmith";
    const panel = signInPanel(this.#config, {
      onSignedIn: (session) => panel.isConnected && this.#enter(session, true),
    });
    this.#main.replaceChildren(panel);
    if (left) panel.querySelector("h1")?.focus();
  }

  /**
   * @param {string} reason
   * @param {string | null} username
   */
  #askAgain(reason, username) {
    if (this.#dialog) return;
    const onSignedIn = (/** @type {SignedIn} */ session) => panel.isConnected && this.#back(session);
    const panel = signInPanel(this.#config, { onSignedIn, reason, username });
    panel.append(el("button", { type: "button", class: "quiet", onclick: () => this.#signOut() }, "Sign out instead"));
    this.#dialog = el("dialog", { "aria-labelledby": "sign-in-title" }, panel);
    // Without a sign-in nothing behind it would work.
    this.#dialog?.addEventListener("cancel", (event) => event.preventDefault());
    document.body.append(/** @type {HTMLDialogElement} */ (this.#dialog));
    this.#dialog?.showModal();
  }

  #closeDialog() {
    this.#dialog?.close();
    this.#dialog?.remove();
    this.#dialog = null;
  }

  /** @param {SignedIn} session after a sign-in that had ended */
  #back(session) {
    this.#closeDialog();
    // What is shown belongs to whoever was signed in.
    if (session.username !== this.session?.username) return this.#enter(session, true);
    this.session = session;
    this.#api = new Api(this.#config, session);
    this.#view?.resume?.();
  }

  async #signOut() {
    const session = this.session;
    this.#askWho();
    await session?.signOut();
  }

  #signedInElsewhere() {
    // An API key is this tab's own affair.
    if (this.session && this.session.username === null) return;
    const session = restore(this.#config);
    if (!session) this.session && this.#askWho();
    else if (session.username !== this.session?.username) {
      this.#closeDialog();
      this.#enter(session);
    } else if (this.#dialog) this.#back(session);
  }
}

async function start() {
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  document.getElementById("skip")?.addEventListener("click", (event) => {
    event.preventDefault(); // the address says which view is shown, not where in it
    main.focus();
  });
  try {
    new App(await loadConfig());
  } catch (error) {
    main.replaceChildren(
      el(
        "section",
        { class: "card not-found" },
        el("h1", {}, "The page can't start"),
        el("p", { role: "alert" }, messageOf(error)),
        el("button", { type: "button", class: "primary", onclick: () => location.reload() }, "Try again"),
      ),
    );
  }
}

void start();
