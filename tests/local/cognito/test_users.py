"""The user pools mode: which tokens are good, what the Lambda learns of their users, and what is said to the others."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from botocore.credentials import Credentials
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from stacks import signing

from local.appsync.authorization.user_pools import KeySet
from local.appsync.server import AppSyncConfig, LambdaAnswer, UserPoolConfig, create_app
from local.http import loopback
from local.stack import SDL

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool"
CLIENT = "the-app-client"
API_KEY = "da2-key"

NO_HEADER = "Valid authorization header not provided."
UNPARSABLE = "Unable to parse JWT token."
EXPIRED = "Token has expired."
REFUSED = "You are not authorized to make this call."

KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)


def jwks(**keys: rsa.RSAPrivateKey) -> bytes:
    """The JWKS document of the public halves of these keys, each by its id."""
    listed = [
        json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) | {"kid": key_id, "alg": "RS256", "use": "sig"}
        for key_id, key in keys.items()
    ]
    return json.dumps({"keys": listed}).encode()


def claims(**changes: object) -> dict[str, object]:
    """An access token's claims; None leaves a claim out."""
    usual = {
        "iss": ISSUER,
        "sub": "3f1c",
        "client_id": CLIENT,
        "token_use": "access",
        "username": "3f1c",
        "iat": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 3600,
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


ID_TOKEN: dict[str, Any] = {
    "token_use": "id",
    "client_id": None,
    "aud": CLIENT,
    "username": None,
    "cognito:username": "3f1c",
}


def signed(key: rsa.RSAPrivateKey = KEY, key_id: str = "first", **changes: object) -> str:
    return jwt.encode(claims(**changes), key, "RS256", {"kid": key_id})


def by_hand(header: object, payload: object, signature: bytes = b"") -> str:
    """A token in parts that no library would put together."""
    return ".".join(
        base64.urlsafe_b64encode(part if isinstance(part, bytes) else json.dumps(part).encode()).rstrip(b"=").decode()
        for part in (header, payload, signature)
    )


def signed_with_the_public_key() -> str:
    """HS256 with the pool's public key for a secret, which a careless server takes."""
    secret = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    unsigned = by_hand({"alg": "HS256", "typ": "JWT", "kid": "first"}, claims()).rpartition(".")[0]
    signature = hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def tampered() -> str:
    header, _, signature = signed().split(".")
    payload = by_hand(claims(sub="somebody-else"), {}).split(".", maxsplit=1)[0]
    return f"{header}.{payload}.{signature}"


@dataclass
class Pool:
    """A pool whose keys a test may change, and an API for its users whose clock moves only when a test moves it."""

    document: bytes | OSError = field(default_factory=lambda: jwks(first=KEY))
    now: datetime = NOON
    fetched: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, object] = field(default_factory=dict)
    """What the Lambda answers, by the field."""
    url: str = ""

    async def fetch(self) -> bytes:
        self.fetched += 1
        await asyncio.sleep(0)
        if isinstance(self.document, OSError):
            raise self.document
        return self.document

    async def invoke(self, event: dict[str, object]) -> LambdaAnswer:
        self.events.append(event)
        return LambdaAnswer(self.answers.get(event["info"]["fieldName"]))  # type: ignore[index]  # an event's shape


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    pool = Pool()
    app = create_app(
        AppSyncConfig(
            sdl=SDL.read_text(encoding="utf-8"),
            invoke=pool.invoke,
            api_keys=frozenset({API_KEY}),
            credentials={"AKIDTEST": "secret"},
            region="eu-west-1",
            user_pool=UserPoolConfig(ISSUER, CLIENT, pool.fetch),
            clock=lambda: pool.now,
        )
    )
    with loopback.listen() as listener:
        pool.url = f"http://{loopback.address(listener)}/graphql"
        async with loopback.serving(app, listener):
            yield pool


async def ask(pool: Pool, **headers: str) -> tuple[int, Any]:
    """The status, and the answer's data or its error's message."""
    async with (
        ClientSession() as http,
        http.post(pool.url, json={"query": '{ session(id: "1") { id } }'}, headers=headers) as response,
    ):
        answer = await response.json()
        if response.status == 200:
            return 200, answer["data"]
        [error] = answer["errors"]
        assert error["errorType"] == response.headers["x-amzn-ErrorType"]
        return response.status, error["message"]


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
@pytest.mark.parametrize("kind", [{}, ID_TOKEN], ids=["access", "id"])
async def test_a_token_of_the_pool_is_good_with_and_without_bearer(
    pool: Pool, prefix: str, kind: dict[str, Any]
) -> None:
    assert await ask(pool, authorization=prefix + signed(**kind)) == (200, {"session": None})
    assert pool.events[0]["identity"]["sub"] == "3f1c"


