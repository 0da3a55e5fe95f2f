"""Repeated attempts at an answer, without a service."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from schema.statuses import AgentEventType
from worker.agents.attempts import ATTEMPTS, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, repeated
from worker.agents.events import AgentEvent, AgentItem, ModelUsage


class ThrottledError(Exception):
    pass


def passing(error: BaseException) -> str | None:
    return "throttled" if isinstance(error, ThrottledError) else None


def thought(text: str = "Hm.") -> AgentEvent:
    return AgentEvent(AgentEventType.REASONING, text)


USAGE = ModelUsage("model", 1, 1)


def answers(*attempts: list[AgentItem | Exception]) -> Callable[[int], Iterator[AgentItem]]:
    """The first attempt, the second, and so on; an exception among an attempt's items ends it."""

    def answer(attempt: int) -> Iterator[AgentItem]:
        for item in attempts[attempt - 1]:
            if isinstance(item, Exception):
                raise item
            yield item

    return answer


def told(*attempts: list[AgentItem | Exception], naps: list[float] | None = None) -> Iterator[AgentItem]:
    naps = [] if naps is None else naps
    return repeated(answers(*attempts), passing, what="the turn", random=lambda: 0.5, sleep=naps.append)


def test_an_answer_that_comes_at_once_is_told_as_it_is() -> None:
    naps: list[float] = []
    assert list(told([thought(), USAGE], naps=naps)) == [thought(), USAGE]
    assert naps == []


def test_a_broken_attempt_is_warned_about_before_the_pause_and_the_next_one_follows() -> None:
    naps: list[float] = []
    items = told([thought("1"), ThrottledError()], [thought("2")], naps=naps)
    assert next(items) == thought("1")
    warning = next(items)
    assert naps == []
    assert isinstance(warning, AgentEvent)
    assert warning.text == (
        "The agent service throttled attempt 1 of 6: trying again after a pause; "
        "what it said so far no longer counts, the turn starts again."
    )
    assert list(items) == [thought("2")]
    assert len(naps) == 1


@pytest.mark.parametrize("before", [[], [USAGE]])
def test_an_attempt_that_said_nothing_has_nothing_that_could_count(before: list[AgentItem | Exception]) -> None:
    items = list(told([*before, ThrottledError()], []))
    assert isinstance(items[-1], AgentEvent)
    assert "no longer counts" not in items[-1].text


def test_an_error_that_will_not_pass_ends_it_without_a_warning() -> None:
    items = told([thought(), ValueError("no")], [thought("never")])
    assert next(items) == thought()
    with pytest.raises(ValueError, match="no"):
        next(items)


def test_the_last_attempts_error_is_raised_after_its_warning() -> None:
    naps: list[float] = []
    attempts: list[list[AgentItem | Exception]] = [[thought(), ThrottledError(str(n))] for n in range(ATTEMPTS)]
    items = told(*attempts, naps=naps)
    events = list(itertools.islice(items, 2 * ATTEMPTS))
    assert isinstance(events[-1], AgentEvent)
    assert events[-1].text == "The agent service throttled attempt 6 of 6: giving up."
    with pytest.raises(ThrottledError, match=f"^{ATTEMPTS - 1}$"):
        next(items)
    assert len(naps) == ATTEMPTS - 1


@pytest.mark.parametrize("random", [0.0, 0.999])
def test_the_pauses_grow_and_outlast_half_the_minute_by_which_a_quota_is_counted(random: float) -> None:
    naps: list[float] = []
    attempts: list[list[AgentItem | Exception]] = [[ThrottledError()] for _ in range(ATTEMPTS - 1)]
    list(repeated(answers(*attempts, []), passing, what="the turn", random=lambda: random, sleep=naps.append))
    assert naps == sorted(naps)
    assert naps[0] >= FIRST_WAIT_SECONDS / 2
    assert naps[-1] <= LONGEST_WAIT_SECONDS
    assert 25 <= sum(naps) <= 50


def test_a_reader_that_leaves_ends_the_attempt_and_starts_no_other() -> None:
    begun: list[int] = []
    closed: list[int] = []

    def answer(attempt: int) -> Iterator[AgentItem]:
        begun.append(attempt)
        try:
            yield thought()
            yield thought()
        finally:
            closed.append(attempt)

    items = repeated(answer, passing, what="the turn", random=lambda: 0.5, sleep=lambda _: None)
    next(items)
    items.close()  # type: ignore[attr-defined]  # it is a generator
    assert (begun, closed) == ([1], [1])
