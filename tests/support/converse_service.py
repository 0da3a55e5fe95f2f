"""A Converse service that plays what a test has written, and keeps what it was asked.

It serves `converse_stream` to real boto3, in a thread of its own. Each request gets the next answer: a list of what is
streamed, or a refusal. It checks nothing; `local.bedrock.converse` is the service that does.

    with ConverseService(
        turn(thinks("First the scope."), calls("analyze_requirements")),
        refuses("ThrottlingException"),
        [*turn("The proposal is")[:2], fails("modelStreamErrorException", originalStatusCode=500)],
        [*turn("The proposal is")[:2], CUT],
        [Silence(), *turn("too late")],
        turn("The proposal is ready."),
    ) as service:
        events = list(service.client().converse_stream(modelId="any", messages=[...])["stream"])
    assert service.requests[0].body["messages"] == [...]
"""

import asyncio
import json
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import boto3
from aiohttp import web
from botocore.config import Config

from local.bedrock import encoding
from local.bedrock.converse import wire
from local.bedrock.converse.api import PATH
from local.bedrock.converse.wire import Usage
from local.bedrock.streaming import StreamEvent
from local.http import loopback
from local.lambdas.api import error_response

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

_STATUS = {
    "AccessDeniedException": 403,
    "InternalServerException": 500,
    "ModelErrorException": 424,
    "ModelNotReadyException": 429,
    "ModelTimeoutException": 408,
    "ResourceNotFoundException": 404,
    "ServiceUnavailableException": 503,
    "ThrottlingException": 429,
    "ValidationException": 400,
}

_USAGE = Usage(100, 20)


@dataclass(frozen=True)
class Refusal:
    """An error instead of a stream."""

    code: str
    message: str

    def response(self) -> web.Response:
        return error_response(_STATUS[self.code], self.code, self.message)


@dataclass(frozen=True)
class Failure:
    """An exception within a stream, which ends it."""

    code: str
    message: str
    details: dict[str, object]


@dataclass(frozen=True)
class Silence:
    """Nothing for so many seconds, or for as long as anybody listens."""

    seconds: float | None = None


@dataclass(frozen=True)
class Cut:
    """The connection ends here."""


CUT = Cut()

Part = StreamEvent | Failure | Silence | Cut
Answer = Sequence[Part] | Refusal


@dataclass(frozen=True)
class Block:
    """One block of a turn; `events` are the deltas, with an index of 0."""

    events: tuple[StreamEvent, ...]
    is_call: bool = False

    def at(self, index: int) -> list[StreamEvent]:
        """Its events as the turn's block of this number."""
        numbered = [StreamEvent(event.type, {**event.payload, "contentBlockIndex": index}) for event in self.events]
        return [*numbered, wire.block_stop(index)]


@dataclass(frozen=True)
class Request:
    """What the service was asked."""

    model_id: str
    body: dict[str, Any]
    deserted: threading.Event = field(default_factory=threading.Event)
    """Set when the caller left before the answer's end."""


def says(*pieces: str) -> Block:
    """A block of text, streamed in these pieces."""
    return Block(tuple(wire.text(0, piece) for piece in pieces))


def thinks(*pieces: str, signature: str | None = "signed") -> Block:
    """A block of reasoning. Without pieces it is a signature with no text."""
    signed = [] if signature is None else [wire.signature(0, signature)]
    return Block((*(wire.reasoning(0, piece) for piece in pieces), *signed))


def thinks_in_secret(data: bytes) -> Block:
    """A block of encrypted reasoning."""
    return Block((wire.redacted(0, data),))


def calls(name: str, *pieces: str, id_: str | None = None) -> Block:
    """A call of a tool; `pieces` are those of its input's JSON text, and none when the tool has no parameters."""
    start = wire.tool_use_start(0, id_ or f"tooluse_{name}", name)
    return Block((start, *(wire.tool_input(0, piece) for piece in pieces)), is_call=True)


def turn(*blocks: str | Block, stop_reason: str | None = None, usage: Usage = _USAGE) -> list[Part]:
    """A whole turn's events. A text is a block of one piece; the stop reason follows from the blocks unless given."""
    made = [says(block) if isinstance(block, str) else block for block in blocks]
    reason = stop_reason or ("tool_use" if any(block.is_call for block in made) else "end_turn")
    events = [event for index, block in enumerate(made) for event in block.at(index)]
    return [wire.message_start(), *events, wire.message_stop(reason), wire.metadata(usage, 250)]


def refuses(code: str, message: str = "because") -> Refusal:
    """The call itself fails: `code` as botocore names it, such as ThrottlingException."""
    return Refusal(code, message)


def fails(code: str, message: str = "because", **details: object) -> Failure:
    """The stream fails: `code` in lower camel case, such as throttlingException."""
    return Failure(code, message, details)


class ConverseService:
    """The service, while the context lasts."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        """Those that are still to come; a test may add more."""
        self.requests: list[Request] = []
        self._listener = loopback.listen()
        self._clients: list[BedrockRuntimeClient] = []
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    @property
    def url(self) -> str:
        """For AWS_ENDPOINT_URL_BEDROCK_RUNTIME."""
        return f"http://{loopback.address(self._listener)}"

    def client(self, **config: Any) -> "BedrockRuntimeClient":  # noqa: ANN401 - botocore's own options
        """A client that asks this service, and does not try again by itself unless `config` says so."""
        client = boto3.client(
            "bedrock-runtime",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(**{"proxies": {}, "retries": {"total_max_attempts": 1}} | config),
        )
        self._clients.append(client)
        return client

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            client.close()
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_post(PATH, self._answer)
        async with loopback.serving(app, self._listener, cancel_deserted=True):
            self._started.set()
            await self._over.wait()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        asked = Request(request.match_info["model"], json.loads(await request.read()))
        self.requests.append(asked)
        if not self.answers:
            return Refusal("ValidationException", "the test has written no answer to this request").response()
        answer = self.answers.pop(0)
        if isinstance(answer, Refusal):
            return answer.response()
        try:
            return await self._stream(request, answer)
        except (asyncio.CancelledError, ConnectionResetError):
            asked.deserted.set()
            raise

    async def _stream(self, request: web.Request, parts: Sequence[Part]) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": encoding.CONTENT_TYPE})
        response.enable_chunked_encoding()
        await response.prepare(request)
        for part in parts:
            match part:
                case StreamEvent():
                    await response.write(encoding.encode_event(part.type, part.payload))
                case Failure():
                    await response.write(encoding.encode_exception(part.code, part.message, **part.details))
                    break
                case Silence():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._over.wait(), part.seconds)
                case Cut():
                    if request.transport is not None:
                        request.transport.close()
                    return response
        await response.write_eof()
        return response
