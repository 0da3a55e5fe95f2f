"""The local AppSync on a real port, with a Lambda that echoes what is published, and clients' ways to talk to it.

For the tests of what crosses its sockets. It has one caller for each mode: an API key, a signing key and a user.
"""

import asyncio
import json
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import checkout
import jwt
from aiohttp import ClientSession, ClientWebSocketResponse, web
from botocore.credentials import Credentials
from cryptography.hazmat.primitives.asymmetric import rsa

from local.appsync.server import AppSyncConfig, LambdaAnswer, RealtimeSettings, UserPoolConfig, create_app
from stacks.signing import signed

SDL = checkout.SDL.read_text(encoding="utf-8")
KEY = "da2-key"
SIGNING_KEY = Credentials("AKIDEXAMPLE", "secret")
REGION = "eu-west-1"
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool"
CLIENT_ID = "client"
AS_APPSYNC = RealtimeSettings()
INIT = {"type": "connection_init"}
SUBSCRIBE = 'subscription { onProgress(sessionId: "1") { status progress events { text } } }'
PROGRESS = {"sessionId": "1", "runId": "r", "revision": 0, "status": "PROCESSING", "progress": 5, "events": []}
CHUNK = {"sequence": 1, "type": "CHUNK", "truncated": False, "timestamp": "2026-11-22T10:30:00.000Z"}


@dataclass(frozen=True)
class Dialect:
    """How a client connects."""

    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    protocols: tuple[str, ...] = ("graphql-ws",)
    headers: Mapping[str, str] = field(default_factory=dict)


class Api:
    """A served API; its Lambda echoes what is published and lets everybody subscribe unless told otherwise."""

    def __init__(self, http: ClientSession) -> None:
        self.http = http
        self.host = ""
        self.events: list[dict[str, Any]] = []
        self.asked = asyncio.Event()
        """Set when a subscription's resolver was invoked."""
        self.on_subscribe: Callable[[], Awaitable[object]] = self.let_in

    async def let_in(self) -> object:
        return None

    @property
    def url(self) -> str:
        return f"http://{self.host}/graphql"

    async def invoke(self, event: dict[str, Any]) -> LambdaAnswer:
        self.events.append(event)
        if event["info"]["fieldName"] == "publishProgress":
            return LambdaAnswer(event["arguments"]["input"])
        self.asked.set()
        return LambdaAnswer(await self.on_subscribe())

    async def publish(self, progress: int = 5, text: str = "") -> dict[str, Any]:
        """Publish as the worker does: signed."""
        return await self.publish_by("sessionId status progress events { text }", text, progress)

    async def publish_by(self, selection: str, text: str = "", progress: int = 5) -> dict[str, Any]:
        """Publish with this selection set; what comes back is the publisher's response."""
        update = PROGRESS | {"progress": progress, "events": [CHUNK | {"text": text}] if text else []}
        mutation = f"mutation P($input: ProgressInput!) {{ publishProgress(input: $input) {{ {selection} }} }}"
        body = json.dumps({"query": mutation, "variables": {"input": update}})
        async with self.http.post(self.url, data=body, headers=signature(self.url, body)) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    def socket(self, dialect: Dialect | None = None) -> AbstractAsyncContextManager[ClientWebSocketResponse]:
        """A WebSocket to the API, opened as gql does it with an API key when no dialect is given."""
        how = dialect or Dialect(query={"header": encoded(api_key(self.host, "")), "payload": "e30="})
        return self.http.ws_connect(
            f"{self.url}{how.path}", params=how.query, protocols=how.protocols, headers=how.headers
        )


def signature(url: str, body: str) -> dict[str, str]:
    return signed(url, body, SIGNING_KEY, REGION)


@cache
def _pools_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


async def _public_keys() -> bytes:
    key = jwt.algorithms.RSAAlgorithm.to_jwk(_pools_key().public_key(), as_dict=True)
    return json.dumps({"keys": [key | {"kid": "k", "alg": "RS256", "use": "sig"}]}).encode()


def token(username: str = "ada", seconds: float = 3600) -> str:
    """An access token of the pool that ends after so many seconds."""
    issued = time.time()
    claims = {"iss": ISSUER, "client_id": CLIENT_ID, "token_use": "access", "sub": f"sub-{username}"}
    times = {"iat": int(issued) - 10, "exp": issued + seconds}
    return jwt.encode(claims | times | {"username": username}, _pools_key(), "RS256", headers={"kid": "k"})


def starting(
    id_: str = "1",
    query: str = SUBSCRIBE,
    authorization: Mapping[str, str] | None = None,
    variables: Mapping[str, object] | None = None,
) -> dict[str, object]:
    extensions = {"authorization": {"x-api-key": KEY} if authorization is None else dict(authorization)}
    asked = {"query": query} | ({} if variables is None else {"variables": variables})
    return {"id": id_, "type": "start", "payload": {"data": json.dumps(asked), "extensions": extensions}}


async def told(socket: ClientWebSocketResponse) -> dict[str, Any]:
    """The next frame."""
    frame: dict[str, Any] = await socket.receive_json(timeout=60)
    return frame


async def initialized(socket: ClientWebSocketResponse) -> None:
    await socket.send_json(INIT)
    assert await told(socket) == {"type": "connection_ack", "payload": {"connectionTimeoutMs": 300000}}


async def subscribed(socket: ClientWebSocketResponse, *ids: str) -> None:
    for id_ in ids:
        await socket.send_json(starting(id_))
        assert await told(socket) == {"type": "start_ack", "id": id_}


def update(id_: str, progress: int, *texts: str) -> dict[str, object]:
    """The data frame that a subscriber gets for a publish."""
    shown = {"status": "PROCESSING", "progress": progress, "events": [{"text": text} for text in texts]}
    return {"type": "data", "id": id_, "payload": {"data": {"onProgress": shown}}}


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def served(
    *,
    send_buffer_bytes: int = 4_000_000,
    realtime: RealtimeSettings = AS_APPSYNC,
    clock: Callable[[], datetime] = now,
    query_depth_limit: int | None = None,
    resolver_count_limit: int | None = None,
    lingering_seconds: float = 10.0,
    encode_pushed_json_twice: bool = False,
) -> AsyncIterator[tuple[Api, web.AppRunner]]:
    async with ClientSession() as http:
        api = Api(http)
        config = AppSyncConfig(
            sdl=SDL,
            invoke=api.invoke,
            api_keys=frozenset({KEY}),
            user_pool=UserPoolConfig(ISSUER, CLIENT_ID, _public_keys),
            credentials={"AKIDEXAMPLE": "secret"},
            region=REGION,
            clock=clock,
            send_buffer_bytes=send_buffer_bytes,
            realtime=realtime,
            query_depth_limit=query_depth_limit,
            resolver_count_limit=resolver_count_limit,
            encode_pushed_json_twice=encode_pushed_json_twice,
        )
        runner = web.AppRunner(create_app(config), lingering_time=lingering_seconds)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            api.host = "{}:{}".format(*runner.addresses[0][:2])
            yield api, runner
        finally:
            await runner.cleanup()


def api_key(host: str, _path: str) -> dict[str, str]:
    return {"host": host, "x-api-key": KEY}


def encoded(authorization: Mapping[str, str], *, as_url: bool = False) -> str:
    """Base64: standard and padded, or as URLs like it."""
    text = json.dumps(authorization).encode()
    return urlsafe_b64encode(text).decode().rstrip("=") if as_url else b64encode(text).decode()
