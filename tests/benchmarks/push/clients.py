"""The clients of a push measurement: subscribers over real WebSockets, and pollers beside them, in one process.

`latency` runs it as a module. While it measures, it only notes which bytes came when, and reads them afterwards, so
that a thousand subscribers cost little more than the kernel's own work. That is also why it speaks the protocol itself.
"""

import asyncio
import json
import re
import struct
import sys
import time
from base64 import b64encode, urlsafe_b64encode
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from graphql import FragmentDefinitionNode, print_ast

from client.operations import document

POLL_SECONDS = 2.0
_AT_ONCE = 40
"""Subscribers that connect at a time; each starts its subscriptions one after the other."""

_STAMP = re.compile(r"@([sc])(\d+);")
_LONG, _LONGER = 126, 127
"""Lengths that say that the true one follows, in 2 or 8 bytes (RFC 6455, 5.2)."""

_WHOLE = """
query Whole($id: ID!) {
  session(id: $id) { ...SessionFields }
  events(sessionId: $id, after: 0, limit: 1000) { items { ...EventFields } }
}
"""

_ON_PROGRESS = print_ast(document("on_progress"))

Latencies = dict[str, list[list[float]]]
"""By the stamp's kind, and for each stamp: milliseconds from the agent's event until each client had it."""


class Subscriber(asyncio.Protocol):
    """One connection, and a subscription for each of its sessions."""

    def __init__(self, host: str, key: str, sessions: Sequence[str]) -> None:
        self._host, self._key, self._sessions = host, key, sessions
        self._pieces: list[tuple[int, bytes]] = []
        self._acknowledgements = 0
        self.acknowledged = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a TCP connection has a transport that writes")
        authorization = {"host": self._host, "x-api-key": self._key}
        header = urlsafe_b64encode(json.dumps(authorization).encode()).decode()
        transport.write(
            (
                f"GET /graphql/realtime?header={header}&payload=e30= HTTP/1.1\r\n"
                f"Host: {self._host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {b64encode(bytes(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Protocol: graphql-ws\r\n\r\n"
            ).encode()
        )
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._pieces.append((time.monotonic_ns(), data))
        if self.acknowledged.done():
            return
        if len(self._pieces) == 1:  # the answer to the upgrade
            self._tell({"type": "connection_init"})
            self._start(0)
        elif b'"start_ack"' in data:
            self._acknowledgements += 1
            if self._acknowledgements < len(self._sessions):
                self._start(self._acknowledgements)
            else:
                self._pieces.clear()
                self.acknowledged.set_result(None)

    def _start(self, place: int) -> None:
        asked = {"query": _ON_PROGRESS, "variables": {"sessionId": self._sessions[place]}}
        extensions = {"authorization": {"host": self._host, "x-api-key": self._key}}
        payload = {"data": json.dumps(asked), "extensions": extensions}
        self._tell({"type": "start", "id": str(place), "payload": payload})

    def _tell(self, message: dict[str, object]) -> None:
        self._transport.write(_frame(json.dumps(message).encode()))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.acknowledged.done():
            self.acknowledged.set_exception(exc or ConnectionError("the server closed the connection"))

    def close(self) -> None:
        self._transport.close()

    def arrivals(self) -> Iterator[tuple[int, str]]:
        """Each message since the acknowledgement, and when its last byte came."""
        ends = list(accumulate(len(data) for _, data in self._pieces))
        for end, text in _messages(b"".join(data for _, data in self._pieces)):
            yield self._pieces[bisect_left(ends, end)][0], text


def _frame(payload: bytes) -> bytes:
    """A client's text frame; it must be masked, and a mask of zeros is one."""
    length = len(payload)
    head = bytes((0x81, 0x80 | length)) if length < _LONG else bytes((0x81, 0x80 | _LONG)) + struct.pack("!H", length)
    return head + bytes(4) + payload


def _messages(received: bytes) -> Iterator[tuple[int, str]]:
    """Where each whole frame of a server ends, and its text."""
    place = 0
    while place + 2 <= len(received):
        length, start = received[place + 1], place + 2
        if length == _LONG:
            (length,), start = struct.unpack_from("!H", received, start), start + 2
        elif length == _LONGER:
            (length,), start = struct.unpack_from("!Q", received, start), start + 8
        place = start + length
        if place > len(received):
            return
        yield place, received[start:place].decode()


class Poller:
    """Reads one session whole every two seconds."""

    def __init__(self, url: str, key: str, session_id: str, phase: float) -> None:
        self._url, self._headers, self._phase = url, {"x-api-key": key}, phase
        self.ended = False
        """Nothing more will happen: it reads once more."""
        self._request = {"query": _WHOLE + _fragments(), "variables": {"id": session_id}}
        self.answers: list[tuple[int, str]] = []

    async def run(self, http: aiohttp.ClientSession) -> None:
        due = time.monotonic() + self._phase * POLL_SECONDS
        last = False
        while not last:
            await asyncio.sleep(due - time.monotonic())
            due, last = due + POLL_SECONDS, self.ended
            async with http.post(self._url, json=self._request, headers=self._headers) as response:
                text = await response.text()
            self.answers.append((time.monotonic_ns(), text))


def _fragments() -> str:
    """Those that the operations have, of a session and of events."""
    used = [node for name in ("session", "events") for node in document(name).definitions]
    return "\n".join(print_ast(node) for node in used if isinstance(node, FragmentDefinitionNode))


def latencies(clients: Iterable[Iterator[tuple[int, str]]]) -> Latencies:
    """When each client saw each stamped event first."""
    found: dict[str, dict[str, list[float]]] = {"s": {}, "c": {}}
    for arrivals in clients:
        seen: set[str] = set()
        for at, text in arrivals:
            if '"errors"' in text:
                raise RuntimeError(f"an error arrived instead of an update: {text}")
            for match in _STAMP.finditer(text):
                if match[0] not in seen:
                    seen.add(match[0])
                    found[match[1]].setdefault(match[0], []).append((at - int(match[2])) / 1e6)
    return {kind: list(of.values()) for kind, of in found.items()}


async def main(endpoint: str, key: str, sessions: Sequence[str], subscribers: int, pollers: int) -> dict[str, Any]:
    """Measure until standard input ends."""
    loop, url = asyncio.get_running_loop(), urlsplit(endpoint)
    address = url.hostname or "", url.port or 80
    places = asyncio.Semaphore(_AT_ONCE)

    async def subscribe(place: int) -> Subscriber:
        followed = sessions if subscribers == 1 else [sessions[place % len(sessions)]]
        async with places:
            _, one = await loop.create_connection(lambda: Subscriber(url.netloc, key, followed), *address)
            await asyncio.wait_for(one.acknowledged, 60)
        return one

    subscribed = await asyncio.gather(*(subscribe(place) for place in range(subscribers)))
    polled = [Poller(endpoint, key, sessions[n % len(sessions)], (n + 0.5) / pollers) for n in range(pollers)]
    async with aiohttp.ClientSession() as http:
        tasks = [loop.create_task(one.run(http)) for one in polled]
        print("ready", flush=True)  # noqa: T201 - to who started this process
        await asyncio.to_thread(sys.stdin.read)
        for poller in polled:
            poller.ended = True
        await asyncio.gather(*tasks)
    for one in subscribed:
        one.close()
    return {
        "pushed": latencies(one.arrivals() for one in subscribed),
        "polled": latencies(iter(one.answers) for one in polled),
    }


if __name__ == "__main__":
    given = json.loads(sys.stdin.readline())
    print(json.dumps(asyncio.run(main(**given))))  # noqa: T201 - likewise
