"""The Bedrock adapter through real boto3, against a small HTTP server that streams recorded answers."""

import base64
import itertools
import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from checkout import DATA
from fakes.http import Answer, Exchange, Service, answers, serving
from log_lines import written_by

from local.bedrock.encoding import CONTENT_TYPE, encode_event, encode_exception
from schema.statuses import AgentEventType, Tool
from worker.agents import attempts
from worker.agents.assignment import TO_THE_PRICE
from worker.agents.attempts import ATTEMPTS
from worker.agents.bedrock.invoke import invoke_bedrock_agent
from worker.agents.bedrock.traces import Translator
from worker.agents.events import AgentError, AgentEvent, AgentRequest, AgentStream, ModelUsage
from worker.agents.service import client_config
from worker.log import SERVICE
from worker.tools.call import Outcome, ToolCall
from worker.tools.toolbox import ToolBox
from worker.tools.workbench import Workbench

if TYPE_CHECKING:
    from types_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

EVENTS = DATA / "bedrock"
REQUEST = AgentRequest("session-1", "run-1", "Prepare a proposal.", (("client_name", "Café"),))


class Told:
    """A stream's events, without what it says of the model's usage."""

    def __init__(self, stream: AgentStream) -> None:
        self._stream = stream
        self.close = stream.close

    def __iter__(self) -> Iterator[AgentEvent]:
        return (item for item in self._stream if isinstance(item, AgentEvent))


@pytest.fixture
def server() -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture
def client(server: Service, aws: str) -> "Iterator[AgentsforBedrockRuntimeClient]":
    client = boto3.client("bedrock-agent-runtime", endpoint_url=server.url, config=client_config(30))
    yield client
    client.close()


@pytest.fixture
def naps() -> list[float]:
    """The pauses between attempts, which cost no time here."""
    return []


@pytest.fixture
def agent(client: "AgentsforBedrockRuntimeClient", naps: list[float]) -> "Told":
    return agent_over(client, random=lambda: 0.5, sleep=naps.append)


def recorded(name: str) -> list[bytes]:
    """The stream's messages as they travel."""
    events: list[dict[str, Any]] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return [encode_event(kind, payload) for event in events for kind, payload in event.items()]


FULL_RUN = recorded("function_style")


def streams(*messages: bytes, ends: bool = True) -> Answer:
    """Answer with a stream; one that does not end breaks off in the middle of the connection."""

    def answer(exchange: Exchange) -> None:
        exchange.start_stream(CONTENT_TYPE)
        for message in messages:
            exchange.send_part(message)
        if ends:
            exchange.send_part(b"")
        else:
            exchange.close_connection = True

    return answer


def refuses(status: int, code: str, message: str = "because") -> Answer:
    """Answer with an error instead of a stream."""
    return answers({"message": message}, status, x_amzn_errortype=code)


def told_by(position: int) -> list[AgentEvent]:
    """What the first messages of the full run tell, the bytes of an unfinished character aside."""
    events = json.loads((EVENTS / "function_style.json").read_text(encoding="utf-8"))[:position]
    translator = Translator()
    told: list[AgentEvent] = []
    for event in events:
        if "chunk" in event:
            event["chunk"]["bytes"] = base64.b64decode(event["chunk"]["bytes"])
        told.extend(item for item in translator.translate(event) if isinstance(item, AgentEvent))
    return told


def until_it_fails(agent: Told) -> tuple[list[AgentEvent], AgentError]:
    """What the agent told, and how it failed."""
    events: list[AgentEvent] = []
    try:
        for event in agent:
            events.append(event)  # noqa: PERF402 - what came before an error is wanted
    except AgentError as error:
        return events, error
    raise AssertionError("it did not fail")


def no_workbench() -> Workbench:
    raise AssertionError("this agent's tools are called by its Lambda")


def agent_over(client: "AgentsforBedrockRuntimeClient", **timing: Any) -> Told:  # noqa: ANN401 - as the adapter takes it
    return Told(stream_over(client, **timing))


def stream_over(client: "AgentsforBedrockRuntimeClient", **more: Any) -> AgentStream:  # noqa: ANN401 - as it takes it
    given = {"random": lambda: 0.5, "tools": ToolBox(no_workbench), **more}
    return invoke_bedrock_agent(client, REQUEST, agent_id="AGENT12345", alias_id="ALIAS12345", **given)


