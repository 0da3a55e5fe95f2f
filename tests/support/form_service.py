"""A Converse service for models that fill in a form: it serves `converse`, not streamed, to real boto3.

A test writes the answers in their order, or a function that answers each request. The service keeps what it was asked
and how many requests it worked on at once. It checks nothing.

    with FormService(refuses("ThrottlingException"), fills({"requirements": [], "facts": {}})) as service:
        read(notes, service.model(), ...)
    assert service.most_at_once == 1
"""

import asyncio
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import boto3
from aiohttp import web
from botocore.config import Config
from converse_service import Refusal

from local.http import loopback
from worker.tools.workbench import NotesModel

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

Body = dict[str, Any]

_USAGE = {"inputTokens": 1000, "outputTokens": 200, "totalTokens": 1200, "cacheReadInputTokens": 50}


@dataclass(frozen=True)
class Slow:
    """An answer that takes its time."""

    seconds: float
    answer: "Answer"


@dataclass(frozen=True)
class Broken:
    """Bytes that are no answer, with the status of one."""

    body: bytes


Answer = Body | Refusal | Slow | Broken


def fills(given: object, *, name: str = "record_analysis", before: str = "", stop_reason: str = "tool_use") -> Body:
    """The model calls the form's tool with this input; `before` is what it says first."""
    said = [{"text": before}] if before else []
    return answers(
        {"toolUse": {"toolUseId": "tooluse_1", "name": name, "input": given}}, *said, stop_reason=stop_reason
    )


def merges(work_packages: dict[str, list[int]], **more: object) -> Body:
    """The model puts these entries into work packages."""
    made = [{"name": name, "members": members} for name, members in work_packages.items()]
    return fills({"work_packages": made, **more}, name="record_merge")


def answers(*blocks: Body, stop_reason: str = "end_turn") -> Body:
    """A message of these blocks."""
    message = {"role": "assistant", "content": list(blocks)}
    return {"output": {"message": message}, "stopReason": stop_reason, "usage": _USAGE, "metrics": {"latencyMs": 250}}


class FormService:
    """The service, while the context lasts."""

    def __init__(self, *written: Answer, respond: Callable[[Body], Answer] | None = None) -> None:
        """`respond` answers whatever is asked once the written answers are used up."""
        self._written = list(written)
        self._respond = respond
        self.requests: list[Body] = []
        self.most_at_once = 0
        self._at_once = 0
        self._listener = loopback.listen()
        self._clients: list[BedrockRuntimeClient] = []
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._hurry = asyncio.Event()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self.naps: list[float] = []
        """The pauses between attempts, in seconds; they cost no time here."""

    @property
    def url(self) -> str:
        """For AWS_ENDPOINT_URL_BEDROCK_RUNTIME."""
        return f"http://{loopback.address(self._listener)}"

    def model(self, *, seconds: float = 60, read_timeout: float = 60, **more: Any) -> NotesModel:  # noqa: ANN401
        """A model of this service. Each gets an id of its own, so that nothing is remembered of another test's."""
        client = boto3.client(
            "bedrock-runtime",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(proxies={}, retries={"total_max_attempts": 1}, read_timeout=read_timeout),
        )
        self._clients.append(client)
        given = {"model_id": f"eu.a-model-{self.url[-5:]}", "random": lambda: 0.5, "sleep": self.naps.append, **more}
        return NotesModel(client=client, seconds=seconds, **given)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._hurry.set)
        for thread in threading.enumerate():
            if thread.name.startswith("notes-reader"):  # one that was given up ends with its call
                thread.join()
        for client in self._clients:
            client.close()
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_post("/model/{model}/converse", self._answer)
        async with loopback.serving(app, self._listener, cancel_deserted=True):
            self._started.set()
            await self._over.wait()

    async def _answer(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        self.requests.append(body)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await self._response(body)
        finally:
            self._at_once -= 1

    async def _response(self, body: Body) -> web.Response:
        return await self._made(self._next(body))

    async def _made(self, answer: Answer) -> web.Response:
        match answer:
            case Refusal() as refusal:
                return refusal.response()
            case Broken(broken):
                return web.Response(body=broken, content_type="application/json")
            case Slow(seconds, later):
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._hurry.wait(), seconds)
                return await self._made(later)
            case _:
                return web.json_response(answer)

    def _next(self, body: Body) -> Answer:
        if self._written:
            return self._written.pop(0)
        if self._respond is not None:
            return self._respond(body)
        return Refusal("ValidationException", "the test has written no answer to this request")


def asked_text(body: Body) -> str:
    """What the first message of a request says."""
    return "\n".join(block.get("text", "") for block in body["messages"][0]["content"])


def results(body: Body) -> list[Body]:
    """The tool results in the last message of a request."""
    return [block["toolResult"] for block in body["messages"][-1]["content"] if "toolResult" in block]
