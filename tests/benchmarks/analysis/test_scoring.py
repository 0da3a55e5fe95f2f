"""The scores of the analysis benchmark, on labels and analyses made by hand."""

import pytest

from tests.benchmarks.analysis.corpus import Brief, Item
from tests.benchmarks.analysis.scoring import score
from worker.tools.requirements import Analysis, Complexity, Kind, Requirement


def brief(*items: tuple[str, set[int]], facts: dict[str, object] | None = None) -> Brief:
    labelled = tuple(Item(kind, frozenset(lines)) for kind, lines in items)
    return Brief("one", "", "en", "notes", labelled, facts or {}, asks_for_nothing=False)


def analysis(*found: tuple[Kind, tuple[int, ...]]) -> Analysis:
    items = tuple(Requirement(f"R-{place}", kind, "text", lines) for place, (kind, lines) in enumerate(found))
    return Analysis(items, Complexity("Low", 0, ()))


def test_an_item_matches_when_its_kind_is_equal_and_its_lines_intersect() -> None:
    labels = brief(("FUNCTIONAL", {1, 2}), ("FUNCTIONAL", {5}), ("INTEGRATION", {7}))
    result = score(labels, analysis((Kind.FUNCTIONAL, (2,)), (Kind.FUNCTIONAL, (9,)), (Kind.FUNCTIONAL, (7,))))
    assert result.precision("FUNCTIONAL") == pytest.approx(100 / 3)
    assert result.recall("FUNCTIONAL") == 50
    assert result.recall("INTEGRATION") == 0
    assert result.precision("INTEGRATION") is None


def test_items_match_one_to_one_in_the_largest_number() -> None:
    labels = brief(("FUNCTIONAL", {1}), ("FUNCTIONAL", {1, 2}))
    result = score(labels, analysis((Kind.FUNCTIONAL, (1, 2)), (Kind.FUNCTIONAL, (2,)), (Kind.FUNCTIONAL, (1,))))
    assert result.matched["FUNCTIONAL"] == 2


def test_noise_is_what_is_priced_on_lines_that_ask_for_nothing() -> None:
    labels = brief(("CONSTRAINT", {1}))
    found = analysis((Kind.FUNCTIONAL, (1,)), (Kind.FUNCTIONAL, (2,)), (Kind.OPEN_QUESTION, (3,)))
    assert score(labels, found).noise == 50


def test_a_fact_counts_with_its_value_only() -> None:
    labels = brief(
        facts={"budget": {"amount": 5, "currency": "EUR", "lines": [1]}, "deadlines": [{"date": "2027-01-01"}]}
    )
    result = score(labels, analysis())
    assert (result.facts_right, result.facts_labelled) == (0, 2)
