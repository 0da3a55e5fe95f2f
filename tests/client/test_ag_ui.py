"""A session as AG-UI events: every run is valid by the protocol, and says what the session's log says."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ag_ui.encoder import EventEncoder
from checkout import DATA
from clients.ag_ui_order import check_run
from hypothesis import given
from hypothesis import strategies as st

from client import answers
from client.ag_ui import Shown, ag_ui_events
from client.errors import UnavailableError
from client.merge import Merge, Update
from client.session import AgentEvent, Results, State, Usage

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Events = list[dict[str, Any]]


def state(status: str = "PROCESSING", stage: str | None = None, **fields: Any) -> State:  # noqa: ANN401 - State's
    plain = State("s", status, stage, 5, 1, 0, False, None, Results(), NOON)  # noqa: FBT003 - a record in its order
    return replace(plain, **fields)


def event(sequence: int, kind: str, text: str = "", tool: str | None = None, call: str | None = None) -> AgentEvent:
    return AgentEvent(sequence, kind, tool, text, truncated=False, timestamp=NOON, tool_call_id=call)


COMPLETED = state("COMPLETED", "Completed", progress=100)


async def run(updates: Iterable[Update | Exception], shown: Shown | None = None, earlier: Sequence[Any] = ()) -> Events:
    """The run as a frontend reads it, after the encoder; it must be valid, also after an `earlier` run's events."""

    async def given_out() -> AsyncIterator[Update]:
        for update in updates:
            if isinstance(update, Exception):
                raise update
            yield update

    encoder = EventEncoder()
    sent = [encoder.encode(one) async for one in ag_ui_events(given_out(), "thread", "run", shown)]
    events = [json.loads(frame.removeprefix("data: ")) for frame in sent]
    check_run(events, earlier)
    return events


def kinds(events: Events) -> list[str]:
    return [one["type"] for one in events]


def only(events: Events, *wanted: str) -> Events:
    return [one for one in events if one["type"] in wanted]


def texts(events: Events) -> list[str]:
    """The text messages, as a frontend puts them together."""
    messages: dict[str, str] = {}
    for one in only(events, "TEXT_MESSAGE_CONTENT"):
        messages[one["messageId"]] = messages.get(one["messageId"], "") + one["delta"]
    return list(messages.values())


def recorded() -> list[Update]:
    """The updates of a whole session, from the pushes that the API sent."""
    merge = Merge()
    pushes = [answers.progress(one) for one in json.loads((DATA / "client" / "session.json").read_bytes())]
    return [update for push in pushes if (update := merge.hear(push.state, push.events)) is not None]


async def test_a_recorded_session_is_a_valid_run_that_tells_all_of_it() -> None:
    updates = recorded()
    log = [entry for update in updates for entry in update.events]
    events = await run(updates)
    assert [one["delta"] for one in only(events, "REASONING_MESSAGE_CONTENT")] == [
        entry.text for entry in log if entry.type == "REASONING"
    ]
    calls = {one["toolCallId"]: one["toolCallName"] for one in only(events, "TOOL_CALL_START")}
    assert [calls[one["toolCallId"]] for one in only(events, "TOOL_CALL_RESULT")] == [
        entry.tool for entry in log if entry.type == "TOOL_RESPONSE"
    ]
    [final] = [entry.text for entry in log if entry.type == "FINAL_RESPONSE"]
    assert texts(events) == [final], "told once, though the chunks said it before"
    assert events[-1]["outcome"] == {"type": "success"}
    assert held(events)["status"] == "COMPLETED"
    assert held(events)["results"]["costData"]["totalCost"] > 0


def held(events: Events) -> dict[str, Any]:
    """The state that a frontend has at the end."""
    snapshot: dict[str, Any] = {}
    for one in only(events, "STATE_SNAPSHOT", "STATE_DELTA"):
        if one["type"] == "STATE_SNAPSHOT":
            snapshot = dict(one["snapshot"])
        else:
            for operation in one["delta"]:
                assert operation["op"] == "replace"
                name = operation["path"].removeprefix("/")
                assert name in snapshot
                snapshot[name] = operation["value"]
    return snapshot


async def test_a_frontend_that_comes_again_is_given_only_what_is_new() -> None:
    updates = recorded()
    whole = await run(updates)
    middle = len(updates) // 2
    first = await run([*updates[:middle], UnavailableError("the API is gone")])
    shown = Shown.of(held(first), updates[0].state.session_id)
    second = await run(updates, shown, first)
    told = ("TEXT_MESSAGE_CONTENT", "REASONING_MESSAGE_CONTENT", "TOOL_CALL_ARGS")
    assert only(first, *told) + only(second, *told) == only(whole, *told)
    assert await run(updates, Shown.of(held(whole), "another")) == whole, "another session's state says nothing"


