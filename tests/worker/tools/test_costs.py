"""CostCalculator's model: exact sums, monotone, and no input without effect. Pure; no workspace."""

import dataclasses
import itertools
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worker_tools_samples import SAMPLE, TODAY, proposal

from schema.assessment import Assessment
from worker.tools.costs import Costs, from_json
from worker.tools.pricing import plan
from worker.tools.pricing.calculator import price
from worker.tools.pricing.effort import COMPLEXITY_FACTORS, ITEM_HOURS, MIXES, EffortInput, estimate
from worker.tools.pricing.rate_card import RateCard, standard
from worker.tools.requirements import Analysis, Complexity, Kind, Requirement

LEVELS = list(COMPLEXITY_FACTORS)
PRICED = list(ITEM_HOURS)


def requirements(counts: Mapping[Kind, int], level: str = "Medium") -> Analysis:
    items = tuple(
        Requirement(f"{kind}-{number}", kind, f"{kind} {number}", (number + 1,))
        for kind in Kind
        for number in range(counts.get(kind, 0))
    )
    return Analysis(items, Complexity(level, 0, ()))


COUNTS = st.fixed_dictionaries({kind: st.integers(0, 200) for kind in PRICED})
TEAMS = st.none() | st.integers(1, 1000)
DURATIONS = st.none() | st.integers(1, 520).map(lambda weeks: f"{weeks} weeks")
INDUSTRIES = st.sampled_from([None, "banking", "retail", "beekeeping"])


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    return Assessment("Client", None, draw(INDUSTRIES), "notes", draw(DURATIONS), draw(TEAMS))


def priced(assessment: Assessment, counts: Mapping[Kind, int], level: str = "Medium") -> Costs:
    return price(assessment, requirements(counts, level), standard(), TODAY)


@settings(deadline=None)
@given(assessments(), COUNTS, st.sampled_from(LEVELS))
def test_lines_sum_to_the_totals_exactly_also_as_floats(
    assessment: Assessment, counts: Mapping[Kind, int], level: str
) -> None:
    costs = priced(assessment, counts, level)
    assert sum(line.cost for line in costs.lines) == costs.total_cost
    assert sum(float(line.cost) for line in costs.lines) == float(costs.total_cost) == costs.total_cost
    assert sum(float(line.hours) for line in costs.lines) == float(costs.total_hours) == costs.total_hours
    assert all(float(line.hours) * float(line.hourly_rate) == float(line.cost) for line in costs.lines)
    assert all(line.hours % Decimal("0.5") == 0 for line in costs.lines)


@settings(deadline=None)
@given(assessments(), COUNTS, COUNTS, st.integers(0, 3), st.integers(0, 3))
def test_more_requirements_never_cost_less(
    assessment: Assessment, some: Mapping[Kind, int], more: Mapping[Kind, int], level: int, step: int
) -> None:
    """Whatever is stated or left open, and also where more requirements raise the complexity."""
    fewer = priced(assessment, some, LEVELS[level])
    together = {kind: some[kind] + more[kind] for kind in PRICED}
    all_of_them = priced(assessment, together, LEVELS[min(3, level + step)])
    assert all_of_them.total_cost >= fewer.total_cost
    assert all_of_them.total_hours >= fewer.total_hours


@pytest.mark.parametrize("kind", PRICED)
def test_each_kind_of_requirement_costs_something(kind: Kind) -> None:
    counts = dict.fromkeys(PRICED, 3)
    assert priced(SAMPLE, {**counts, kind: 4}).total_cost > priced(SAMPLE, counts).total_cost


def test_what_is_no_requirement_costs_nothing() -> None:
    counts = dict.fromkeys(PRICED, 3)
    both = {**counts, Kind.OUT_OF_SCOPE: 50}
    assert priced(SAMPLE, both).total_cost == priced(SAMPLE, counts).total_cost


@pytest.mark.parametrize(("lower", "higher"), list(itertools.pairwise(LEVELS)))
def test_complexity_changes_the_price(lower: str, higher: str) -> None:
    counts = dict.fromkeys(PRICED, 10)
    assert priced(SAMPLE, counts, higher).total_cost > priced(SAMPLE, counts, lower).total_cost


@pytest.mark.parametrize(
    ("shorter", "longer"), [("20 weeks", "21 weeks"), ("2 weeks", "3 weeks"), ("90 weeks", "2 years")]
)
def test_the_duration_changes_price_and_plan(shorter: str, longer: str) -> None:
    counts = dict.fromkeys(PRICED, 10)
    short, long = (priced(dataclasses.replace(SAMPLE, duration=text), counts) for text in (shorter, longer))
    assert short.total_cost != long.total_cost
    assert short.weeks < long.weeks
    assert short.phases != long.phases


