"""The merge: whatever a network does to updates, what comes out is the log."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from client.merge import Merge, Update
from client.session import AgentEvent, Progress, Results, State

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def state(
    revision: int, last_sequence: int = 0, status: str = "PROCESSING", *, cancel_requested: bool = False
) -> State:
    return State(
        session_id="s",
        status=status,
        current_stage=None,
        progress=0,
        revision=revision,
        last_sequence=last_sequence,
        cancel_requested=cancel_requested,
        error_message=None,
        results=Results(),
        updated_at=NOON,
    )


def event(sequence: int) -> AgentEvent:
    return AgentEvent(sequence, "CHUNK", None, f"text {sequence}", truncated=False, timestamp=NOON)


def sequences(update: Update | None) -> list[int]:
    return [] if update is None else [event.sequence for event in update.events]


def log_of(sizes: Iterable[int], last_status: str = "COMPLETED") -> list[Progress]:
    """A session's updates: one for each size, with so many events; the last one ends the session."""
    log: list[Progress] = []
    last = 0
    for revision, size in enumerate(sizes, start=1):
        events = tuple(event(last + number) for number in range(1, size + 1))
        last += size
        log.append(Progress(state(revision, last), events))
    log[-1] = replace(log[-1], state=replace(log[-1].state, status=last_status))
    return log


def page(log: list[Progress], after: int, limit: int) -> list[AgentEvent]:
    return [event for update in log for event in update.events if event.sequence > after][:limit]


def test_a_doubled_push_makes_one_update() -> None:
    merge = Merge()
    assert sequences(merge.hear(state(1, 2), [event(1), event(2)])) == [1, 2]
    assert merge.hear(state(1, 2), [event(1), event(2)]) is None


def test_a_late_push_gives_its_events_and_not_its_state() -> None:
    merge = Merge()
    merge.hear(state(2, 2), [event(2)])
    late = merge.hear(state(1, 1), [event(1)])
    assert late is not None
    assert sequences(late) == [1, 2]
    assert late.state.revision == 2


def test_a_gap_is_named_by_the_sequence_before_it() -> None:
    merge = Merge()
    merge.hear(state(1, 3), [event(1), event(2), event(3)])
    assert merge.missing is None
    merge.hear(state(3, 7), [event(6), event(7)])
    assert merge.missing == 3
    assert sequences(merge.hear(events=[event(4), event(5)])) == [4, 5, 6, 7]
    assert merge.missing is None


def test_an_ended_state_waits_for_its_events() -> None:
    merge = Merge()
    merge.hear(state(1, 1), [event(1)])
    assert merge.hear(state(2, 3, "COMPLETED")) is None
    assert merge.ending
    assert not merge.ended
    part = merge.hear(events=[event(2)])
    assert part is not None
    assert part.state.status == "PROCESSING"
    last = merge.hear(events=[event(3)])
    assert last is not None
    assert last.state.status == "COMPLETED"
    assert merge.ended


def test_events_that_precede_the_first_state_wait_for_one() -> None:
    merge = Merge()
    assert merge.hear(events=[event(1)]) is None
    assert sequences(merge.hear(state(1, 1))) == [1]


def test_a_cancel_request_shows_without_a_new_revision() -> None:
    merge = Merge()
    merge.hear(state(4))
    update = merge.hear(state(4, cancel_requested=True))
    assert update is not None
    assert update.state.cancel_requested
    assert merge.hear(state(4)) is None


def test_a_retry_heard_before_the_end_was_given_out_goes_on() -> None:
    merge = Merge()
    merge.hear(state(1, 0))
    assert merge.hear(state(2, 1, "ERROR")) is None
    retried = merge.hear(state(3, 1, "PENDING"))
    assert retried is not None
    assert retried.state.status == "PENDING"
    assert not merge.ending


@given(data=st.data())
def test_any_loss_doubling_and_order_of_pushes_and_reads_gives_the_log(data: st.DataObject) -> None:
    log = log_of(data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=12), label="events an update"))
    merge = Merge()
    updates: list[Update] = []

    def take(update: Update | None) -> None:
        assert not (updates and updates[-1].state.ended), "nothing may follow the ended state"
        if update is not None:
            updates.append(update)

    pushes = st.tuples(st.just("push"), st.integers(0, len(log) - 1))
    reads = st.tuples(st.sampled_from(["session", "events"]), st.integers(0, len(log) - 1))
    for kind, at in data.draw(st.lists(pushes | reads, max_size=40), label="what is heard"):
        if merge.ended:
            break
        match kind:
            case "push":
                take(merge.hear(log[at].state, log[at].events))
            case "session":
                take(merge.hear(log[at].state))
            case "events":
                take(merge.hear(events=page(log[: at + 1], merge.missing or 0, 3)))
    if not merge.ended:
        take(merge.hear(log[-1].state))
    while (after := merge.missing) is not None:
        take(merge.hear(events=page(log, after, 3)))

    assert merge.ended
    assert [event for update in updates for event in update.events] == page(log, 0, 1000)
    revisions = [update.state.revision for update in updates]
    assert revisions == sorted(revisions)
    assert [update.state.ended for update in updates] == [False] * (len(updates) - 1) + [True]