async def test_stages_are_steps_one_after_another() -> None:
    stages = ["Starting the agent", "Running CostCalculator", "Running CostCalculator", None, "Writing"]
    events = await run([*(Update(state(stage=stage), ()) for stage in stages), Update(COMPLETED, ())])
    steps = [(one["type"], one["stepName"]) for one in only(events, "STEP_STARTED", "STEP_FINISHED")]
    assert steps == [
        (kind, stage)
        for stage in ("Starting the agent", "Running CostCalculator", "Writing")
        for kind in ("STEP_STARTED", "STEP_FINISHED")
    ]


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ([("CHUNK", "Rea"), ("CHUNK", "dy."), ("FINAL_RESPONSE", "Ready.")], ["Ready."]),
        ([("CHUNK", "Ready. More."), ("FINAL_RESPONSE", "Ready.")], ["Ready. More."]),
        ([("CHUNK", "Rea"), ("FINAL_RESPONSE", "Ready.")], ["Ready."]),
        ([("CHUNK", "Rea"), ("WARNING", "cut off"), ("FINAL_RESPONSE", "Ready.")], ["Ready."]),
        (
            [("CHUNK", "First. "), ("TOOL_CALL", "{}"), ("CHUNK", "Then."), ("FINAL_RESPONSE", "Then.")],
            ["First. ", "Then."],
        ),
        ([("CHUNK", "A"), ("TOOL_CALL", "{}"), ("CHUNK", "B"), ("FINAL_RESPONSE", "AB")], ["A", "B"]),
        ([("CHUNK", "One."), ("FINAL_RESPONSE", "Two.")], ["One.", "Two."]),
        ([("FINAL_RESPONSE", "Ready.")], ["Ready."]),
        ([("CHUNK", "Ready."), ("FINAL_RESPONSE", "Ready."), ("FINAL_RESPONSE", "Ready.")], ["Ready.", "Ready."]),
        ([("CHUNK", ""), ("FINAL_RESPONSE", "  ")], []),
    ],
)
async def test_the_final_response_repeats_nothing_that_the_chunks_said(
    log: Sequence[tuple[str, str]], told: list[str]
) -> None:
    entries = tuple(event(number, kind, text) for number, (kind, text) in enumerate(log, 1))
    assert texts(await run([Update(COMPLETED, entries)])) == told


async def test_calls_of_one_tool_at_a_time_get_their_own_responses() -> None:
    log = (
        event(1, "TOOL_CALL", '{"n": 1}', "Weather", "c-1"),
        event(2, "TOOL_CALL", '{"n": 2}', "Weather", "c-2"),
        event(3, "TOOL_RESPONSE", "second", "Weather", "c-2"),
        event(4, "TOOL_RESPONSE", "first", "Weather", "c-1"),
    )
    events = await run([Update(COMPLETED, log)])
    assert [(one["toolCallId"], one["delta"]) for one in only(events, "TOOL_CALL_ARGS")] == [
        ("c-1", '{"n": 1}'),
        ("c-2", '{"n": 2}'),
    ]
    assert [(one["toolCallId"], one["content"]) for one in only(events, "TOOL_CALL_RESULT")] == [
        ("c-2", "second"),
        ("c-1", "first"),
    ]


async def test_without_ids_a_response_answers_the_oldest_call_of_its_tool() -> None:
    log = (
        event(1, "TOOL_CALL", "", "Weather"),
        event(2, "TOOL_CALL", "", "Time"),
        event(3, "TOOL_RESPONSE", "noon", "Time"),
        event(4, "TOOL_RESPONSE", "rain", "Weather"),
    )
    events = await run([Update(COMPLETED, log)])
    names = {one["toolCallId"]: one["toolCallName"] for one in only(events, "TOOL_CALL_START")}
    results = [(names[one["toolCallId"]], one["content"]) for one in only(events, "TOOL_CALL_RESULT")]
    assert results == [("Time", "noon"), ("Weather", "rain")]


async def test_an_id_that_a_second_run_uses_again_names_a_second_call() -> None:
    log = tuple(
        event(number, kind, kind, "Weather", "c-1")
        for number, kind in enumerate(("TOOL_CALL", "TOOL_RESPONSE", "TOOL_CALL", "TOOL_RESPONSE"), 1)
    )
    events = await run([Update(COMPLETED, log)])
    assert len({one["toolCallId"] for one in only(events, "TOOL_CALL_START")}) == 2
    assert len({one["toolCallId"] for one in only(events, "TOOL_CALL_RESULT")}) == 2