async def test_the_lambda_learns_the_user_as_appsync_tells_it(pool: Pool) -> None:
    """Every member of AppSync's identity of a user is there, the claims as they are in the token."""
    token = {**ID_TOKEN, "cognito:username": "ada", "cognito:groups": ["leads", "staff"], "email": "ada@example.com"}
    await ask(pool, authorization=signed(**token))
    assert pool.events[0]["identity"] == {
        "sub": "3f1c",
        "issuer": ISSUER,
        "username": "ada",
        "claims": claims(**token),
        "sourceIp": ["127.0.0.1"],
        "defaultAuthStrategy": "ALLOW",
        "groups": ["leads", "staff"],
    }


async def test_a_user_in_no_group_has_no_groups(pool: Pool) -> None:
    await ask(pool, authorization=signed())
    assert pool.events[0]["identity"]["groups"] is None


SECONDS = NOON.timestamp()

BAD_TOKENS: dict[str, tuple[Callable[[], str], str]] = {
    "empty": (lambda: "", UNPARSABLE),
    "Bearer alone": (lambda: "Bearer", UNPARSABLE),
    "garbage": (lambda: "no-token", UNPARSABLE),
    "three garbage parts": (lambda: "a.b.c", UNPARSABLE),
    "an API key": (lambda: API_KEY, UNPARSABLE),
    "two tokens": (lambda: f"{signed()},{signed()}", UNPARSABLE),
    "Bearer in the middle": (lambda: signed().replace(".", ".Bearer ", 1), UNPARSABLE),
    "a header that is no object": (lambda: by_hand([], {}), UNPARSABLE),
    "a header that nests without end": (lambda: by_hand(b"[" * 5000, {}), UNPARSABLE),
    "no algorithm": (lambda: by_hand({"kid": "first"}, claims()), REFUSED),
    "the algorithm none": (lambda: by_hand({"alg": "none", "kid": "first"}, claims()), REFUSED),
    "the algorithm None": (lambda: by_hand({"alg": "None", "kid": "first"}, claims()), REFUSED),
    "HS256 with the public key": (signed_with_the_public_key, REFUSED),
    "another RSA algorithm": (lambda: jwt.encode(claims(), KEY, "RS512", {"kid": "first"}), REFUSED),
    "no key id": (lambda: jwt.encode(claims(), KEY, "RS256"), REFUSED),
    "an unknown key id": (lambda: signed(key_id="second"), REFUSED),
    "another key under a known id": (lambda: signed(OTHER_KEY), REFUSED),
    "changed claims": (tampered, REFUSED),
    "no signature": (lambda: signed().rpartition(".")[0] + ".", REFUSED),
    "claims that are no object": (lambda: jwt.api_jws.encode(b"[]", KEY, "RS256", {"kid": "first"}), REFUSED),
    "another pool": (lambda: signed(iss=ISSUER + "2"), REFUSED),
    "no issuer": (lambda: signed(iss=None), REFUSED),
    "another client": (lambda: signed(client_id="another"), REFUSED),
    "no client": (lambda: signed(client_id=None), REFUSED),
    "another audience": (lambda: signed(**(ID_TOKEN | {"aud": "another"})), REFUSED),
    "several audiences": (lambda: signed(**(ID_TOKEN | {"aud": [CLIENT, "another"]})), REFUSED),
    "an access token with an audience alone": (lambda: signed(client_id=None, aud=CLIENT), REFUSED),
    "another use": (lambda: signed(token_use="refresh"), REFUSED),
    "no use": (lambda: signed(token_use=None), REFUSED),
    "a use that is no text": (lambda: signed(token_use=["access"]), REFUSED),
    "nobody": (lambda: signed(sub=None), REFUSED),
    "a user that is no text": (lambda: signed(sub=5), REFUSED),
    "no username": (lambda: signed(username=None), REFUSED),
    "ended a second ago": (lambda: signed(exp=SECONDS - 1), EXPIRED),
    "ends now": (lambda: signed(exp=SECONDS), EXPIRED),
    "without an end": (lambda: signed(exp=None), REFUSED),
    "an end that is no number": (lambda: by_signature(exp="tomorrow"), REFUSED),
    "an end that is true": (lambda: by_signature(exp=True), REFUSED),
    "an end at infinity": (lambda: by_signature(exp=float("inf")), REFUSED),
    "an end that is no number at all": (lambda: by_signature(exp=float("nan")), REFUSED),
    "issued in the future": (lambda: signed(iat=SECONDS + 600), REFUSED),
    "without a beginning": (lambda: signed(iat=None), REFUSED),
    "not yet good": (lambda: signed(nbf=SECONDS + 600), REFUSED),
}


