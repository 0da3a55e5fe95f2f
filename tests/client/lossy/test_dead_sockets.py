"""A socket that dies without a close, over real connections: the stream notices, polls, and reconnects.

The server speaks the protocol up to `start_ack` and is silent from then on; its session changes all the same.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from clients.empty_answers import NO_RESULTS, NO_USAGE
from fakes.http import served
from patience import PATIENCE

from client.api import GraphqlApi, connected
from client.endpoint import ApiKey, Endpoint
from client.stream import Connection, Pace, stream

NOON = "2026-11-22T12:00:00.000Z"
KEEP_ALIVE_SECONDS = 0.2
NEVER = 3600.0

PACE = Pace(poll=0.1, quiet=NEVER, reconnect=0.1, reconnect_at_most=0.4)
"""Silence on a living socket is no reason to read here: what is seen was seen because the socket was found dead."""


@dataclass
class DeafServer:
    """One session, and sockets on which nothing comes after `start_ack`."""

    status: str = "PROCESSING"
    revision: int = 1
    log: list[dict[str, object]] = field(default_factory=list)
    connected_at: list[float] = field(default_factory=list)
    read_at: list[float] = field(default_factory=list)
    open_sockets: int = 0
    stops_at: str | None = None
    """The message that it no longer answers."""

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.post("/graphql", self._post), web.get("/graphql/realtime", self._realtime)])
        return app

    def say(self, status: str) -> None:
        number = len(self.log) + 1
        event = {"sequence": number, "type": "CHUNK", "tool": None, "toolCallId": None, "text": f"text {number}"}
        self.log.append(event | {"truncated": False, "timestamp": NOON})
        self.status = status
        self.revision += 1

    async def _post(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if "Events" in asked["query"]:
            return web.json_response({"data": {"events": {"items": self.log[asked["variables"]["after"] :]}}})
        self.read_at.append(asyncio.get_running_loop().time())
        if self.stops_at == "read":
            await asyncio.sleep(NEVER)
        state: dict[str, Any] = {
            "id": "s",
            "status": self.status,
            "currentStage": None,
            "progress": 5,
            "revision": self.revision,
            "lastSequence": len(self.log),
            "cancelRequested": False,
            "errorMessage": None,
            "results": NO_RESULTS,
            "usage": NO_USAGE,
            "proposalVersion": 0,
            "updatedAt": NOON,
        }
        return web.json_response({"data": {"session": state}})

    async def _realtime(self, request: web.Request) -> web.WebSocketResponse:
        self.connected_at.append(asyncio.get_running_loop().time())
        self.open_sockets += 1
        try:
            if self.stops_at == "upgrade":
                await asyncio.sleep(NEVER)
            socket = web.WebSocketResponse(protocols=("graphql-ws",))
            await socket.prepare(request)
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._answer(socket, json.loads(message.data))
        finally:
            self.open_sockets -= 1
        return socket

    async def _answer(self, socket: web.WebSocketResponse, message: dict[str, Any]) -> None:
        timeout = {"connectionTimeoutMs": int(KEEP_ALIVE_SECONDS * 1000)}
        answers: dict[str, dict[str, object]] = {
            "connection_init": {"type": "connection_ack", "payload": timeout},
            "start": {"type": "start_ack", "id": message.get("id")},
        }
        if message["type"] in answers and message["type"] != self.stops_at:
            await socket.send_json(answers[message["type"]])


@asynccontextmanager
async def serving(server: DeafServer) -> AsyncIterator[GraphqlApi]:
    async with served(server.app()) as url, connected(Endpoint.parse(f"{url}/graphql"), ApiKey("da2-testing")) as api:
        yield api


@pytest.mark.slow
async def test_a_dead_socket_is_replaced_with_backoff_and_bridged_by_polls() -> None:
    """The stream notices a dead socket by missed keep-alives, reconnects with backoff, and polls meanwhile.

    It ends when the session ends, though no update was ever pushed.
    """
    server = DeafServer()
    seen: list[Connection] = []

    async def work() -> None:
        for _ in range(25):
            await asyncio.sleep(0.1)
            server.say("PROCESSING")
        server.say("COMPLETED")

    async with serving(server) as api, asyncio.timeout(PATIENCE):
        working = asyncio.create_task(work())
        async with aclosing(stream(api, "s", pace=PACE, on_connection=seen.append)) as news:
            updates = [update async for update in news]
        await working
    assert [event.text for update in updates for event in update.events] == [f"text {n}" for n in range(1, 27)]
    assert updates[-1].state.status == "COMPLETED"
    gaps = [later - earlier for earlier, later in itertools.pairwise(server.connected_at)]
    assert len(gaps) >= 2
    assert min(gaps) > KEEP_ALIVE_SECONDS, "a socket is given the announced time before it counts as dead"
    assert {Connection.LIVE, Connection.POLLING} <= set(seen)
    assert len(server.read_at) > len(server.connected_at), "it polls while there is no socket"


@pytest.mark.parametrize("stops_at", ["upgrade", "connection_init", "start", None])
async def test_a_session_ends_whatever_step_of_connecting_hangs(stops_at: str | None) -> None:
    """The stream ends when the session ends, also if the last update was lost, and whatever its socket is about."""
    server = DeafServer(stops_at=stops_at)
    async with serving(server) as api, asyncio.timeout(PATIENCE):
        async with aclosing(stream(api, "s", pace=PACE)) as news:
            async for update in news:
                if not update.state.ended:
                    server.say("CANCELLED")
        assert update.state.status == "CANCELLED"
        assert [event.sequence for event in update.events] == [1]


@pytest.mark.parametrize("stops_at", ["upgrade", "connection_init", "start", "read", None])
async def test_a_cancelled_stream_leaves_neither_task_nor_socket(stops_at: str | None) -> None:
    """Whatever the stream was waiting for."""
    server = DeafServer(stops_at=stops_at)
    async with serving(server) as api:
        await api.read_events("s", 0)  # the kept connection has tasks of its own
        before = asyncio.all_tasks()

        async def watch() -> None:
            async with aclosing(stream(api, "s", pace=PACE)) as news:
                async for _ in news:
                    pass

        watching = asyncio.create_task(watch())
        await asyncio.sleep(0.15)
        watching.cancel()
        await asyncio.wait([watching])
        assert watching.cancelled()
        async with asyncio.timeout(PATIENCE):  # the server's side of the sockets takes a moment
            while client_tasks(before) or (server.open_sockets and stops_at != "upgrade"):  # noqa: ASYNC110 - aiohttp has no event for it
                await asyncio.sleep(0.01)


async def test_a_stream_that_is_left_has_closed_all_when_aclose_returns() -> None:
    """At whichever update it is left."""
    for leave_at in (1, 2):
        server = DeafServer()
        server.say("PROCESSING")
        async with serving(server) as api:
            await api.read_events("s", 0)
            before = asyncio.all_tasks()
            news = stream(api, "s", pace=PACE)
            for _ in range(leave_at):
                await anext(news)
            await news.aclose()
            assert client_tasks(before) == set()
            await asyncio.sleep(0)
            assert client_tasks(before) == set()


def client_tasks(before: set[asyncio.Task[Any]]) -> set[str]:
    """What runs now and did not before, but for the server's own tasks."""
    new = {repr(task.get_coro()) for task in asyncio.all_tasks() - before}
    return {name for name in new if "RequestHandler" not in name}
