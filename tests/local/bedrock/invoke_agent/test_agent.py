"""The scripted agent as the worker meets it: by real boto3, with a hand-written action-group Lambda behind it."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from aiohttp import web
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError
from checkout import DATA
from patience import PATIENCE

from local.bedrock import script as agent_script
from local.bedrock.invoke_agent import api as bedrock_api
from local.bedrock.invoke_agent import wire as agent_stream
from local.bedrock.invoke_agent.agent import ScriptedAgent
from local.bedrock.invoke_agent.wire import AgentRequest
from local.http import loopback
from local.lambdas.functions import Answer
from schema.statuses import Tool
from worker.tools.declarations import TOOLS

if TYPE_CHECKING:
    from types_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

EVENTS = DATA / "local"

SUMMARIES: dict[str, object] = {
    "RequirementsAnalyzer": {"functional": 12, "non_functional": 7, "integrations": 3, "complexity": "High"},
    "CostCalculator": {
        "total_cost": "123456.50",
        "currency": "EUR",
        "total_hours": "1024",
        "weeks": 14,
        "team_size": 5,
    },
    "TemplateRetriever": {"templates": [], "note": "no template found"},
    "PowerPointGenerator": {"template": "built-in", "reused": False, "note": ""},
    "SOWGenerator": {"sections": 12},
}


def answered(event: dict[str, Any], body: object, state: str | None = None) -> Answer:
    """What an action group's Lambda answers to `event`."""
    response = {"responseBody": {"TEXT": {"body": json.dumps(body)}}} | ({"responseState": state} if state else {})
    return Answer(
        json.dumps(
            {
                "messageVersion": "1.0",
                "response": {"functionResponse": response} | {key: event[key] for key in ("actionGroup", "function")},
                "sessionAttributes": event["sessionAttributes"],
                "promptSessionAttributes": event["promptSessionAttributes"],
            }
        ).encode()
    )


