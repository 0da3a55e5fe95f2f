"""A run that ends with a review, on a simulated clock."""

from fakes.worker_run import CLAIMED, END, FINAL, Bench, answer, left_at, thought

from schema.statuses import SessionStatus, Tool
from worker.updates import Reply

PRICED = {"requirementsData": {"counts": {}}, "costData": {"totalCost": 1.0}}


def test_a_run_waits_for_a_person_as_soon_as_the_proposal_is_priced() -> None:
    bench = Bench(ends_with_review=True, workspace=PRICED)
    end = bench.follow(
        (0.1, answer(Tool.REQUIREMENTS_ANALYZER)), (0.2, answer(Tool.COST_CALCULATOR)), (0.3, thought("never told"))
    )
    assert end is SessionStatus.AWAITING_REVIEW
    assert bench.feed.closed
    assert bench.publisher.statuses[-2:] == [SessionStatus.COSTS_CALCULATED, SessionStatus.AWAITING_REVIEW]
    last = bench.last
    assert (last.state.current_stage, last.state.progress) == ("Waiting for your review", 50)
    assert "never told" not in [event.text for event in bench.publisher.events]


def test_the_version_is_published_with_the_first_result_and_once() -> None:
    bench = Bench(workspace={**PRICED, "powerpointKey": "p", "sowKey": "s"}, version=3)
    bench.follow((0.1, answer(Tool.COST_CALCULATOR)), (3.0, thought()), (6.0, FINAL), (6.1, END))
    assert [one.proposal_version for one in bench.publisher.updates if one.proposal_version is not None] == [3]


def test_a_version_that_is_known_is_not_published_again() -> None:
    claimed = Reply(SessionStatus.PROCESSING, 50, 9, 0, cancel_requested=False, proposal_version=2)
    bench = Bench(claimed=claimed, workspace={**PRICED, "powerpointKey": "p", "sowKey": "s"}, version=2)
    assert bench.follow((0.1, answer(Tool.SOW_GENERATOR)), (0.2, FINAL), (0.3, END)) is SessionStatus.COMPLETED
    assert {one.proposal_version for one in bench.publisher.updates} == {None}


def test_a_run_that_takes_over_after_the_price_waits_at_once() -> None:
    claimed = Reply(SessionStatus.COSTS_CALCULATED, 50, 9, 5, cancel_requested=False)
    bench = Bench(claimed=claimed, ends_with_review=True, workspace=PRICED)
    assert bench.follow((0.0, left_at(5)), (90.0, thought("never told"))) is SessionStatus.AWAITING_REVIEW
    assert bench.publisher.updates[-1].events == ()


def test_an_agent_that_stops_before_the_price_is_an_error_that_says_so() -> None:
    bench = Bench(ends_with_review=True, workspace={"requirementsData": {}})
    bench.follow((0.1, answer(Tool.REQUIREMENTS_ANALYZER)), (0.2, FINAL), (0.3, END))
    assert bench.error.startswith("The agent stopped before the price.")


def test_a_price_that_was_calculated_in_an_earlier_run_is_enough() -> None:
    """The events of a reviewed price are told once, so a run that takes over may have none to tell."""
    bench = Bench(claimed=CLAIMED, ends_with_review=True, workspace=PRICED)
    assert bench.follow((0.1, END)) is SessionStatus.AWAITING_REVIEW
    assert bench.last.results == PRICED


def test_a_cancel_while_the_price_is_calculated_cancels() -> None:
    bench = Bench(ends_with_review=True)
    bench.publisher.cancel_at = 1
    assert bench.follow((0.1, answer(Tool.REQUIREMENTS_ANALYZER)), (9.0, thought())) is SessionStatus.CANCELLED
