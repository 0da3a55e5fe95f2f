"""The plan's weeks and dates: working days only, no gaps, phases that fit the length, payments that resolve."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.tools.pricing import plan, schedule
from worker.tools.profile.reading import standard

FEW = settings(deadline=None, max_examples=40)
WORKING_DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1)).map(plan.first_working_day)
HOURS = st.integers(1, 200_000).map(Decimal)


@FEW
@given(WORKING_DAYS, st.integers(1, 520))
def test_phases_fill_the_project_without_gap_or_overlap(start: dt.date, weeks: int) -> None:
    phases = plan.phases(start, weeks)
    assert phases[0].start == start
    assert phases[-1].end == plan.working_day(start, weeks * 5 - 1)
    assert all(plan.working_day(one.end, 1) == after.start for one, after in itertools.pairwise(phases))
    assert all(phase.start <= phase.end for phase in phases)
    assert all(day.weekday() < 5 for phase in phases for day in (phase.start, phase.end))


@pytest.mark.parametrize("weeks", [1, 2, 3, 40])
def test_small_projects_have_fewer_phases_and_every_payment_has_its_day(weeks: int) -> None:
    start = dt.date(2027, 3, 1)
    phases = plan.phases(start, weeks)
    assert len(phases) == (3 if weeks < 3 else 5)
    assert [each.date for each in plan.milestones(phases)] == [phase.end for phase in phases]
    signed = dt.date(2027, 2, 1)
    dates = [each.date for each in plan.payments(Decimal(1000), standard().terms.payments, phases, signed)]
    assert dates[0] == signed
    assert all(start <= day <= phases[-1].end for day in dates[1:])
    assert dates == sorted(dates)


@FEW
@given(st.integers(0, 10**9).map(lambda halves: Decimal(halves) / 2), st.integers(1, 60))
def test_payments_sum_to_the_price(total: Decimal, weeks: int) -> None:
    phases = plan.phases(dt.date(2027, 3, 1), weeks)
    paid = plan.payments(total, standard().terms.payments, phases, dt.date(2027, 2, 1))
    assert sum(payment.amount for payment in paid) == total
    assert all(payment.amount % 1 == 0 for payment in paid[:-1])


@FEW
@given(WORKING_DAYS, st.integers(0, 800))
def test_the_whole_weeks_up_to_a_day_end_by_it_and_one_more_would_not(start: dt.date, days: int) -> None:
    end = start + dt.timedelta(days=days)
    weeks = plan.whole_weeks(start, end)
    assert plan.working_day(start, weeks * 5 + 4) > end
    assert weeks == 0 or plan.working_day(start, weeks * 5 - 1) <= end


def test_no_week_fits_before_the_start() -> None:
    assert plan.whole_weeks(dt.date(2027, 3, 1), dt.date(2026, 3, 1)) == 0


@FEW
@given(HOURS, HOURS, st.none() | st.integers(1, 80), st.none() | st.integers(1, 80), st.none() | st.integers(1, 80))
def test_more_work_never_takes_less_time(
    hours: Decimal, more: Decimal, team: int | None, weeks: int | None, available: int | None
) -> None:
    one, other = (
        schedule.plan(each, 30, team=team, weeks=weeks, available=available) for each in (hours, hours + more)
    )
    assert other.exact_weeks >= one.exact_weeks
    assert other.weeks >= one.weeks


@FEW
@given(HOURS, st.integers(1, 200))
def test_the_team_that_is_named_for_some_weeks_keeps_them_and_a_smaller_one_does_not(
    hours: Decimal, weeks: int
) -> None:
    team = schedule.team_for(hours, 30, weeks)
    if team is None:
        assert schedule.plan(hours, 30, team=10_000).weeks > weeks
    else:
        assert schedule.plan(hours, 30, team=team).weeks <= weeks
        assert team == 1 or schedule.plan(hours, 30, team=team - 1).weeks > weeks


@FEW
@given(HOURS, st.none() | st.integers(1, 200))
def test_a_team_that_nobody_stated_suffices_for_its_plan(hours: Decimal, weeks: int | None) -> None:
    planned = schedule.plan(hours, 30, weeks=weeks)
    assert planned.team_size * planned.weeks * 30 >= hours
