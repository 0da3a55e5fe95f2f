/**
 * Keeps a reviewer's unsent changes in this browser, by user, session and version. So a reload or an expired sign-in
 * does not lose them, and changes to an older version are found again when a newer one is there.
 */

/** @typedef {import("./sheet.js").Sheet} Sheet */

const PREFIX = "scopesmith.review.";

export class Drafts {
  #prefix;

  /**
   * @param {string | null} username
   * @param {string} sessionId
   */
  constructor(username, sessionId) {
    this.#prefix = `${ofUser(username)}${sessionId}.`;
  }

  /**
   * The newest draft.
   *
   * @returns {{version: number, sheet: Sheet} | null}
   */
  read() {
    try {
      const versions = keys(this.#prefix).map((key) => Number(key.slice(this.#prefix.length)));
      const version = Math.max(...versions.filter(Number.isInteger));
      const sheet = JSON.parse(localStorage.getItem(this.#prefix + version) ?? "null");
      return Array.isArray(sheet?.items) && sheet.terms ? { version, sheet } : null;
    } catch {
      return null;
    }
  }

  /**
   * @param {number} version that was edited
   * @param {Sheet} sheet
   */
  keep(version, sheet) {
    try {
      localStorage.setItem(this.#prefix + version, JSON.stringify(sheet));
    } catch {
      // Without storage the changes are still on the screen.
    }
  }

  /**
   * Drop the draft of a version if it is this sheet: another tab may have kept its own there.
   *
   * @param {number} version
   * @param {Sheet} sheet
   */
  drop(version, sheet) {
    try {
      const key = this.#prefix + version;
      if (localStorage.getItem(key) === JSON.stringify(sheet)) localStorage.removeItem(key);
    } catch {
      // Without storage there is no draft.
    }
  }

  /** Drop everything that is kept of the session. */
  dropAll() {
    try {
      for (const key of keys(this.#prefix)) localStorage.removeItem(key);
    } catch {
      // Without storage there is no draft.
    }
  }
}

/**
 * Whether unsent changes of a user are kept, in any session.
 *
 * @param {string | null} username
 */
export function keepsReviews(username) {
  try {
    return keysOfUser(username).length > 0;
  } catch {
    return false; // Without storage there is no draft.
  }
}

/**
 * Drop the drafts of a user, in all sessions.
 *
 * @param {string | null} username
 */
export function dropReviews(username) {
  try {
    for (const key of keysOfUser(username)) localStorage.removeItem(key);
  } catch {
    // Without storage there is no draft.
  }
}

/** @param {string | null} username */
function ofUser(username) {
  return `${PREFIX}${username ?? "api-key"}.`;
}

/**
 * A session's id has no dot, but the name of another user may begin with this one's and a dot.
 *
 * @param {string | null} username
 */
function keysOfUser(username) {
  const prefix = ofUser(username);
  return keys(prefix).filter((key) => /^[^.]+\.\d+$/.test(key.slice(prefix.length)));
}

/** @param {string} prefix */
function keys(prefix) {
  const all = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "");
  return all.filter((key) => key.startsWith(prefix));
}
