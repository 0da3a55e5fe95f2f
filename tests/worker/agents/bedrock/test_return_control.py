"""An agent that returns control to its caller: our tools are run, and the agent goes on, through real boto3."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from converse_talk import PlannedTools, too_early
from fakes.http import Answer, Exchange, Service, serving

from local.bedrock.encoding import CONTENT_TYPE, encode_event, encode_exception
from local.bedrock.invoke_agent import wire
from local.bedrock.streaming import StreamEvent
from schema.statuses import AgentEventType, Tool
from worker.agents.bedrock.invoke import invoke_bedrock_agent
from worker.agents.events import AgentEvent, AgentRequest
from worker.agents.service import client_config
from worker.tools.call import Called, failed

if TYPE_CHECKING:
    from types_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

CALL, RESPONSE, WARNING = AgentEventType.TOOL_CALL, AgentEventType.TOOL_RESPONSE, AgentEventType.WARNING

REQUEST = AgentRequest("session-1", "run-1", "Prepare a proposal.", (("client_name", "Fennmark"),))
ANALYZER = (Tool.REQUIREMENTS_ANALYZER, "analyze_requirements")
CALCULATOR = (Tool.COST_CALCULATOR, "calculate_costs")


@pytest.fixture
def server() -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture
def client(server: Service, aws: str) -> "Iterator[AgentsforBedrockRuntimeClient]":
    client = boto3.client("bedrock-agent-runtime", endpoint_url=server.url, config=client_config(30))
    yield client
    client.close()


def streams(*events: StreamEvent, fails_with: str = "") -> Answer:
    body = b"".join(encode_event(event.type, event.payload) for event in events)
    if fails_with:
        body += encode_exception(fails_with, "because")

    def answer(exchange: Exchange) -> None:
        exchange.send(body, content_type=CONTENT_TYPE)

    return answer


def returns_control(*functions: tuple[str, str], id_: str = "invocation-1") -> StreamEvent:
    wanted = [
        {"functionInvocationInput": {"actionGroup": group, "function": function, "actionInvocationType": "RESULT"}}
        for group, function in functions
    ]
    return StreamEvent("returnControl", {"invocationId": id_, "invocationInputs": wanted})


def traced(step: dict[str, Any]) -> StreamEvent:
    return StreamEvent("trace", {"sessionId": "s", "trace": {"orchestrationTrace": step}})


def answers(text: str) -> list[StreamEvent]:
    return [wire.chunk(text.encode()), traced(wire.final_response("step-9", text))]


def told(client: "AgentsforBedrockRuntimeClient", tools: PlannedTools) -> list[AgentEvent]:
    stream = invoke_bedrock_agent(
        client,
        REQUEST,
        agent_id="AGENT12345",
        alias_id="ALIAS12345",
        tools=tools,
        random=lambda: 0.5,
        sleep=lambda _: None,
    )
    return [item for item in stream if isinstance(item, AgentEvent)]


def results(request: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a recorded request
    state = request.json()["sessionState"]
    return [one["functionResult"] for one in state["returnControlInvocationResults"]]


def test_a_tool_that_the_agent_hands_over_is_run_and_its_result_goes_into_the_same_conversation(
    server: Service, client: "AgentsforBedrockRuntimeClient"
) -> None:
    server.answers = [streams(returns_control(ANALYZER)), streams(*answers("Ready."))]
    tools = PlannedTools()
    events = told(client, tools)
    assert [(event.type, event.tool, event.text) for event in events] == [
        (CALL, Tool.REQUIREMENTS_ANALYZER, "analyze_requirements()"),
        (RESPONSE, Tool.REQUIREMENTS_ANALYZER, '{"made":"analyze_requirements"}'),
        (AgentEventType.CHUNK, None, "Ready."),
        (AgentEventType.FINAL_RESPONSE, None, "Ready."),
    ]
    assert events[0].call_id == events[1].call_id == "invocation-1"
    assert tools.called == ["analyze_requirements"]
    first, second = server.requests
    assert first.path == second.path
    assert second.json() == {
        "enableTrace": True,
        "sessionState": {
            "sessionAttributes": {"session_id": "session-1"},
            "promptSessionAttributes": {"client_name": "Fennmark"},
            "invocationId": "invocation-1",
            "returnControlInvocationResults": [
                {
                    "functionResult": {
                        "actionGroup": "RequirementsAnalyzer",
                        "function": "analyze_requirements",
                        "responseBody": {"TEXT": {"body": '{"made":"analyze_requirements"}'}},
                    }
                }
            ],
        },
        "streamingConfigurations": {"streamFinalResponse": True},
    }


def test_a_call_and_an_answer_that_traces_tell_too_are_told_once(
    server: Service, client: "AgentsforBedrockRuntimeClient"
) -> None:
    server.answers = [
        streams(traced(wire.invocation_input("step-1", *ANALYZER)), returns_control(ANALYZER)),
        streams(
            traced(wire.observation("step-1", wire.ToolAnswer("{}", None, {}))),
            traced(wire.invocation_input("step-2", *CALCULATOR)),
            traced(wire.observation("step-2", wire.ToolAnswer('{"hours":8}', None, {}))),
            *answers("Ready."),
        ),
    ]
    events = told(client, PlannedTools())
    assert [(event.type, event.tool, event.call_id) for event in events if event.tool] == [
        (CALL, Tool.REQUIREMENTS_ANALYZER, "step-1"),
        (RESPONSE, Tool.REQUIREMENTS_ANALYZER, "step-1"),
        (CALL, Tool.COST_CALCULATOR, "step-2"),
        (RESPONSE, Tool.COST_CALCULATOR, "step-2"),
    ]


def test_an_agent_may_hand_over_several_tools_at_once_and_again(
    server: Service, client: "AgentsforBedrockRuntimeClient"
) -> None:
    server.answers = [
        streams(returns_control(ANALYZER, CALCULATOR)),
        streams(returns_control(ANALYZER, id_="invocation-2")),
        streams(*answers("Ready.")),
    ]
    tools = PlannedTools()
    events = told(client, tools)
    assert tools.called == ["analyze_requirements", "calculate_costs", "analyze_requirements"]
    calls = {event.call_id: event.tool for event in events if event.type is CALL}
    assert list(calls.values()) == [ANALYZER[0], CALCULATOR[0], ANALYZER[0]]
    assert {event.call_id: event.tool for event in events if event.type is RESPONSE} == calls
    assert [len(results(request)) for request in server.requests[1:]] == [2, 1]
    assert [request.json()["sessionState"]["invocationId"] for request in server.requests[1:]] == [
        "invocation-1",
        "invocation-2",
    ]
    assert not any("inputText" in request.json() for request in server.requests[1:])


@pytest.mark.parametrize("outcome", [failed("S3 is away"), too_early()])
def test_a_tool_that_fails_asks_the_agent_to_try_again(
    outcome: Called,
    server: Service,
    client: "AgentsforBedrockRuntimeClient",
) -> None:
    server.answers = [streams(returns_control(ANALYZER)), streams(*answers("It failed."))]
    told(client, PlannedTools(analyze_requirements=[outcome]))
    [result] = results(server.requests[1])
    assert result["responseState"] == "REPROMPT"
    assert str(outcome.answer["error"]) in result["responseBody"]["TEXT"]["body"]


@pytest.mark.parametrize(
    "wanted",
    [
        returns_control(("Invoices", "send_invoice")),
        returns_control(ANALYZER, ("Invoices", "send_invoice")),
        StreamEvent(
            "returnControl",
            {
                "invocationId": "invocation-1",
                "invocationInputs": [{"apiInvocationInput": {"actionGroup": "Invoices", "apiPath": "/send"}}],
            },
        ),
    ],
    ids=["unknown", "one of two", "by its API's path"],
)
def test_a_tool_that_is_not_ours_is_warned_about_and_nothing_is_run(
    wanted: StreamEvent, server: Service, client: "AgentsforBedrockRuntimeClient"
) -> None:
    server.answers = [streams(wanted)]
    tools = PlannedTools()
    [warning] = told(client, tools)
    assert warning.type is WARNING
    assert "Invoices" in warning.text
    assert (tools.called, len(server.requests)) == ([], 1)


def test_throttling_after_a_hand_over_starts_the_whole_answer_again(
    server: Service, client: "AgentsforBedrockRuntimeClient"
) -> None:
    server.answers = [
        streams(returns_control(ANALYZER)),
        streams(fails_with="throttlingException"),
        streams(returns_control(ANALYZER, id_="invocation-2")),
        streams(*answers("Ready.")),
    ]
    events = told(client, PlannedTools())
    assert [event.type for event in events] == [
        CALL, RESPONSE, WARNING, CALL, RESPONSE, AgentEventType.CHUNK, AgentEventType.FINAL_RESPONSE,
    ]  # fmt: skip
    assert [request.json().get("inputText") for request in server.requests] == [REQUEST.prompt, None] * 2
    paths = [request.path.rpartition("/sessions/")[2] for request in server.requests]
    assert paths == ["session-1-run-1/text"] * 2 + ["session-1-run-1-2/text"] * 2
