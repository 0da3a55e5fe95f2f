"""The outbox: the pace, the order, the numbers and the sizes of what a run publishes."""

import itertools
import json
import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.limits import EVENT_TEXT_BYTES, PAYLOAD_BYTES, RECORD_BYTES, RESULTS_BYTES
from schema.statuses import AgentEventType, SessionStatus
from schema.usage import Usage
from worker.agents.events import AgentEvent, bounded
from worker.outbox import EVENTS_BYTES, HEARTBEAT_SECONDS, INTERVAL_SECONDS, TOGETHER_SECONDS, Outbox
from worker.updates import STARTED, NumberedEvent, Reply, SessionState, Update, event_input, progress_input

TIME = "2026-11-22T10:30:00.000Z"
CHUNK, REASONING = AgentEventType.CHUNK, AgentEventType.REASONING
ANALYZING = SessionState(SessionStatus.ANALYZING_REQUIREMENTS, "Running RequirementsAnalyzer", 5)
ANALYZED = SessionState(SessionStatus.REQUIREMENTS_ANALYZED, "RequirementsAnalyzer finished", 30)


def outbox(revision: int = 1, last_sequence: int = 0) -> Outbox:
    claimed = Reply(SessionStatus.PROCESSING, 5, revision, last_sequence, cancel_requested=False)
    return Outbox("session-1", "run-1", claimed, STARTED, now=0.0)


def said(text: str) -> AgentEvent:
    return AgentEvent(CHUNK, text)


def thought(text: str = "Hm.") -> AgentEvent:
    return AgentEvent(REASONING, text)


def drain(box: Outbox, now: float = 0.0) -> list[Update]:
    """Everything that waits, each update accepted as soon as it is taken."""
    updates = []
    while not box.empty:
        updates.append(box.take())
        box.answered(now)
    return updates


def test_an_event_waits_until_a_second_after_the_last_update() -> None:
    box = outbox()
    box.put(STARTED, TIME, thought())
    assert box.due() == INTERVAL_SECONDS
    assert box.take().events == (NumberedEvent(1, thought(), TIME),)
    box.answered(now=1.5)
    box.put(STARTED, TIME, thought())
    assert box.due() == 2.5


def test_an_event_after_a_silence_waits_a_moment_for_those_that_come_with_it() -> None:
    """One step of the agent is one update, and later ones do not put it off."""
    box = outbox()
    box.put(STARTED, TIME, thought("1"), now=5.0)
    box.put(STARTED, TIME, thought("2"), now=5.02)
    assert box.due() == 5.0 + TOGETHER_SECONDS
    assert [event.event.text for event in box.take().events] == ["1", "2"]
    box.answered(now=5.04)
    box.put(STARTED, TIME, thought("3"), now=5.05)
    assert box.due() == 5.04 + INTERVAL_SECONDS


def test_a_status_change_is_due_at_once_and_carries_what_came_before_it() -> None:
    box = outbox()
    box.put(STARTED, TIME, thought("1"))
    box.put(ANALYZING, TIME, thought("2"))
    assert box.due() < 0
    update = box.take()
    assert update.state == ANALYZING
    assert [event.event.text for event in update.events] == ["1", "2"]


def test_two_status_changes_in_the_same_instant_are_two_updates() -> None:
    box = outbox()
    box.put(ANALYZING, TIME, thought("call"))
    box.put(ANALYZED, TIME, thought("answer"))
    box.put(ANALYZED, TIME, thought("more"))
    first, second = drain(box)
    assert (first.state, [e.event.text for e in first.events]) == (ANALYZING, ["call"])
    assert (second.state, [e.event.text for e in second.events]) == (ANALYZED, ["answer", "more"])
    assert [first.revision, second.revision] == [2, 3]


def test_a_change_that_is_still_on_its_way_is_not_seen_as_a_new_one() -> None:
    box = outbox()
    box.put(ANALYZING, TIME, thought())
    box.take()
    box.put(ANALYZING, TIME, thought())
    box.answered(now=5.0)
    assert box.due() == 6.0


def test_a_stage_without_a_new_status_keeps_the_pace() -> None:
    box = outbox()
    box.put(SessionState(SessionStatus.PROCESSING, "Running Weather", 5), TIME, thought())
    assert box.due() == INTERVAL_SECONDS


def test_chunks_that_follow_each_other_become_one_event_with_the_first_ones_time() -> None:
    box = outbox(last_sequence=7)
    for time, event in (("t1", said("Hel")), ("t2", said("lo")), ("t3", thought()), ("t4", said("!"))):
        box.put(STARTED, time, event)
    [update] = drain(box)
    assert update.events == (
        NumberedEvent(8, said("Hello"), "t1"),
        NumberedEvent(9, thought(), "t3"),
        NumberedEvent(10, said("!"), "t4"),
    )


