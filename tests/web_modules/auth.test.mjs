import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { apiKeySession, restore, restoreKept, signIn } from "../../client/web/sign-in/auth.js";
import { UserSession } from "../../client/web/sign-in/user-session.js";
import { CONFIG, clock, fakeFetch, replaced, Storage } from "./fakes.mjs";

/** @typedef {import("node:test").TestContext} TestContext */
/** @typedef {import("./fakes.mjs").Answer} Answer */
/** @typedef {import("./fakes.mjs").Answers} Answers */
/** @typedef {import("./fakes.mjs").Call} Call */

const TOKENS = { AccessToken: "access-1", IdToken: "id-1", RefreshToken: "refresh-1", ExpiresIn: 3600 };

beforeEach((context) => {
  const t = /** @type {TestContext} */ (context);
  replaced(t, "localStorage", new Storage());
  replaced(t, "sessionStorage", new Storage());
});

/** @param {Call} call */
const target = (call) => call.headers["x-amz-target"]?.split(".").at(-1);
/**
 * @param {string} kind
 * @param {string} message
 * @returns {Answer}
 */
const refusal = (kind, message = kind) => [400, { __type: kind, message }];

/** @type {Answers} */
const noFurtherCall = () => assert.fail("no further call is expected");

/**
 * A user who has signed in.
 *
 * @param {TestContext} t
 * @param {Answers} then answers all further calls
 * @param {boolean} stay whether in every tab
 */
async function signedIn(t, then = noFurtherCall, stay = true) {
  const calls = fakeFetch(t, (call, count) =>
    count === 1 ? [200, { AuthenticationResult: TOKENS }] : then(call, count),
  );
  const { session } = await signIn(CONFIG, "ada@example.com", "secret", { stay });
  assert.ok(session);
  return { session, calls };
}

/** What a reload or a second tab restores. */
function restored() {
  const session = restore(CONFIG);
  assert.ok(session instanceof UserSession);
  return session;
}

test("a user who stays signed in is so after a reload and in a second tab", async (t) => {
  const { session, calls } = await signedIn(t);
  assert.deepEqual([target(calls[0]), calls[0].body.AuthFlow], ["InitiateAuth", "USER_SRP_AUTH"]);
  assert.deepEqual(Object.keys(calls[0].body.AuthParameters), ["USERNAME", "SRP_A"]);
  assert.deepEqual(await session.headers(), { Authorization: "access-1" });
  replaced(t, "sessionStorage", new Storage());
  const again = restored();
  assert.deepEqual([again.username, again.kept], ["ada@example.com", true]);
  assert.deepEqual(await again.headers(), { Authorization: "access-1" });
  assert.ok(![...localStorage.items.values()].some((value) => value.includes("secret")));
});

test("a user who does not stay signed in is known to this tab alone", async (t) => {
  clock(t);
  const fresh = { AccessToken: "access-2", ExpiresIn: 3600 };
  const { session } = await signedIn(t, () => [200, { AuthenticationResult: fresh }], false);
  t.mock.timers.setTime(Date.now() + 3600_000);
  await session.headers();
  const again = restored();
  assert.deepEqual([again.kept, await again.headers()], [false, { Authorization: "access-2" }]);
  assert.deepEqual([localStorage.items.size, restoreKept(CONFIG)], [0, null]);
  replaced(t, "sessionStorage", new Storage());
  assert.equal(restore(CONFIG), null);
});

test("a user who no longer wants to stay signed in is forgotten; another user is not", async (t) => {
  await signedIn(t);
  await signedIn(t, noFurtherCall, false);
  assert.equal(restoreKept(CONFIG), null);
  const elsewhere = { clientId: "client-1", username: "ben", accessToken: "b", refreshToken: "b", expiresAt: 0 };
  localStorage.setItem("scopesmith.user", JSON.stringify(elsewhere));
  await signedIn(t, noFurtherCall, false);
  assert.equal(restoreKept(CONFIG)?.username, "ben");
  assert.equal(restored().username, "ada@example.com");
});