@dataclass
class ToolsLambda:
    """Answers as SUMMARIES says, but for the answers that a test has put aside for a tool."""

    instead: dict[str, list[Callable[[dict[str, Any]], Answer]]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    async def invoke(self, payload: bytes) -> Answer:
        event = json.loads(payload)
        self.events.append(event)
        group = event["actionGroup"]
        if self.instead.get(group):
            return self.instead[group].pop(0)(event)
        return answered(event, SUMMARIES[group])

    @property
    def called(self) -> list[str]:
        return [event["actionGroup"] for event in self.events]


@dataclass
class Service:
    client: "AgentsforBedrockRuntimeClient"

    async def run(self, *, agent: str = "AGENT", session: str = "conversation-1", **options: object) -> list[Any]:
        """The events of one whole stream, as botocore gives them."""

        def whole() -> list[Any]:
            with closing(self.stream(agent=agent, session=session, **options)) as events:
                return list(events)

        return await asyncio.to_thread(whole)

    def stream(self, *, agent: str = "AGENT", session: str = "conversation-1", **options: object) -> Any:  # noqa: ANN401 - botocore's EventStream has no public type
        request: Any = {
            "agentId": agent,
            "agentAliasId": "ALIAS",
            "sessionId": session,
            "inputText": "Please prepare the proposal.",
            "enableTrace": True,
            "sessionState": {
                "sessionAttributes": {"session_id": "s-1"},
                "promptSessionAttributes": {"client_name": "Example Ltd"},
            },
            "streamingConfigurations": {"streamFinalResponse": True},
        }
        return self.client.invoke_agent(**(request | options))["completion"]


Start = Callable[..., AbstractAsyncContextManager[Service]]

FUNCTIONS = {tool: declaration.function for tool, declaration in TOOLS.items()}


def scripted(tools: ToolsLambda, pace: float = 0.0) -> ScriptedAgent:
    return ScriptedAgent(FUNCTIONS, tools.invoke, pace, now=lambda: datetime(2026, 11, 22, tzinfo=UTC))


@asynccontextmanager
async def serving(agent: ScriptedAgent) -> AsyncIterator[Service]:
    listener = loopback.listen()
    app = web.Application()
    bedrock_api.add_routes(app, bedrock_api.AgentAddress("AGENT", "ALIAS"), agent.respond)
    client = boto3.client(
        "bedrock-agent-runtime",
        endpoint_url=f"http://{loopback.address(listener)}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )
    async with loopback.serving(app, listener, cancel_deserted=True):
        try:
            yield Service(client)
        finally:
            client.close()


def steps(events: list[Any]) -> list[dict[str, Any]]:
    return [event["trace"]["trace"]["orchestrationTrace"] for event in events if "trace" in event]


def said(events: list[Any]) -> str:
    return b"".join(event["chunk"]["bytes"] for event in events if "chunk" in event).decode()


def final(events: list[Any]) -> str | None:
    ends = [step["observation"]["finalResponse"]["text"] for step in steps(events) if "finalResponse" in str(step)]
    return ends[-1] if ends else None


def thoughts(events: list[Any]) -> str:
    return "\n".join(step["rationale"]["text"] for step in steps(events) if "rationale" in step)


async def test_the_five_tools_are_called_in_the_order_of_the_workflow() -> None:
    tools = ToolsLambda()
    async with serving(scripted(tools)) as service:
        events = await service.run()
    assert tools.called == list(Tool)
    assert [event["function"] for event in tools.events] == [declaration.function for declaration in TOOLS.values()]
    calls = [step["invocationInput"] for step in steps(events) if "invocationInput" in step]
    assert [call["actionGroupInvocationInput"]["actionGroupName"] for call in calls] == list(Tool)
    assert calls[0] == {
        "traceId": "step-0",
        "invocationType": "ACTION_GROUP",
        "actionGroupInvocationInput": {
            "actionGroupName": "RequirementsAnalyzer",
            "executionType": "LAMBDA",
            "function": "analyze_requirements",
            "parameters": [],
        },
    }


async def test_a_tools_lambda_gets_the_event_that_bedrock_sends() -> None:
    tools = ToolsLambda()
    async with serving(scripted(tools)) as service:
        await service.run()
    assert tools.events[0] == json.loads((EVENTS / "action_group_event.json").read_text())


async def test_each_step_is_thought_called_and_observed_under_one_trace_id() -> None:
    async with serving(scripted(ToolsLambda())) as service:
        events = await service.run()
    kinds: dict[str, list[str]] = {}
    for step in steps(events):
        [(kind, body)] = step.items()
        kinds.setdefault(body["traceId"], []).append(kind)
    *tools, end = kinds.values()
    assert len(tools) == len(Tool)
    for stage in tools:
        assert [kind for kind, _ in itertools.groupby(stage)] == ["rationale", "invocationInput", "observation"]
    assert end == ["observation"]
    part = events[0]["trace"]
    assert (part["agentId"], part["agentAliasId"], part["sessionId"]) == ("AGENT", "ALIAS", "conversation-1")
    assert part["eventTime"] == datetime(2026, 11, 22, tzinfo=UTC)


async def test_the_agent_reasons_from_what_its_tools_answer() -> None:
    async with serving(scripted(ToolsLambda())) as service:
        events = await service.run()
    assert "12 functional and 7 non-functional requirements" in thoughts(events)
    assert "123,456.50 EUR" in thoughts(events)
    answer = final(events)
    assert answer is not None
    assert "Example Ltd" in answer
    assert "123,456.50 EUR" in answer


async def test_what_no_tool_has_told_stays_unsaid() -> None:
    silent = ToolsLambda({group: [lambda event: answered(event, {})] for group in SUMMARIES})
    async with serving(scripted(silent)) as service:
        events = await service.run()
    assert thoughts(events)
    assert "{" not in thoughts(events) + said(events)
    assert "EUR" not in said(events)


async def test_the_final_answer_comes_in_chunks_some_of_which_end_inside_a_character() -> None:
    async with serving(scripted(ToolsLambda())) as service:
        events = await service.run()
    chunks = [event["chunk"]["bytes"] for event in events if "chunk" in event]
    assert len(chunks) > 3
    with pytest.raises(UnicodeDecodeError):
        [chunk.decode() for chunk in chunks]
    assert said(events) == final(events)
    assert "trace" in events[-1]


async def test_without_streaming_the_answer_is_one_chunk_and_without_traces_there_are_none() -> None:
    async with serving(scripted(ToolsLambda())) as service:
        whole = await service.run(streamingConfigurations={"streamFinalResponse": False})
        silent = await service.run(enableTrace=False)
    assert [event for event in whole if "chunk" in event] == whole[-1:]
    assert said(whole) == final(whole) == said(silent)
    assert all("chunk" in event for event in silent)


async def test_a_tool_that_asks_for_a_correction_is_called_once_more() -> None:
    tools = ToolsLambda(
        {"CostCalculator": [lambda event: answered(event, {"error": "no requirements yet"}, "REPROMPT")]}
    )
    async with serving(scripted(tools)) as service:
        events = await service.run()
    assert tools.called == [
        "RequirementsAnalyzer",
        "CostCalculator",
        "CostCalculator",
        "TemplateRetriever",
        "PowerPointGenerator",
        "SOWGenerator",
    ]
    assert "no requirements yet" in thoughts(events)
    reprompts = [step["observation"] for step in steps(events) if "REPROMPT" in str(step)]
    assert [one["repromptResponse"]["source"] for one in reprompts] == ["ACTION_GROUP"]


async def test_a_tool_that_refuses_twice_ends_the_run_with_an_answer_that_says_so() -> None:
    def refuse(event: dict[str, Any]) -> Answer:
        return answered(event, {"error": "the template is broken"}, "REPROMPT")

    tools = ToolsLambda({"PowerPointGenerator": [refuse, refuse]})
    async with serving(scripted(tools)) as service:
        events = await service.run()
    assert tools.called[-1] == "PowerPointGenerator"
    answer = final(events)
    assert answer is not None
    assert "PowerPointGenerator failed twice" in answer
    assert "the template is broken" in answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda event: answered(event, {"error": "no such bucket"}, "FAILURE"), "no such bucket"),
        (lambda _: Answer.error("Sandbox.Timedout", "Task timed out"), "Task timed out"),
        (lambda _: Answer(b'"not a response"'), "generate_sow"),
        (lambda _: Answer(b'{"response": {"functionResponse": {"responseBody": {}}}}'), "TEXT"),
        (lambda _: Answer(b'{"response": {"functionResponse": {"responseBody": {"TEXT": {"body": 1}}}}}'), "no string"),
    ],
)
async def test_a_failing_tools_lambda_ends_the_stream_with_a_dependency_failure(
    answer: Callable[[dict[str, Any]], Answer], reason: str
) -> None:
    async with serving(scripted(ToolsLambda({"SOWGenerator": [answer]}))) as service:
        with pytest.raises(EventStreamError) as raised:
            await service.run()
    error = raised.value.response["Error"]
    assert error["Code"] == "dependencyFailedException"
    assert reason in error["Message"]