@pytest.mark.parametrize("size", [1, 2, 3, 4, 8, 9, 50, 999])
def test_the_team_size_changes_price_and_team(size: int) -> None:
    counts = dict.fromkeys(PRICED, 10)
    one, other = (priced(dataclasses.replace(SAMPLE, team_size=people), counts) for people in (size, size + 1))
    assert one.total_cost != other.total_cost
    assert other.team_size == one.team_size + 1


def test_a_larger_team_has_other_roles() -> None:
    counts = dict.fromkeys(PRICED, 10)
    small, large = (priced(dataclasses.replace(SAMPLE, team_size=size), counts) for size in (2, 20))
    assert {line.role for line in large.lines} - {line.role for line in small.lines} >= {
        "Tech Lead",
        "Business Analyst",
    }


def test_the_industry_changes_price_and_assumptions() -> None:
    counts = dict.fromkeys(PRICED, 10)
    industries = ("banking", "retail", "beekeeping", None)
    bank, shop, bees, unknown = (priced(dataclasses.replace(SAMPLE, industry=name), counts) for name in industries)
    assert bank.total_cost > shop.total_cost
    assert len({costs.assumptions for costs in (bank, shop, bees, unknown)}) == 4


def test_the_rate_card_and_the_date_change_what_is_offered() -> None:
    found = requirements(dict.fromkeys(PRICED, 10))
    card = standard()
    dearer = RateCard(
        "Dearer",
        "EUR",
        card.note,
        {role: dataclasses.replace(rate, hourly_rate=rate.hourly_rate + 1) for role, rate in card.rates.items()},
    )
    plain, changed = (price(SAMPLE, found, rates, TODAY) for rates in (card, dearer))
    assert changed.total_cost - plain.total_cost == plain.total_hours
    assert (changed.currency, changed.rate_card) == ("EUR", "Dearer")
    assert (plain.priced_on, plain.valid_until) == ("2026-11-22", "2026-12-22")


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"duration": None}, "No duration was stated"),
        ({"duration": "asap"}, "“asap” could not be read"),
        ({"duration": "6-8 months"}, "the longer end is planned: 35 weeks"),
        ({"duration": "1 week"}, "The schedule is tight"),
        ({"team_size": None}, "No team size was stated"),
        ({"team_size": 500}, "larger than the schedule keeps busy"),
        ({"industry": None}, "The industry was not stated"),
    ],
)
def test_what_was_open_or_odd_is_stated_as_an_assumption(stated: dict[str, Any], said: str) -> None:
    costs = priced(dataclasses.replace(SAMPLE, **stated), dict.fromkeys(PRICED, 20))
    assert said in " ".join(costs.assumptions)


def test_a_tight_schedule_costs_more_than_a_loose_one_and_at_most_half_more() -> None:
    counts = dict.fromkeys(PRICED, 20)
    hours = []
    for weeks in (1, 60):
        given = EffortInput(counts, "Medium", Decimal(1), weeks, 4)
        result = estimate(given)
        hours.append(result.hours["Software Engineer"])
    assert hours[1] < hours[0] <= hours[1] * Decimal("1.5") + 1


def test_a_huge_brief_without_a_team_gets_more_people_rather_than_decades() -> None:
    costs = priced(dataclasses.replace(SAMPLE, team_size=None, duration=None), {Kind.FUNCTIONAL: 500})
    assert costs.weeks == 52
    assert costs.team_size > 5


def test_every_role_of_every_mix_has_a_rate_and_the_shares_add_up() -> None:
    for _, mix in MIXES:
        assert sum(mix.values()) == 1
        assert set(mix) <= set(standard().rates)


@settings(deadline=None)
@given(st.integers(1, 520))
def test_phases_fill_the_project_without_gap_or_overlap(weeks: int) -> None:
    phases = plan.phases(weeks)
    assert phases[0].start_day == 0
    assert phases[-1].end_day == weeks * 5
    assert all(one.end_day == next_one.start_day for one, next_one in itertools.pairwise(phases))
    assert all(phase.start_day < phase.end_day for phase in phases)


@settings(deadline=None)
@given(st.integers(0, 10**9).map(lambda halves: Decimal(halves) / 2))
def test_payments_sum_to_the_price(total: Decimal) -> None:
    assert sum(payment.amount for payment in plan.payments(total)) == total


def test_costs_survive_their_file() -> None:
    costs = proposal(SAMPLE).costs
    value = json.loads(json.dumps(costs.as_json()))
    assert from_json(value) == costs
    assert sum(Decimal(line["cost"]) for line in value["lines"]) == Decimal(value["total_cost"])
    assert all(isinstance(line["cost"], str) for line in value["lines"])
