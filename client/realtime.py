"""One subscription over AppSync's real-time protocol, by gql's transport.

It adds only what a lossless stream needs and gql's transport hides: the moment of `start_ack`, from which on the server
pushes every update; the keep-alive time that the server announces; and the error type of a refused connection.
`client.api` calls this module.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from gql import Client, GraphQLRequest
from gql.transport.appsync_auth import AppSyncAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from graphql import ExecutionResult

from client.errors import RefusedError, UnavailableError

_START_ACK = ExecutionResult(extensions={"start_ack": True})

CONNECT_SECONDS = 10
START_ACK_SECONDS = 15.0
"""How long to wait for `start_ack`: as long as AWS's own clients do."""
CLOSE_SECONDS = 2
DEFAULT_KEEP_ALIVE_SECONDS = 300.0
"""AppSync's `connectionTimeoutMs`, for a server that does not announce one."""


class _Transport(AppSyncWebsocketsTransport):
    def __init__(self, url: str, auth: AppSyncAuthentication) -> None:
        super().__init__(
            url,
            auth=auth,
            connect_timeout=CONNECT_SECONDS,
            close_timeout=CLOSE_SECONDS,
            keep_alive_timeout=DEFAULT_KEEP_ALIVE_SECONDS,
            connect_args={"close_timeout": CLOSE_SECONDS},
        )

    def _parse_answer(self, answer: str) -> tuple[str, int | None, ExecutionResult | None]:
        kind, query_id, result = self._parse(answer)
        # Every message shows that the connection is alive; gql counts only `ka`.
        self._next_keep_alive_message.set()
        return kind, query_id, result

    def _parse(self, answer: str) -> tuple[str, int | None, ExecutionResult | None]:
        match _frame(answer):
            case {"type": "start_ack", "id": str(query_id)} if query_id.isdecimal():
                # Put it in as a result, so that the subscription's generator yields it.
                return "data", int(query_id), _START_ACK
            case {"type": "connection_ack", "payload": {"connectionTimeoutMs": int(milliseconds)}}:
                self.keep_alive_timeout = milliseconds / 1000
            case {"type": "connection_error", "payload": {"errors": list(errors)}}:
                raise RefusedError(errors)
        return super()._parse_answer(answer)

    async def close(self) -> None:
        # gql waits for this task without a time limit, and Python 3.11's `wait_for` in it can swallow a cancellation.
        while (check := self.check_keep_alive_task) is not None and not check.done():
            check.cancel()
            await asyncio.wait([check], timeout=0.1)
        await super().close()
        if self.receive_data_task is not None:
            # The task ends with the socket. If we did not await it, it might outlive the event loop.
            await asyncio.wait([self.receive_data_task], timeout=CLOSE_SECONDS)


def _frame(answer: str) -> object:
    try:
        return json.loads(answer)
    except ValueError:
        return None


@asynccontextmanager
async def subscription(
    url: str, auth: AppSyncAuthentication, request: GraphQLRequest
) -> AsyncIterator[AsyncIterator[dict[str, Any] | None]]:
    """Subscribe on a new socket. The server has acknowledged the subscription when the block is entered.

    The iterator yields the `data` of each push, or None for a push with errors. It ends when the server completes the
    subscription, and raises gql's exceptions when the socket dies.
    """
    transport = _Transport(url, auth)
    try:
        async with Client(transport=transport):
            results = transport.subscribe(request)
            try:
                await _acknowledged(results)
                yield _pushes(results)
            finally:
                await results.aclose()
    finally:
        # Needed also when connecting was cancelled half-way: gql's own session does not clean up then.
        await transport.close()


async def _acknowledged(results: AsyncGenerator[ExecutionResult, None]) -> None:
    async with asyncio.timeout(START_ACK_SECONDS):
        async for result in results:
            if result is _START_ACK:
                return
    raise UnavailableError("subscribing: the API completed the subscription before it began")


async def _pushes(results: AsyncGenerator[ExecutionResult, None]) -> AsyncIterator[dict[str, Any] | None]:
    async for result in results:
        yield None if result.errors else result.data
