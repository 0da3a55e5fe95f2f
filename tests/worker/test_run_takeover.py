"""A run that takes over a session from one that was killed: what it tells, and what it counts."""

import pytest
from fakes.worker_run import END, FINAL, Bench, answer, left_at, thought

from schema.statuses import AgentEventType, SessionStatus, Tool
from schema.usage import Usage
from worker.agents.events import AgentEvent
from worker.run import TURN_LOST
from worker.updates import Reply, Results


def resuming(last_sequence: int, usage: Usage = Usage()) -> Bench:  # noqa: B008 - it never changes
    """A bench for a run that takes over a session whose log ends with `last_sequence`."""
    return Bench(
        claimed=Reply(SessionStatus.CALCULATING_COSTS, 30, 9, last_sequence, cancel_requested=False, usage=usage)
    )


def logged(bench: Bench) -> list[tuple[int, str]]:
    return [(event.sequence, event.event.text) for update in bench.publisher.updates for event in update.events]


def test_a_run_that_takes_over_tells_what_was_saved_and_not_published_and_nothing_else() -> None:
    bench = resuming(5)
    bench.workspace = {"costData": {"totalCost": 1.0}}
    bench.follow(
        (0.0, left_at(7, thought("5"), answer(Tool.COST_CALCULATOR), thought("7"))), (0.1, thought("8")), (9.0, END)
    )
    assert logged(bench) == [(6, "{}"), (7, "7"), (8, "8")]
    statuses = [update.state.status for update in bench.publisher.updates if update.results]
    assert statuses == [SessionStatus.COSTS_CALCULATED]


def test_the_warning_of_the_run_before_about_a_tool_without_output_is_not_doubled() -> None:
    bench = resuming(5)
    warning = AgentEvent(AgentEventType.WARNING, "no output")
    bench.follow((0.0, left_at(7, answer(Tool.COST_CALCULATOR), warning)), (9.0, END))
    assert logged(bench) == [(6, "{}"), (7, "no output")]


def test_a_workspace_that_can_not_be_read_when_a_run_takes_over_is_read_again_later() -> None:
    bench = resuming(5)
    looks = iter([TimeoutError("S3 is away")])

    def produced() -> Results:
        if (error := next(looks, None)) is not None:
            raise error
        return {"powerpointKey": "p", "sowKey": "s"}

    bench.produced = produced
    end = bench.follow((0.0, left_at(7, answer(Tool.SOW_GENERATOR), FINAL, answered=True)), (9.0, END))
    assert end is SessionStatus.COMPLETED
    assert logged(bench) == [(6, "{}"), (7, "Done.")]


def test_a_turn_that_was_told_and_not_saved_no_longer_counts() -> None:
    bench = resuming(8)
    bench.follow((0.0, left_at(7, thought("7"))), (0.1, thought("again")), (9.0, END))
    assert logged(bench) == [(9, TURN_LOST), (10, "again")]


def test_the_final_response_of_the_run_before_counts() -> None:
    bench = resuming(7)
    bench.workspace = {"powerpointKey": "p", "sowKey": "s"}
    assert bench.follow((0.0, left_at(7, FINAL, answered=True)), (0.1, END)) is SessionStatus.COMPLETED
    assert logged(bench) == []


@pytest.mark.parametrize(
    ("claimed", "left", "total"),
    [
        (Usage(100, 20), Usage(200, 40), Usage(200, 40)),
        (Usage(300, 60), Usage(200, 40), None),
        (Usage(200, 40), Usage(200, 40), None),
    ],
    ids=["saved and not published", "published after the save", "both"],
)
def test_tokens_that_were_both_saved_and_published_count_once(claimed: Usage, left: Usage, total: Usage | None) -> None:
    bench = resuming(5, claimed)
    bench.follow((0.0, left_at(5, usage=left)), (0.1, thought()), (9.0, END))
    assert [update.usage for update in bench.publisher.updates if update.usage] == ([total] if total else [])