def types(events: list[AgentEvent]) -> list[AgentEventType]:
    return [event.type for event in events]


def test_a_recorded_run_comes_through_botocore_whole(server: Service, agent: Told) -> None:
    server.answers = [streams(*FULL_RUN)]
    events = list(agent)
    assert [event.tool for event in events if event.type is AgentEventType.TOOL_RESPONSE] == list(Tool)
    said = "".join(event.text for event in events if event.type is AgentEventType.CHUNK)
    assert events[-1] == AgentEvent(AgentEventType.FINAL_RESPONSE, said)
    assert "€" in said


def test_the_request_carries_the_session_its_attributes_and_the_wish_for_traces(server: Service, agent: Told) -> None:
    server.answers = [streams()]
    assert list(agent) == []
    [asked] = server.requests
    assert asked.path == "/agents/AGENT12345/agentAliases/ALIAS12345/sessions/session-1-run-1/text"
    assert asked.json() == {
        "inputText": "Prepare a proposal.",
        "enableTrace": True,
        "sessionState": {
            "sessionAttributes": {"session_id": "session-1"},
            "promptSessionAttributes": {"client_name": "Café"},
        },
        "streamingConfigurations": {"streamFinalResponse": True},
    }


def test_the_tools_lambda_is_told_after_which_tool_the_run_ends(
    server: Service, client: "AgentsforBedrockRuntimeClient"
) -> None:
    server.answers = [streams()]
    assert list(stream_over(client, tools=ToolBox(no_workbench, TO_THE_PRICE))) == []
    attributes = server.requests[0].json()["sessionState"]["sessionAttributes"]
    assert attributes == {"session_id": "session-1", "last_tool": "CostCalculator"}


def test_an_agent_that_returns_control_can_not_go_beyond_the_runs_last_tool() -> None:
    called = ToolBox(no_workbench, TO_THE_PRICE).run(ToolCall("c-1", "generate_sow", {}))
    assert called.outcome is Outcome.FAILED
    assert called.answer["error"] == "SOWGenerator must wait: a person reviews what CostCalculator has answered"


@pytest.mark.parametrize("name", ["unknown_kinds", "other_kinds", "guardrail", "api_style"])
def test_every_recorded_kind_is_readable_by_botocore(name: str, server: Service, agent: Told) -> None:
    server.answers = [streams(*recorded(name))]
    assert list(agent)


@pytest.mark.parametrize("position", range(len(FULL_RUN) + 1))
def test_throttling_at_any_place_of_the_stream_starts_the_answer_again(
    position: int, server: Service, agent: Told, naps: list[float]
) -> None:
    throttled = encode_exception("throttlingException", "Too many requests")
    server.answers = [streams(*FULL_RUN[:position], throttled), streams(*FULL_RUN)]
    events = list(agent)
    told = told_by(position)
    warning = events[len(told)]
    assert events[: len(told)] == told
    assert warning.type is AgentEventType.WARNING
    assert "attempt 1 of 6" in warning.text
    assert ("the answer starts again" in warning.text) == bool(told)
    assert events[len(told) + 1 :] == told_by(len(FULL_RUN))
    assert len(naps) == 1


@pytest.mark.parametrize("position", range(len(FULL_RUN) + 1))
def test_another_exception_at_any_place_of_the_stream_fails_the_agent_after_what_came_before(
    position: int, server: Service, agent: Told
) -> None:
    server.answers = [streams(*FULL_RUN[:position], encode_exception("dependencyFailedException", "Lambda said no"))]
    events, error = until_it_fails(agent)
    assert events == told_by(position)
    assert "the agent depends on failed" in str(error)
    assert "(DependencyFailedException)" in str(error)
    assert error.detail == ""  # a tool's Lambda may quote the client, and the log must not
    assert len(server.requests) == 1


def test_a_call_that_is_throttled_is_tried_again_with_growing_pauses(
    server: Service, agent: Told, naps: list[float]
) -> None:
    server.answers = [refuses(429, "ThrottlingException")]
    events, error = until_it_fails(agent)
    assert "throttled every attempt" in str(error)
    assert "wait a few minutes" in str(error)
    assert types(events) == [AgentEventType.WARNING] * ATTEMPTS
    assert [event.text.partition(":")[0] for event in events] == [
        f"The agent service throttled attempt {number} of 6" for number in range(1, 7)
    ]
    assert events[-1].text.endswith("giving up.")
    assert naps == [1.5, 3.0, 6.0, 12.0, 15.0]
    assert len(server.requests) == ATTEMPTS


