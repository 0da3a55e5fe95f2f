"""Python's gql, as it comes, against the local server: each mode submits what it may, and follows to the end."""

import asyncio
from contextlib import aclosing
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from botocore import credentials as boto_credentials
from gql import Client, GraphQLRequest
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncIAMAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import TransportQueryError, TransportServerError
from stacks.local import module_stack
from stacks.plain_client import PlainClient

from local.lambdas.host import HostSettings
from local.stack import LocalStack, StackSettings
from schema.statuses import SessionStatus

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

SUBMIT = "mutation ($input: AssessmentInput!) { submitAssessment(input: $input) { id } }"
SESSION = "query ($id: ID!) { session(id: $id) { status lastSequence } }"
EVENTS = "query ($id: ID!) { events(sessionId: $id, limit: 1000) { items { sequence } } }"
ON_PROGRESS = "subscription ($id: ID!) { onProgress(sessionId: $id) { status events { sequence } } }"

NOTES = {"clientName": "Fennmark Logistics", "requirements": "Customers must see their orders."}


stack = module_stack(StackSettings(pace=0.1, lambda_host=HostSettings(dispatch_delay=2.0)))


async def credentials(stack: LocalStack, mode: str) -> AppSyncAuthentication:
    """The proof of a caller in this mode, as gql takes it."""
    host = urlsplit(stack.endpoint).netloc
    if mode == "api key":
        return AppSyncApiKeyAuthentication(host=host, api_key=stack.api_key)
    if mode == "iam":
        keys = boto_credentials.Credentials(stack.credentials.access_key_id, stack.credentials.secret_access_key)
        return AppSyncIAMAuthentication(host=host, region_name=stack.region, credentials=keys)
    token = await stack.users.token(stack.users.accounts[0].username, mode.removesuffix(" token"))
    return AppSyncJWTAuthentication(host=host, jwt=token)


async def http(stack: LocalStack, mode: str) -> Client:
    return Client(transport=AIOHTTPTransport(stack.endpoint, auth=await credentials(stack, mode)))


async def realtime(stack: LocalStack, mode: str) -> Client:
    url = urlsplit(stack.endpoint)
    scheme = {"http": "ws", "https": "wss"}[url.scheme]
    return Client(
        transport=AppSyncWebsocketsTransport(
            f"{scheme}://{url.netloc}{url.path}/realtime", auth=await credentials(stack, mode)
        )
    )


async def follow(stack: LocalStack, mode: str) -> dict[str, Any]:
    """What a client in this mode is pushed, and what it reads afterwards, of a session that it submits if it may."""
    async with await http(stack, mode) as api, await realtime(stack, mode) as socket:
        if mode == "iam":
            async with aiohttp.ClientSession() as plain:
                session_id = await PlainClient(stack, plain).submit("Fennmark Logistics")
        else:
            answer = await api.execute(GraphQLRequest(SUBMIT, variable_values={"input": NOTES}))
            session_id = answer["submitAssessment"]["id"]
        variables = {"id": session_id}
        pushes = []
        async with aclosing(socket.subscribe(GraphQLRequest(ON_PROGRESS, variable_values=variables))) as told:
            async for push in told:
                pushes.append(push["onProgress"])
                if SessionStatus(pushes[-1]["status"]).ended:
                    break
        read = await api.execute(GraphQLRequest(SESSION, variable_values=variables))
        log = await api.execute(GraphQLRequest(EVENTS, variable_values=variables))
    return {"pushes": pushes, "session": read["session"], "log": log["events"]["items"]}


async def test_every_mode_follows_a_session_to_its_end(stack: LocalStack) -> None:
    modes = ["api key", "access token", "id token", "iam"]
    async with asyncio.timeout(100):
        told = dict(zip(modes, await asyncio.gather(*(follow(stack, mode) for mode in modes)), strict=True))
    for mode, one in told.items():
        assert one["session"]["status"] == one["pushes"][-1]["status"] == "COMPLETED", mode
        pushed = [event for push in one["pushes"] for event in push["events"]]
        assert pushed == one["log"], mode
        assert [event["sequence"] for event in pushed] == list(range(1, one["session"]["lastSequence"] + 1)), mode


async def test_iam_may_not_submit(stack: LocalStack) -> None:
    async with await http(stack, "iam") as api:
        with pytest.raises(TransportQueryError) as refused:
            await api.execute(GraphQLRequest(SUBMIT, variable_values={"input": NOTES}))
    [error] = refused.value.errors or []
    assert error["errorType"] == "Unauthorized"


async def test_a_token_that_was_changed_opens_no_socket(stack: LocalStack) -> None:
    good = await stack.users.token(stack.users.accounts[0].username)
    head, _, signature = good.rpartition(".")
    host = urlsplit(stack.endpoint).netloc
    auth = AppSyncJWTAuthentication(host=host, jwt=f"{head}.{signature[::-1]}")
    with pytest.raises(TransportServerError, match="Unauthorized"):
        async with Client(transport=AppSyncWebsocketsTransport(f"ws://{host}/graphql/realtime", auth=auth)):
            pass
