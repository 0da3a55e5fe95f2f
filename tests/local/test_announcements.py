"""Who watches a session learns what a request has changed, though no run is at work.

The stack's worker never comes to its event, so nothing but the requests can tell a subscriber anything.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from patience import PATIENCE
from stacks.local import module_stack
from stacks.plain_client import PlainClient

from local.lambdas.host import HostSettings
from local.stack import LocalStack, StackSettings

pytestmark = pytest.mark.asyncio(loop_scope="module")

WATCH = """
    subscription ($id: ID!) { onProgress(sessionId: $id) {
        sessionId status currentStage progress revision errorMessage proposalVersion results { powerpointUrl }
    } }
"""
CANCEL = "mutation ($id: ID!) { cancelSession(id: $id) { revision } }"
RETRY = "mutation ($id: ID!) { retrySession(id: $id) { revision } }"
REVIEW = "mutation ($id: ID!, $input: ReviewInput!) { reviewSession(id: $id, input: $input) { revision } }"
DELETE = "mutation ($id: ID!) { deleteSession(id: $id) }"

stack = module_stack(StackSettings(lambda_host=HostSettings(dispatch_delay=3600)))


@asynccontextmanager
async def watching(client: PlainClient, session_id: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A subscription that has started."""
    key = {"host": client.stack.endpoint.split("/")[2], "x-api-key": client.stack.api_key}
    header = base64.urlsafe_b64encode(json.dumps(key).encode()).rstrip(b"=").decode()
    url = client.stack.endpoint.replace("http", "ws") + "/realtime"
    async with client.http.ws_connect(url, protocols=("graphql-ws", f"header-{header}")) as socket:
        await socket.send_json({"type": "connection_init"})
        data = json.dumps({"query": WATCH, "variables": {"id": session_id}})
        payload = {"data": data, "extensions": {"authorization": key}}
        await socket.send_json({"type": "start", "id": "1", "payload": payload})
        while (await socket.receive_json(timeout=30))["type"] != "start_ack":
            pass
        yield socket


async def told(socket: aiohttp.ClientWebSocketResponse) -> Mapping[str, Any]:
    """What the subscriber is told next. Nothing but a push tells it, however long it waits."""
    async with asyncio.timeout(PATIENCE):
        while (frame := await socket.receive_json())["type"] != "data":
            pass
    progress: Mapping[str, Any] = frame["payload"]["data"]["onProgress"]
    return progress


@pytest_asyncio.fixture(loop_scope="module")
async def client(stack: LocalStack) -> AsyncIterator[PlainClient]:
    async with aiohttp.ClientSession() as http:
        yield PlainClient(stack, http)


async def test_a_subscriber_sees_each_request_that_changes_the_status(client: PlainClient) -> None:
    """Each with the revision that the request's own answer has, so that a client can put them in order."""
    session_id = await client.submit("Northwind")
    async with watching(client, session_id) as socket:
        cancelled = await client.ask(CANCEL, id=session_id)
        seen = await told(socket)
        assert (seen["status"], seen["revision"]) == ("CANCELLED", cancelled["revision"])

        again = await client.ask(RETRY, id=session_id)
        seen = await told(socket)
        assert (seen["status"], seen["progress"], seen["revision"]) == ("PENDING", 0, again["revision"])

        await client.ask(CANCEL, id=session_id)
        await told(socket)
        await client.ask(DELETE, id=session_id)
        seen = await told(socket)
        assert (seen["status"], seen["errorMessage"]) == ("CANCELLED", "This session was deleted.")
        assert seen["revision"] > again["revision"] + 1
        assert await client.session(session_id) is None