def test_throttling_at_the_call_and_then_in_the_stream_counts_together(
    server: Service, agent: Told, naps: list[float]
) -> None:
    in_stream = encode_exception("throttlingException", "slow down")
    server.answers = [refuses(429, "ThrottlingException"), streams(FULL_RUN[2], in_stream), streams(*FULL_RUN)]
    events = list(agent)
    assert types(events).count(AgentEventType.WARNING) == 2
    assert len(naps) == 2


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("internalServerException", "try again"),
        ("modelNotReadyException", "the model is loading"),
        ("dependencyFailedException", "Your request rate is too high: model invocation was throttled"),
    ],
)
def test_a_fault_that_passes_is_retried_like_throttling(
    error: str, message: str, server: Service, agent: Told, naps: list[float]
) -> None:
    server.answers = [streams(*FULL_RUN[:3], encode_exception(error, message)), streams(*FULL_RUN)]
    events = list(agent)
    [warning] = [event for event in events if event.type is AgentEventType.WARNING]
    assert "attempt 1 of 6: trying again after a pause; what it said so far no longer counts" in warning.text
    assert events[-1].type is AgentEventType.FINAL_RESPONSE
    assert len(naps) == 1


@pytest.mark.parametrize(
    ("status", "code", "remedy"),
    [
        (403, "AccessDeniedException", "bedrock:InvokeAgent"),
        (404, "ResourceNotFoundException", "BEDROCK_AGENT_ID and BEDROCK_AGENT_ALIAS_ID"),
        (400, "ValidationException", "the agent is prepared"),
        (400, "ServiceQuotaExceededException", "Service Quotas"),
        (409, "ConflictException", "wait a minute"),
        (424, "DependencyFailedException", "that dependency's log"),
        (502, "BadGatewayException", "that dependency's log"),
        (403, "UnrecognizedClientException", "the credentials"),
        (418, "TeapotException", "retry the session"),
    ],
)
def test_a_refused_call_fails_at_once_and_says_what_to_do(
    status: int, code: str, remedy: str, server: Service, agent: Told
) -> None:
    said = "User: arn:aws:sts::111122223333:assumed-role/worker may not"
    server.answers = [refuses(status, code, said)]
    with pytest.raises(AgentError, match=rf"\({code}\)\. What to do: .*{remedy}") as failed:
        list(agent)
    assert "111122223333" not in str(failed.value)
    quotes_a_tool = code in {"DependencyFailedException", "BadGatewayException"}
    assert (failed.value.code, failed.value.detail) == (code, "" if quotes_a_tool else said)
    assert len(server.requests) == 1


def test_a_step_that_fails_is_a_warning_with_its_code_and_the_log_has_the_reason(server: Service, agent: Told) -> None:
    reason = "arn:aws:iam::111122223333:role/agent may not call the model"
    trace = {"sessionId": "s", "trace": {"failureTrace": {"failureCode": 403, "failureReason": reason}}}
    server.answers = [streams(encode_event("trace", trace), *FULL_RUN)]
    with written_by(SERVICE) as lines:
        [warning] = [event for event in agent if event.type is AgentEventType.WARNING]
    assert warning.text == "A step of the agent failed (code 403): the worker's log says why"
    [line] = [line for line in lines() if line["message"] == "[BEDROCK AGENT] A step failed"]
    assert (line["code"], line["detail"]) == (403, reason)


@pytest.mark.parametrize("position", [0, 1, len(FULL_RUN)])
def test_a_connection_that_breaks_fails_the_agent(position: int, server: Service, agent: Told) -> None:
    server.answers = [streams(*FULL_RUN[:position], ends=False)]
    with pytest.raises(AgentError, match="connection to the agent service failed or broke off"):
        list(agent)


def test_a_message_with_a_wrong_checksum_fails_the_agent(server: Service, agent: Told) -> None:
    spoilt = bytearray(FULL_RUN[2])
    spoilt[-10] ^= 1
    server.answers = [streams(*FULL_RUN[:2], bytes(spoilt))]
    with pytest.raises(AgentError, match="ChecksumMismatch"):
        list(agent)


