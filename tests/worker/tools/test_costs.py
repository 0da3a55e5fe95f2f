"""CostCalculator's model: exact sums, monotone, and no input without effect. Pure; no workspace."""

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from priced_work import DISCIPLINES, LEVELS, analysis, effort_of_work, priced, requirement, requirements
from worker_tools_samples import SAMPLE, SMALL, TODAY, proposal

from schema.assessment import Assessment
from worker.tools.costs import Costs, from_json
from worker.tools.facts import Budget, Facts
from worker.tools.pricing.calculator import price
from worker.tools.pricing.given import Offer
from worker.tools.profile.reading import standard
from worker.tools.requirements import BUILT, Discipline, Kind, Priority, Requirement, Size
from worker.tools.results import cost_data

FEW = settings(deadline=None, max_examples=25)
TEAMS = st.none() | st.integers(1, 60)
DURATIONS = st.none() | st.integers(1, 100).map(lambda weeks: f"{weeks} weeks")
INDUSTRIES = st.sampled_from([None, "banking", "retail", "beekeeping"])


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    return Assessment("Client", None, draw(INDUSTRIES), "notes", draw(DURATIONS), draw(TEAMS))


def some(count: int = 12, size: Size = Size.M) -> tuple[Requirement, ...]:
    kinds = (Kind.FUNCTIONAL, Kind.FUNCTIONAL, Kind.NON_FUNCTIONAL, Kind.INTEGRATION)
    return tuple(requirement(place, kinds[place % 4], size) for place in range(count))


@FEW
@given(assessments(), requirements(), st.sampled_from(LEVELS), st.sampled_from(["0", "3", "7.5", "33.3"]))
def test_lines_packages_and_payments_sum_to_the_totals_exactly_also_as_floats(
    assessment: Assessment, found: Sequence[Requirement], level: str, discount: str
) -> None:
    costs = priced(assessment, found, level, Offer(discount_percent=Decimal(discount)))
    assert sum(line.cost for line in costs.lines) == costs.list_cost == costs.total_cost + costs.discount
    assert sum(package.cost for package in costs.packages) == costs.total_cost
    assert sum(payment.amount for payment in costs.payments) == costs.total_cost
    assert sum(package.hours for package in costs.packages) == costs.total_hours
    published: Any = cost_data(costs)
    assert sum(line["cost"] for line in published["lines"]) == published["totalCost"] == costs.total_cost
    assert sum(line["hours"] for line in published["lines"]) == published["totalHours"] == costs.total_hours
    assert all(line["hours"] * line["hourlyRate"] == line["cost"] for line in published["lines"][: len(costs.lines)])
    assert sum(float(package.cost) for package in costs.packages) == float(costs.total_cost)


@FEW
@given(assessments(), requirements())
def test_hours_are_half_hours_and_rates_and_discounts_are_whole(
    assessment: Assessment, found: Sequence[Requirement]
) -> None:
    costs = priced(assessment, found, changes=Offer(discount_percent=Decimal("12.5")))
    assert all(line.hours % Decimal("0.5") == 0 and line.hourly_rate % 1 == 0 for line in costs.lines)
    assert costs.discount % 1 == 0
    assert costs.low <= costs.total_cost <= costs.high


@FEW
@given(requirements())
def test_a_packages_requirements_have_its_hours(found: Sequence[Requirement]) -> None:
    costs = priced(SAMPLE, found)
    assert set(costs.effort) == {each.id for each in found if each.kind in BUILT}
    for package in costs.packages:
        if package.requirement_ids:
            assert sum(costs.effort[each] for each in package.requirement_ids) == package.hours
        else:
            assert package.description


