"""The example server: a frontend that posts a run is sent the session, as AG-UI asks of the HTTP binding."""

import asyncio
import json
import runpy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from checkout import DATA, ROOT
from clients.ag_ui_order import check_run

from client import answers
from client.errors import NotFoundError
from client.session import AgentEvent, Progress, State

PUSHES = [answers.progress(one) for one in json.loads((DATA / "client" / "session.json").read_bytes())]
STATE = PUSHES[-1].state
Client = TestClient[web.Request, web.Application]


class RecordedApi:
    """The recorded session, which has ended."""

    async def read_state(self, session_id: str) -> State:
        if session_id != STATE.session_id:
            raise NotFoundError("there is no such session")
        return STATE

    async def read_events(self, session_id: str, after: int) -> tuple[AgentEvent, ...]:
        assert session_id == STATE.session_id
        return tuple(event for push in PUSHES for event in push.events if event.sequence > after)

    @asynccontextmanager
    async def subscribe(self, session_id: str) -> AsyncIterator[AsyncIterator[Progress | None]]:
        async def silent() -> AsyncIterator[Progress | None]:
            await asyncio.Event().wait()
            yield None

        yield silent()


@pytest_asyncio.fixture
async def client() -> AsyncIterator[Client]:
    @asynccontextmanager
    async def connection() -> AsyncIterator[RecordedApi]:
        yield RecordedApi()

    server = runpy.run_path(str(ROOT / "client" / "examples" / "ag_ui_server.py"))["server"]
    async with TestClient(TestServer(server(connection()))) as client:
        yield client


async def posted(client: Client, **given: object) -> list[dict[str, Any]]:
    async with client.post("/", json={"runId": "run-1", "messages": [], **given}) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/event-stream"
        frames = (await answer.text()).removesuffix("\n\n").split("\n\n")
    return [json.loads(frame.removeprefix("data: ")) for frame in frames]


async def test_a_session_is_sent_as_one_valid_run(client: Client) -> None:
    events = await posted(client, threadId=STATE.session_id)
    check_run(events)
    assert {events[-1][name] for name in ("type", "threadId", "runId")} == {"RUN_FINISHED", STATE.session_id, "run-1"}
    assert sum(event["type"] == "TOOL_CALL_RESULT" for event in events) == 5


async def test_a_frontend_that_has_the_session_is_sent_no_message_again(client: Client) -> None:
    first = await posted(client, threadId=STATE.session_id)
    [state] = [event["snapshot"] for event in first if event["type"] == "STATE_SNAPSHOT"][-1:]
    patches = [operation for event in first if event["type"] == "STATE_DELTA" for operation in event["delta"]]
    state |= {patch["path"].removeprefix("/"): patch["value"] for patch in patches}
    again = await posted(client, threadId=STATE.session_id, state=state)
    assert [event["type"] for event in again] == ["RUN_STARTED", "STATE_SNAPSHOT", "RUN_FINISHED"]


async def test_a_session_that_is_not_there_is_a_run_error(client: Client) -> None:
    events = await posted(client, threadId="another")
    assert [event["type"] for event in events] == ["RUN_STARTED", "RUN_ERROR"]


async def test_what_is_no_run_is_refused_before_one_starts(client: Client) -> None:
    for body in (b"no JSON", b"{}"):
        async with client.post("/", data=body) as answer:
            assert answer.status == 400
