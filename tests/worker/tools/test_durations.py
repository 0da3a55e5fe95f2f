"""Durations and industries as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.tools.pricing.durations import LONGEST_WEEKS, Duration, read_duration
from worker.tools.pricing.sectors import sector_of, slug


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("6 months", 26),
        ("six months", 26),
        ("about 6 months, maybe", 26),
        ("12 weeks", 12),
        ("12w", 12),
        ("half a year", 26),
        ("1.5 years", 78),
        ("one and a half years", 78),
        ("4,5 months", 20),
        ("an 18-month programme", 78),
        ("90 days", 13),
        ("60 working days", 12),
        ("3 sprints", 6),
        ("two quarters", 26),
        ("2 months and 2 weeks", 11),
        ("Q1 2027", 13),
        ("Q1-Q2 2027", 26),
        ("Q4 2026 to Q1 2027", 26),
        ("1 day", 1),
    ],
)
def test_a_duration_is_read_in_weeks(text: str, weeks: int) -> None:
    assert read_duration(text) == Duration(weeks)


@pytest.mark.parametrize("text", ["6-8 weeks", "6 to 8 weeks", "6 \N{EN DASH} 8 weeks"])
def test_of_a_range_the_longer_end_counts_and_is_marked(text: str) -> None:
    assert read_duration(text) == Duration(8, longer_end=True)


@pytest.mark.parametrize(
    "text",
    [None, "", "as soon as possible", "until March", "0 weeks", "1000 years", "5,125 days", "Q3 to Q1", "months"],
)
def test_what_names_no_length_is_not_guessed(text: str | None) -> None:
    assert read_duration(text) is None


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_text_is_read_or_refused(text: str) -> None:
    duration = read_duration(text)
    assert duration is None or 1 <= duration.weeks <= LONGEST_WEEKS


@pytest.mark.parametrize(
    ("industry", "name"),
    [
        ("Healthcare", "healthcare"),
        ("Private hospitals", "healthcare"),
        ("Public sector (municipal)", "public-sector"),
        ("Retail banking", "banking"),
        ("Motor insurance", "insurance"),
        ("Regional logistics", "logistics"),
        ("e-commerce", "retail"),
        ("IT", "technology"),
    ],
)
def test_an_industry_belongs_to_the_strictest_sector_its_words_name(industry: str, name: str) -> None:
    sector = sector_of(industry)
    assert sector is not None
    assert sector.slug == name


def test_an_unknown_industry_has_no_sector() -> None:
    assert sector_of("Beekeeping") is None
    assert sector_of(None) is None


def test_a_regulated_sector_costs_more_than_an_unregulated_one() -> None:
    bank, shop = sector_of("banking"), sector_of("retail")
    assert bank is not None
    assert shop is not None
    assert bank.factor > shop.factor == Decimal(1)


def test_an_industry_becomes_a_folder_name() -> None:
    assert slug("  Énergie & Eau_publique ") == "energie-eau-publique"
    assert slug("../../etc") == "etc"
    assert slug("!") == ""
