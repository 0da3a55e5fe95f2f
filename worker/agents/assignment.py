"""Which of the tools the agent calls in a run, and what was done before it.

A session whose price a person reviews takes two runs or more: one up to the price, and one that makes the documents.
What a reviewer changes in between is priced by the worker, without an agent. Pure.
"""

from dataclasses import dataclass

from schema.statuses import Tool
from worker.request import Request

TO_THE_PRICE = (Tool.REQUIREMENTS_ANALYZER, Tool.COST_CALCULATOR)
"""The tools of a run that ends with a review."""

FROM_THE_PRICE = (Tool.TEMPLATE_RETRIEVER, Tool.POWERPOINT_GENERATOR, Tool.SOW_GENERATOR)
"""The tools of a run that a reviewer has let go on."""


@dataclass(frozen=True)
class Assignment:
    """What the agent is to do in a run."""

    tools: tuple[Tool, ...] = tuple(Tool)
    """In the order of the workflow; empty where the worker needs no agent."""
    ends_with_review: bool = False
    """Whether the session waits for a person once it is priced."""


def assignment_of(request: Request) -> Assignment:
    """What the agent is to do for this request."""
    review = request.review
    if review is not None:
        return Assignment(FROM_THE_PRICE) if review.approve else Assignment((), ends_with_review=True)
    return Assignment(TO_THE_PRICE, ends_with_review=True) if request.assessment.review else Assignment()