async def test_a_warning_and_a_later_type_are_custom_events() -> None:
    log = (event(1, "WARNING", "Throttled"), event(2, "NEWS", "A later server's"))
    events = await run([Update(COMPLETED, log)])
    assert [(one["name"], one["value"]["text"]) for one in only(events, "CUSTOM")] == [
        ("warning", "Throttled"),
        ("news", "A later server's"),
    ]


@pytest.mark.parametrize("status", ["ERROR", "CONFIGURATION_ERROR"])
async def test_a_failed_session_is_a_run_error_with_its_reason(status: str) -> None:
    log = (event(1, "CHUNK", "Rea"), event(2, "TOOL_CALL", "{}", "Weather"), event(3, "CHUNK", "dy"))
    events = await run([Update(state(status, "Running Weather", error_message="No agent."), log)])
    assert {name: events[-1][name] for name in ("type", "message", "code")} == {
        "type": "RUN_ERROR",
        "message": "No agent.",
        "code": status,
    }


async def test_a_cancelled_session_is_neither_a_success_nor_an_error() -> None:
    events = await run([Update(state("CANCELLED"), ())])
    assert (events[-1]["type"], events[-1]["outcome"]) == ("RUN_FINISHED", {"type": "cancelled"})


async def test_a_session_that_waits_for_a_review_interrupts_once_its_events_are_there() -> None:
    waits = state("AWAITING_REVIEW", "Waiting for your review", revision=7, last_sequence=1)
    log = (event(1, "TOOL_RESPONSE", "{}", "CostCalculator"),)
    events = await run([Update(waits, ()), Update(waits, log), Update(COMPLETED, ())])
    assert only(events, "TOOL_CALL_RESULT")
    [interrupt] = events[-1]["outcome"]["interrupts"]
    assert (interrupt["reason"], interrupt["message"]) == ("review", "Waiting for your review")
    assert interrupt["metadata"] == {"revision": 7}


@pytest.mark.parametrize(("updates", "code"), [([UnavailableError("gone")], "UnavailableError"), ([], "Incomplete")])
async def test_a_stream_that_breaks_off_is_a_run_error(updates: list[Exception], code: str) -> None:
    events = await run([Update(state(stage="Working"), (event(1, "CHUNK", "Rea"),)), *updates])
    assert (events[-1]["type"], events[-1]["code"]) == ("RUN_ERROR", code)


async def test_a_run_counts_the_tokens_since_the_last_one() -> None:
    used = replace(COMPLETED, usage=Usage(100, 40, 900, 0.07, "USD"))
    assert (await run([Update(used, ())]))[-1]["usage"] == [
        {"inputTokens": 1000, "outputTokens": 40, "totalTokens": 1040, "cachedInputTokens": 900}
    ]
    again = await run([Update(used, ())], Shown(usage=Usage(60, 30, 600)))
    assert again[-1]["usage"] == [
        {"inputTokens": 340, "outputTokens": 10, "totalTokens": 350, "cachedInputTokens": 300}
    ]
    assert "usage" not in (await run([Update(COMPLETED, ())]))[-1]


TOOLS = st.sampled_from([None, "Weather", "Time"])
CALL_IDS = st.sampled_from([None, "c-1", "c-2"])
KINDS = st.sampled_from(["REASONING", "TOOL_CALL", "TOOL_RESPONSE", "CHUNK", "WARNING", "FINAL_RESPONSE", "NEWS"])
TEXTS = st.text("ab \n", max_size=4) | st.text(max_size=4)
LOGS = st.lists(st.tuples(KINDS, TEXTS, TOOLS, CALL_IDS), max_size=20)
STAGES = st.sampled_from([None, "Running Weather", "Weather finished"])
STATUSES = st.sampled_from(
    ["PENDING", "PROCESSING", "AWAITING_REVIEW", "LATER", "COMPLETED", "CANCELLED", "ERROR", "CONFIGURATION_ERROR"]
)
STATES = st.lists(st.tuples(st.integers(0, 5), STATUSES, STAGES, st.integers(0, 20)), max_size=8)


@given(LOGS, STATES, st.integers(0, 8))
async def test_any_updates_make_a_valid_run(
    log: list[tuple[str, str, str | None, str | None]],
    states: list[tuple[int, str, str | None, int]],
    cut: int,
) -> None:
    entries = [event(number, *entry) for number, entry in enumerate(log, 1)]
    updates = []
    for revision, (count, status, stage, last_sequence) in enumerate(states):
        moment = NOON + timedelta(seconds=revision)
        new = state(status, stage, revision=revision, last_sequence=last_sequence, updated_at=moment)
        updates.append(Update(new, tuple(entries[:count])))
        del entries[:count]
    await run(updates)
    first = await run([*updates[:cut], UnavailableError("gone")])
    await run(updates, Shown.of(held(first), "s"), first)
