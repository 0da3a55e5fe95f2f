"""A silent S3 at a run's end: what the run waits for, on a simulated clock and with the real numbers."""

from itertools import pairwise

import pytest
from fakes.worker_run import END, FINAL, LAMBDA_SECONDS, Bench, answer

from resolvers.lifecycle import LEASE
from schema.statuses import SessionStatus, Tool
from worker import feed, handler
from worker.agents.events import Step
from worker.checkpoint import Checkpoint
from worker.run import MARGIN_SECONDS, PROGRESS_PATIENCE_SECONDS, RESERVE_SECONDS
from worker.timing.patience import TimedOutError
from worker.updates import Results

WORK_ENDS = LAMBDA_SECONDS - RESERVE_SECONDS

A_PUBLISH_SECONDS = 1.5
"""What a publish must be left at least: warm ones take a tenth of it."""


class SilentBench(Bench):
    """A workspace that is waited for in vain, and an agent that can't be woken."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.looks: list[float] = []

        def produced() -> Results:
            self.looks.append(self.world.seconds)
            self.world.sleep(handler.WORKSPACE_SECONDS)
            raise TimedOutError("Reading the workspace took too long")

        def save(reached: Checkpoint) -> None:
            self.world.sleep(handler.SAVE_SECONDS)
            raise TimedOutError("Saving the conversation took too long")

        self.produced = produced
        self.save = save
        self.feed.close = lambda: self.world.sleep(feed._PATIENCE_SECONDS)  # type: ignore[method-assign]  # noqa: SLF001 - the real number


@pytest.mark.parametrize("ends", [*range(840, 880, 3), 877.9, 878.1, 879.0, 879.9, WORK_ENDS])
def test_the_reserve_is_longer_than_anything_that_blocks(ends: float) -> None:
    """However late the agent's stream ends, the session's end is published before Lambda would kill the run."""
    bench = SilentBench()
    assert bench.follow((ends - 2, FINAL), (ends, END)) is SessionStatus.ERROR
    said, _ = bench.publisher.accepted[-1]
    assert said + A_PUBLISH_SECONDS <= LAMBDA_SECONDS - MARGIN_SECONDS
    assert all(look < WORK_ENDS or look == ends for look in bench.looks)


def test_a_tool_that_answers_as_the_works_time_ends_leaves_time_for_the_last_word() -> None:
    """The wait for its output is the last one."""
    bench = SilentBench()
    at = WORK_ENDS - 0.1
    assert bench.follow((at, answer(Tool.SOW_GENERATOR)), (at, FINAL), (at, END)) is SessionStatus.ERROR
    assert bench.looks == [at]
    assert bench.world.seconds + A_PUBLISH_SECONDS <= LAMBDA_SECONDS - MARGIN_SECONDS


def test_a_silent_workspace_at_the_end_is_waited_for_within_the_lease() -> None:
    """No other run can take the session meanwhile, wherever between two heartbeats the stream ends."""
    for tenths in range(1000, 1220, 5):
        bench = SilentBench()
        bench.follow((90.0, FINAL), (tenths / 10, END))
        assert len(bench.looks) == 2
        times = [time for time, _ in bench.publisher.accepted]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert max(gaps) + A_PUBLISH_SECONDS < LEASE.total_seconds()


@pytest.mark.parametrize("before", [0.1, 4.0, 14.0, 16.0, 19.0])
def test_a_step_near_the_works_end_leaves_time_for_the_last_word(before: float) -> None:
    """Its tool's output is looked for; then its conversation is saved only if the work's time is not over."""
    bench = SilentBench()
    at = WORK_ENDS - before
    step = Step((answer(Tool.SOW_GENERATOR),), {})
    assert bench.follow((at, step), (at, FINAL), (at, END)) is SessionStatus.ERROR
    said, _ = bench.publisher.accepted[-1]
    assert said + A_PUBLISH_SECONDS <= LAMBDA_SECONDS - MARGIN_SECONDS


def test_a_silent_workspace_in_a_step_is_waited_for_within_the_lease() -> None:
    """A look, a save and a publish that takes all its patience, wherever between two heartbeats the step comes."""
    for tenths in range(1000, 1220, 5):
        bench = SilentBench()
        bench.follow((tenths / 10, Step((answer(Tool.SOW_GENERATOR),), {})), (200.0, END))
        times = [time for time, _ in bench.publisher.accepted if time < 200.0]
        assert (
            max(later - earlier for earlier, later in pairwise(times)) + PROGRESS_PATIENCE_SECONDS
            <= LEASE.total_seconds()
        )