test("the password is proven and not sent", async (t) => {
  const parameters = { SALT: "a1", SRP_B: "b2", SECRET_BLOCK: "AAEC", USERNAME: "u-1", USER_ID_FOR_SRP: "u-1" };
  /** @type {Answer[]} */
  const answers = [
    [200, { ChallengeName: "PASSWORD_VERIFIER", Session: "s", ChallengeParameters: parameters }],
    [200, { AuthenticationResult: TOKENS }],
  ];
  const calls = fakeFetch(t, () => answers.shift() ?? assert.fail("no further call is expected"));
  const { session } = await signIn(CONFIG, "ada@example.com", "secret");
  assert.deepEqual(await session?.headers(), { Authorization: "access-1" });
  const { ChallengeName, Session, ChallengeResponses } = calls[1].body;
  assert.deepEqual([target(calls[1]), ChallengeName, Session], ["RespondToAuthChallenge", "PASSWORD_VERIFIER", "s"]);
  assert.deepEqual([ChallengeResponses.USERNAME, ChallengeResponses.PASSWORD_CLAIM_SECRET_BLOCK], ["u-1", "AAEC"]);
  assert.ok(!calls.some((call) => JSON.stringify(call.body).includes("secret")));
});

test("tokens of another pool's client are not restored", async (t) => {
  await signedIn(t);
  assert.equal(restore({ ...CONFIG, userPoolClientId: "client-2" }), null);
});

test("a token is refreshed before it ends, once for all who ask", async (t) => {
  const advance = clock(t);
  const fresh = { AccessToken: "access-2", ExpiresIn: 3600 };
  const { session, calls } = await signedIn(t, () => [200, { AuthenticationResult: fresh }]);
  t.mock.timers.setTime(Date.now() + 3539_000);
  assert.deepEqual(await session.headers(), { Authorization: "access-1" });
  t.mock.timers.setTime(Date.now() + 2_000);
  const both = await Promise.all([session.headers(), session.headers()]);
  assert.deepEqual(both, [{ Authorization: "access-2" }, { Authorization: "access-2" }]);
  assert.equal(calls.length, 2);
  assert.deepEqual(calls[1].body.AuthParameters, { REFRESH_TOKEN: "refresh-1" });
  assert.deepEqual(await restored().headers(), { Authorization: "access-2" });
  await advance(0);
});

test("a token that another tab has refreshed is taken from there", async (t) => {
  clock(t);
  const { session, calls } = await signedIn(t, () => [
    200,
    { AuthenticationResult: { AccessToken: "access-2", ExpiresIn: 3600 } },
  ]);
  const elsewhere = restored();
  t.mock.timers.setTime(Date.now() + 3550_000);
  await elsewhere.headers();
  assert.deepEqual(await session.headers(), { Authorization: "access-2" });
  assert.equal(calls.length, 2);
});

test("a refused token is renewed once, also when its refusal is reported again", async (t) => {
  const { session, calls } = await signedIn(t, () => [
    200,
    { AuthenticationResult: { AccessToken: "access-2", ExpiresIn: 3600 } },
  ]);
  await session.renew({ Authorization: "access-1" });
  await session.renew({ Authorization: "access-1" });
  assert.deepEqual([await session.headers(), calls.length], [{ Authorization: "access-2" }, 2]);
});

test("a refresh token that has ended asks for another sign-in; a failing network does not", async (t) => {
  clock(t);
  /** @type {Answer[]} */
  const answers = [[503, "busy"], refusal("NotAuthorizedException", "Refresh Token has been revoked")];
  const { session } = await signedIn(t, () => answers.shift() ?? assert.fail("no further call is expected"));
  t.mock.timers.setTime(Date.now() + 3600_000);
  await assert.rejects(session.headers(), { type: "Unavailable" });
  await assert.rejects(session.headers(), { type: "Unauthorized", message: /Sign in again/ });
});