@FEW
@given(assessments(), requirements(), st.sampled_from([*BUILT, Kind.CONSTRAINT, Kind.OPEN_QUESTION]), DISCIPLINES)
def test_one_requirement_more_never_costs_less(
    assessment: Assessment, found: Sequence[Requirement], kind: Kind, discipline: Discipline
) -> None:
    more = (*found, requirement(len(found), kind, Size.S, discipline=discipline))
    fewer, all_of_them = priced(assessment, found), priced(assessment, more)
    assert all_of_them.total_cost >= fewer.total_cost
    assert all_of_them.total_hours >= fewer.total_hours


@FEW
@given(assessments(), requirements(least=1), st.data())
def test_a_larger_size_never_costs_less(
    assessment: Assessment, found: Sequence[Requirement], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(found) - 1))
    sizes = [
        priced(assessment, [*found[:place], dataclasses.replace(found[place], size=size), *found[place + 1 :]])
        for size in Size
    ]
    costs = [each.total_cost for each in sizes]
    assert costs == sorted(costs)


@FEW
@given(requirements(), st.sampled_from(LEVELS))
def test_a_regulated_industry_never_costs_less(found: Sequence[Requirement], level: str) -> None:
    shop, bank = (priced(dataclasses.replace(SAMPLE, industry=name), found, level) for name in ("retail", "banking"))
    assert bank.total_cost >= shop.total_cost


@FEW
@given(assessments(), requirements())
def test_leaving_out_what_could_be_left_never_costs_more(assessment: Assessment, found: Sequence[Requirement]) -> None:
    fewer = [each for each in found if each.priority is not Priority.COULD]
    assert priced(assessment, fewer).total_cost <= priced(assessment, found).total_cost


@FEW
@given(DURATIONS, requirements(), st.integers(1, 40), st.integers(1, 20))
def test_a_bigger_team_never_lengthens_the_plan_nor_changes_the_work(
    duration: str | None, found: Sequence[Requirement], size: int, more: int
) -> None:
    small, large = (
        priced(Assessment("Client", None, None, "notes", duration, people), found) for people in (size, size + more)
    )
    assert large.weeks <= small.weeks
    assert effort_of_work(large) == effort_of_work(small)


def test_a_team_larger_than_usual_takes_hours_for_coordination_and_says_so() -> None:
    usual, large = (priced(dataclasses.replace(SAMPLE, team_size=size, duration=None), some(100)) for size in (6, 14))
    assert large.weeks < usual.weeks
    assert management(large) > management(usual)
    assert "coordination" in " ".join(large.assumptions)


def test_a_longer_plan_takes_more_management() -> None:
    short, long = (priced(dataclasses.replace(SAMPLE, duration=text), some(20)) for text in ("30 weeks", "40 weeks"))
    assert management(long) > management(short)
    assert effort_of_work(long) == effort_of_work(short)


def test_no_team_does_the_work_in_less_than_three_quarters_of_the_usual_time() -> None:
    usual = priced(Assessment("C", None, None, "n", None, None), some(100))
    crowd = priced(Assessment("C", None, None, "n", None, 200), some(100))
    assert 0.7 < crowd.weeks / usual.weeks < 0.8


def management(costs: Costs) -> Decimal:
    return costs.packages[-1].hours


@pytest.mark.parametrize(("kinds"), [(kind, other) for kind in BUILT for other in BUILT])
def test_a_two_line_request_is_days_of_work_and_few_roles(kinds: Sequence[Kind]) -> None:
    found = [requirement(place, kind, Size.M) for place, kind in enumerate(kinds)]
    costs = priced(Assessment("C", None, None, "n", None, None), found, "Low")
    assert costs.total_hours < 130 if kinds == (Kind.INTEGRATION,) * 2 else costs.total_hours < 120
    assert costs.weeks <= 3
    assert len(costs.lines) <= 6
    assert all(line.hours >= 6 for line in costs.lines)
    assert len(costs.phases) in {3, 5}


def test_three_hundred_requirements_are_a_programme_and_not_a_century() -> None:
    costs = priced(Assessment("C", None, None, "n", None, None), some(300), "Very High")
    assert 10_000 < costs.total_hours < 30_000
    assert 30 <= costs.weeks <= 104
    assert costs.team_size <= 25


