"""The client over real sockets: the local AppSync in front of a small service, and servers that misbehave."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import websockets
from aiohttp import web
from botocore.credentials import Credentials
from checkout import PUBLISH_DOCUMENT, SDL
from clients.empty_answers import NO_RESULTS, NO_USAGE
from fakes.http import served
from firewall import TOO_MANY_REQUESTS, too_many_requests
from patience import PATIENCE
from programs import SCOPESMITH, printed, started
from stacks.signing import signed

from client.api import GraphqlApi, connected
from client.endpoint import ApiKey, Endpoint
from client.errors import (
    ClientError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    RejectedError,
    TooManyRequestsError,
    UnauthorizedError,
    UnavailableError,
)
from client.merge import Update
from client.realtime import CLOSE_SECONDS
from client.session import Submission, Usage
from client.stream import Pace, stream
from local.appsync.server import AppSyncConfig, LambdaAnswer, RealtimeSettings, create_app

KEY = "da2-testing"
SECRET = "testing-secret"
REGION = "us-east-1"
NOON = "2026-11-22T12:00:00.000Z"
QUICK = Pace(poll=0.2, quiet=1.0, reconnect=0.05, reconnect_at_most=0.2)


class Service:
    """What a resolvers' Lambda answers, over one session in memory."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {
            "status": "PENDING",
            "currentStage": "Assessment request received.",
            "progress": 0,
            "revision": 0,
            "lastSequence": 0,
            "cancelRequested": False,
            "errorMessage": None,
            "results": NO_RESULTS,
            "usage": NO_USAGE,
            "proposalVersion": 0,
            "updatedAt": NOON,
        }
        self.assessment = {"clientName": "Acme", "projectName": None, "requirements": "A portal."}
        self.log: list[dict[str, Any]] = []
        self.tokens: list[str] = []

    async def invoke(self, event: dict[str, Any]) -> LambdaAnswer:
        return LambdaAnswer(getattr(self, f"answer_{event['info']['fieldName']}")(**event["arguments"]))

    def _session(self) -> dict[str, Any]:
        return {"id": "s-1", "assessment": self.assessment, "createdAt": NOON, **self.state}

    def answer_session(self, *, id: str) -> object:  # noqa: A002 - the argument's name in the API
        return self._session() if id == "s-1" else None

    def answer_events(self, *, sessionId: str, after: int, limit: int) -> object:  # noqa: N803 - likewise
        page = self.log[after : after + limit]
        return {"items": page, "hasMore": after + len(page) < len(self.log)} if sessionId == "s-1" else None

    def answer_sessions(self, *, limit: int, nextToken: str | None) -> object:  # noqa: N803 - likewise
        del limit, nextToken
        summary = {"clientName": "Acme", "projectName": None, **self._session()}
        return {"items": [summary], "nextToken": None}

    def answer_submitAssessment(self, *, input: dict[str, Any]) -> object:  # noqa: A002, N802 - likewise
        self.tokens.append(input["clientRequestToken"])
        if not input["requirements"].strip():
            return refusal("InvalidInput", [{"field": "requirements", "message": "must not be blank"}])
        return self._session()

    def answer_cancelSession(self, *, id: str) -> object:  # noqa: A002, N802 - likewise
        return refusal("NotFound") if id != "s-1" else self._session()

    def answer_retrySession(self, *, id: str) -> object:  # noqa: A002, N802 - likewise
        del id
        return refusal("Conflict")

    def answer_onProgress(self, *, sessionId: str) -> object:  # noqa: N802, N803 - likewise
        return None if sessionId == "s-1" else refusal("NotFound")

    def answer_publishProgress(self, *, input: dict[str, Any]) -> object:  # noqa: A002, N802 - likewise
        self.log += input["events"]
        changed = {name: input[name] for name in ("status", "progress", "revision")}
        self.state |= changed | {"lastSequence": len(self.log)}
        return {"sessionId": "s-1", "events": input["events"], **self.state}


def refusal(kind: str, info: object = None) -> object:
    return {"error": {"type": kind, "message": f"the server's reason: {kind}", "info": info}}


