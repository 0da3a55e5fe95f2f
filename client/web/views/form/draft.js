/**
 * What was typed into the form and not yet submitted, kept in this browser so that no reload, lost connection or ended
 * sign-in loses it. One draft for each user.
 */

/** @typedef {{values: Record<string, string>, token: string}} Draft the token makes a repeated submit the same one */

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
 * Keep the values, under a new token: other values are another submission.
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
    // A browser that keeps nothing still has the form itself.
  }
  return draft;
}

/** @param {string | null} username */
export function dropDraft(username) {
  try {
    localStorage.removeItem(key(username));
  } catch {
    // Nothing was kept.
  }
}
