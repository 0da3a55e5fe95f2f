"""The comparison of sizes, on labels and analyses made by hand, and the form of the sizes by hand."""

import pytest

from tests.benchmarks.analysis.corpus import briefs
from tests.benchmarks.analysis.sizes import Sized, SizedBrief, agreement, compared, sized_briefs
from worker.tools.requirements import Analysis, Complexity, Kind, Requirement, Size


def analysis(*found: tuple[Kind, tuple[int, ...], Size]) -> Analysis:
    items = tuple(
        Requirement(f"R-{place}", kind, "text", lines, size=size) for place, (kind, lines, size) in enumerate(found)
    )
    return Analysis(items, Complexity("Low", 0, ()))


def test_a_size_by_hand_is_compared_with_the_requirement_of_its_kind_and_lines() -> None:
    labels = [Sized(Kind.FUNCTIONAL, frozenset({1, 2}), Size.L), Sized(Kind.INTEGRATION, frozenset({9}), Size.S)]
    found = analysis(
        (Kind.INTEGRATION, (1, 2), Size.S), (Kind.FUNCTIONAL, (1,), Size.M), (Kind.CONSTRAINT, (9,), Size.S)
    )
    assert [pair.found.id for pair in compared(labels, found)] == ["R-1"]


def test_agreement_counts_the_pairs_that_are_at_most_so_many_steps_apart() -> None:
    labels = [Sized(Kind.FUNCTIONAL, frozenset({place}), Size.M) for place in (1, 2, 3, 4)]
    sizes = (Size.M, Size.S, Size.L, Size.XL)
    found = analysis(*((Kind.FUNCTIONAL, (place,), size) for place, size in enumerate(sizes, start=1)))
    pairs = list(compared(labels, found))
    assert [pair.steps for pair in pairs] == [0, -1, 1, 2]
    assert (agreement(pairs, 0), agreement(pairs, 1)) == (25, 75)


@pytest.mark.parametrize("sized", list(sized_briefs()), ids=lambda sized: sized.name)
def test_each_size_by_hand_is_that_of_a_labelled_requirement(sized: SizedBrief) -> None:
    (brief,) = (one for one in briefs() if one.name == sized.name)
    labelled = {(item.kind, item.lines) for item in brief.items}
    assert {(one.kind.value, one.lines) for one in sized.sizes} <= labelled