test("a refresh does not undo a sign-out, or another user's sign-in, in another tab", async (t) => {
  clock(t);
  /** @type {Answer} */
  const fresh = [200, { AuthenticationResult: { AccessToken: "access-2", ExpiresIn: 3600 } }];
  const { session } = await signedIn(t, () => fresh);
  localStorage.removeItem("scopesmith.user");
  await session.renew({ Authorization: "access-1" });
  assert.equal(restore(CONFIG), null);

  const elsewhere = { clientId: "client-1", username: "ben", accessToken: "b", refreshToken: "b", expiresAt: 0 };
  localStorage.setItem("scopesmith.user", JSON.stringify(elsewhere));
  await session.renew({ Authorization: "access-2" });
  assert.equal(restored().username, "ben");
});

test("a refresh that is under way does not undo a sign-out", async (t) => {
  /** @type {PromiseWithResolvers<Answer>} */
  const refresh = Promise.withResolvers();
  const { session, calls } = await signedIn(t, (call) =>
    target(call) === "RevokeToken" ? [200, "{}"] : refresh.promise,
  );
  const renewing = session.renew({ Authorization: "access-1" });
  await session.signOut();
  refresh.resolve([200, { AuthenticationResult: { AccessToken: "access-2", ExpiresIn: 3600 } }]);
  await renewing;
  assert.deepEqual([calls.length, restore(CONFIG)], [3, null]);
});

test("a refresh token that another tab was given in exchange is the one that is used", async (t) => {
  clock(t);
  let newest = 1;
  const { session } = await signedIn(t, ({ body }) => {
    if (body.AuthParameters.REFRESH_TOKEN !== `refresh-${newest}`) return refusal("NotAuthorizedException");
    newest += 1;
    const exchanged = { AccessToken: `access-${newest}`, RefreshToken: `refresh-${newest}`, ExpiresIn: 3600 };
    return [200, { AuthenticationResult: exchanged }];
  });
  const elsewhere = restored();
  await elsewhere.renew({ Authorization: "access-1" });
  t.mock.timers.setTime(Date.now() + 3600_000);
  assert.deepEqual(await session.headers(), { Authorization: "access-3" });
  assert.deepEqual(await elsewhere.headers(), { Authorization: "access-3" });
});

test("a clock that is wrong refreshes no more often, also when it is set right", async (t) => {
  clock(t);
  let count = 1;
  const { session, calls } = await signedIn(t, () => {
    count += 1;
    return [200, { AuthenticationResult: { AccessToken: `access-${count}`, ExpiresIn: 3600 } }];
  });
  for (const right of [3600_000, 0, -3600_000]) {
    t.mock.timers.setTime(10_000_000 + right);
    for (let request = 0; request < 5; request += 1) await session.headers();
  }
  assert.ok(calls.length <= 2, `${calls.length} calls`);
  // Set back, it believes a token for too long: the API's refusal is what counts then.
  await session.renew(await session.headers());
  assert.deepEqual(await session.headers(), { Authorization: `access-${count}` });
  assert.ok(calls.length <= 3, `${calls.length} calls`);
});

test("signing out forgets the tokens and revokes the refresh token", async (t) => {
  const { session, calls } = await signedIn(t, () => [200, ""]);
  await session.signOut();
  assert.deepEqual([target(calls[1]), calls[1].body.Token], ["RevokeToken", "refresh-1"]);
  assert.equal(restore(CONFIG), null);
});

test("signing out works offline", async (t) => {
  const { session } = await signedIn(t, () => {
    throw new TypeError("fetch failed");
  });
  await session.signOut();
  assert.equal(restore(CONFIG), null);
});

