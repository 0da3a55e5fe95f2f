/**
 * Keeps what you typed into the form in this browser until you submit it, one draft for each user. So a reload, a lost
 * connection or an expired sign-in does not lose it.
 */

/** @typedef {{values: Record<string, string>, token: string}} Draft the token identifies a repeated submit */

const EMPTY = () => ({ values: {}, token: crypto.randomUUID() });

/** @param {string | null} username */
const key = (username) => `scopesmith.draft.${username ?? "api-key"}`;

/**
 * @param {string | null} username
 * @returns {Draft}
 */
export function readDraft(username) {
  try {
    const { values, token } = JSON.parse(localStorage.getItem(key(username)) ?? "{}");
    return values && token ? { values, token: String(token) } : EMPTY();
  } catch {
    return EMPTY();
  }
}

/**
 * Store the values with a new token: different values are a different submission.
 *
 * @param {string | null} username
 * @param {Record<string, string>} values
 * @returns {Draft}
 */
export function keepDraft(username, values) {
  const draft = { values, token: crypto.randomUUID() };
  try {
    localStorage.setItem(key(username), JSON.stringify(draft));
  } catch {
    // Without storage the values are still in the form.
  }
  return draft;
}

/** @param {string | null} username */
export function dropDraft(username) {
  try {
    localStorage.removeItem(key(username));
  } catch {
    // Without storage there is no draft to remove.
  }
}