def test_a_coalesced_chunk_stays_within_one_events_length() -> None:
    box = outbox()
    for _ in range(100):
        box.put(STARTED, TIME, said("é" * 500))
    events = [event for update in drain(box) for event in update.events]
    assert "".join(event.event.text for event in events) == "é" * 50_000
    assert [len(event.event.text.encode()) for event in events] == [32_000, 32_000, 32_000, 4_000]
    assert not any(event.event.truncated for event in events)


def test_nothing_is_joined_to_a_chunk_that_was_cut() -> None:
    box = outbox()
    box.put(STARTED, TIME, AgentEvent(CHUNK, "cut", truncated=True))
    box.put(STARTED, TIME, said("next"))
    [update] = drain(box)
    assert [event.event.truncated for event in update.events] == [True, False]


def test_an_update_is_the_same_until_it_is_answered_and_later_events_wait_behind_it() -> None:
    box = outbox()
    box.put(STARTED, TIME, thought("1"))
    sent = box.take()
    box.failed(now=3.0)
    box.put(ANALYZING, TIME, thought("2"))
    assert box.due() == 4.0
    assert box.take() == sent
    box.answered(now=4.0)
    later = box.take()
    assert (later.revision, later.events[0].sequence) == (sent.revision + 1, 2)


def test_silence_makes_a_heartbeat_that_carries_nothing_but_the_state() -> None:
    box = outbox()
    box.put(ANALYZING, TIME, thought())
    drain(box, now=10.0)
    assert box.due() == 10.0 + HEARTBEAT_SECONDS
    assert box.take() == Update("session-1", "run-1", 3, ANALYZING)


def test_a_refused_update_is_replaced_by_its_state_and_a_warning_in_the_same_place() -> None:
    box = outbox()
    box.put(ANALYZING, TIME, thought(), {"costData": {}})
    box.put(ANALYZING, TIME, thought())
    refused = box.take()
    box.refused("events.0.text is too long", TIME)
    replacement = box.take()
    assert (replacement.revision, replacement.state, replacement.results) == (
        refused.revision,
        ANALYZING,
        refused.results,
    )
    [warning] = replacement.events
    assert (warning.sequence, warning.event.type) == (1, AgentEventType.WARNING)
    assert "2 events" in warning.event.text
    assert "too long" in warning.event.text
    box.answered(now=1.0)
    box.put(ANALYZING, TIME, thought())
    assert box.take().events[0].sequence == 2


def test_results_go_out_once_with_the_update_in_which_they_changed() -> None:
    box = outbox()
    box.put(ANALYZING, TIME, thought())
    box.put(ANALYZED, TIME, thought(), {"requirementsData": {"items": ["a"]}})
    box.put(ANALYZED, TIME, thought(), {"costData": {"totalCost": 1.0}})
    first, second = drain(box)
    assert "results" not in progress_input(first)
    assert progress_input(second)["results"] == {
        "requirementsData": '{"items": ["a"]}',
        "costData": {"totalCost": 1.0},
    }


def test_more_events_than_fit_make_more_updates_and_the_last_one_changes_the_status() -> None:
    box = outbox()
    for number in range(40):
        box.put(STARTED, TIME, bounded(thought(str(number) + "x" * 20_000)))
    box.put(ANALYZING, TIME, thought())
    assert box.due() < 0
    updates = drain(box)
    assert len(updates) > 8
    assert {update.state for update in updates[:-1]} == {STARTED}
    assert updates[-1].state == ANALYZING


@pytest.mark.parametrize("text", ["x" * 40_000, "\x01" * 40_000, '"' * 40_000, "🚀" * 40_000])
def test_an_update_with_the_largest_events_and_results_fits_its_payload_and_its_record(text: str) -> None:
    box = outbox()
    results = {"requirementsData": {"items": "x" * (RESULTS_BYTES - 100)}}
    for _ in range(20):
        box.put(ANALYZING, TIME, bounded(AgentEvent(AgentEventType.TOOL_RESPONSE, text, "SOWGenerator")), results)
    for update in drain(box):
        size = len(json.dumps(progress_input(update), ensure_ascii=False).encode())
        events = len(json.dumps([event_input(event) for event in update.events], ensure_ascii=False).encode())
        assert size < PAYLOAD_BYTES
        assert events < RECORD_BYTES


def test_an_outbox_is_full_until_enough_was_published() -> None:
    box = outbox()
    while not box.full:
        box.put(STARTED, TIME, thought("x" * 10_000))
    published = 0
    while box.full:
        published += len(box.take().events)
        box.answered(now=1.0)
    assert 0 < published <= EVENTS_BYTES // 10_000


# --- a run over a bad network, in all its random ways


@dataclass
class Server:
    """Accepts updates as the API does: in order of revision, a replay answered again, anything else an error."""

    revision: int = 1
    updates: list[Update] = field(default_factory=list)

    def accept(self, update: Update) -> None:
        if update.revision == self.revision:
            assert update == self.updates[-1], "a replay must be the very same update"
            return
        assert update.revision == self.revision + 1
        self.revision = update.revision
        self.updates.append(update)