class Publisher:
    """A worker: it publishes, signed with IAM credentials."""

    def __init__(self, url: str, service: Service) -> None:
        self._url = url
        self._service = service
        self._document = PUBLISH_DOCUMENT.read_text(encoding="utf-8")

    async def publish(self, events: int, status: str = "PROCESSING") -> None:
        first = len(self._service.log) + 1
        update = {
            "sessionId": "s-1",
            "runId": "r-1",
            "revision": self._service.state["revision"] + 1,
            "status": status,
            "progress": 100 if status == "COMPLETED" else 5,
            "events": [
                {
                    "sequence": first + n,
                    "type": "CHUNK",
                    "text": f"text {first + n}",
                    "truncated": False,
                    "timestamp": NOON,
                }
                for n in range(events)
            ],
        }
        body = json.dumps({"query": self._document, "variables": {"input": update}})
        headers = signed(self._url, body, Credentials("AKIDTEST", SECRET), REGION)
        async with (
            aiohttp.ClientSession() as http,
            http.post(self._url, data=body, headers=headers) as response,
        ):
            assert "errors" not in await response.json()

    async def complete(self) -> None:
        for events in (0, 3, 0, 2):
            await self.publish(events)
        await self.publish(1, "COMPLETED")


@asynccontextmanager
async def appsync(
    service: Service, key: str = KEY, realtime: RealtimeSettings | None = None
) -> AsyncIterator[tuple[GraphqlApi, Publisher]]:
    """The local AppSync in front of `service`, a client of it with `key`, and its worker."""
    config = AppSyncConfig(
        sdl=SDL.read_text(encoding="utf-8"),
        invoke=service.invoke,
        api_keys=frozenset({KEY}),
        credentials={"AKIDTEST": SECRET},
        region=REGION,
        realtime=realtime or RealtimeSettings(),
    )
    async with served(create_app(config)) as url:
        endpoint = Endpoint.parse(f"{url}/graphql")
        async with connected(endpoint, ApiKey(key)) as api:
            yield api, Publisher(endpoint.url, service)


async def follow(api: GraphqlApi, at_first: Callable[[], Awaitable[None]] | None = None) -> list[Update]:
    """All updates; `at_first` begins with the first one, when the subscription is up."""
    work: asyncio.Future[None] | None = None
    updates: list[Update] = []
    async for update in stream(api, "s-1", pace=QUICK):
        updates.append(update)
        if at_first is not None and work is None:
            work = asyncio.ensure_future(at_first())
    if work is not None:
        await work
    return updates


async def test_a_session_is_followed_to_its_end_over_the_real_protocol() -> None:
    service = Service()
    async with appsync(service) as (api, worker):
        updates = await follow(api, worker.complete)
    assert [update.state.revision for update in updates] == [0, 1, 2, 3, 4, 5], "each state, as pushed"
    assert [event.text for update in updates for event in update.events] == [f"text {n}" for n in range(1, 7)]
    assert updates[-1].state.status == "COMPLETED"


async def test_a_socket_that_the_server_keeps_closing_loses_nothing() -> None:
    service = Service()

    async def slowly(worker: Publisher) -> None:
        for _ in range(15):
            await worker.publish(1)
            await asyncio.sleep(0.05)
        await worker.publish(0, "COMPLETED")

    async with appsync(service, realtime=RealtimeSettings(longest_connection=0.15)) as (api, worker):
        updates = await follow(api, lambda: slowly(worker))
    assert [event.sequence for update in updates for event in update.events] == list(range(1, 16))
    assert updates[-1].state.status == "COMPLETED"


async def test_a_session_that_ended_long_ago_is_read_to_its_last_event() -> None:
    service = Service()
    async with appsync(service) as (api, worker):
        await worker.publish(1200)
        await worker.publish(1, "COMPLETED")
        updates = await follow(api)
    assert [event.sequence for update in updates for event in update.events] == list(range(1, 1202))


async def test_the_models_usage_and_a_tool_calls_id_are_read_and_pushed() -> None:
    service = Service()
    usage = {"inputTokens": 9, "outputTokens": 4, "cacheReadInputTokens": 2, "modelCost": 0.07}
    service.state |= {"usage": {**usage, "modelCostCurrency": "USD"}}
    call = {"type": "TOOL_CALL", "tool": "CostCalculator", "toolCallId": "c-1", "text": "{}"}
    service.log.append({"sequence": 1, **call, "truncated": False, "timestamp": NOON})
    service.state["lastSequence"] = 1
    async with appsync(service) as (api, worker):
        updates = await follow(api, worker.complete)
    assert {update.state.usage for update in updates} == {Usage(9, 4, 2, 0.07, "USD")}
    assert [event.tool_call_id for update in updates for event in update.events if event.tool] == ["c-1"]


