"""A turn that breaks, at the call or anywhere in its stream: it alone is repeated. And a stream that is closed."""

import socketserver
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import boto3
import pytest
from converse_service import CUT, ConverseService, Part, Silence, calls, fails, refuses, says, thinks, turn
from converse_talk import DONE, FUNCTIONS, PlannedTools, Talk, asked, five_tools, stream, talk

from schema.statuses import AgentEventType
from worker.agents import attempts
from worker.agents.attempts import ATTEMPTS
from worker.agents.events import AgentError, AgentEvent, Step
from worker.agents.service import client_config
from worker.tools.call import Called, ToolCall

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

FIRST = turn(
    thinks("Scope\n\nand ", "price."),
    says("Both", " now."),
    calls("analyze_requirements", "{", "}"),
    calls("calculate_costs"),
)
LAST = turn(thinks("Sum up."), says("The proposal", " is ready."))
MIDDLE = [turn(*(calls(name) for name in FUNCTIONS[2:]))]
SCRIPT = [FIRST, *MIDDLE, LAST]

BREAKS: dict[str, Part] = {
    "throttled": fails("throttlingException", "Too many requests"),
    "broken by the model": fails("modelStreamErrorException", originalStatusCode=500, originalMessage="oops"),
    "failed": fails("internalServerException"),
    "cut": CUT,
}


@pytest.fixture(scope="module")
def undisturbed() -> Talk:
    with ConverseService(*SCRIPT) as service:
        came = talk(service.client())
    assert came.final == DONE
    return came


PLACES = [(number, place) for number, script in ((0, FIRST), (2, LAST)) for place in range(len(script) + 1)]


