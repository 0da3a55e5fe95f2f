"""An endpoint that answers at once, in a process of its own: what is left of a call's time is the caller's.

It takes a transaction like DynamoDB, an asynchronous event like Lambda, a publish like AppSync, and a conversation or
a prompt like Bedrock. It answers each as that service does when all goes well: the agent says at once that it is done,
and calls no tool. It keeps the last publishes, and checks nothing.
"""

import asyncio
import json
import os
from base64 import b64encode
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import urllib3

from local.bedrock.converse import wire
from local.bedrock.encoding import CONTENT_TYPE, encode_event
from local.isolation import base_environment, end_with_the_parent

from . import processes

_HEAD_END = b"\r\n\r\n"
_PUBLISHED = "/published"

_KEPT = 10
"""Publishes. A run that ends at once makes two or three."""

ANSWER = "Done."
"""What both agents say."""

_FINAL = {"trace": {"orchestrationTrace": {"observation": {"type": "FINISH", "finalResponse": {"text": ANSWER}}}}}
_COMPLETION = encode_event("chunk", {"bytes": b64encode(ANSWER.encode()).decode()}) + encode_event("trace", _FINAL)

_TURN = (
    wire.message_start(),
    wire.text(0, ANSWER),
    wire.block_stop(0),
    wire.message_stop("end_turn"),
    wire.metadata(wire.Usage(input=900, output=3), latency_ms=1),
)
_CONVERSED = b"".join(encode_event(event.type, event.payload) for event in _TURN)


@contextmanager
def running() -> Iterator[str]:
    """The address of a fresh one."""
    with processes.meanwhile("endpoint", base_environment(os.environ)) as port:
        yield f"http://127.0.0.1:{int(port)}"


def published(url: str) -> str:
    """What was published since the last call, oldest first: a line of JSON for each of the last `_KEPT` publishes."""
    return urllib3.request("GET", f"{url}{_PUBLISHED}").data.decode()


class _Connection(asyncio.Protocol):
    """One caller's connection: a request at a time, each with a content-length or without a body."""

    def __init__(self, kept: deque[bytes]) -> None:
        self._received = b""
        self._kept = kept

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a TCP connection has a transport that writes")
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(_HEAD_END)) >= 0:
            head = self._received[:end].decode("latin-1")
            start, *lines = head.split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body_starts = end + len(_HEAD_END)
            body_ends = body_starts + int(headers.get("content-length", "0"))
            if len(self._received) < body_ends:
                return
            body, self._received = self._received[body_starts:body_ends], self._received[body_ends:]
            status, kind, answer = _answer(start.split(" ")[1], body, self._kept)
            head = f"HTTP/1.1 {status} OK\r\ncontent-type: {kind}\r\ncontent-length: {len(answer)}\r\n\r\n"
            self._transport.write(head.encode() + answer)


def _answer(path: str, body: bytes, kept: deque[bytes]) -> tuple[int, str, bytes]:
    """Status, content type and body."""
    if path == _PUBLISHED:
        told = b"\n".join(kept)
        kept.clear()
        return 200, "application/json", told
    if path.startswith("/model/"):
        return 200, CONTENT_TYPE, _CONVERSED
    if path.startswith("/agents/"):
        return 200, CONTENT_TYPE, _COMPLETION
    if path.startswith("/2015-03-31/functions/"):
        return 202, "application/json", b""
    if path == "/graphql":
        kept.append(body)
        return 200, "application/json", _progress(json.loads(body)["variables"]["input"])
    return 200, "application/x-amz-json-1.0", b"{}"


def _progress(given: dict[str, Any]) -> bytes:
    """All that the worker's mutation selects: what AppSync hands on to subscribers goes back to the publisher too."""
    events = given["events"]
    progress = {
        "sessionId": given["sessionId"],
        "status": given["status"],
        "currentStage": given["currentStage"],
        "progress": given["progress"],
        "revision": given["revision"] or 1,
        "lastSequence": events[-1]["sequence"] if events else 0,
        "cancelRequested": False,
        "errorMessage": given.get("errorMessage"),
        "results": None,
        "usage": given.get("usage"),
        "updatedAt": "2026-11-22T10:30:00.000Z",
        "events": events,
    }
    return json.dumps({"data": {"publishProgress": progress}}).encode()


async def _serve() -> None:
    kept = deque[bytes](maxlen=_KEPT)
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(kept), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - to the process that started this one
    await server.serve_forever()


if __name__ == "__main__":
    end_with_the_parent()
    asyncio.run(_serve())
