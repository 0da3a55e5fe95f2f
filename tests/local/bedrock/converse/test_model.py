"""The scripted model as the worker meets it: by real boto3, with a caller that runs the tools as a test says."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from converse_caller import FUNCTIONS, SUMMARIES, Block, Caller, blocks, serving

from local.bedrock.converse.model import MODEL_ID, ScriptedModel
from local.bedrock.converse.request import parse
from schema.statuses import Tool

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient


def refused(reason: str) -> Block:
    return {"status": "error", "content": [{"json": {"error": reason}}]}


def kinds(events: list[Block]) -> list[str]:
    """What follows what in a turn, each run of deltas once."""
    names: list[str] = []
    for event in events:
        [(kind, body)] = event.items()
        name = "/".join([kind, *(body["delta"] if kind == "contentBlockDelta" else [])])
        if names[-1:] != [name]:
            names.append(name)
    return names


async def test_the_five_tools_are_asked_for_in_the_order_of_the_workflow() -> None:
    async with serving() as client:
        caller = Caller(client)
        await caller.talk()
    assert caller.called == [FUNCTIONS[tool] for tool in Tool]
    assert len(set(caller.ids())) == len(Tool)
    assert [events[-2]["messageStop"]["stopReason"] for events in caller.streams] == ["tool_use"] * 5 + ["end_turn"]


async def test_a_turn_is_streamed_in_the_services_order() -> None:
    async with serving() as client:
        caller = Caller(client)
        await caller.talk()
    assert kinds(caller.streams[0]) == [
        "messageStart",
        "contentBlockDelta/reasoningContent",
        "contentBlockStop",
        "contentBlockStart",
        "contentBlockDelta/toolUse",
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]
    assert kinds(caller.streams[-1]) == [
        "messageStart",
        "contentBlockDelta/text",
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]


async def test_texts_and_inputs_come_in_pieces_the_first_of_an_input_empty() -> None:
    async with serving() as client:
        caller = Caller(client)
        await caller.talk()
    deltas = [
        event["contentBlockDelta"]["delta"] for events in caller.streams for event in events if "Delta" in str(event)
    ]
    assert [delta["toolUse"]["input"] for delta in deltas if "toolUse" in delta] == ["", "{", "}"] * 5
    said = [delta["text"] for delta in deltas if "text" in delta]
    assert len(said) > 10
    thought = [delta["reasoningContent"] for delta in deltas if "reasoningContent" in delta]
    assert len([part for part in thought if "text" in part]) > 25
    assert len([part for part in thought if "signature" in part]) == 5


async def test_the_model_reasons_from_what_the_tools_answer() -> None:
    async with serving() as client:
        caller = Caller(client)
        answer = await caller.talk()
    assert "12 functional and 7 non-functional requirements" in caller.thoughts
    assert "123,456.50 EUR" in caller.thoughts
    assert answer.startswith("The proposal is ready.")
    assert "123,456.50 EUR" in answer


async def test_an_answer_as_text_is_read_as_well_as_one_as_json() -> None:
    async with serving() as client:
        caller = Caller(
            client, {"calculate_costs": [{"content": [{"text": json.dumps({"total_cost": 9, "currency": "CHF"})}]}]}
        )
        assert "9 CHF" in await caller.talk()


@pytest.mark.parametrize("content", [[], [{"text": "done"}], [{"text": "[1]"}], [{"json": {}}]])
async def test_what_no_tool_has_told_stays_unsaid(content: list[Block]) -> None:
    async with serving() as client:
        caller = Caller(client, {name: [{"content": content}] for name in SUMMARIES})
        answer = await caller.talk()
    assert "{" not in caller.thoughts + answer
    assert "EUR" not in answer
    assert answer.startswith("The proposal is ready.")


async def test_a_tool_that_fails_is_called_once_more() -> None:
    async with serving() as client:
        caller = Caller(client, {"calculate_costs": [refused("no requirements yet")]})
        answer = await caller.talk()
    assert caller.called.count("calculate_costs") == 2
    assert len(caller.called) == 6
    assert "no requirements yet" in caller.thoughts
    assert "is ready" in answer


async def test_a_tool_that_fails_twice_ends_the_conversation_in_words() -> None:
    broken: Block = {"status": "error", "content": [{"text": "the template is broken"}]}
    async with serving() as client:
        caller = Caller(client, {"generate_powerpoint": [broken, broken]})
        answer = await caller.talk()
    assert caller.called[-1] == "generate_powerpoint"
    assert "PowerPointGenerator failed twice" in answer
    assert "the template is broken" in answer


async def test_only_tools_that_are_offered_are_asked_for() -> None:
    offered = ("analyze_requirements", "calculate_costs")
    async with serving() as client:
        caller = Caller(client, offered=offered)
        await caller.talk()
    assert caller.called == list(offered)


async def test_a_conversation_goes_on_from_where_it_was_left() -> None:
    """A model keeps nothing: the same messages get the same turn, from whoever sends them."""
    async with serving() as client:
        first = Caller(client)
        await first.talk()
    async with serving() as client:
        later = Caller(client, messages=first.messages[:5])
        assert blocks(await asyncio.to_thread(later.ask)) == first.messages[5]["content"]


async def test_the_first_turn_writes_the_cache_and_the_later_ones_read_it() -> None:
    async with serving() as client:
        caller = Caller(client)
        await caller.talk()
    counted = [events[-1]["metadata"]["usage"] for events in caller.streams]
    prefix = counted[0]["cacheWriteInputTokens"]
    assert prefix > 100
    assert [usage["cacheWriteInputTokens"] for usage in counted] == [prefix, *[0] * 5]
    assert [usage["cacheReadInputTokens"] for usage in counted] == [0, *[prefix] * 5]
    inputs = [usage["inputTokens"] for usage in counted]
    assert inputs == sorted(set(inputs))
    for usage in counted:
        parts = ("inputTokens", "outputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
        assert usage["totalTokens"] == sum(usage[part] for part in parts)
        assert usage["outputTokens"] > 0


async def test_without_a_cache_point_nothing_is_cached() -> None:
    async with serving() as client:
        events = await asyncio.to_thread(_bare, client)
    usage = events[-1]["metadata"]["usage"]
    assert (usage["cacheReadInputTokens"], usage["cacheWriteInputTokens"]) == (0, 0)


def _bare(client: "BedrockRuntimeClient") -> list[Any]:
    with closing(
        client.converse_stream(modelId=MODEL_ID, messages=[{"role": "user", "content": [{"text": "Hello"}]}])["stream"]
    ) as stream:
        return list(stream)


async def test_closing_the_stream_stops_the_script() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0.05)

    async with serving(1.0, sleep) as client:

        def read_a_little() -> None:
            stream = client.converse_stream(
                modelId=MODEL_ID, messages=[{"role": "user", "content": [{"text": "Hello"}]}]
            )["stream"]
            for event in stream:
                if "contentBlockDelta" in event:
                    break
            stream.close()

        await asyncio.to_thread(read_a_little)
        await asyncio.sleep(0.2)
        before = len(slept)
        await asyncio.sleep(0.2)
        assert len(slept) == before


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "user", "content": [{"text": "Hello"}]}],
        [
            {"role": "user", "content": [{"text": "Hello"}]},
            {"role": "assistant", "content": [{"text": "Good day"}]},
            {"role": "user", "content": [{"text": "Go on"}]},
        ],
    ],
)
@pytest.mark.parametrize(
    "tools", [[], [{"toolSpec": {"name": "generate_sow", "inputSchema": {"json": {"type": "object"}}}}]]
)
async def test_each_turn_takes_the_time_it_is_given(messages: list[Block], tools: list[Block]) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    body: Mapping[str, object] = {"messages": messages, "toolConfig": {"tools": tools}}
    events = [event async for event in ScriptedModel(FUNCTIONS, 45.0, sleep).respond(parse(body))]
    assert sum(slept) == pytest.approx(45.0)
    assert len(slept) > 3
    assert events[-1].payload["metrics"] == {"latencyMs": 45_000}


Change = Callable[[list[Block]], object]


def _reword(content: list[Block]) -> None:
    content[0]["reasoningContent"]["reasoningText"]["text"] += " "


def _sign_anew(content: list[Block]) -> None:
    content[0]["reasoningContent"]["reasoningText"]["signature"] = "mine"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_reword, r"messages\.1\.content\.0: Invalid `signature`"),
        (_sign_anew, r"messages\.1\.content\.0: Invalid `signature`"),
        (lambda content: content[0]["reasoningContent"]["reasoningText"].pop("signature"), "signature: Field required"),
        (lambda content: content.pop(0), "Expected `thinking`"),
    ],
)
async def test_reasoning_that_comes_back_changed_is_refused(change: Change, reason: str) -> None:
    async with serving() as client:
        caller = Caller(client)
        await caller.talk()
        change(caller.messages[1]["content"])
        with pytest.raises(client.exceptions.ValidationException, match=reason):
            await asyncio.to_thread(Caller(client, messages=caller.messages[:3]).ask)