def test_a_service_that_is_not_there_is_tried_as_often(aws: str) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as gone:
        url = f"http://127.0.0.1:{gone.server_address[1]}"
    client = boto3.client("bedrock-agent-runtime", endpoint_url=url, config=client_config(5))
    agent = agent_over(client, random=lambda: 0.0, sleep=lambda _: None)
    events = iter(agent)
    warnings = [next(events).text for _ in range(ATTEMPTS)]
    assert all(f"could not be reached in attempt {n} of {ATTEMPTS}" in text for n, text in enumerate(warnings, start=1))
    with pytest.raises(AgentError, match="connection to the agent service failed"):
        next(events)
    client.close()


def test_closing_wakes_a_read_that_blocks_and_ends_without_an_error(server: Service, agent: Told) -> None:
    released = threading.Event()

    def silent(exchange: Exchange) -> None:
        exchange.start_stream(CONTENT_TYPE)
        exchange.send_part(FULL_RUN[2])
        released.wait(60)

    server.answers = [silent]
    events = iter(agent)
    assert next(events).type is AgentEventType.REASONING
    timer = threading.Timer(0.1, agent.close)
    timer.start()
    started = time.monotonic()
    assert list(events) == []
    assert time.monotonic() - started < 30, "it waits for neither the service nor a time-out"
    released.set()
    timer.join()


def test_closing_ends_the_pause_between_attempts(
    server: Service, client: "AgentsforBedrockRuntimeClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "FIRST_WAIT_SECONDS", 60.0)
    monkeypatch.setattr(attempts, "LONGEST_WAIT_SECONDS", 60.0)
    server.answers = [refuses(429, "ThrottlingException")]
    agent = agent_over(client, random=lambda: 1.0)
    events = iter(agent)
    assert next(events).type is AgentEventType.WARNING
    timer = threading.Timer(0.1, agent.close)
    timer.start()
    started = time.monotonic()
    assert list(events) == []
    assert time.monotonic() - started < 30
    assert len(server.requests) == 1
    timer.join()


def test_an_agent_that_was_closed_before_it_began_is_not_called(server: Service, agent: Told) -> None:
    server.answers = [streams(*FULL_RUN)]
    agent.close()
    assert list(agent) == []
    assert server.requests == []


def test_a_reader_that_leaves_early_closes_the_connection(server: Service, agent: Told) -> None:
    gone = threading.Event()

    def endless(exchange: Exchange) -> None:
        exchange.start_stream(CONTENT_TYPE)
        with suppress(OSError):
            for _ in itertools.repeat(None):
                exchange.send_part(FULL_RUN[2])
        gone.set()

    server.answers = [endless]
    events = iter(agent)
    next(events)
    events.close()  # type: ignore[attr-defined] # the adapter's iterator is a generator
    assert gone.wait(5)


def test_the_sdk_itself_never_runs_the_agent_twice(client: "AgentsforBedrockRuntimeClient") -> None:
    config: Any = client.meta.config
    assert config.retries == {"total_max_attempts": 1, "mode": config.retries["mode"]}
    assert config.read_timeout == 30


def test_what_the_tools_lambda_spent_is_told_once_after_the_analysis(
    server: Service, client: "AgentsforBedrockRuntimeClient"
) -> None:
    server.answers = [streams(*FULL_RUN)]
    reads: list[str] = []

    def spent() -> list[ModelUsage]:
        reads.append("read")
        return [ModelUsage("eu.a-model", 1000, 200)]

    items = list(stream_over(client, spent=spent))
    [place] = [place for place, item in enumerate(items) if item == ModelUsage("eu.a-model", 1000, 200)]
    before = items[place - 1]
    assert isinstance(before, AgentEvent)
    assert (before.type, before.tool) == (AgentEventType.TOOL_RESPONSE, "RequirementsAnalyzer")
    assert reads == ["read"]


def test_an_unreadable_note_of_what_was_spent_does_not_end_the_run(
    server: Service, client: "AgentsforBedrockRuntimeClient"
) -> None:
    server.answers = [streams(*FULL_RUN)]

    def spent() -> list[ModelUsage]:
        raise EndpointConnectionError(endpoint_url="https://s3.example")

    events = [item for item in stream_over(client, spent=spent) if isinstance(item, AgentEvent)]
    assert events[-1].type is AgentEventType.FINAL_RESPONSE