@pytest.mark.parametrize("how", BREAKS)
@pytest.mark.parametrize(("number", "place"), PLACES)
def test_a_turn_that_breaks_at_any_place_is_repeated_alone(
    number: int,
    place: int,
    how: str,
    undisturbed: Talk,
    service: ConverseService,
    client: "BedrockRuntimeClient",
) -> None:
    """Its tools are run once, its words count once, and the messages are those of an undisturbed conversation."""
    service.answers = [*SCRIPT[:number], [*SCRIPT[number][:place], BREAKS[how]], *SCRIPT[number:]]
    tools = PlannedTools()
    came = talk(client, tools)
    assert (came.error, came.final) == (None, DONE)
    assert tools.called == list(FUNCTIONS)
    assert [event for event in came.events if event.tool] == [event for event in undisturbed.events if event.tool]
    assert came.saved == undisturbed.saved
    [warning] = came.warnings
    at = came.events.index(AgentEvent(AgentEventType.WARNING, warning))
    said_before = at > 0 and came.events[at - 1].tool is None
    assert "attempt 1 of 6: trying again after a pause" in warning
    assert ("the turn starts again" in warning) == said_before
    assert len(came.naps) == 1
    repeated = asked(service)
    assert repeated[number] == repeated[number + 1]
    assert len(repeated) == len(SCRIPT) + 1
    assert all(usage.input_tokens == 100 for usage in came.usages)
    assert len(came.usages) == len(SCRIPT) + (place == len(SCRIPT[number]))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ThrottlingException", "throttled attempt 1"),
        ("ServiceUnavailableException", "failed in attempt 1"),
        ("InternalServerException", "failed in attempt 1"),
        ("ModelTimeoutException", "failed in attempt 1"),
        ("ModelNotReadyException", "failed in attempt 1"),
        ("ModelErrorException", "failed in attempt 1"),
    ],
)
@pytest.mark.parametrize("number", [0, 3, 5])
def test_a_turn_that_is_refused_for_a_while_is_asked_for_again(
    number: int, code: str, said: str, service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    script = five_tools()
    service.answers = [*script[:number], refuses(code), *script[number:]]
    tools = PlannedTools()
    came = talk(client, tools)
    assert (came.final, tools.called) == (DONE, list(FUNCTIONS))
    [warning] = came.warnings
    assert said in warning
    assert "no longer counts" not in warning


def test_a_service_that_goes_on_throttling_is_given_up_after_growing_pauses(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    first, *_ = five_tools()
    service.answers = [first, *[refuses("ThrottlingException", "Too many tokens")] * ATTEMPTS]
    came = talk(client)
    assert isinstance(came.error, AgentError)
    assert "Bedrock throttled every attempt (ThrottlingException)" in str(came.error)
    assert "wait a few minutes or ask for a higher quota" in str(came.error)
    assert len(came.warnings) == ATTEMPTS
    assert came.naps == [1.5, 3.0, 6.0, 12.0, 15.0]


def test_each_turn_has_all_its_attempts(service: ConverseService, client: "BedrockRuntimeClient") -> None:
    throttled = [refuses("ThrottlingException")] * (ATTEMPTS - 1)
    service.answers = [part for answer in five_tools() for part in (*throttled, answer)]
    came = talk(client)
    assert came.final == DONE
    assert len(came.warnings) == 6 * (ATTEMPTS - 1)


def test_what_a_broken_answer_had_said_is_not_in_the_final_response(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    broken = [*turn(says("A first ", "try"))[:3], fails("throttlingException")]
    service.answers = [turn(*(calls(name) for name in FUNCTIONS)), broken, broken, turn(DONE)]
    came = talk(client)
    assert came.final == DONE
    assert came.texts(AgentEventType.CHUNK) == ["A first ", "try", "A first ", "try", DONE]


def test_a_stream_that_ends_before_the_model_has_stopped_is_repeated(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn(DONE)[:3], turn(DONE)]
    came = talk(client)
    assert came.final == DONE
    assert ["before the model had stopped" in text for text in came.warnings] == [True]


def test_a_stream_that_ends_without_its_tokens_is_a_whole_turn(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn(DONE)[:-1]]
    came = talk(client)
    assert (came.final, came.warnings, came.usages) == (DONE, [], [])


@pytest.mark.parametrize("place", [0, 3])
def test_a_service_that_falls_silent_is_left_after_the_time_out_and_asked_again(
    place: int, service: ConverseService
) -> None:
    impatient = service.client(read_timeout=1.0)
    service.answers = [[*turn(DONE)[:place], Silence()], turn(DONE)]
    came = talk(impatient)
    assert came.final == DONE
    [warning] = came.warnings
    assert "broke off in attempt 1" in warning
    assert service.requests[0].deserted.wait(60)


def test_a_service_that_is_not_there_is_tried_as_often_and_then_its_region_is_doubted(aws: str) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as gone:
        url = f"http://127.0.0.1:{gone.server_address[1]}"
    client = boto3.client("bedrock-runtime", endpoint_url=url, config=client_config(5))
    came = talk(client)
    client.close()
    assert [f"could not be reached in attempt {n}" in text for n, text in enumerate(came.warnings, 1)] == [
        True
    ] * ATTEMPTS
    assert "check that the worker's region has Bedrock" in str(came.error)


LONG_SECONDS = 60.0
"""How long the silence or the pause of a test lasts that nobody ends."""


def ended_early(work: Callable[[], object]) -> None:
    begun = time.monotonic()
    work()
    assert time.monotonic() - begun < LONG_SECONDS / 2


@pytest.mark.parametrize("place", [0, 1, 2, 6])
def test_closing_wakes_a_turn_that_is_silent_and_ends_without_an_error(place: int, service: ConverseService) -> None:
    service.answers = [[*FIRST[:place], Silence()]]
    tools = PlannedTools()
    conversation = stream(service.client(read_timeout=LONG_SECONDS), tools)
    told: list[object] = []
    reading = threading.Thread(target=lambda: told.extend(conversation))
    reading.start()
    while not service.requests:
        time.sleep(0.001)
    time.sleep(0.05)  # until the read blocks
    conversation.close()
    ended_early(reading.join)
    assert not any(isinstance(one, AgentEvent) and one.type is AgentEventType.WARNING for one in told)
    assert tools.called == []
    assert service.requests[0].deserted.wait(60)


def test_closing_ends_the_pause_between_attempts(
    service: ConverseService, client: "BedrockRuntimeClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "FIRST_WAIT_SECONDS", LONG_SECONDS)
    monkeypatch.setattr(attempts, "LONGEST_WAIT_SECONDS", LONG_SECONDS)
    service.answers = [refuses("ThrottlingException")] * 2
    conversation = stream(client, random=lambda: 1.0)
    items = iter(conversation)
    assert isinstance(next(items), Step)
    assert isinstance(next(items), AgentEvent)
    timer = threading.Timer(0.05, conversation.close)
    timer.start()
    ended_early(lambda: list(items))
    assert len(service.requests) == 1
    timer.join()


def test_closing_while_a_tool_is_at_work_lets_it_finish_and_asks_no_more(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    class Closing(PlannedTools):
        def run(self, call: ToolCall) -> Called:
            conversation.close()
            return super().run(call)

    tools = Closing()
    conversation = stream(client, tools)
    service.answers = [FIRST, turn(DONE)]
    events = [event for item in conversation if isinstance(item, Step) for event in item.events]
    assert tools.called == ["analyze_requirements"]
    assert events[-1].type is AgentEventType.TOOL_CALL
    assert len(service.requests) == 1


def test_a_conversation_that_was_closed_before_it_began_asks_nothing(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    conversation = stream(client)
    conversation.close()
    assert list(conversation) == []
    assert service.requests == []


def test_a_reader_that_leaves_early_closes_the_connection(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [[*FIRST[:3], Silence()]]
    items = iter(stream(client))
    next(items), next(items)
    items.close()  # type: ignore[attr-defined]  # the adapter's iterator is a generator
    assert service.requests[0].deserted.wait(60)
