"""The stream over real sockets that lie: a proxy before the local AppSync loses, doubles, delays, cuts and goes deaf.

Behind it the resolvers' own handler answers, over a store in memory.
"""

import asyncio
import importlib
import json
import random
import sys
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, suppress
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType, web
from aws_lambda_powertools import Logger
from botocore.credentials import Credentials
from checkout import PUBLISH_DOCUMENT, SDL
from fakes.http import served
from fakes.lambda_context import lambda_context
from fakes.memory_store import MemoryStore
from fakes.memory_workspaces import MemoryWorkspaces
from patience import PATIENCE
from stacks.signing import signed

from client.api import GraphqlApi, connected
from client.endpoint import ApiKey, Endpoint
from client.merge import Update
from client.session import Submission
from client.stream import Pace, stream
from local.appsync.server import AppSyncConfig, LambdaAnswer, RealtimeSettings, create_app
from resolvers.operations import SessionOperations

PUBLISH = PUBLISH_DOCUMENT.read_text(encoding="utf-8")
KEY = "da2-testing"
IAM = Credentials("AKIDTEST", "testing-secret")
REGION = "us-east-1"
QUICK = Pace(poll=0.3, quiet=2.0, reconnect=0.05, reconnect_at_most=0.5)
ASSESSMENT = Submission("Acme", "A portal.")
SESSIONS = 20
EVENTS = 200
DISCONNECTS = 3


class NoWorker:
    """The tests publish themselves."""

    def invoke_agent_async(self, start: object) -> None:
        pass


@pytest.fixture
def resolvers(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The resolvers' Lambda, its sessions kept in memory."""
    for name, value in {
        "SESSIONS_TABLE_NAME": "sessions",
        "ARTIFACTS_BUCKET_NAME": "artifacts",
        "WORKER_FUNCTION_NAME": "worker",
        "GRAPHQL_URL": "http://127.0.0.1:9/graphql",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():
        monkeypatch.setenv(name, value)
    sys.modules.pop("resolvers.handler", None)
    module = importlib.import_module("resolvers.handler")
    operations = SessionOperations(
        MemoryStore(),
        NoWorker(),
        MemoryWorkspaces(),
        now=lambda: datetime.now(UTC),
        sleep=time.sleep,
        random=lambda: 0.5,
        new_id=lambda: str(uuid.uuid4()),
        log=Logger(service="resolvers"),
    )
    monkeypatch.setattr(module, "operations", operations)
    yield module
    sys.modules.pop("resolvers.handler", None)


@asynccontextmanager
async def appsync(resolvers: ModuleType, realtime: RealtimeSettings) -> AsyncIterator[str]:
    async def invoke(event: dict[str, Any]) -> LambdaAnswer:
        return LambdaAnswer(resolvers.handler(event, lambda_context()))

    config = AppSyncConfig(
        sdl=SDL.read_text(encoding="utf-8"),
        invoke=invoke,
        api_keys=frozenset({KEY}),
        credentials={IAM.access_key: IAM.secret_key},
        region=REGION,
        realtime=realtime,
    )
    async with served(create_app(config)) as url:
        yield f"{url}/graphql"


class LossyProxy:
    """Between client and AppSync: HTTP that fails at times, WebSockets that lose, double, delay and die."""

    def __init__(self, upstream: str, http: aiohttp.ClientSession, chance: random.Random) -> None:
        self.counts: Counter[str] = Counter()
        self._upstream = upstream
        self._http = http
        self._chance = chance
        self._cuts: Counter[str] = Counter()

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.post("/graphql", self._post), web.get("/graphql/realtime", self._realtime)])
        return app

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if self._chance.random() < 0.1:
            self.counts["requests failed"] += 1
            return web.Response(status=503)
        async with self._http.post(self._upstream, data=body, headers={"x-api-key": KEY}) as answer:
            text = await answer.text()
        if self._chance.random() < 0.2:
            await asyncio.sleep(self._chance.uniform(0, 0.5))
        return web.Response(text=text, content_type="application/json")

    async def _realtime(self, request: web.Request) -> web.StreamResponse:
        client = web.WebSocketResponse(protocols=("graphql-ws",))
        await client.prepare(request)
        url = f"{self._upstream}/realtime"
        async with self._http.ws_connect(url, params=request.query, protocols=("graphql-ws",)) as server:
            up = asyncio.create_task(self._up(client, server))
            down = asyncio.create_task(self._down(server, client, request))
            await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
            for task in (up, down):
                task.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
        return client

    async def _up(self, client: web.WebSocketResponse, server: aiohttp.ClientWebSocketResponse) -> None:
        async for message in client:
            if message.type is WSMsgType.TEXT:
                await server.send_str(message.data)

    async def _down(
        self, server: aiohttp.ClientWebSocketResponse, client: web.WebSocketResponse, request: web.Request
    ) -> None:
        left = self._chance.randint(4, 12)  # data frames until this connection's trouble
        late: set[asyncio.Task[None]] = set()
        async for message in server:
            if message.type is not WSMsgType.TEXT:
                continue
            frame = json.loads(message.data)
            if frame["type"] != "data":
                await client.send_str(message.data)
                continue
            session = frame["payload"]["data"]["onProgress"]["sessionId"]
            left -= 1
            if left <= 0 and self._cuts[session] < DISCONNECTS:
                self._cuts[session] += 1
                await self._lose(client, request)
                return
            for _ in range(self._copies(frame)):
                task = asyncio.create_task(self._later(client, message.data))
                late.add(task)
                task.add_done_callback(late.discard)

    def _copies(self, frame: dict[str, Any]) -> int:
        self.counts["frames"] += 1
        copies = self._chance.choices((0, 1, 2), weights=(10, 85, 5))[0]
        if frame["payload"]["data"]["onProgress"]["status"] == "COMPLETED":
            self.counts["ends"] += 1
            copies = self.counts["ends"] % 3  # every third end is lost
        self.counts[f"frames sent {copies} times"] += 1
        return copies

    async def _later(self, client: web.WebSocketResponse, text: str) -> None:
        if self._chance.random() < 0.2:
            self.counts["frames delayed"] += 1
            await asyncio.sleep(self._chance.uniform(0.05, 0.6))
        with suppress(ConnectionError):
            await client.send_str(text)

    async def _lose(self, client: web.WebSocketResponse, request: web.Request) -> None:
        kind = self._chance.choice(("closed", "cut", "deaf"))
        self.counts[f"sockets {kind}"] += 1
        if kind == "closed":
            await client.close()
        elif kind == "cut" and request.transport is not None:
            request.transport.abort()
        else:
            # Send nothing more, not even a keep-alive, until the client leaves.
            await asyncio.sleep(60)