STATUSES = [status for status in SessionStatus if status.rank > 0 and not status.ended]
steps = st.one_of(
    st.builds(AgentEvent, type=st.sampled_from(AgentEventType), text=st.text(max_size=8)),
    st.builds(said, st.sampled_from(["x", "é" * 9_000, "long " * 6_000])),
    st.just("next status"),
    st.just("publish"),
    st.just("lose the request"),
    st.just("lose the answer"),
)


@settings(max_examples=200)
@given(st.lists(steps, max_size=60), st.integers(0, 2**32))
def test_nothing_is_lost_doubled_or_reordered_and_every_status_is_seen(
    history: list[AgentEvent | str], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's chance
    box, server, now = outbox(), Server(), 0.0
    statuses, texts = [STATUSES[0]], [""]
    state = STARTED
    for step in history:
        now += chance.random()
        if isinstance(step, AgentEvent):
            box.put(state, TIME, bounded(step))
            texts.append(step.text)
        elif step == "next status" and len(statuses) < len(STATUSES):
            statuses.append(STATUSES[len(statuses)])
            state = SessionState(statuses[-1], "", len(statuses) * 10)
            box.put(state, TIME, thought("|"))
            texts.append("|")
        elif box.due() <= now:
            if step != "lose the request":
                server.accept(box.take())
            if step == "publish":
                box.answered(now)
            else:
                box.take()
                box.failed(now)
    while not box.empty:
        server.accept(box.take())
        box.answered(now)

    events = [event for update in server.updates for event in update.events]
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert "".join(event.event.text for event in events) == "".join(texts)
    assert [update.revision for update in server.updates] == list(range(2, len(server.updates) + 2))
    progress = [update.state.progress for update in server.updates]
    assert progress == sorted(progress)
    seen = [STATUSES[0], *(update.state.status for update in server.updates)]
    assert [status for place, status in enumerate(seen) if place == 0 or status is not seen[place - 1]] == statuses
    assert all(len(event.event.text.encode()) <= EVENT_TEXT_BYTES for event in events)


@given(st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=50))
def test_without_a_status_change_at_most_one_update_a_second_goes_out(arrivals: list[tuple[float, bool]]) -> None:
    box, now, sent = outbox(), 0.0, [0.0]
    for wait, publishes in arrivals:
        box.put(STARTED, TIME, thought())
        now += wait
        if publishes and box.due() <= now:
            box.take()
            box.answered(now)
            sent.append(now)
    assert all(later - earlier >= INTERVAL_SECONDS for earlier, later in itertools.pairwise(sent))


def test_usage_goes_out_with_the_next_update_and_once() -> None:
    box = outbox()
    box.spend(Usage(100, 20, 0, 0.5))
    assert box.empty
    box.put(STARTED, TIME, thought("1"))
    assert box.take().usage == Usage(100, 20, 0, 0.5)
    box.spend(Usage(200, 40, 0, 1.0))  # later than the update that is on its way
    assert box.take().usage == Usage(100, 20, 0, 0.5)
    box.answered(now=0.0)
    box.put(STARTED, TIME, thought("2"))
    box.put(ANALYZING, TIME, thought("3"))
    box.put(ANALYZED, TIME, thought("4"))
    assert [update.usage for update in drain(box)] == [Usage(200, 40, 0, 1.0), None]


def test_a_refused_update_keeps_its_usage() -> None:
    box = outbox()
    box.spend(Usage(100, 20))
    box.put(STARTED, TIME, thought())
    box.take()
    box.refused("no", TIME)
    assert box.take().usage == Usage(100, 20)


def test_a_heartbeat_carries_the_usage_of_a_silent_turn() -> None:
    box = outbox()
    box.spend(Usage(100, 20))
    assert box.take() == Update("session-1", "run-1", 2, STARTED, usage=Usage(100, 20))


def test_what_an_earlier_run_has_spent_is_not_published_again() -> None:
    claimed = Reply(SessionStatus.PROCESSING, 5, 1, 0, cancel_requested=False, usage=Usage(100, 20))
    box = Outbox("session-1", "run-2", claimed, STARTED, now=0.0)
    box.put(STARTED, TIME, thought())
    assert box.take().usage is None


@given(st.lists(st.sampled_from(["think", "chunk", "move", "take", "answer"]), max_size=30))
def test_unpublished_events_have_the_numbers_that_they_will_be_published_with(steps: list[str]) -> None:
    """Whatever waits, is on its way, or has arrived when a conversation is saved."""
    box = outbox(last_sequence=7)
    published = 7
    for number, step in enumerate(steps):
        match step:
            case "think":
                box.put(STARTED, TIME, thought(str(number)))
            case "chunk":
                box.put(STARTED, TIME, said(str(number)))
            case "move":
                box.put(ANALYZED if number % 2 else ANALYZING, TIME, thought(str(number)))
            case "take":
                box.take()
            case "answer":
                published += len(box.take().events)
                box.answered(now=0.0)
    saved = box.unpublished()
    assert box.last_sequence == published + len(saved)
    assert [event for update in drain(box) for event in update.events] == list(saved)