async def test_a_tool_may_change_the_sessions_attributes() -> None:
    def rename(event: dict[str, Any]) -> Answer:
        return answered(event | {"sessionAttributes": {"session_id": "s-2"}}, {})

    tools = ToolsLambda({"RequirementsAnalyzer": [rename]})
    async with serving(scripted(tools)) as service:
        await service.run()
    assert [event["sessionAttributes"]["session_id"] for event in tools.events] == ["s-1", *["s-2"] * 4]


async def test_an_unknown_agent_is_not_found() -> None:
    async with serving(scripted(ToolsLambda())) as service:
        with pytest.raises(service.client.exceptions.ResourceNotFoundException, match="NOBODY"):
            await service.run(agent="NOBODY")


@pytest.mark.parametrize("wrong", [{"session": "a b"}, {"inputText": ""}])
async def test_what_the_service_refuses_is_refused(wrong: dict[str, str]) -> None:
    async with serving(scripted(ToolsLambda())) as service:
        with pytest.raises(ClientError) as raised:
            await service.run(**wrong)
    assert raised.value.response["Error"]["Code"] == "ValidationException"


async def test_closing_the_stream_stops_the_script() -> None:
    tools = ToolsLambda()
    stopped = asyncio.Event()

    async def sleep(_: float) -> None:
        """Takes for ever once a tool was called."""
        if not tools.events:
            return
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    agent = ScriptedAgent(FUNCTIONS, tools.invoke, 1.0, now=lambda: datetime(2026, 11, 22, tzinfo=UTC), sleep=sleep)
    async with serving(agent) as service:

        def read_until_the_first_call() -> None:
            stream = service.stream()
            for event in stream:
                if "invocationInput" in str(event):
                    break
            stream.close()

        await asyncio.to_thread(read_until_the_first_call)
        async with asyncio.timeout(PATIENCE):
            await stopped.wait()
    assert len(tools.events) == 1


async def test_each_stage_takes_the_time_it_is_given() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    agent = ScriptedAgent(
        FUNCTIONS, ToolsLambda().invoke, 45.0, now=lambda: datetime(2026, 11, 22, tzinfo=UTC), sleep=sleep
    )
    request = AgentRequest(
        agent_id="AGENT",
        alias_id="ALIAS",
        session_id="conversation-1",
        input_text="Please prepare the proposal.",
        session_attributes={},
        prompt_session_attributes={},
        enable_trace=True,
        stream_final_response=True,
    )
    _ = [event async for event in agent.respond(request)]
    assert sum(slept) == pytest.approx(45.0 * (len(Tool) + 1))
    assert max(slept) <= 45.0 / 2


@pytest.mark.parametrize("text", ["", "plain", "é" * 100, "日本語のテキスト" * 9, "a€" * 50, "🙂" * 30])
@pytest.mark.parametrize("size", [1, 2, 5, 48])
def test_pieces_put_together_are_the_text(text: str, size: int) -> None:
    pieces = list(agent_stream.pieces(text, size))
    assert b"".join(pieces).decode() == text
    assert all(pieces)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            {"total_hours": "1024", "weeks": 14, "total_cost": "38010.0"},
            "1,024 hours over 14 weeks — 38,010 EUR in all.",
        ),
        ({"total_hours": "284.5", "weeks": 1, "total_cost": 1.5}, "284.5 hours over 1 week — 1.5 EUR in all."),
        ({"total_hours": "few", "weeks": "NaN", "total_cost": "{x}"}, "few hours over NaN weeks — {x} EUR in all."),
    ],
)
def test_numbers_are_written_for_people_and_other_texts_are_left_alone(told: dict[str, object], said: str) -> None:
    answers = {Tool.COST_CALCULATOR: told | {"currency": "EUR"}}
    [estimate, _] = agent_script.thoughts(Tool.TEMPLATE_RETRIEVER, answers, "")
    assert estimate == f"The estimate is {said}"