test("a first password is replaced, and a refused new one can be answered again", async (t) => {
  const challenge = {
    ChallengeName: "NEW_PASSWORD_REQUIRED",
    Session: "s",
    ChallengeParameters: { USER_ID_FOR_SRP: "u-1" },
  };
  /** @type {Answer[]} */
  const answers = [
    [200, challenge],
    refusal("InvalidPasswordException", "too short"),
    [200, { AuthenticationResult: TOKENS }],
  ];
  const calls = fakeFetch(t, () => answers.shift() ?? assert.fail("no further call is expected"));
  const asked = (await signIn(CONFIG, "ada@example.com", "first")).challenge;
  assert.ok(asked);
  assert.equal(asked.name, "NEW_PASSWORD_REQUIRED");
  await assert.rejects(asked.answer("x"), {
    type: "InvalidInput",
    fields: [{ field: "password", message: "too short" }],
  });
  const { session } = await asked.answer("a longer one");
  assert.equal(session?.username, "ada@example.com");
  assert.deepEqual(calls[2].body.ChallengeResponses, { USERNAME: "u-1", NEW_PASSWORD: "a longer one" });
});

test("a second factor is asked for, and a wrong code says so", async (t) => {
  /** @type {Answer[]} */
  const answers = [
    [200, { ChallengeName: "SOFTWARE_TOKEN_MFA", Session: "s" }],
    refusal("CodeMismatchException"),
    [200, { AuthenticationResult: TOKENS }],
  ];
  const calls = fakeFetch(t, () => answers.shift() ?? assert.fail("no further call is expected"));
  const { challenge } = await signIn(CONFIG, "ada@example.com", "secret");
  assert.ok(challenge);
  await assert.rejects(challenge.answer("000000"), { type: "InvalidInput", message: /code is wrong/ });
  await challenge.answer("123456");
  assert.equal(calls[2].body.ChallengeResponses.SOFTWARE_TOKEN_MFA_CODE, "123456");
});

/** @type {[answer: Answer, type: string, words: RegExp][]} */
const REFUSALS = [
  [refusal("NotAuthorizedException", "Incorrect username or password."), "Unauthorized", /name or the password/],
  [
    refusal("NotAuthorizedException", "User account has expired, it must be reset by an administrator."),
    "Unauthorized",
    /^Your invitation has expired/,
  ],
  [
    refusal("NotAuthorizedException", "Temporary password has expired and must be reset by an administrator."),
    "Unauthorized",
    /^Your invitation has expired/,
  ],
  [
    refusal("NotAuthorizedException", "Invalid session for the user, session is expired."),
    "Unauthorized",
    /took too long/,
  ],
  [refusal("UserNotFoundException"), "Unauthorized", /name or the password/],
  [refusal("com.amazonaws#UserNotConfirmedException"), "Unauthorized", /not confirmed/],
  [refusal("TooManyRequestsException"), "Unavailable", /Wait/],
  [[200, { ChallengeName: "CUSTOM_CHALLENGE" }], "Rejected", /CUSTOM_CHALLENGE/],
  [[200, "<html>"], "Rejected", /proxy/],
  [[502, "<html>"], "Unavailable", /502/],
];

for (const [answer, type, words] of REFUSALS) {
  test(`signing in answered with ${JSON.stringify(answer)} is ${type}`, async (t) => {
    fakeFetch(t, () => answer);
    await assert.rejects(signIn(CONFIG, "ada", "x"), { type, message: words });
  });
}

test("the API key lasts as long as its tab", async () => {
  const session = apiKeySession("da2-x");
  assert.deepEqual([session.username, await session.headers()], [null, { "x-api-key": "da2-x" }]);
  assert.deepEqual(await restore(CONFIG)?.headers(), { "x-api-key": "da2-x" });
  assert.equal(localStorage.items.size, 0);
  await session.signOut();
  assert.equal(restore(CONFIG), null);
});

test("it works where storage is forbidden", async (t) => {
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get() {
        throw new Error("forbidden");
      },
    });
  }
  const { session } = await signedIn(t);
  assert.deepEqual(await session.headers(), { Authorization: "access-1" });
  assert.equal(restore(CONFIG), null);
});
