"""A reviewer's input at the edge: what it may hold, every fault at once, and what it becomes."""

import json
from typing import Any

import pytest

from resolvers.api import reviews
from resolvers.errors import InvalidInputError
from schema.limits import REVIEWED_REQUIREMENTS_BYTES
from schema.requirements import RequirementKind, RequirementPriority, RequirementSize
from schema.review import Review, ReviewedRequirement


def requirement(**changes: object) -> dict[str, Any]:
    return {"kind": "FUNCTIONAL", "text": "Orders are shown.", **changes}


def given(**changes: object) -> dict[str, Any]:
    return {"revision": 7, "approve": False, **changes}


def faults(arguments: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInputError) as refused:
        reviews.review(arguments)
    assert isinstance(refused.value.info, list)
    return [(fault["field"], fault["message"]) for fault in refused.value.info]


def test_a_review_becomes_the_revision_after_the_one_that_was_seen() -> None:
    assert reviews.review(given()) == Review(8, approve=False)


def test_everything_that_a_reviewer_says_is_kept() -> None:
    listed = [
        requirement(id="FR-1", workPackage="Orders", size="XL", priority="COULD"),
        requirement(kind="OPEN_QUESTION", text="Who hosts it?", workPackage=" ", lines=[9, 3, 9]),
    ]
    review = reviews.review(
        given(
            approve=True,
            requirements=listed,
            teamSize=4,
            duration="5 months",
            startDate="2027-03-01+01:00",
            currency="EUR",
            discountPercent=5,
            note="Agreed by phone.",
        )
    )
    assert review == Review(
        8,
        approve=True,
        requirements=(
            ReviewedRequirement(
                "FR-1",
                RequirementKind.FUNCTIONAL,
                "Orders are shown.",
                "Orders",
                RequirementSize.XL,
                RequirementPriority.COULD,
            ),
            ReviewedRequirement(None, RequirementKind.OPEN_QUESTION, "Who hosts it?", lines=(3, 9)),
        ),
        team_size=4,
        duration="5 months",
        start_date="2027-03-01",
        currency="EUR",
        discount_percent=5.0,
        note="Agreed by phone.",
    )
    assert Review.from_api(review.as_api()) == review


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"revision": -1}, "revision"),
        ({"teamSize": 1001}, "teamSize"),
        ({"duration": "x" * 101}, "duration"),
        ({"startDate": "2027-02-30"}, "startDate"),
        ({"startDate": "tomorrow"}, "startDate"),
        ({"currency": "euro"}, "currency"),
        ({"currency": "eur"}, "currency"),
        ({"discountPercent": -0.1}, "discountPercent"),
        ({"discountPercent": 100.1}, "discountPercent"),
        ({"discountPercent": float("nan")}, "discountPercent"),
        ({"note": "x" * 1001}, "note"),
        ({"requirements": []}, "requirements"),
        ({"requirements": [requirement()] * 501}, "requirements"),
        ({"requirements": [requirement(), requirement(text=" ")]}, "requirements.1.text"),
        ({"requirements": [requirement(text="x" * 2001)]}, "requirements.0.text"),
        ({"requirements": [requirement(workPackage="x" * 101)]}, "requirements.0.workPackage"),
        ({"requirements": [requirement(id="x" * 21)]}, "requirements.0.id"),
        ({"requirements": [requirement(id="FR-1"), requirement(), requirement(id="FR-1")]}, "requirements.2.id"),
        ({"requirements": [requirement(lines=[3, 0])]}, "requirements.0.lines"),
        ({"requirements": [requirement(), requirement(lines=[100_001])]}, "requirements.1.lines"),
        ({"requirements": [requirement(lines=[7] * 201)]}, "requirements.0.lines"),
        ({"requirements": [requirement(text="half a pair: \ud83d")]}, "requirements.0.text"),
    ],
)
def test_a_review_beyond_a_limit_is_refused_with_the_field(changes: dict[str, Any], field: str) -> None:
    assert [name for name, _ in faults(given(**changes))] == [field]


def test_lines_up_to_the_limits_are_taken_and_none_is_not_the_same_as_no_lines() -> None:
    most = [*range(1, 200), 100_000]
    listed = [requirement(lines=most), requirement(lines=[]), requirement(lines=None), requirement()]
    review = reviews.review(given(requirements=listed))
    assert review.requirements is not None
    assert [each.lines for each in review.requirements] == [tuple(most), (), None, None]


def test_a_review_that_was_stored_before_requirements_had_lines_is_read() -> None:
    stored = json.loads(json.dumps(reviews.review(given(requirements=[requirement(id="FR-1")])).as_api()))
    del stored["requirements"][0]["lines"]
    assert Review.from_api(stored).requirements == (
        ReviewedRequirement("FR-1", RequirementKind.FUNCTIONAL, "Orders are shown."),
    )


def test_every_fault_is_told_at_once() -> None:
    listed = [requirement(text=""), requirement(id="x" * 30)]
    fields = [name for name, _ in faults(given(teamSize=0, requirements=listed))]
    assert sorted(fields) == ["requirements.0.text", "requirements.1.id", "teamSize"]


@pytest.mark.parametrize("letter", ["x", "語", "🚀", "\x01", '"'])
def test_a_list_that_would_not_fit_is_refused_whatever_its_letters(letter: str) -> None:
    """Each of them is short enough. Together they would not fit into the worker's event."""
    [(field, message)] = faults(given(requirements=[requirement(text=letter * 2000)] * 120))
    assert field == "requirements"
    assert f"at most {REVIEWED_REQUIREMENTS_BYTES} bytes" in message
    assert "shorten or merge" in message
