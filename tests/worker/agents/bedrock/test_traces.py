"""Recorded completion streams of Bedrock Agents, translated without any service."""

import base64
import itertools
import json
from collections.abc import Iterable
from typing import Any

import pytest
from checkout import DATA
from hypothesis import given
from hypothesis import strategies as st

from schema.limits import EVENT_TEXT_BYTES
from schema.statuses import AgentEventType, Tool
from worker.agents.bedrock.traces import Translator
from worker.agents.events import EVENT_JSON_BYTES, AgentEvent, ModelUsage, bounded, json_bytes

EVENTS = DATA / "bedrock"
ANSWER = "The proposal for Café Zürich is ready: 12 requirements, 123 456,50 €. 🚀 Two documents were made."

CALL, RESPONSE = AgentEventType.TOOL_CALL, AgentEventType.TOOL_RESPONSE
REASONING, WARNING, CHUNK = AgentEventType.REASONING, AgentEventType.WARNING, AgentEventType.CHUNK


def recorded(name: str) -> list[Any]:
    """The stream's events as boto3 hands them out: blobs are bytes."""
    events: list[Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    for event in events:
        if "chunk" in event:
            event["chunk"]["bytes"] = base64.b64decode(event["chunk"]["bytes"])
    return events


def translate(stream: Iterable[Any]) -> list[AgentEvent]:
    translator = Translator()
    items = [*(item for one in stream for item in translator.translate(one)), *translator.finish()]
    return [item for item in items if isinstance(item, AgentEvent)]


def kinds(events: Iterable[AgentEvent]) -> list[tuple[AgentEventType, str | None]]:
    return [(event.type, event.tool) for event in events]


def test_a_function_style_run_becomes_reasoning_calls_and_answers_in_order() -> None:
    events = translate(recorded("function_style"))
    for place, tool in enumerate(Tool):
        assert kinds(events[place * 3 : place * 3 + 3]) == [(REASONING, None), (CALL, tool), (RESPONSE, tool)]
    assert events[1].text == "analyze_requirements()"
    assert events[2].text == '{"functional":12,"complexity":"High"}'
    assert events[-1] == AgentEvent(AgentEventType.FINAL_RESPONSE, ANSWER)


def orchestration(**trace: object) -> dict[str, Any]:
    return {"trace": {"trace": {"orchestrationTrace": trace}}}


def test_answers_under_one_trace_id_go_to_their_calls_in_order_and_an_empty_one_counts() -> None:
    """One turn of the model may call several tools."""
    stream = [
        orchestration(invocationInput={"traceId": "t", "actionGroupInvocationInput": {"actionGroupName": tool}})
        for tool in ("RequirementsAnalyzer", "CostCalculator")
    ]
    stream += [
        orchestration(observation={"traceId": "t", "actionGroupInvocationOutput": output})
        for output in ({}, {"text": "{}"})
    ]
    assert kinds(translate(stream))[2:] == [(RESPONSE, "RequirementsAnalyzer"), (RESPONSE, "CostCalculator")]


def test_the_answer_survives_chunks_that_are_cut_inside_characters() -> None:
    stream = recorded("function_style")
    pieces = [event["chunk"]["bytes"] for event in stream if "chunk" in event]
    with pytest.raises(UnicodeDecodeError):
        pieces[0].decode()
    assert "".join(event.text for event in translate(stream) if event.type is CHUNK) == ANSWER


@pytest.mark.parametrize("cut", range(len(ANSWER.encode()) + 1))
def test_an_answer_cut_at_any_byte_is_whole_again(cut: int) -> None:
    data = ANSWER.encode()
    events = translate([{"chunk": {"bytes": data[:cut]}}, {"chunk": {"bytes": data[cut:]}}])
    assert "".join(event.text for event in events if event.type is CHUNK) == ANSWER
    assert all(event.text for event in events)


@given(st.text(), st.lists(st.integers(min_value=0, max_value=200)))
def test_any_text_cut_anywhere_is_whole_again(text: str, cuts: list[int]) -> None:
    data = text.encode()
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[start:end] for start, end in itertools.pairwise(places)]
    events = translate({"chunk": {"bytes": piece}} for piece in pieces)
    assert "".join(event.text for event in events if event.type is CHUNK) == text