def by_signature(**changes: object) -> str:
    """A token with a good signature over claims that PyJWT would not write."""
    return jwt.api_jws.encode(json.dumps(claims(**changes)).encode(), KEY, "RS256", {"kid": "first"})


@pytest.mark.parametrize("name", BAD_TOKENS)
async def test_a_bad_token_is_refused_in_appsyncs_words_and_invokes_nothing(pool: Pool, name: str) -> None:
    token, message = BAD_TOKENS[name]
    assert await ask(pool, authorization=token()) == (401, message)
    assert pool.events == []


async def test_no_credentials_are_refused_in_the_words_of_the_default_mode(pool: Pool) -> None:
    assert await ask(pool) == (401, NO_HEADER)


async def test_a_clock_that_is_a_little_ahead_does_no_harm(pool: Pool) -> None:
    assert (await ask(pool, authorization=signed(iat=SECONDS + 5)))[0] == 200


async def test_a_bad_token_is_not_made_good_by_a_good_key(pool: Pool) -> None:
    assert await ask(pool, authorization="no-token", **{"x-api-key": API_KEY}) == (401, UNPARSABLE)


async def test_the_api_key_still_serves_without_the_pool(pool: Pool) -> None:
    pool.document = OSError("down")
    assert (await ask(pool, **{"x-api-key": API_KEY}))[0] == 200
    assert pool.fetched == 0


async def test_keys_are_fetched_once_for_many_tokens_at_the_same_time(pool: Pool) -> None:
    answers = await asyncio.gather(*(ask(pool, authorization=signed(sub=f"user-{n}")) for n in range(20)))
    assert {status for status, _ in answers} == {200}
    assert pool.fetched == 1


async def test_a_new_key_is_found_and_garbage_ids_do_not_have_the_keys_fetched_each_time(pool: Pool) -> None:
    assert (await ask(pool, authorization=signed()))[0] == 200
    pool.document = jwks(second=OTHER_KEY)
    pool.now += timedelta(seconds=31)
    assert (await ask(pool, authorization=signed(OTHER_KEY, "second")))[0] == 200
    assert pool.fetched == 2
    for number in range(20):
        assert await ask(pool, authorization=signed(key_id=f"garbage-{number}")) == (401, REFUSED)
    assert pool.fetched == 2


async def test_a_key_that_was_withdrawn_holds_an_hour_at_most(pool: Pool) -> None:
    assert (await ask(pool, authorization=signed()))[0] == 200
    pool.document = jwks(second=OTHER_KEY)
    pool.now += timedelta(minutes=61)
    assert await ask(pool, authorization=signed(exp=SECONDS + 36_000)) == (401, REFUSED)


async def test_without_the_keys_a_user_is_told_of_our_failure_not_of_theirs(pool: Pool) -> None:
    pool.document = OSError("down")
    status, message = await ask(pool, authorization=signed())
    assert (status, message) == (500, "The user pool's keys can't be read.")
    for _ in range(20):
        assert await ask(pool, authorization=signed()) == (status, message)
    assert pool.fetched == 1
    pool.document = jwks(first=KEY)
    pool.now += timedelta(seconds=1)
    assert (await ask(pool, authorization=signed()))[0] == 200


@pytest.mark.parametrize("trouble", [OSError("down"), b"<html>", b'{"keys": 5}', b'{"keys": [5, {"kid": "x"}]}'])
async def test_keys_that_can_not_be_fetched_again_leave_the_old_ones_or_none(trouble: bytes | OSError) -> None:
    """A failure keeps what there is; a document without keys is believed."""
    pool = Pool()
    keys = KeySet(pool.fetch, lambda: pool.now)
    first = await keys.key("first")
    assert first is not None
    pool.document = trouble
    pool.now += timedelta(hours=2)
    believed = isinstance(trouble, bytes) and trouble.startswith(b"{")
    assert await keys.key("first") is (None if believed else first)


# Over the WebSocket


async def opened(http: ClientSession, pool: Pool, token: str) -> ClientWebSocketResponse:
    header = base64.urlsafe_b64encode(json.dumps({"host": "h", "Authorization": token}).encode()).rstrip(b"=").decode()
    socket = await http.ws_connect(
        pool.url.replace("http", "ws") + "/realtime", protocols=("graphql-ws", f"header-{header}")
    )
    await socket.send_json({"type": "connection_init"})
    return socket


