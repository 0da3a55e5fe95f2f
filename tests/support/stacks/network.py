"""The network between the local functions and their services, which a test can watch and disturb.

Proxies stand before AppSync, the Lambda and agent services, and AWS. A test gives the network a `Weather`, which sees
each request before it is forwarded and again when its answer is there; without one everything passes unchanged.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any, Protocol

import aiohttp
from aiohttp import web

from local import environment
from local.environment import Addresses
from local.http import loopback
from local.lambdas.host import LambdaHost
from local.lambdas.process import ExecutionEnvironment

_SESSION_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_OF_ONE_CONNECTION = {"connection", "expect", "keep-alive", "transfer-encoding", "content-length"}


class Service(StrEnum):
    """Whom a request is for."""

    APPSYNC = auto()
    LAMBDA = auto()
    AGENT = auto()
    DYNAMODB = auto()
    S3 = auto()


@dataclass(frozen=True)
class Call:
    """One request on its way."""

    service: Service
    method: str
    path: str
    """With its query."""
    body: bytes

    @property
    def session_id(self) -> str:
        """The session that it is about; empty when it names none."""
        found = _SESSION_ID.search(self.path) or _SESSION_ID.search(self.body.decode(errors="replace"))
        return found[0] if found else ""

    @property
    def object(self) -> str:
        """The object of a session's workspace that it is about, without a document's version."""
        name = self.path.partition("?")[0].rpartition("/")[2] if self.service is Service.S3 else ""
        return re.sub(r"-v\d+(?=\.)", "", name)


class Weather(Protocol):
    """What a test lets happen on the way."""

    async def before(self, call: Call) -> web.Response | None:
        """A request is about to be forwarded: None lets it pass, a response is its answer.

        Raises:
            ConnectionAbortedError: the connection is to break off.
        """
        ...

    async def after(self, call: Call, answer: bytes) -> None:
        """The answer has arrived but is not passed on yet. Of a stream, only the beginning has arrived."""
        ...


class Network:
    """The proxies. The local stack calls `on_the_way` with the addresses of the services."""

    def __init__(self) -> None:
        self.weather: Weather | None = None
        self._http: aiohttp.ClientSession | None = None
        self._graphql = self._services = self._aws = ""
        self._upstream: dict[str, str] = {}
        self._forwarded: set[asyncio.Task[web.Response]] = set()

    def on_the_way(self, addresses: Addresses) -> Addresses:
        graphql = addresses.graphql.removesuffix("/graphql")
        self._upstream = {self._graphql: graphql, self._services: addresses.services, self._aws: addresses.aws}
        return Addresses(f"{self._graphql}/graphql", self._services, self._aws)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Network"]:
        """Serve while the context lasts; the stack must live within it."""
        async with AsyncExitStack() as stack:
            self._http = await stack.enter_async_context(
                aiohttp.ClientSession(auto_decompress=False, timeout=aiohttp.ClientTimeout(total=None))
            )
            self._graphql, self._services, self._aws = [await self._serve(stack) for _ in range(3)]
            yield self
            await asyncio.gather(*self._forwarded, return_exceptions=True)

    async def _serve(self, stack: AsyncExitStack) -> str:
        listener = loopback.listen()
        address = f"http://{loopback.address(listener)}"
        app = web.Application(client_max_size=64 * 1024**2)

        async def pass_on(request: web.Request) -> web.StreamResponse:
            return await self._pass_on(request, self._upstream[address])

        app.router.add_route("*", "/{path:.*}", pass_on)
        await stack.enter_async_context(loopback.serving(app, listener, cancel_deserted=True))
        return address

    async def _pass_on(self, request: web.Request, upstream: str) -> web.StreamResponse:
        call = Call(
            _service(request, upstream, self._upstream[self._graphql]),
            request.method,
            request.path_qs,
            await request.read(),
        )
        try:
            answer = None if self.weather is None else await self.weather.before(call)
        except ConnectionAbortedError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if answer is not None:
            return answer
        headers = _kept(request.headers)
        url = f"{upstream}{request.raw_path}"
        if call.service is Service.AGENT:
            return await self._stream(request, call, url, headers)
        # The server's answer arrives here even if the caller is gone by then.
        forwarded = asyncio.create_task(self._forward(call, url, headers))
        self._forwarded.add(forwarded)
        forwarded.add_done_callback(self._forwarded.discard)
        return await asyncio.shield(forwarded)

    async def _forward(self, call: Call, url: str, headers: dict[str, str]) -> web.Response:
        async with self._request(call, url, headers) as response:
            body = await response.read()
            if self.weather is not None:
                await self.weather.after(call, body)
            return web.Response(status=response.status, body=body, headers=_kept(response.headers))

    async def _stream(self, request: web.Request, call: Call, url: str, headers: dict[str, str]) -> web.StreamResponse:
        """Pass an event stream on as it comes; the server notices when the caller is gone."""
        async with self._request(call, url, headers) as response:
            if self.weather is not None:
                await self.weather.after(call, b"")
            answer = web.StreamResponse(status=response.status, headers=_kept(response.headers))
            answer.enable_chunked_encoding()
            await answer.prepare(request)
            async for data in response.content.iter_any():
                await answer.write(data)
            await answer.write_eof()
            return answer

    def _request(
        self, call: Call, url: str, headers: dict[str, str]
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        if self._http is None:
            raise RuntimeError("the network is not running")
        return self._http.request(call.method, url, data=call.body, headers=headers, allow_redirects=False)


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that go from one connection to the next."""
    return {name: value for name, value in headers.items() if name.lower() not in _OF_ONE_CONNECTION}


def _service(request: web.Request, upstream: str, graphql: str) -> Service:
    if upstream == graphql:
        return Service.APPSYNC
    if request.path.startswith(("/agents/", "/model/")):
        return Service.AGENT
    if request.path.startswith("/2015-03-31/"):
        return Service.LAMBDA
    return Service.DYNAMODB if request.headers.get("x-amz-target", "").startswith("DynamoDB") else Service.S3


def publish_of(call: Call) -> Mapping[str, Any]:
    """The update that a call to AppSync publishes."""
    update: Mapping[str, Any] = json.loads(call.body)["variables"]["input"]
    return update


def progress_of(answer: bytes) -> Mapping[str, Any] | None:
    """What AppSync answered to a publish; None when it did not take it."""
    progress: Mapping[str, Any] | None = (json.loads(answer).get("data") or {}).get("publishProgress")
    return progress


def worker_of(host: LambdaHost, session_id: str) -> ExecutionEnvironment | None:
    """The worker's process that is at work on a session."""
    for one in host.environments(environment.WORKER):
        if one.busy_with is not None and json.loads(one.busy_with.event)["session_id"] == session_id:
            return one
    return None
