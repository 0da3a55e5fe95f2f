"""A turn of the model from the pieces of its stream, without a service."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.statuses import AgentEventType
from worker.agents.converse.turn import Turn
from worker.agents.events import AgentEvent, ModelUsage
from worker.tools.call import ToolCall

Event = dict[str, Any]

CHUNK, REASONING = AgentEventType.CHUNK, AgentEventType.REASONING


def delta(index: int, **kinds: object) -> Event:
    return {"contentBlockDelta": {"contentBlockIndex": index, "delta": kinds}}


def text(index: int, *pieces: str) -> list[Event]:
    return [*(delta(index, text=piece) for piece in pieces), stop(index)]


def reasoning(index: int, *pieces: str, signature: tuple[str, ...] = ()) -> list[Event]:
    thought = [delta(index, reasoningContent={"text": piece}) for piece in pieces]
    return [*thought, *(delta(index, reasoningContent={"signature": piece}) for piece in signature), stop(index)]


def tool(index: int, *pieces: str, name: str = "analyze_requirements") -> list[Event]:
    use = {"toolUse": {"toolUseId": f"id-{index}", "name": name, "type": "tool_use"}}
    start = {"contentBlockStart": {"contentBlockIndex": index, "start": use}}
    return [start, *(delta(index, toolUse={"input": piece}) for piece in pieces), stop(index)]


def stop(index: int) -> Event:
    return {"contentBlockStop": {"contentBlockIndex": index}}


def ends(reason: str) -> list[Event]:
    return [{"messageStop": {"stopReason": reason}}]


def taken(*events: Iterable[Event], live: bool = False) -> tuple[Turn, list[AgentEvent | ModelUsage]]:
    turn = Turn("model", live=live)
    return turn, [item for group in events for event in group for item in turn.take(event)]


@pytest.mark.parametrize(
    ("pieces", "arguments"),
    [
        ((), {}),
        (("",), {}),
        (("", "{", "}"), {}),
        (("  ", "\n"), {}),
        (("{}",), {}),
        (('{"de', 'pth": "fu', 'll"', "}"), {"depth": "full"}),
        (('{"a": "\\ud8', '3d\\ude00"}'), {"a": "😀"}),
        (('{"depth": "fu',), None),
        (("[1]",), None),
        (("null",), None),
    ],
)
def test_a_tools_input_is_put_together_from_its_pieces(pieces: tuple[str, ...], arguments: object) -> None:
    turn, _ = taken(tool(0, *pieces), ends("tool_use"))
    assert turn.calls() == [ToolCall("id-0", "analyze_requirements", arguments)]  # type: ignore[arg-type]  # as parametrized
    use = {"toolUseId": "id-0", "name": "analyze_requirements", "input": arguments or {}}
    assert turn.content() == [{"toolUse": use}]


def test_several_calls_of_a_turn_keep_their_order_and_their_inputs_though_their_pieces_are_mixed() -> None:
    first, second = tool(2, '{"a"', ": 1}", name="one"), tool(1, '{"b": 2}', name="two")
    turn, _ = taken(first[:2], second[:2], first[2:], second[2:], ends("tool_use"))
    assert turn.calls() == [ToolCall("id-1", "two", {"b": 2}), ToolCall("id-2", "one", {"a": 1})]


def test_text_before_a_call_is_told_as_reasoning() -> None:
    turn, told = taken(text(0, " Let me ", "see. "), tool(1), ends("tool_use"))
    assert told == [AgentEvent(REASONING, "Let me see.")]
    assert turn.content()[0] == {"text": " Let me see. "}


@pytest.mark.parametrize("reason", ["tool_use", "end_turn"])
def test_text_behind_a_call_is_told_as_reasoning_too(reason: str) -> None:
    _, told = taken(tool(0), text(1, "Then I price it."), ends(reason))
    assert told == [AgentEvent(REASONING, "Then I price it.")]


def test_a_final_text_is_told_as_it_comes_once_every_tool_has_answered() -> None:
    turn = Turn("model", live=True)
    told = [list(turn.take(event)) for event in text(0, "Rea", "dy", " ", "now")]
    assert told == [[AgentEvent(CHUNK, piece)] for piece in ("Rea", "dy", " ", "now")] + [[]]
    assert turn.text() == "Ready now"


def test_a_final_text_is_told_whole_while_a_call_might_follow() -> None:
    turn, told = taken(text(0, "Rea", "dy"), ends("end_turn"))
    assert told == [AgentEvent(CHUNK, "Ready")]
    assert (turn.text(), turn.stop_reason) == ("Ready", "end_turn")


def test_reasoning_is_told_by_the_paragraph_before_its_block_ends() -> None:
    turn = Turn("model", live=False)
    events = reasoning(0, "First.\n", "\nSecond.\n\nThi", "rd.", signature=("si", "gned"))
    assert [[event.text for event in turn.take(one) if isinstance(event, AgentEvent)] for one in events] == [
        [],
        ["First.", "Second."],
        [],
        [],
        [],
        ["Third."],
    ]
    thought = {"text": "First.\n\nSecond.\n\nThird.", "signature": "signed"}
    assert turn.content() == [{"reasoningContent": {"reasoningText": thought}}]


def test_reasoning_of_a_block_that_never_stops_is_told_when_the_model_does() -> None:
    _, told = taken(reasoning(0, "Hm.")[:-1], ends("end_turn"))
    assert told == [AgentEvent(REASONING, "Hm.")]


def test_a_block_with_a_signature_and_no_text_goes_back_and_tells_nothing() -> None:
    turn, told = taken(reasoning(0, signature=("x+/=",)), tool(1), ends("tool_use"))
    assert told == []
    assert turn.content()[0] == {"reasoningContent": {"reasoningText": {"text": "", "signature": "x+/="}}}


def test_redacted_reasoning_goes_back_as_the_bytes_that_came() -> None:
    pieces = [delta(0, reasoningContent={"redactedContent": piece}) for piece in (b"\x00\xff", b"\x80")]
    turn, told = taken(pieces, [stop(0)], tool(1), ends("tool_use"))
    assert told == []
    assert turn.content()[0] == {"reasoningContent": {"redactedContent": b"\x00\xff\x80"}}


def test_blank_text_is_dropped_for_the_service_refuses_it() -> None:
    turn, told = taken(text(0, "\n", " "), text(1), tool(2), ends("tool_use"))
    assert told == []
    assert [list(block) for block in turn.content()] == [["toolUse"]]


def test_kinds_that_are_not_known_are_skipped() -> None:
    unknown: list[Event] = [
        {},
        {"SDK_UNKNOWN_MEMBER": {"name": "applause"}},
        {"contentBlockStart": {"contentBlockIndex": 0, "start": {"image": {"format": "png"}}}},
        delta(0, image={"source": {"bytes": b"x"}}),
        delta(0, SDK_UNKNOWN_MEMBER={"name": "dance"}),
        delta(1, reasoningContent={"SDK_UNKNOWN_MEMBER": {"name": "dream"}}),
        delta(2, text="Done", citation={"title": "notes"}),
    ]
    turn, told = taken(unknown, ends("end_turn"))
    assert told == [AgentEvent(CHUNK, "Done")]
    assert turn.content() == [{"text": "Done"}]


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        (
            {
                "inputTokens": 7,
                "outputTokens": 3,
                "totalTokens": 21,
                "cacheReadInputTokens": 10,
                "cacheWriteInputTokens": 1,
            },
            ModelUsage("model", 7, 3, 10, 1),
        ),
        ({"inputTokens": 7, "outputTokens": 3, "totalTokens": 10}, ModelUsage("model", 7, 3)),
        (None, ModelUsage("model", 0, 0)),
    ],
)
def test_usage_is_read_behind_the_stop(usage: object, counted: ModelUsage) -> None:
    _, told = taken(ends("end_turn"), [{"metadata": {"usage": usage, "metrics": {"latencyMs": 5}}}])
    assert told == [counted]


WORDS = st.text(alphabet=st.sampled_from('ab \n"{}\\😀'), max_size=30)


@given(
    thought=WORDS,
    signature=WORDS,
    said=WORDS,
    arguments=st.dictionaries(WORDS, WORDS),
    live=st.booleans(),
    data=st.data(),
)
def test_the_same_stream_makes_the_same_turn_wherever_it_is_cut(
    thought: str, signature: str, said: str, arguments: dict[str, str], *, live: bool, data: st.DataObject
) -> None:
    """Message, told text and calls do not depend on where the service cuts."""
    given_input = json.dumps(arguments)

    def cut(whole: str) -> list[str]:
        places = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
        return [whole[start:end] for start, end in zip([0, *places], [*places, len(whole)], strict=True)]

    def made(*, whole: bool) -> tuple[object, ...]:
        pieces = (lambda text: [text]) if whole else cut
        turn, told = taken(
            reasoning(0, *pieces(thought), signature=tuple(pieces(signature))),
            text(1, *pieces(said)),
            tool(2, *pieces(given_input)),
            ends("tool_use"),
            live=live,
        )
        events = [event for event in told if isinstance(event, AgentEvent)]
        chunks = "".join(event.text for event in events if event.type is CHUNK)
        return turn.content(), turn.calls(), chunks, [event for event in events if event.type is not CHUNK]

    assert made(whole=False) == made(whole=True)