async def started(socket: ClientWebSocketResponse, id_: str, authorization: dict[str, str]) -> Any:  # noqa: ANN401 - a frame
    query = {"query": 'subscription { onProgress(sessionId: "1") { status } }', "variables": {}}
    payload = {"data": json.dumps(query), "extensions": {"authorization": authorization}}
    await socket.send_json({"type": "start", "id": id_, "payload": payload})
    while (frame := await socket.receive_json(timeout=30))["type"] == "ka":
        continue
    return frame


def refusal(id_: str, message: str) -> dict[str, object]:
    error = {"errorType": "UnauthorizedException", "message": message}
    return {"type": "error", "id": id_, "payload": {"errors": [error]}}


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("no-token", UNPARSABLE),
        (signed(exp=SECONDS - 1), EXPIRED),
        (signed(OTHER_KEY), REFUSED),
    ],
)
async def test_a_bad_token_opens_no_connection(pool: Pool, token: str, message: str) -> None:
    async with ClientSession() as http:
        socket = await opened(http, pool, token)
        frame = await socket.receive_json(timeout=30)
    error = {"errorType": "UnauthorizedException", "message": message, "errorCode": 400}
    assert frame == {"type": "connection_error", "payload": {"errors": [error]}}


async def test_each_start_proves_its_own_caller(pool: Pool) -> None:
    """One socket carries a user's, another user's and the API key's subscriptions, and refuses bad credentials."""
    async with ClientSession() as http:
        socket = await opened(http, pool, signed())
        assert (await socket.receive_json(timeout=30))["type"] == "connection_ack"
        assert (await started(socket, "a", {"Authorization": signed()}))["type"] == "start_ack"
        assert (await started(socket, "b", {"Authorization": signed(sub="4e2d")}))["type"] == "start_ack"
        assert (await started(socket, "c", {"x-api-key": API_KEY}))["type"] == "start_ack"
        assert await started(socket, "d", {}) == refusal("d", NO_HEADER)
        assert await started(socket, "e", {"Authorization": "no-token"}) == refusal("e", UNPARSABLE)
        long = signed(padding="x" * 20_000)
        assert await started(socket, "f", {"Authorization": long}) == refusal("f", UNPARSABLE)
    identities = [event["identity"] and event["identity"]["sub"] for event in pool.events]
    assert identities == ["3f1c", "4e2d", None]


async def published(pool: Pool, session_id: str) -> None:
    """The worker's progress, signed at the pool's time."""
    progress = {
        "sessionId": session_id,
        "runId": "r",
        "revision": 1,
        "status": "PROCESSING",
        "progress": 1,
        "events": [],
    }
    query = "mutation ($input: ProgressInput!) { publishProgress(input: $input) { sessionId status } }"
    body = json.dumps({"query": query, "variables": {"input": progress}})
    headers = signing.signed(pool.url, body, Credentials("AKIDTEST", "secret"), "eu-west-1")
    async with ClientSession() as http, http.post(pool.url, data=body, headers=headers) as response:
        assert "errors" not in await response.json()


async def test_a_subscription_outlives_its_token(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token is looked at when a subscription starts, and not again: what it was good for goes on."""
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: pool.now)
    async with ClientSession() as http:
        socket = await opened(http, pool, signed())
        assert (await socket.receive_json(timeout=30))["type"] == "connection_ack"
        assert (await started(socket, "before", {"Authorization": signed()}))["type"] == "start_ack"
        pool.now += timedelta(hours=1)
        assert await started(socket, "after", {"Authorization": signed()}) == refusal("after", EXPIRED)
        pool.answers["publishProgress"] = {"sessionId": "1", "status": "PROCESSING"}
        await published(pool, "1")
        pushed = {"data": {"onProgress": {"status": "PROCESSING"}}}
        assert await socket.receive_json(timeout=30) == {"type": "data", "id": "before", "payload": pushed}


async def test_an_ended_token_on_an_open_socket_starts_no_other_subscription(pool: Pool) -> None:
    async with ClientSession() as http:
        socket = await opened(http, pool, signed())
        assert (await socket.receive_json(timeout=30))["type"] == "connection_ack"
        assert (await started(socket, "before", {"Authorization": signed()}))["type"] == "start_ack"
        pool.now += timedelta(hours=1)
        assert await started(socket, "after", {"Authorization": signed()}) == refusal("after", EXPIRED)
        fresh = signed(iat=pool.now.timestamp(), exp=pool.now.timestamp() + 60)
        assert (await started(socket, "renewed", {"Authorization": fresh}))["type"] == "start_ack"
