"""A worker that dies on every try: by an exception, by a signal, by its time limit. The session ends all the same."""

import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from gql import Client, GraphQLRequest
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from stacks.network import Call, Network, Service, worker_of
from stacks.plain_client import PlainClient

from local import environment
from local.lambdas.host import HostSettings, LambdaHost
from local.stack import FUNCTIONS, LocalStack, StackSettings, running
from schema.statuses import SessionStatus

pytestmark = pytest.mark.asyncio(loop_scope="module")

WATCH = "subscription ($id: ID!) { onProgress(sessionId: $id) { status currentStage progress revision errorMessage } }"

NOT_ALLOWED = {
    "data": {"publishProgress": None},
    "errors": [{"errorType": "Unauthorized", "message": "Not Authorized to access publishProgress on type Mutation"}],
}

CHANGES: Mapping[str, Mapping[str, object]] = {
    environment.RESOLVERS: {"environment": {"SESSION_LEASE_SECONDS": "0.5"}},
    environment.WORKER: {"timeout_seconds": 3.0},
}


class Plague:
    """Strikes every worker that claims a session, in the way that the session's client is named for."""

    def __init__(self, host: LambdaHost) -> None:
        self._host = host
        self.struck: list[str] = []

    async def before(self, call: Call) -> web.Response | None:
        if not self._is_workers_claim(call) or "exception" not in self._death(call):
            return None
        self.struck.append(call.session_id)
        return web.json_response(NOT_ALLOWED)

    async def after(self, call: Call, answer: bytes) -> None:
        if not self._is_workers_claim(call):
            return
        self.struck.append(call.session_id)
        worker = worker_of(self._host, call.session_id)
        assert worker is not None
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL if "signal" in self._death(call) else signal.SIGSTOP)

    def _is_workers_claim(self, call: Call) -> bool:
        return call.service is Service.APPSYNC and worker_of(self._host, call.session_id) is not None

    def _death(self, call: Call) -> str:
        worker = worker_of(self._host, call.session_id)
        return worker.busy_with.event.decode() if worker and worker.busy_with else ""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plague(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[LocalStack, Plague]]:
    settings = StackSettings(
        pace=0.0,
        lambda_host=HostSettings(dispatch_delay=0.3, retry_scale=0.01),
        functions=tuple(replace(one, **CHANGES.get(one.name, {})) for one in FUNCTIONS),  # type: ignore[arg-type]  # the table's values fit
        log=tmp_path_factory.mktemp("deaths") / "functions.log",
    )
    async with Network().running() as network, running(replace(settings, on_the_way=network.on_the_way)) as stack:
        plague = Plague(stack.host)
        network.weather = plague
        yield stack, plague


async def watch(stack: LocalStack, session_id: str) -> list[dict[str, Any]]:
    """What a stock gql client is told of a session until it ends."""
    url = urlsplit(stack.endpoint)
    client = Client(
        transport=AppSyncWebsocketsTransport(
            url=f"ws://{url.netloc}/graphql/realtime",
            auth=AppSyncApiKeyAuthentication(host=url.netloc, api_key=stack.api_key),
        )
    )
    told: list[dict[str, Any]] = []
    request = GraphQLRequest(WATCH, variable_values={"id": session_id})
    async with client as session, aclosing(session.subscribe(request)) as pushes:
        async for push in pushes:
            told.append(push["onProgress"])
            if SessionStatus(told[-1]["status"]).ended:
                break
    return told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("death", "said"),
    [
        ("an exception", "The worker could not report to the API"),
        ("a signal", "most likely because it ran out of memory"),
        pytest.param("the time limit", "The worker was stopped at its time limit", marks=pytest.mark.thorough),
    ],
)
async def test_a_worker_that_dies_on_every_try_leaves_an_error_that_its_subscriber_sees(
    plague: tuple[LocalStack, Plague], death: str, said: str
) -> None:
    """When Lambda's retries are used up, the on-failure queue's consumer publishes ERROR, however the worker died."""
    stack, weather = plague
    async with aiohttp.ClientSession() as http:
        client = PlainClient(stack, http)
        session_id = await client.submit(f"Client of {death}")
        told = await watch(stack, session_id)
        session = await client.end(session_id)
    assert weather.struck.count(session_id) == 3
    assert told[-1]["status"] == session["status"] == "ERROR"
    assert said in told[-1]["errorMessage"]
    assert "(tried 3 times)" in told[-1]["errorMessage"]
    assert "retry the session" in told[-1]["errorMessage"].lower()
    revisions = [one["revision"] for one in told]
    assert revisions == list(range(revisions[0], session["revision"] + 1))
