"""The scripted agent over both services, played to the worker's handler: the same session comes of it.

Real boto3, real tools and the local services' HTTP; AppSync is a fake that keeps what was published. Texts differ: with
Converse the agent is told less. Where the services themselves differ, a test says so.
"""

import asyncio
import itertools
import json
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler
from fakes.lambda_context import lambda_context
from fakes.worker_services import WorkerServices, around_the_worker

from local.bedrock.converse import api as converse_api
from local.bedrock.converse.model import MODEL_ID, ScriptedModel
from local.bedrock.invoke_agent import api as bedrock_api
from local.bedrock.invoke_agent.agent import ScriptedAgent
from local.bedrock.streaming import StreamError, StreamEvent
from local.environment import Scripted
from local.http import loopback
from local.lambdas.api import error_response
from local.lambdas.functions import Answer
from local.sample import assessment
from schema.assessment import WORKER_ACTION
from schema.statuses import SessionStatus, Tool
from worker import handler as worker_handler
from worker import outbox
from worker.agents import attempts
from worker.tools import call
from worker.tools import handler as tools_handler
from worker.tools.declarations import TOOLS
from worker.tools.workbench import MissingInputError, ToolError, Workbench
from worker.tools.workspace import PRESENTATION, STATEMENT_OF_WORK

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

BUCKET = "artifacts-of-both-agents"

VARIABLES = {
    Scripted.CONVERSE: {
        "AGENT_MODEL_ID": MODEL_ID,
        "ANALYSIS_MODEL_ID": "",
        "BEDROCK_AGENT_ID": "",
        "BEDROCK_AGENT_ALIAS_ID": "",
    },
    Scripted.BEDROCK: {"AGENT_MODEL_ID": "", "BEDROCK_AGENT_ID": "AGENT12345", "BEDROCK_AGENT_ALIAS_ID": "ALIAS12345"},
}


def _quick(name: str) -> Callable[[Workbench], Mapping[str, object]]:
    def run(workbench: Workbench) -> Mapping[str, object]:
        workbench.workspace.write(name, b"PK", content_type="application/zip")
        return {}

    return run


QUICK_TOOLS = {
    **TOOLS,
    Tool.POWERPOINT_GENERATOR: replace(TOOLS[Tool.POWERPOINT_GENERATOR], run=_quick(PRESENTATION)),
    Tool.SOW_GENERATOR: replace(TOOLS[Tool.SOW_GENERATOR], run=_quick(STATEMENT_OF_WORK)),
}
"""Documents take a second to write. One scenario writes them."""

Events = AsyncGenerator[StreamEvent, None]


@dataclass
class Weather:
    """What happens to the requests for the agent, by their number from 1."""

    refused: Mapping[int, str] = field(default_factory=dict)
    """With which exception, at the call."""
    broken: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    """After how many events, and with which exception in the stream."""
    silent: Mapping[int, int] = field(default_factory=dict)
    """After how many events nothing more comes."""
    cancelled_behind: SessionStatus = SessionStatus.REQUIREMENTS_ANALYZED
    """The status that is published before the user of a silent agent cancels."""
    fell_silent: asyncio.Event = field(default_factory=asyncio.Event)
    deserted: asyncio.Event = field(default_factory=asyncio.Event)
    """The worker has left the stream that fell silent."""
    asked: int = 0

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.asked += 1
        if (code := self.refused.get(self.asked)) is not None:
            return error_response(429, code, "because")
        return await handler(request)

    async def over(self, events: Events) -> Events:
        number = self.asked
        async with aclosing(events):
            for place in itertools.count():
                if number in self.broken and self.broken[number][0] == place:
                    raise StreamError(self.broken[number][1], "because")
                if self.silent.get(number) == place:
                    await self._silence()
                if (event := await anext(events, None)) is None:
                    return
                yield event

    async def _silence(self) -> None:
        self.fell_silent.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.deserted.set()
            raise


@dataclass(frozen=True)
class Played:
    """What came of a session."""

    statuses: tuple[str, ...]
    events: tuple[tuple[str, str | None], ...]
    """Kinds and tools. Thoughts in a row are one, and so are chunks: how an agent cuts them is its own."""
    results: Mapping[str, Any]
    error: str
    warnings: tuple[str, ...]

    @property
    def end(self) -> str:
        return self.statuses[-1]


