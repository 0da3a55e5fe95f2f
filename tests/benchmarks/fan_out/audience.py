"""The audience of a fan-out measurement: subscribers of one session, and who publishes to them, in one process.

`broadcast` runs it as a module. An update is published when every subscriber has the one before. Subscribers only look
for the update's mark in what arrives, so that most of the time is the server's.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from botocore.credentials import Credentials
from stacks.signing import signed

from tests.benchmarks.push.clients import Subscriber
from worker.appsync.mutation import DOCUMENT

PUBLISHER_PATH = "/publisher"
"""Of the bare server: what comes on it goes to everybody else."""

ACKNOWLEDGED = '{"type":"start_ack"}'

SESSION, RUN = "5c8d3c1e-2f5b-4a7e-9d57-0f6f0b1f7a11", "0a6f2f8e-6a0e-4e9b-8f8f-9b0c6c1d2e3f"

_AT_ONCE = 40
"""Subscribers that connect at a time."""

_WARM = 3
"""Updates before the clock starts."""

_SECONDS = 60.0
"""The longest that an update may take to reach all."""

Publish = Callable[[int], Awaitable[None]]
"""Publishes the update of this number."""


def mark(number: int) -> str:
    """What an update's text holds, all of one length."""
    return f"@{number:06};"


class Audience:
    """So many subscribers, of whom it is known when all have an update."""

    def __init__(self) -> None:
        self.awaited = b""
        self._left = 0
        self._all = asyncio.Event()
        self.listeners: list[Listener] = []

    @asynccontextmanager
    async def joined(self, endpoint: str, key: str, session: str, count: int) -> AsyncIterator[None]:
        """Subscribe, and leave at the end."""
        loop, url, places = asyncio.get_running_loop(), urlsplit(endpoint), asyncio.Semaphore(_AT_ONCE)
        address = url.hostname or "", url.port or 80

        async def join() -> "Listener":
            async with places:
                _, one = await loop.create_connection(lambda: Listener(url.netloc, key, session, self), *address)
                await asyncio.wait_for(one.acknowledged, _SECONDS)
            return one

        self.listeners = await asyncio.gather(*(join() for _ in range(count)))
        try:
            yield
        finally:
            for one in self.listeners:
                one.close()

    async def hears(self, number: int, publish: Publish) -> None:
        """Publish an update, and wait until every subscriber has it."""
        self.awaited, self._left = mark(number).encode(), len(self.listeners)
        self._all.clear()
        await publish(number)
        if self._left:
            await asyncio.wait_for(self._all.wait(), _SECONDS)

    def heard(self) -> None:
        """One more subscriber has the update."""
        self._left -= 1
        if not self._left:
            self._all.set()


class Listener(Subscriber):
    """A subscriber who keeps no more than the last update."""

    def __init__(self, host: str, key: str, session: str, audience: Audience) -> None:
        super().__init__(host, key, [session])
        self._audience = audience
        self._coming = b""
        self.last = b""

    def data_received(self, data: bytes) -> None:
        if not self.acknowledged.done():
            super().data_received(data)
            return
        self._coming += data
        if self._audience.awaited in self._coming:
            self.last, self._coming = self._coming, b""
            self._audience.heard()


def update(number: int, session: str, run: str) -> dict[str, object]:
    """An update of three events, as an agent's text makes them, after the run's claim and the updates before."""
    text = "x" * 200
    events = [
        {
            "sequence": 3 * number + place,
            "type": "CHUNK",
            "text": text + mark(number) if place == 3 else text,
            "truncated": False,
            "timestamp": "2026-11-22T10:30:00.000Z",
        }
        for place in (1, 2, 3)
    ]
    state = {"status": "PROCESSING", "currentStage": "Starting the agent", "progress": 5}
    return {"sessionId": session, "runId": run, "revision": number + 2, **state, "events": events}


@dataclass(frozen=True)
class Publisher:
    """Publishes as the worker does: signed, by the API's mutation."""

    http: aiohttp.ClientSession
    endpoint: str
    keys: Credentials
    region: str
    session: str = SESSION
    run: str = RUN

    async def publish(self, number: int) -> None:
        await self.send(update(number, self.session, self.run))

    async def send(self, given: dict[str, object]) -> None:
        body = json.dumps({"query": DOCUMENT, "variables": {"input": given}})
        headers = signed(self.endpoint, body, self.keys, self.region)
        async with self.http.post(self.endpoint, data=body, headers=headers) as response:
            answer = await response.json()
        if answer.get("errors") or not (answer.get("data") or {}).get("publishProgress"):
            raise RuntimeError(f"not published: {answer}")


def as_is(socket: aiohttp.ClientWebSocketResponse, frame: str) -> Publish:
    """Sends the frame that the local AppSync made of an update, with the update's own mark."""

    async def publish(number: int) -> None:
        await socket.send_str(frame.replace(mark(0), mark(number)))

    return publish


async def heard(audience: Audience, updates: int, publish: Publish) -> dict[str, object]:
    """`seconds` until all have heard of so many updates, and the frame of the one of number 0."""
    await audience.hears(0, publish)
    frame = audience.listeners[0].last
    for number in range(1, _WARM):
        await audience.hears(number, publish)
    print("ready", flush=True)  # noqa: T201 - to who started this process, who then reads the server's time
    await asyncio.to_thread(sys.stdin.readline)
    began = time.perf_counter()
    for number in range(_WARM, _WARM + updates):
        await audience.hears(number, publish)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "frame": frame[frame.index(b"{") :].decode()}


async def main(
    *, address: str, key: str, access_key: str, secret_key: str, region: str, subscribers: int, updates: int, frame: str
) -> dict[str, object]:
    endpoint, audience = f"http://{address}/graphql", Audience()
    keys = Credentials(access_key, secret_key)
    async with aiohttp.ClientSession() as http, audience.joined(endpoint, key, SESSION, subscribers):
        if not frame:
            return await heard(audience, updates, Publisher(http, endpoint, keys, region).publish)
        async with http.ws_connect(f"http://{address}{PUBLISHER_PATH}", protocols=["graphql-ws"]) as socket:
            return await heard(audience, updates, as_is(socket, frame))


if __name__ == "__main__":
    given = json.loads(sys.stdin.readline())
    print(json.dumps(asyncio.run(main(**given))))  # noqa: T201 - likewise