class Publisher:
    """A worker's run: it publishes to AppSync itself, signed, and now and then the same update twice."""

    def __init__(self, url: str, http: aiohttp.ClientSession, session_id: str, chance: random.Random) -> None:
        self._url = url
        self._http = http
        self._session_id = session_id
        self._chance = chance
        self._revision = 0
        self.log: list[dict[str, Any]] = []

    async def work(self) -> None:
        await self._publish("PROCESSING", 0)
        while len(self.log) < EVENTS:
            await asyncio.sleep(self._chance.uniform(0.05, 0.35))
            await self._publish("ANALYZING_REQUIREMENTS", self._chance.choice((0, 2, 5, 12)))
        await self._publish("COMPLETED", 1)

    async def _publish(self, status: str, events: int) -> None:
        new = [
            {
                "sequence": len(self.log) + 1 + number,
                "type": "CHUNK",
                "text": f"text {len(self.log) + 1 + number}",
                "truncated": False,
                "timestamp": "2026-11-22T12:00:00.000Z",
            }
            for number in range(events)
        ]
        self.log += new
        update = {
            "sessionId": self._session_id,
            "runId": "run-1",
            "revision": self._revision,
            "status": status,
            "progress": 100 if status == "COMPLETED" else 5,
            "events": new,
        }
        for _ in range(2 if self._chance.random() < 0.05 else 1):
            answer = await self._send({"query": PUBLISH, "variables": {"input": update}})
            assert "errors" not in answer, answer
        self._revision = answer["data"]["publishProgress"]["revision"] + 1

    async def _send(self, request: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(request)
        async with self._http.post(self._url, data=body, headers=signed(self._url, body, IAM, REGION)) as response:
            answer: dict[str, Any] = await response.json()
            return answer


async def watched(api: GraphqlApi, session_id: str) -> list[Update]:
    async with asyncio.timeout(PATIENCE), aclosing(stream(api, session_id, pace=QUICK)) as updates:
        return [update async for update in updates]


@pytest.mark.slow
async def test_twenty_sessions_through_a_lossy_proxy_are_seen_as_the_log_says(resolvers: ModuleType) -> None:
    """The client stream is lossless over real sockets: each event once, in order, and the terminal state."""
    chance = random.Random(20)  # noqa: S311 - a test's chance
    realtime = RealtimeSettings(keep_alive=0.5, connection_timeout_ms=1500)
    async with aiohttp.ClientSession() as http, appsync(resolvers, realtime) as direct:
        proxy = LossyProxy(direct, http, chance)
        async with (
            connected(Endpoint.parse(direct), ApiKey(KEY)) as submitting,
            served(proxy.app()) as url,
            connected(Endpoint.parse(f"{url}/graphql"), ApiKey(KEY)) as api,
        ):
            ids = [(await submitting.submit(ASSESSMENT, f"token-{number}")).id for number in range(SESSIONS)]
            workers = [Publisher(direct, http, id_, random.Random(id_)) for id_ in ids]  # noqa: S311 - likewise
            watching = [asyncio.create_task(watched(api, id_)) for id_ in ids]
            await asyncio.gather(*(worker.work() for worker in workers))
            seen = await asyncio.gather(*watching)
    for worker, updates in zip(workers, seen, strict=True):
        assert [event.text for update in updates for event in update.events] == [event["text"] for event in worker.log]
        revisions = [update.state.revision for update in updates]
        assert revisions == sorted(revisions)
        assert [update.state.status for update in updates].count("COMPLETED") == 1
        assert updates[-1].state.status == "COMPLETED"
    assert_the_network_was_bad(proxy.counts)


def assert_the_network_was_bad(counts: Counter[str]) -> None:
    assert counts["frames sent 0 times"] > counts["frames"] / 20
    assert counts["frames sent 2 times"] > counts["frames"] / 100
    assert counts["ends"] >= 3, "no end was lost"
    assert counts["frames delayed"] > counts["frames"] / 10
    assert sum(counts[f"sockets {kind}"] for kind in ("closed", "cut", "deaf")) > 2 * SESSIONS
    for trouble in ("sockets closed", "sockets cut", "sockets deaf", "requests failed"):
        assert counts[trouble], trouble
