"""Answers an HTTP request with a stream of events, as Bedrock's services do.

Each service's `api` calls it with what its agent yields. It stops the agent if the caller disconnects.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass

from aiohttp import web

from local.bedrock import encoding


@dataclass(frozen=True)
class StreamEvent:
    """One event of a stream: its type and its JSON."""

    type: str
    payload: Mapping[str, object]


class StreamError(Exception):
    """The exception that ends a stream: its type in lower camel case, and its message."""

    def __init__(self, exception_type: str, message: str) -> None:
        super().__init__(message)
        self.exception_type = exception_type


async def answer(
    request: web.Request, events: AsyncGenerator[StreamEvent, None], headers: Mapping[str, str]
) -> web.StreamResponse:
    """Write all events to the caller; a StreamError of theirs becomes the stream's last message."""
    response = web.StreamResponse(headers={"content-type": encoding.CONTENT_TYPE, **headers})
    response.enable_chunked_encoding()
    await response.prepare(request)
    with suppress(ConnectionResetError):  # the caller may go
        async with aclosing(events):
            await _write(response, events)
        await response.write_eof()
    return response


async def _write(response: web.StreamResponse, events: AsyncGenerator[StreamEvent, None]) -> None:
    try:
        async for event in events:
            await response.write(encoding.encode_event(event.type, event.payload))
    except StreamError as error:
        await response.write(encoding.encode_exception(error.exception_type, str(error)))
