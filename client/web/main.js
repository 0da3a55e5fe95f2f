/**
 * The page's composition root. It reads the configuration and the stored sign-in, and shows the view that the address
 * asks for. When a sign-in ends, it asks for a new one in a dialog and keeps the view behind it.
 */

import { Api } from "./api/api.js";
import { loadConfig } from "./api/config.js";
import { ApiError, messageOf } from "./api/errors.js";
import { route } from "./router.js";
import { restore, restoreKept } from "./sign-in/auth.js";
import { signInPanel } from "./sign-in/sign-in.js";
import { askAboutDrafts } from "./sign-in/sign-out.js";
import { el, say } from "./views/dom.js";
import { briefForm } from "./views/form/brief-form.js";
import { dropDraft, readDraft } from "./views/form/draft.js";
import { notFound } from "./views/not-found.js";
import { dropReviews, keepsReviews } from "./views/review/review-draft.js";
import { reviewView } from "./views/review/review-view.js";
import { sessionView } from "./views/session/session-view.js";
import { sessionList } from "./views/session-list.js";
import { versionsView } from "./views/versions/versions-view.js";

/** @typedef {import("./api/answers.js").Session} Session */
/** @typedef {import("./sign-in/auth.js").Session} SignedIn */

/**
 * @typedef {object} View
 * @property {string} title
 * @property {HTMLElement} element
 * @property {() => void} close stops its requests and timers
 * @property {() => void} [resume] continues after a new sign-in
 */

/** The page, as its views see it. */
export class App {
  /** @type {SignedIn | null} who is signed in */
  session = null;
  /** @type {Api | null} */
  #api = null;
  #config;
  /** @type {View | null} */
  #view = null;
  /** @type {Session | null} the session that was just submitted or reviewed, so that its view need not read it */
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
    // The key is null when the whole storage was cleared.
    window.addEventListener(
      "storage",
      ({ key }) => (key ?? "scopesmith.user") === "scopesmith.user" && this.#signedInElsewhere(),
    );
    document.getElementById("sign-out")?.addEventListener("click", () => this.#signOut());
    const session = restore(config);
    if (session) this.#enter(session);
    else this.#askWho();
  }

  /** The API with the user's credentials. Views are shown only after a sign-in. */
  get api() {
    if (!this.#api) throw new Error("Nobody is signed in.");
    return this.#api;
  }

  /** @param {Session} session as the API gave it */
  submitted(session) {
    this.#submitted = session;
  }

  /**
   * Whether the error says that the sign-in has ended. If so, the page asks for a new one and then resumes the view.
   *
   * @param {unknown} error
   * @returns {boolean}
   */
  signInEnded(error) {
    if (!(error instanceof ApiError && error.type === "Unauthorized") || !this.session) return false;
    this.#askAgain(error.message, this.session);
    return true;
  }

  /** @param {View} view whose title has changed */
  titled(view) {
    if (view === this.#view) document.title = `${view.title} · ScopeSmith`;
  }

  /**
   * @param {SignedIn} session
   * @param {boolean} [led] whether to move the focus to the view, because the element that had it is removed
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
    // Keyboard and screen reader users follow the focus. At the first view the browser's default is right.
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
    if (where?.view === "review") return reviewView(this, where.id);
    if (where?.view === "versions") return versionsView(this, where.id);
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
   * @param {SignedIn} ended
   */
  #askAgain(reason, { username, kept }) {
    if (this.#dialog) return;
    const onSignedIn = (/** @type {SignedIn} */ session) => panel.isConnected && this.#back(session);
    const panel = signInPanel(this.#config, { onSignedIn, reason, username, kept });
    panel.append(el("button", { type: "button", class: "quiet", onclick: () => this.#signOut() }, "Sign out instead"));
    this.#dialog = el("dialog", { "aria-labelledby": "sign-in-title" }, panel);
    // Escape must not close it: nothing works without a sign-in.
    this.#dialog?.addEventListener("cancel", (event) => event.preventDefault());
    document.body.append(/** @type {HTMLDialogElement} */ (this.#dialog));
    this.#dialog?.showModal();
  }

  #closeDialog() {
    this.#dialog?.close();
    this.#dialog?.remove();
    this.#dialog = null;
  }

  /** @param {SignedIn} session after the sign-in that the dialog asked for */
  #back(session) {
    this.#closeDialog();
    // Another user must not see the previous user's view.
    if (session.username !== this.session?.username) return this.#enter(session, true);
    this.session = session;
    this.#api = new Api(this.#config, session);
    this.#view?.resume?.();
  }

  async #signOut() {
    const session = this.session;
    if (!session) return;
    const { username } = session;
    const typed = Object.values(readDraft(username).values).some((value) => value.trim());
    const answer = typed || keepsReviews(username) ? await askAboutDrafts() : "remove";
    if (answer === "stay" || session !== this.session) return;
    if (answer === "remove") {
      dropDraft(username);
      dropReviews(username);
    }
    this.#askWho();
    await session.signOut();
  }

  #signedInElsewhere() {
    const session = restoreKept(this.#config);
    if (this.session && !this.session.kept) {
      // An API key, or a user who does not stay signed in, belongs to one tab. But a new sign-in may serve here, too.
      const ended = this.#dialog && this.session.username !== null;
      if (ended && session?.username === this.session.username) this.#back(session);
    } else if (!session) this.session && this.#askWho();
    else if (session.username !== this.session?.username) {
      this.#closeDialog();
      this.#enter(session);
    } else if (this.#dialog) this.#back(session);
  }
}

async function start() {
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  document.getElementById("skip")?.addEventListener("click", (event) => {
    event.preventDefault(); // the address names a view, so it can't hold the skip link's target
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
