"""A reviewer's list applied to an analysis: ids, sizes and what is said to have changed. Pure."""

from typing import Any

import pytest

from schema.requirements import RequirementKind, RequirementPriority, RequirementSize
from schema.review import ReviewedRequirement
from worker.tools.requirements import Analysis, Complexity, Discipline, Kind, Priority, Requirement, Size
from worker.tools.review.changes import reviewed

FOUND = Analysis(
    (
        Requirement(
            "FR-1", Kind.FUNCTIONAL, "Book online", (3,), Priority.MUST, "Booking", Size.M, "usual", Discipline.DATA
        ),
        Requirement("FR-2", Kind.FUNCTIONAL, "Cancel online", (4,), Priority.MUST, "Booking", Size.S, "small"),
        Requirement("Q-1", Kind.OPEN_QUESTION, "Who hosts it?", (9,)),
    ),
    Complexity("Low", 5, ()),
    confidence=0.5,
    warnings=("Little was understood.",),
)


def as_given(each: Requirement, **changes: object) -> ReviewedRequirement:
    given: dict[str, Any] = {
        "id": each.id,
        "kind": RequirementKind(each.kind),
        "text": each.text,
        "work_package": each.work_package,
        "size": RequirementSize(each.size) if each.size else None,
        "priority": RequirementPriority(each.priority),
    }
    return ReviewedRequirement(**{**given, **changes})


AS_IT_IS = [as_given(each) for each in FOUND.requirements]


def test_the_same_list_changes_nothing() -> None:
    analysis, changes = reviewed(FOUND, AS_IT_IS)
    assert analysis is FOUND
    assert not changes.any


def test_a_new_requirement_gets_a_number_that_nobody_ever_had() -> None:
    new = ReviewedRequirement(None, RequirementKind.FUNCTIONAL, "Pay by card", "Payment", RequirementSize.L)
    analysis, changes = reviewed(FOUND, [*AS_IT_IS, new], {"FR": 7})
    added = analysis.requirements[-1]
    assert (added.id, added.lines, added.size, added.work_package) == ("FR-8", (), Size.L, "Payment")
    assert changes.added == ("FR-8",)
    assert changes.numbers == {"FR": 8, "Q": 1}


def test_a_removed_number_is_not_given_again() -> None:
    analysis, changes = reviewed(FOUND, [AS_IT_IS[0]])
    assert changes.removed == ("FR-2", "Q-1")
    later, _ = reviewed(
        analysis,
        [as_given(each) for each in analysis.requirements]
        + [ReviewedRequirement(None, RequirementKind.FUNCTIONAL, "Cancel by phone")],
        changes.numbers,
    )
    assert [each.id for each in later.requirements] == ["FR-1", "FR-3"]


def test_another_kind_changes_the_prefix_and_keeps_the_lines() -> None:
    moved = as_given(FOUND.requirements[0], kind=RequirementKind.OUT_OF_SCOPE)
    analysis, changes = reviewed(FOUND, [moved, *AS_IT_IS[1:]])
    first = analysis.requirements[0]
    assert (first.id, first.lines, first.size, first.work_package, first.discipline) == (
        "OUT-1",
        (3,),
        None,
        None,
        None,
    )
    assert changes.renamed == {"FR-1": "OUT-1"}
    assert not changes.removed


def test_a_merged_requirement_has_the_lines_that_the_reviewer_names() -> None:
    merged = as_given(FOUND.requirements[0], text="Book online. Cancel online.", lines=(3, 4))
    analysis, changes = reviewed(FOUND, [merged, AS_IT_IS[2]])
    assert [(each.id, each.lines) for each in analysis.requirements] == [("FR-1", (3, 4)), ("Q-1", (9,))]
    assert (changes.changed, changes.removed) == (("FR-1",), ("FR-2",))


@pytest.mark.parametrize("lines", [(3, 7), ()])
def test_other_lines_alone_are_a_change(lines: tuple[int, ...]) -> None:
    analysis, changes = reviewed(FOUND, [as_given(FOUND.requirements[0], lines=lines), *AS_IT_IS[1:]])
    assert (analysis.requirements[0].lines, changes.changed) == (lines, ("FR-1",))


def test_the_same_lines_are_no_change() -> None:
    analysis, changes = reviewed(FOUND, [as_given(each, lines=each.lines) for each in FOUND.requirements])
    assert analysis is FOUND
    assert not changes.any


def test_the_new_part_of_a_split_requirement_has_its_lines_and_a_new_kind_takes_others() -> None:
    part = ReviewedRequirement(None, RequirementKind.FUNCTIONAL, "Pay online", lines=(3,))
    moved = as_given(FOUND.requirements[2], kind=RequirementKind.CONSTRAINT, lines=(8, 9))
    analysis, _ = reviewed(FOUND, [*AS_IT_IS[:2], moved, part])
    assert [(each.id, each.lines) for each in analysis.requirements[2:]] == [("CON-1", (8, 9)), ("FR-3", (3,))]


def test_a_size_by_the_reviewer_says_so_and_the_rest_stays() -> None:
    larger = as_given(FOUND.requirements[0], size=RequirementSize.XL)
    analysis, changes = reviewed(FOUND, [larger, *AS_IT_IS[1:]])
    first = analysis.requirements[0]
    assert (first.size, first.size_reason, first.discipline) == (Size.XL, "set by the reviewer", Discipline.DATA)
    assert changes.changed == ("FR-1",)


def test_what_the_reviewer_leaves_out_of_an_entry_stays() -> None:
    bare = ReviewedRequirement("FR-1", RequirementKind.FUNCTIONAL, "Book online")
    analysis, changes = reviewed(FOUND, [bare, *AS_IT_IS[1:]])
    assert analysis is FOUND
    assert not changes.any


def test_a_person_vouches_for_the_list() -> None:
    analysis, _ = reviewed(FOUND, AS_IT_IS[:1])
    assert (analysis.confidence, analysis.warnings, analysis.reader) == (1.0, (), "rules, reviewed")
    again, _ = reviewed(analysis, [])
    assert again.reader == "rules, reviewed"


@pytest.mark.parametrize("listed", [[as_given(FOUND.requirements[0], id="FR-99")], [AS_IT_IS[0], AS_IT_IS[0]]])
def test_an_id_that_is_unknown_or_named_twice_is_a_new_requirement(listed: list[ReviewedRequirement]) -> None:
    analysis, changes = reviewed(FOUND, listed)
    assert analysis.requirements[-1].id == "FR-3"
    assert changes.added == ("FR-3",)


def test_another_order_makes_another_list() -> None:
    analysis, changes = reviewed(FOUND, list(reversed(AS_IT_IS)))
    assert [each.id for each in analysis.requirements] == ["Q-1", "FR-2", "FR-1"]
    assert not changes.any
