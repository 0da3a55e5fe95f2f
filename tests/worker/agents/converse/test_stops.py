"""Why the model stopped: each reason through real boto3, and what it makes of the run."""

from typing import TYPE_CHECKING

import pytest
from converse_service import ConverseService, Part, calls, says, thinks, turn
from converse_talk import DONE, PlannedTools, Talk, talk

from schema.statuses import AgentEventType
from worker.agents.attempts import ATTEMPTS
from worker.agents.converse.stream import MAX_TOKENS
from worker.agents.events import AgentError

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

HALF_A_CALL = calls("analyze_requirements", '{"dep')


def failed_with(came: Talk) -> str:
    assert type(came.error) is AgentError
    assert came.final is None
    return str(came.error)


@pytest.mark.parametrize("reason", ["end_turn", "stop_sequence"])
def test_a_model_that_has_said_all_gives_its_final_response(
    reason: str, service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn(DONE, stop_reason=reason)]
    came = talk(client)
    assert (came.final, came.warnings, came.error) == (DONE, [], None)


@pytest.mark.parametrize("reason", ["tool_use", "end_turn", "stop_sequence"])
def test_a_call_is_run_whichever_of_its_own_reasons_the_model_stops_for(
    reason: str, service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn("Let me see.", calls("analyze_requirements"), stop_reason=reason), turn(DONE)]
    tools = PlannedTools()
    came = talk(client, tools)
    assert (tools.called, came.final) == (["analyze_requirements"], DONE)
    assert came.texts(AgentEventType.REASONING) == ["Let me see."]


def test_a_model_that_says_it_calls_a_tool_and_names_none_fails_the_run(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn("I call it now.", stop_reason="tool_use")]
    assert "named none" in failed_with(talk(client))


def test_an_answer_that_is_cut_off_counts_with_a_warning(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn("The proposal is rea", stop_reason="max_tokens")]
    came = talk(client)
    assert came.final == "The proposal is rea"
    [warning] = came.warnings
    assert f"cut off at {MAX_TOKENS} tokens" in warning


@pytest.mark.parametrize(
    "cut_off",
    [
        turn("I look.", HALF_A_CALL, stop_reason="max_tokens"),
        turn(HALF_A_CALL, stop_reason="max_tokens"),
        turn(thinks("Hm", signature=None), stop_reason="max_tokens"),
        turn(says(" \n"), stop_reason="max_tokens"),
        turn(stop_reason="max_tokens"),
    ],
    ids=["half a call after text", "half a call", "thoughts only", "blank text", "nothing"],
)
def test_a_turn_that_is_cut_off_before_it_came_to_something_fails_the_run_at_once(
    cut_off: list[Part], service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [cut_off]
    tools = PlannedTools()
    assert f"cut off at {MAX_TOKENS} tokens before it called a tool" in failed_with(talk(client, tools))
    assert (tools.called, len(service.requests)) == ([], 1)


@pytest.mark.parametrize(
    ("reason", "warning"), [("guardrail_intervened", "A guardrail intervened"), ("content_filtered", "was filtered")]
)
@pytest.mark.parametrize("said", ["I can't help with that.", ""])
def test_a_blocked_answer_is_warned_about_and_what_the_service_put_in_its_place_is_told(
    reason: str, warning: str, said: str, service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn(*([said] if said else []), stop_reason=reason)]
    came = talk(client)
    assert came.error is None
    assert [warning in text for text in came.warnings] == [True]
    assert came.final == (said or None)


def test_a_blocked_turns_calls_are_not_run(service: ConverseService, client: "BedrockRuntimeClient") -> None:
    service.answers = [turn("Blocked.", calls("analyze_requirements"), stop_reason="guardrail_intervened")]
    tools = PlannedTools()
    came = talk(client, tools)
    assert (tools.called, came.final, len(service.requests)) == ([], "Blocked.", 1)
    again = talk(client, tools, saved=came.saved[-1])
    assert (again.items, tools.called, len(service.requests)) == ([], [], 1)


@pytest.mark.parametrize("reason", ["malformed_model_output", "malformed_tool_use"])
def test_a_malformed_turn_is_repeated_and_its_tokens_count(
    reason: str, service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn("I call", HALF_A_CALL, stop_reason=reason), turn(DONE)]
    tools = PlannedTools()
    came = talk(client, tools)
    [warning] = came.warnings
    assert f"no usable answer ({reason}) in attempt 1 of 6" in warning
    assert "the turn starts again" in warning
    assert (came.final, tools.called, len(came.usages)) == (DONE, [], 2)


@pytest.mark.parametrize(
    "said",
    [
        turn("I was about to", stop_reason="model_context_window_exceeded"),
        turn(stop_reason="model_context_window_exceeded"),
    ],
    ids=["with text", "empty"],
)
def test_a_conversation_that_became_too_long_fails_the_run_at_once_and_says_what_to_do(
    said: list[Part], service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [said]
    assert "Set AGENT_MODEL_ID to a model with a larger context" in failed_with(talk(client))
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "said",
    [
        turn("Hm.", stop_reason="bored"),
        turn(calls("analyze_requirements"), stop_reason="bored"),
        turn(stop_reason="bored"),
    ],
    ids=["with text", "with a call", "empty"],
)
def test_a_reason_that_is_not_known_is_named_in_the_failure(
    said: list[Part], service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [said]
    tools = PlannedTools()
    message = failed_with(talk(client, tools))
    assert "bored" in message
    assert "Retry the session" in message
    assert (tools.called, len(service.requests)) == ([], 1)


@pytest.mark.parametrize(
    "empty",
    [turn(), turn(thinks("I have nothing to add.")), turn(says(" ", "\n"))],
    ids=["nothing", "thoughts", "blank"],
)
def test_a_turn_without_words_is_repeated_and_in_the_end_given_up(
    empty: list[Part], service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [empty, turn(DONE)]
    came = talk(client)
    assert came.final == DONE
    assert ["the model said nothing" in text for text in came.warnings] == [True]

    service.answers = [empty] * ATTEMPTS
    came = talk(client)
    assert "the model said nothing" in failed_with(came)
    assert (len(came.warnings), len(came.naps)) == (ATTEMPTS, ATTEMPTS - 1)