def test_a_stream_that_ends_inside_a_character_says_so() -> None:
    events = translate([{"chunk": {"bytes": "a€".encode()[:-1]}}])
    assert [event.text for event in events if event.type is CHUNK] == ["a", "\N{REPLACEMENT CHARACTER}"]


def test_an_api_style_call_shows_its_path_parameters_and_body() -> None:
    events = translate(recorded("api_style"))
    assert [event.text for event in events if event.type is CALL] == [
        'post /requirements/{depth}(depth="full") application/json {notes="see workspace"}',
        "get /costs()",
    ]
    assert kinds(events)[:3] == [
        (REASONING, None),
        (CALL, "RequirementsAnalyzer"),
        (RESPONSE, "RequirementsAnalyzer"),
    ]
    assert events[-2].type is AgentEventType.FINAL_RESPONSE


def test_kinds_that_are_not_known_are_skipped_and_the_rest_is_told() -> None:
    assert translate(recorded("unknown_kinds")) == [AgentEvent(REASONING, "Still here.")]


def test_a_guardrail_warns_when_it_intervenes_and_only_then() -> None:
    warning, answer, final = translate(recorded("guardrail"))
    assert warning.type is WARNING
    assert warning.text == (
        "A guardrail intervened: topicPolicy Investment advice, contentPolicy INSULTS, sensitiveInformationPolicy EMAIL"
    )
    assert answer == AgentEvent(CHUNK, "Sorry, I can't help with that.")
    assert final == AgentEvent(AgentEventType.FINAL_RESPONSE, "Sorry, I can't help with that.")


def test_an_answer_that_comes_in_chunks_only_is_the_final_response() -> None:
    """So does custom orchestration answer, and an agent whose last trace is a collaborator's."""
    events = translate([{"chunk": {"bytes": b"All "}}, {"chunk": {"bytes": b"done."}}])
    assert [(event.type, event.text) for event in events] == [
        (CHUNK, "All "),
        (CHUNK, "done."),
        (AgentEventType.FINAL_RESPONSE, "All done."),
    ]


def test_a_question_is_no_final_response_though_it_comes_in_chunks() -> None:
    asked = orchestration(observation={"type": "ASK_USER", "finalResponse": {"text": "Which currency?"}})
    events = translate([asked, {"chunk": {"bytes": b"Which currency?"}}])
    assert [event.type for event in events] == [WARNING, CHUNK]


def test_the_models_tokens_are_counted_for_the_model_that_used_them() -> None:
    metadata = {"metadata": {"usage": {"inputTokens": 900, "outputTokens": 70}}}
    stream = [
        orchestration(modelInvocationInput={"foundationModel": "anthropic.claude-sonnet-4-6"}),
        orchestration(modelInvocationOutput=metadata),
    ]
    translator = Translator()
    items = [item for event in stream for item in translator.translate(event)]  # type: ignore[arg-type] # hand-made
    assert items == [ModelUsage("anthropic.claude-sonnet-4-6", 900, 70)]


