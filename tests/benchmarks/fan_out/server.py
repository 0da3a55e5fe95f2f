"""The server of a fan-out measurement, in a process of its own: the local AppSync, or a bare broadcast.

`broadcast` runs it as a module. The local AppSync is whole, but its Lambda answers at once. The bare one accepts every
WebSocket and sends each message of its publisher to all the others as it is. Each line on standard input is answered
with the processor time that the server has used; the server ends when that input does.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from local.appsync.server import AppSyncConfig, LambdaAnswer, create_app
from local.http import loopback
from local.stack import SDL

from .audience import ACKNOWLEDGED, PUBLISHER_PATH

KEY, ACCESS_KEY, SECRET_KEY, REGION = "da2-measured", "MEASURED", "measured", "us-east-1"


@asynccontextmanager
async def appsync() -> AsyncIterator[str]:
    """The local AppSync's address."""
    config = AppSyncConfig(
        sdl=SDL.read_text(encoding="utf-8"),
        invoke=_answer,
        api_keys=frozenset({KEY}),
        credentials={ACCESS_KEY: SECRET_KEY},
        region=REGION,
    )
    listener = loopback.listen()
    async with loopback.serving(create_app(config), listener):
        yield loopback.address(listener)


async def _answer(event: dict[str, object]) -> LambdaAnswer:
    """What the resolvers' Lambda says to a subscription, or to an update that continues its session."""
    arguments: Any = event["arguments"]
    return LambdaAnswer(_progress(arguments["input"]) if "input" in arguments else None)


def _progress(given: Mapping[str, Any]) -> dict[str, object]:
    state = ("sessionId", "status", "currentStage", "progress", "revision", "events")
    return {
        **{name: given[name] for name in state},
        "lastSequence": given["events"][-1]["sequence"],
        "cancelRequested": False,
        "results": {"templatePaths": []},
        "usage": {"inputTokens": 0, "outputTokens": 0, "cacheReadInputTokens": 0},
        "proposalVersion": 0,
        "updatedAt": "2026-11-22T10:30:00.000Z",
    }


@asynccontextmanager
async def bare() -> AsyncIterator[str]:
    """The bare broadcast's address."""
    listening = set[ServerConnection]()

    async def follow(connection: ServerConnection) -> None:
        if connection.request is not None and connection.request.path == PUBLISHER_PATH:
            async for message in connection:
                broadcast(listening, message)
            return
        listening.add(connection)
        with suppress(ConnectionClosed):  # the audience leaves without a word
            async for message in connection:
                if '"start"' in str(message):
                    await connection.send(ACKNOWLEDGED)
        listening.discard(connection)

    listener = loopback.listen()
    protocols: Any = ["graphql-ws"]  # a NewType of str
    async with serve(follow, sock=listener, compression=None, subprotocols=protocols):
        yield loopback.address(listener)


WAYS: Mapping[str, Any] = {"appsync": appsync, "bare": bare}


async def main(way: str) -> None:
    server: AbstractAsyncContextManager[str] = WAYS[way]()
    async with server as address:
        print(address, flush=True)  # noqa: T201 - to who started this process, as below
        while await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(time.process_time()), flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
