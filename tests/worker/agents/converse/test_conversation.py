"""A conversation's messages: as Converse takes them, saved and restored."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.agents.converse.conversation import Conversation
from worker.tools.call import ToolCall

Block = dict[str, Any]


def use(id_: str, name: str = "calculate_costs", **arguments: object) -> Block:
    return {"toolUse": {"toolUseId": id_, "name": name, "input": arguments}}


def restored(conversation: Conversation) -> Conversation:
    return Conversation.restored(json.loads(json.dumps(conversation.saved())))


def test_all_results_of_a_turn_are_in_one_message() -> None:
    talk = Conversation.begun("Prepare the proposal.")
    talk.said([use("a"), use("b")])
    first, second = talk.pending()
    talk.answer(first, {"hours": 8}, failed=False)
    assert talk.pending() == [second]
    talk.answer(second, {"error": "no rates"}, failed=True)
    assert (talk.pending(), talk.ended) == ([], False)
    assert talk.messages[2:] == [
        {
            "role": "user",
            "content": [
                {"toolResult": {"toolUseId": "a", "status": "success", "content": [{"json": {"hours": 8}}]}},
                {"toolResult": {"toolUseId": "b", "status": "error", "content": [{"json": {"error": "no rates"}}]}},
            ],
        }
    ]


def test_a_conversation_ends_with_words_and_not_with_a_call() -> None:
    talk = Conversation.begun("Prepare the proposal.")
    assert not talk.ended
    talk.said([use("a")])
    assert not talk.ended
    talk.answer(ToolCall("a", "calculate_costs", {}), {}, failed=False)
    talk.said([{"text": "Ready."}])
    assert talk.ended


def test_what_was_saved_is_not_changed_by_what_follows() -> None:
    talk = Conversation.begun("Prepare the proposal.")
    talk.said([use("a"), use("b")])
    first, second = talk.pending()
    talk.answer(first, {}, failed=False)
    saved = talk.saved()
    before = json.dumps(saved)
    talk.answer(second, {}, failed=False)
    assert json.dumps(saved) == before


@pytest.mark.parametrize("arguments", [{"base64": "not base64"}, {"redactedContent": {"base64": "AAAA"}}])
def test_a_tools_input_that_looks_like_saved_bytes_comes_back_as_it_was(arguments: dict[str, Any]) -> None:
    talk = Conversation.begun("Prepare the proposal.")
    talk.said([use("a", **arguments)])
    assert restored(talk).messages == talk.messages


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
BLOCKS = st.one_of(
    st.builds(lambda text: {"text": text}, st.text()),
    st.builds(
        lambda id_, given: {"toolUse": {"toolUseId": id_, "name": "calculate_costs", "input": given}},
        st.text(),
        st.dictionaries(st.text(), JSON),
    ),
    st.builds(
        lambda text, signature: {"reasoningContent": {"reasoningText": {"text": text, "signature": signature}}},
        st.text(),
        st.text(),
    ),
    st.builds(lambda data: {"reasoningContent": {"redactedContent": data}}, st.binary()),
)


@given(st.lists(BLOCKS, max_size=6))
def test_a_restored_conversation_is_the_saved_one_byte_for_byte(blocks: list[Block]) -> None:
    talk = Conversation.begun("Prepare the proposal.")
    talk.said(blocks)
    again = restored(talk)
    assert (again.messages, again.pending()) == (talk.messages, talk.pending())