class Play:
    """Plays a scenario with the agent of one service, to the end of its session. A silent agent's user cancels."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.services = WorkerServices()
        """Those of the session that is played."""

    async def __call__(self, agent: Scripted, weather: Weather | None = None) -> Played:
        weather = weather or Weather()
        session_id = str(uuid.uuid4())
        listener = loopback.listen()
        with around_the_worker(BUCKET, self._monkeypatch) as self.services:
            url = f"http://{loopback.address(listener)}"
            endpoints = dict.fromkeys(
                ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME"], url
            )
            for name, value in {**endpoints, **VARIABLES[agent]}.items():
                self._monkeypatch.setenv(name, value)
            async with loopback.serving(application(weather), listener, cancel_deserted=True):
                event = {"action": WORKER_ACTION, "session_id": session_id, **asdict(assessment())}
                work = asyncio.create_task(asyncio.to_thread(worker_handler.handler, event, lambda_context()))
                if weather.silent:
                    await asyncio.wait_for(weather.fell_silent.wait(), 60)
                    await asyncio.wait_for(self._published(weather.cancelled_behind), 60)
                    self.services.cancel_after = 0
                    await asyncio.wait_for(weather.deserted.wait(), 60)
                await work
            return outcome(self.services, session_id)

    async def _published(self, status: SessionStatus) -> None:
        while all(update["status"] != status for update in list(self.services.inputs)):  # noqa: ASYNC110 - of a thread
            await asyncio.sleep(0.01)


@pytest.fixture
def play(aws: str, s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> Play:
    s3.create_bucket(Bucket=BUCKET)
    monkeypatch.setattr(call, "TOOLS", QUICK_TOOLS)
    monkeypatch.setattr(attempts, "FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(attempts, "LONGEST_WAIT_SECONDS", 0.01)
    return Play(monkeypatch)


def application(weather: Weather) -> web.Application:
    """Both services, with the tools' Lambda in this process."""
    functions = {tool: declaration.function for tool, declaration in TOOLS.items()}

    async def call_tool(event: bytes) -> Answer:
        answer = await asyncio.to_thread(tools_handler.handler, json.loads(event), lambda_context())
        return Answer(json.dumps(answer).encode())

    model = ScriptedModel(functions, pace=0.0)
    agent = ScriptedAgent(functions, call_tool, pace=0.0, now=lambda: datetime.now(UTC))
    app = web.Application(middlewares=[weather.middleware])
    converse_api.add_routes(app, MODEL_ID, lambda request: weather.over(model.respond(request)))
    address = bedrock_api.AgentAddress("AGENT12345", "ALIAS12345")
    bedrock_api.add_routes(app, address, lambda request: weather.over(agent.respond(request)))
    return app


def outcome(services: WorkerServices, session_id: str) -> Played:
    events = [event for update in services.inputs for event in update["events"]]
    kinds = [(event["type"], event["tool"]) for event in events]
    results: dict[str, Any] = {}
    for update in services.inputs:
        results |= update.get("results") or {}
    return Played(
        statuses=tuple(status for status, _ in itertools.groupby(update["status"] for update in services.inputs)),
        events=tuple(kind for kind, group in itertools.groupby(kinds)),
        results=json.loads(json.dumps(results).replace(session_id, "<id>")),
        error=services.last.get("errorMessage") or "",
        warnings=tuple(event["text"] for event in events if event["type"] == "WARNING"),
    )


def tool_that_fails(monkeypatch: pytest.MonkeyPatch, tool: Tool, *errors: Exception) -> None:
    """Let a tool raise these when it is called, one after the other, and then do its work."""
    coming = list(errors)
    works = QUICK_TOOLS[tool].run

    def run(workbench: Workbench) -> Mapping[str, object]:
        if coming:
            raise coming.pop(0)
        return works(workbench)

    monkeypatch.setattr(call, "TOOLS", {**QUICK_TOOLS, tool: replace(QUICK_TOOLS[tool], run=run)})


def thinks_calls_and_hears(*tools: Tool) -> list[tuple[str, str | None]]:
    return [event for tool in tools for event in (("REASONING", None), ("TOOL_CALL", tool), ("TOOL_RESPONSE", tool))]


SAYS = [("CHUNK", None), ("FINAL_RESPONSE", None)]


async def test_an_undisturbed_session_is_the_same(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "TOOLS", TOOLS)
    converse, bedrock = await play(Scripted.CONVERSE), await play(Scripted.BEDROCK)
    assert converse == bedrock
    assert converse.end == SessionStatus.COMPLETED
    assert list(converse.events) == [*thinks_calls_and_hears(*Tool), *SAYS]
    made = {"powerpointKey", "sowKey", "htmlKey"}
    assert converse.results.keys() == {"requirementsData", "costData", "templatePaths", *made}


@pytest.mark.parametrize(
    "weather",
    [
        pytest.param(Weather(refused={1: "ThrottlingException", 2: "ThrottlingException"}), marks=pytest.mark.slow),
        pytest.param(Weather(broken={1: (0, "throttlingException")}), marks=pytest.mark.slow),
        Weather(refused={1: "ThrottlingException"}, broken={2: (0, "internalServerException")}),
    ],
    ids=["at the call", "in the stream", "both"],
)
async def test_an_agent_that_is_throttled_before_it_says_anything_is_the_same(play: Play, weather: Weather) -> None:
    converse, bedrock = await play(Scripted.CONVERSE, replace(weather)), await play(Scripted.BEDROCK, replace(weather))
    assert converse == bedrock
    assert converse.end == SessionStatus.COMPLETED
    assert len(converse.warnings) == len(weather.refused) + len(weather.broken)