def test_roles_follow_from_disciplines() -> None:
    wifi = priced(
        SAMPLE, [requirement(place, Kind.FUNCTIONAL, Size.L, Discipline.INFRASTRUCTURE) for place in range(9)]
    )
    migration = priced(SAMPLE, [requirement(place, Kind.FUNCTIONAL, Size.L, Discipline.DATA) for place in range(9)])
    assert not {"Experience Designer", "Software Engineer"} & {line.role for line in wifi.lines}
    assert "Data Engineer" in {line.role for line in migration.lines}


@pytest.mark.parametrize("kind", [*BUILT, Kind.OPEN_QUESTION, Kind.CONSTRAINT])
def test_each_kind_of_requirement_costs_something(kind: Kind) -> None:
    assert priced(SAMPLE, (*some(), requirement(99, kind))).total_cost > priced(SAMPLE, some()).total_cost


def test_what_is_out_of_scope_costs_nothing() -> None:
    excluded = [requirement(100 + place, Kind.OUT_OF_SCOPE) for place in range(50)]
    assert priced(SAMPLE, (*some(), *excluded)).total_cost == priced(SAMPLE, some()).total_cost


def test_complexity_raises_the_price() -> None:
    costs = [priced(SAMPLE, some(), level).total_cost for level in LEVELS]
    assert costs == sorted(set(costs))


def test_what_was_not_understood_raises_price_and_range() -> None:
    sure, unsure = (priced(SAMPLE, dataclasses.replace(analysis(some()), confidence=share)) for share in (1.0, 0.6))
    assert unsure.total_cost > sure.total_cost
    assert unsure.contingency_percent > sure.contingency_percent
    assert unsure.high - unsure.low > sure.high - sure.low


def test_the_industry_changes_price_and_assumptions() -> None:
    industries = ("banking", "retail", "beekeeping", None)
    bank, shop, bees, unknown = (priced(dataclasses.replace(SAMPLE, industry=name), some()) for name in industries)
    assert bank.total_cost > shop.total_cost
    assert len({costs.assumptions for costs in (bank, shop, bees, unknown)}) == 4


def test_a_discount_is_taken_off_the_packages_and_is_a_line_of_its_own() -> None:
    plain, cheaper = (priced(SAMPLE, some(), changes=Offer(discount_percent=share)) for share in (None, Decimal(10)))
    assert cheaper.list_cost == plain.total_cost
    assert cheaper.discount == (plain.total_cost / 10).quantize(Decimal(1))
    published: Any = cost_data(cheaper)
    assert published["lines"][-1] == {
        "role": "Discount", "hours": 0, "hourlyRate": 0, "cost": -float(cheaper.discount)
    }  # fmt: skip
    assert [line["role"] for line in cost_data(plain)["lines"]] == [line.role for line in plain.lines]  # type: ignore[attr-defined]  # a list of objects


def test_costs_survive_their_file() -> None:
    facts = Facts(budget=Budget(Decimal(10), "USD", (1,)))
    for costs in (proposal(SAMPLE).costs, proposal(SMALL).costs, priced(SAMPLE, analysis(some(), facts=facts))):
        value = json.loads(json.dumps(costs.as_json()))
        assert from_json(value) == costs
        assert isinstance(value["packages"][0]["cost"], str)


def test_the_date_of_the_offer_moves_everything_that_nobody_stated() -> None:
    one, later = (price(SAMPLE, analysis(some()), standard(), day) for day in (TODAY, TODAY + dt.timedelta(days=7)))
    assert (later.priced_on - one.priced_on, later.start - one.start, later.end - one.end) == (
        dt.timedelta(days=7),
    ) * 3
    assert one.valid_until == one.priced_on + dt.timedelta(days=standard().terms.validity_days)