async def test_a_wrong_key_is_refused_by_both_doors() -> None:
    async with appsync(Service(), key="da2-other") as (api, _):
        with pytest.raises(UnauthorizedError, match="check --api-key"):
            await api.read_state("s-1")
        with pytest.raises(UnauthorizedError, match="check --api-key"):
            async with api.subscribe("s-1"):
                pass
        with pytest.raises(UnauthorizedError):
            await follow(api)


async def test_another_session_is_not_found_by_any_call() -> None:
    async with appsync(Service()) as (api, _):
        for call in (api.read_state("s-2"), api.read_session("s-2"), api.read_events("s-2", 0), api.cancel("s-2")):
            with pytest.raises(NotFoundError):
                await call
        with pytest.raises(NotFoundError):
            async with api.subscribe("s-2"):
                pass


async def test_the_faults_of_an_input_keep_their_fields() -> None:
    async with appsync(Service()) as (api, _):
        with pytest.raises(InvalidInputError) as raised:
            await api.submit(Submission("Acme", "  "), "token-1")
        assert [(fault.field, fault.message) for fault in raised.value.faults] == [
            ("requirements", "must not be blank")
        ]
        with pytest.raises(ConflictError, match="retrying the session: the server's reason"):
            await api.retry("s-1")


async def test_the_sessions_are_listed() -> None:
    async with appsync(Service()) as (api, _):
        page = await api.sessions(5)
    assert [(item.client_name, item.status) for item in page.items] == [("Acme", "PENDING")]


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (500, "oops", UnavailableError, "500"),
        (503, "", UnavailableError, "503"),
        (429, "", TooManyRequestsError, "reading the session: too many requests: wait a minute, then try again"),
        (429, json.dumps(TOO_MANY_REQUESTS), TooManyRequestsError, "too many requests: wait a minute, then try again"),
        (403, "", UnauthorizedError, "check --api-key"),
        (404, "not here", RejectedError, "404"),
        (200, "<html>", RejectedError, "is --endpoint the API's own"),
        (200, '{"data": {"session": {"id": "s-1"}}}', RejectedError, "a form that this client does not know .KeyError"),
        (200, '{"data": null, "errors": [{"message": "Validation error: no field"}]}', RejectedError, "no field"),
        (200, '{"data": null, "errors": [{"message": "later", "errorType": "Internal"}]}', UnavailableError, "later"),
        (200, '{"data": null, "errors": []}', RejectedError, "is not GraphQL"),
        (200, "[]", RejectedError, "is not GraphQL"),
    ],
)
async def test_a_foreign_answer_becomes_an_error_that_says_what_to_do(
    status: int, body: str, error: type[ClientError], words: str
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    app = web.Application()
    app.router.add_post("/graphql", answer)
    async with served(app) as url, connected(Endpoint.parse(f"{url}/graphql"), ApiKey(KEY)) as api:
        with pytest.raises(error, match=words):
            await api.read_state("s-1")


async def test_a_firewall_that_refuses_the_socket_is_told_as_too_many_requests() -> None:
    async def refuse(_: web.Request) -> web.Response:
        return too_many_requests()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    async with served(app) as url, connected(Endpoint.parse(f"{url}/graphql"), ApiKey(KEY)) as api:
        with pytest.raises(TooManyRequestsError, match="subscribing: too many requests: wait a minute"):
            async with api.subscribe("s-1"):
                pass


async def test_nobody_at_home_is_unavailable_by_both_doors() -> None:
    server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    async with connected(Endpoint.parse(f"http://127.0.0.1:{port}/graphql"), ApiKey(KEY)) as api:
        with pytest.raises(UnavailableError, match="reading the session"):
            await api.read_state("s-1")
        with pytest.raises(UnavailableError, match=r"subscribing: .*Connect call failed"):
            async with api.subscribe("s-1"):
                pass


ACK = '{"type":"connection_ack","payload":{"connectionTimeoutMs":200}}'
START_ACK = '{"type":"start_ack","id":"1"}'
Frames = tuple[str, ...]


@asynccontextmanager
async def scripted(on_init: Frames, on_start: Frames) -> AsyncIterator[GraphqlApi]:
    """A real-time server that says exactly these frames, and then nothing."""

    async def talk(socket: websockets.ServerConnection) -> None:
        async for message in socket:
            for frame in {"connection_init": on_init, "start": on_start}.get(json.loads(message)["type"], ()):
                await socket.send(frame)

    async with websockets.serve(talk, "127.0.0.1", 0, subprotocols=[websockets.Subprotocol("graphql-ws")]) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with connected(Endpoint.parse(f"http://127.0.0.1:{port}/graphql"), ApiKey(KEY)) as api:
            yield api


async def test_missed_keep_alives_are_a_dead_socket() -> None:
    async with scripted((ACK,), (START_ACK,)) as api, asyncio.timeout(PATIENCE), api.subscribe("s-1") as pushes:
        with pytest.raises(UnavailableError, match="No keep-alive"):
            await anext(pushes)


async def test_a_subscription_can_be_left_at_once() -> None:
    """Without a cancellation, and while the server's last word is on its way."""
    async with appsync(Service()) as (api, _):
        begun = time.monotonic()
        for _ in range(3):
            async with api.subscribe("s-1"):
                pass
        assert time.monotonic() - begun < CLOSE_SECONDS * 3, "none of them waited for a time-out"


async def test_a_push_with_errors_is_a_hint_to_read() -> None:
    broken = '{"type":"data","id":"1","payload":{"data":{"onProgress":null},"errors":[{"message":"no"}]}}'
    async with scripted((ACK,), (START_ACK, broken)) as api, api.subscribe("s-1") as pushes:
        assert await anext(pushes) is None


@pytest.mark.parametrize(
    ("on_init", "on_start", "error", "words"),
    [
        (
            (
                '{"type":"connection_error","payload":{"errors":[{"errorType":"UnauthorizedException","errorCode":400}]}}',
            ),
            (),
            UnauthorizedError,
            "check --api-key",
        ),
        (
            ('{"type":"connection_error","payload":{"errors":[{"errorType":"LimitExceededError","message":"Rate"}]}}',),
            (),
            UnavailableError,
            "Rate",
        ),
        (
            (ACK,),
            ('{"type":"error","id":"1","payload":{"errors":[{"errorType":"NotFound","message":"no"}]}}',),
            NotFoundError,
            "no",
        ),
        (
            (ACK,),
            ('{"type":"error","id":"1","payload":{"errors":[{"errorType":"LimitExceededError","message":"Max"}]}}',),
            UnavailableError,
            "Max",
        ),
        ((ACK,), ('{"type":"error","payload":{"errors":[{"message":"broken"}]}}',), UnavailableError, "broken"),
        ((ACK,), ('{"type":"complete","id":"1"}',), UnavailableError, "before it began"),
        ((ACK,), ('{"type":"news"}',), RejectedError, "not GraphQL"),
        (("nonsense",), (), RejectedError, "not GraphQL"),
    ],
)
async def test_a_refused_subscription_says_why(
    on_init: Frames, on_start: Frames, error: type[ClientError], words: str
) -> None:
    async with scripted(on_init, on_start) as api:
        with pytest.raises(error, match=words):
            async with api.subscribe("s-1"):
                pass


def known(url: str) -> dict[str, str]:
    return {"SCOPESMITH_ENDPOINT": url, "SCOPESMITH_API_KEY": KEY}


async def test_ctrl_c_ends_the_command_and_says_how_to_watch_again(tmp_path: Path) -> None:
    async with appsync(Service()) as (api, _):
        url = api.endpoint.url
        watch = (*SCOPESMITH, "watch", "s-1", "--out", tmp_path)
        async with started(*watch, variables=known(url)) as process:
            await printed(process, "PENDING")
            process.send_signal(signal.SIGINT)
            _, err = await process.communicate()
    assert process.returncode == 130
    assert err.decode() == (
        f"stopped watching; the session goes on. Watch it again: scopesmith watch s-1 --endpoint {url}\n"
    )