@pytest.mark.slow
@pytest.mark.parametrize("place", [3, 7, 12])
async def test_a_stream_that_breaks_leads_to_the_same_end(play: Play, place: int) -> None:
    """With Converse one turn is repeated; with Bedrock Agents the whole answer, so that tools are called again."""
    converse = await play(Scripted.CONVERSE, Weather(broken={1: (place, "throttlingException")}))
    bedrock = await play(Scripted.BEDROCK, Weather(broken={1: (place, "throttlingException")}))
    assert (converse.statuses, converse.results) == (bedrock.statuses, bedrock.results)
    assert converse.end == SessionStatus.COMPLETED
    assert len(converse.warnings) == len(bedrock.warnings) == 1
    assert [event for event in converse.events if event[1]] == [
        event for event in thinks_calls_and_hears(*Tool) if event[1]
    ]
    assert set(converse.events) == set(bedrock.events)


@pytest.mark.slow
async def test_a_tool_that_is_called_too_early_is_the_same(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    both = []
    for agent in Scripted:
        tool_that_fails(monkeypatch, Tool.COST_CALCULATOR, MissingInputError("call analyze_requirements first"))
        both.append(await play(agent))
    assert both[0] == both[1]
    assert both[0].end == SessionStatus.COMPLETED
    tried = [("REASONING", None), ("TOOL_CALL", Tool.COST_CALCULATOR), ("WARNING", None)]
    first, *others = Tool
    assert list(both[0].events) == [*thinks_calls_and_hears(first), *tried, *thinks_calls_and_hears(*others), *SAYS]


@pytest.mark.slow
async def test_a_tool_that_is_always_called_too_early_is_the_same(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    both = []
    for agent in Scripted:
        tool_that_fails(monkeypatch, Tool.COST_CALCULATOR, *[MissingInputError("not yet")] * 2)
        both.append(await play(agent))
    assert both[0] == both[1]
    assert both[0].end == SessionStatus.ERROR
    assert "the presentation and the statement of work are missing" in both[0].error


@pytest.mark.parametrize("times", [1, 2])
async def test_a_tool_that_fails_leads_to_an_end_that_names_its_fault(
    play: Play, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Bedrock Agents ends the agent's answer itself when a tool's Lambda answers FAILURE; with Converse the agent is
    told, and may call it once more.
    """
    played = {}
    for agent in Scripted:
        tool_that_fails(monkeypatch, Tool.COST_CALCULATOR, *[ToolError("the rates are unreadable")] * times)
        played[agent] = await play(agent)
    converse, bedrock = played[Scripted.CONVERSE], played[Scripted.BEDROCK]
    assert converse.end == (SessionStatus.COMPLETED if times == 1 else SessionStatus.ERROR)
    assert bedrock.end == SessionStatus.ERROR
    assert "its tools' Lambda" in bedrock.error  # the service's own words are in the log
    answers = [event for event in converse.events if event == ("TOOL_RESPONSE", Tool.COST_CALCULATOR)]
    assert len(answers) == 2
    shared = [event for event in bedrock.events if event[0] != "WARNING"]
    assert list(converse.events)[: len(shared)] == shared


@pytest.mark.slow
@pytest.mark.parametrize("agent", Scripted)
async def test_a_session_keeps_its_lease_and_can_be_cancelled_while_a_tool_is_at_work(
    play: Play, agent: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tool that takes long holds up neither heartbeats nor the end."""
    monkeypatch.setattr(outbox, "HEARTBEAT_SECONDS", 0.05)
    first = Tool.REQUIREMENTS_ANALYZER

    def works_long(_: Workbench) -> Mapping[str, object]:
        inputs = play.services.inputs
        before = len(inputs)
        until(lambda: len(inputs) >= before + 3)
        play.services.cancel_after = 0
        until(lambda: inputs[-1]["status"] == SessionStatus.CANCELLED)
        return {}

    monkeypatch.setattr(call, "TOOLS", {**QUICK_TOOLS, first: replace(QUICK_TOOLS[first], run=works_long)})
    played = await play(agent)
    assert played.end == SessionStatus.CANCELLED
    assert list(played.events) == [("REASONING", None), ("TOOL_CALL", first)]


def until(reached: Callable[[], bool]) -> None:
    """Wait in a tool, which another thread runs. After a minute the work goes on, and the test fails."""
    for _ in range(6000):
        if reached():
            return
        time.sleep(0.01)


async def test_a_session_that_is_cancelled_in_the_middle_of_an_answer_ends_at_once(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agent is silent by then, and a heartbeat hears of the cancel; the worker leaves the stream."""
    monkeypatch.setattr(outbox, "HEARTBEAT_SECONDS", 0.2)
    converse = await play(Scripted.CONVERSE, Weather(silent={2: 1}))
    bedrock = await play(Scripted.BEDROCK, Weather(silent={1: 4}))
    assert converse == bedrock
    assert converse.end == SessionStatus.CANCELLED
    assert list(converse.events) == thinks_calls_and_hears(Tool.REQUIREMENTS_ANALYZER)
