"""The merge: whatever a network does to updates, what comes out is the log."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from clients.merge_cases import cases, event, outcomes, state
from hypothesis import given
from hypothesis import strategies as st

from client.merge import Merge, Update
from client.session import AgentEvent, Progress

CASES = cases()


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


@pytest.mark.parametrize("name", CASES)
def test_a_case_that_both_merges_keep(name: str) -> None:
    steps = CASES[name]
    assert outcomes(step["hear"] for step in steps) == [step["then"] for step in steps]


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
