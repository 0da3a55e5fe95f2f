"""The run of a review: what the worker tells of the new price, and when the agent starts. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from worker_tools_samples import SMALL

from schema.review import Review
from schema.statuses import AgentEventType, Tool
from worker.agents.assignment import FROM_THE_PRICE, TO_THE_PRICE, Assignment, assignment_of
from worker.agents.events import AgentError, AgentEvent, AgentItem
from worker.agents.reviewed import ReviewedStream
from worker.request import Request
from worker.tools.call import Called, Outcome, ToolCall
from worker.tools.review.apply import Reviewed
from worker.tools.review.changes import Changes
from worker.tools.toolbox import ToolBox

REVIEW = Review(7, approve=True, team_size=4, note="smaller")
REVIEWED = Reviewed(2, new=True, changes=Changes(("FR-9",), ("FR-1",), (), {"FR-2": "OUT-1"}))
WORDS = AgentEvent(AgentEventType.FINAL_RESPONSE, "Done.")


class PlannedTools(ToolBox):
    """Tools that answer as planned."""

    def __init__(self, called: Called) -> None:
        super().__init__(lambda: pytest.fail("no workbench is needed"))
        self.called = called

    def run(self, call: ToolCall) -> Called:
        assert call.name == "calculate_costs"
        return self.called


class Agent:
    """An agent that says one thing."""

    def __init__(self) -> None:
        self.told: list[Mapping[str, object]] = []
        self.closed = False

    def __call__(self, priced: Mapping[str, object]) -> "Agent":
        self.told.append(priced)
        return self

    def __iter__(self) -> Iterator[AgentItem]:
        yield WORDS

    def close(self) -> None:
        self.closed = True


PRICED = Called(Outcome.DONE, {"total_cost": "100.0", "reused": False})


def test_the_new_price_is_told_with_what_was_changed_and_then_the_agent_starts() -> None:
    agent = Agent()
    call, response, words = ReviewedStream(REVIEW, REVIEWED, PlannedTools(PRICED), agent)
    assert isinstance(call, AgentEvent)
    assert isinstance(response, AgentEvent)
    assert call.text == (
        'calculate_costs(version=2, added=["FR-9"], removed=["FR-1"], changed=["OUT-1"], team_size=4, note="smaller")'
    )
    assert (call.type, response.type) == (AgentEventType.TOOL_CALL, AgentEventType.TOOL_RESPONSE)
    assert call.call_id == response.call_id == "review-7"
    assert response.text == '{"total_cost":"100.0","reused":false}'
    assert words == WORDS
    assert agent.told == [PRICED.answer]


def test_a_run_that_takes_over_tells_the_price_no_second_time() -> None:
    again = Called(Outcome.DONE, {"total_cost": "100.0", "reused": True})
    assert list(ReviewedStream(REVIEW, REVIEWED, PlannedTools(again), Agent())) == [WORDS]


def test_without_approval_no_agent_starts() -> None:
    items = list(ReviewedStream(REVIEW, REVIEWED, PlannedTools(PRICED), None))
    assert [item.tool for item in items if isinstance(item, AgentEvent)] == [Tool.COST_CALCULATOR] * 2


def test_a_price_that_fails_says_that_the_review_is_kept() -> None:
    broken = Called(Outcome.FAILED, {"error": "no rates for CHF"})
    with pytest.raises(AgentError, match=r"could not be priced: no rates for CHF. Retry the session: the review is"):
        list(ReviewedStream(REVIEW, REVIEWED, PlannedTools(broken), Agent()))


def test_closing_it_closes_the_agent_and_starts_none_later() -> None:
    agent = Agent()
    stream = ReviewedStream(REVIEW, REVIEWED, PlannedTools(PRICED), agent)
    items = iter(stream)
    next(items)
    stream.close()
    assert [item.type for item in items if isinstance(item, AgentEvent)] == [AgentEventType.TOOL_RESPONSE]
    assert agent.told == []


@pytest.mark.parametrize(
    ("wants_review", "review", "expected"),
    [
        (False, None, Assignment()),
        (True, None, Assignment(TO_THE_PRICE, ends_with_review=True)),
        (True, Review(3, approve=False), Assignment((), ends_with_review=True)),
        (True, Review(3, approve=True), Assignment(FROM_THE_PRICE)),
        (False, Review(3, approve=True), Assignment(FROM_THE_PRICE)),
        (False, Review(3, approve=False), Assignment((), ends_with_review=True)),
    ],
)
def test_what_the_agent_is_to_do_follows_from_the_request(
    *, wants_review: bool, review: Review | None, expected: Assignment
) -> None:
    request = Request("s-1", replace(SMALL, review=wants_review), 0, review)
    assert assignment_of(request) == expected