def test_every_other_kind_is_a_thought_or_a_warning() -> None:
    assert [(event.type, event.text) for event in translate(recorded("other_kinds"))] == [
        (REASONING, "The request is harmless."),
        (WARNING, "The agent's pre-processing takes the request for invalid: It asks for secrets."),
        (REASONING, "Let me think it over."),
        (REASONING, "Looking up in the knowledge base: rate cards"),
        (REASONING, "The knowledge base gave 2 passages"),
        (REASONING, "Asking the agent Pricing: What does it cost?"),
        (REASONING, "I would say 100."),
        (REASONING, "The agent Pricing answered: About 100."),
        (CALL, "calculate_costs()"),
        (WARNING, "CostCalculator asked the agent to try again: requirements.json is missing"),
        (WARNING, "A check asked the agent to try again: The answer was not valid XML."),
        (WARNING, "The agent asked a question, and nobody is there to answer: Which currency?"),
        (REASONING, "A step of our own."),
        (WARNING, "A step of the agent failed (code 400): the worker's log says why"),
        (REASONING, "The agent attached files: chart.png"),
        (
            WARNING,
            (
                "The agent wants its caller to run SOWGenerator, CostCalculator, which this worker does not know: "
                "let its action groups call the tools' Lambda instead of returning control"
            ),
        ),
    ]


def call(trace_id: str, tool: str) -> dict[str, Any]:
    invocation = {"traceId": trace_id, "actionGroupInvocationInput": {"actionGroupName": tool}}
    return {"trace": {"trace": {"orchestrationTrace": {"invocationInput": invocation}}}}


def answer(trace_id: str, text: str) -> dict[str, Any]:
    observation = {"traceId": trace_id, "type": "ACTION_GROUP", "actionGroupInvocationOutput": {"text": text}}
    return {"trace": {"trace": {"orchestrationTrace": {"observation": observation}}}}


def test_answers_find_their_calls_by_trace_id_whatever_their_order() -> None:
    events = translate([call("1", "A"), call("2", "B"), answer("1", "a"), answer("2", "b")])
    assert [(event.tool, event.text) for event in events[2:]] == [("A", "a"), ("B", "b")]


def test_an_answer_with_a_strange_trace_id_belongs_to_the_last_call() -> None:
    events = translate([call("1", "A"), call("2", "B"), answer("x", "b"), answer("y", "a"), answer("z", "?")])
    assert [event.tool for event in events[2:]] == ["B", "A", None]


def test_calls_that_are_never_answered_do_not_pile_up() -> None:
    translator = Translator()
    for number in range(1000):
        list(translator.translate(call(str(number), f"T{number}")))  # type: ignore[arg-type] # a hand-made event
    answers = [item for n in range(1000) for item in translator.translate(answer(str(n), ""))]  # type: ignore[arg-type]
    found = [item.tool for item in answers if isinstance(item, AgentEvent)]
    assert sum(tool is not None for tool in found) == 64


@given(st.text(max_size=400).map(lambda text: text * 200), st.sampled_from(AgentEventType))
def test_a_bounded_text_is_a_prefix_that_fits_and_tells_that_it_was_cut(text: str, kind: AgentEventType) -> None:
    event = bounded(AgentEvent(kind, text))
    assert text.startswith(event.text)
    assert len(event.text.encode()) <= EVENT_TEXT_BYTES
    assert json_bytes(event.text) <= EVENT_JSON_BYTES
    assert event.truncated == (event.text != text)
    fits = len(text.encode()) <= EVENT_TEXT_BYTES and json_bytes(text) <= EVENT_JSON_BYTES
    assert event.truncated != fits


@pytest.mark.parametrize("character", ["a", "é", "€", "🚀", '"', "\x01"])
def test_a_text_of_five_megabytes_is_cut_close_to_the_limit(character: str) -> None:
    event = bounded(AgentEvent(RESPONSE, character * (5_000_000 // len(character.encode()))))
    assert event.truncated
    size = max(len(event.text.encode()) / EVENT_TEXT_BYTES, json_bytes(event.text) / EVENT_JSON_BYTES)
    assert 0.99 < size <= 1


def test_half_a_surrogate_pair_is_replaced() -> None:
    event = bounded(AgentEvent(RESPONSE, json.loads(r'"caf\u00e9 \ud83d!"')))
    assert event == AgentEvent(RESPONSE, "café \N{REPLACEMENT CHARACTER}!")
