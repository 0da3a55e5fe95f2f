"""CostCalculator: prices and plans the analyzed requirements.

It reads assessment.json, requirements.json and the profile, and writes costs.json, the source of every figure in the
proposal. It keeps the profile beside it, so that the documents use the one that the price was made with.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from schema.assessment import Assessment
from worker.tools.assessment import read_assessment
from worker.tools.costs import Costs, StatedBudget, StatedDeadline, from_json
from worker.tools.facts import Budget
from worker.tools.pricing import assumptions, effort, plan
from worker.tools.pricing.deadlines import StatedDays, sorted_out
from worker.tools.pricing.estimate import Conditions, Estimate, estimate
from worker.tools.pricing.given import NO_CHANGES, Given, Offer, settle
from worker.tools.pricing.outlook import Outlook
from worker.tools.pricing.risks import risks
from worker.tools.pricing.sectors import Sector, sector_of
from worker.tools.profile.profile import Profile
from worker.tools.profile.reading import firms_profile
from worker.tools.requirements import Analysis, Kind, read_requirements
from worker.tools.review.versions import Terms, read_terms
from worker.tools.workbench import Workbench
from worker.tools.workspace import COSTS, PROFILE, digest

HIGH_TIMES = 3
"""How many times the contingency the upper end of the range has. For the most uncertain notes that is about 1.5 times
the price, the upper end for agreed requirements in Boehm's cone of uncertainty (Software Engineering Economics)."""


def run(workbench: Workbench) -> Mapping[str, object]:
    """Price the session's requirements, unless the workspace holds prices for the same input."""
    workspace = workbench.workspace
    assessment = read_assessment(workspace)
    requirements = read_requirements(workspace)
    found = firms_profile(workbench.templates)
    unpriced = {"client_name", "project_name"}
    asked = {name: value for name, value in asdict(assessment).items() if name not in unpriced}
    terms = read_terms(workspace)
    priced = [asked, requirements.as_json(), found.content, asdict(terms)]
    # Without the date, so that a run that is resumed after midnight keeps its prices.
    made_from = digest(json.dumps(priced, default=str).encode())
    existing = workspace.read_json(COSTS) if workspace.made_from(COSTS) == made_from else None
    costs = (
        from_json(existing)
        if existing
        else price(assessment, requirements, found.profile, workbench.today, _offer(terms))
    )
    if not existing:
        workspace.write_json(PROFILE, found.content)
        workspace.write_json(COSTS, costs.as_json(), made_from=made_from)
    return {
        "total_cost": str(costs.total_cost),
        "currency": costs.currency,
        "total_hours": str(costs.total_hours),
        "weeks": costs.weeks,
        "start": costs.start.isoformat(),
        "end": costs.end.isoformat(),
        "team_size": costs.team_size,
        "complexity": costs.complexity_level,
        "assumptions": len(costs.assumptions),
        "risks": len(costs.risks),
        "warnings": list(found.warnings),
        "reused": existing is not None,
    }


def price(
    assessment: Assessment, analysis: Analysis, profile: Profile, today: dt.date, changes: Offer = NO_CHANGES
) -> Costs:
    """The price and the plan, for an offer made today with a reviewer's changes."""
    given = settle(assessment, analysis.facts, profile, today, changes)
    sector = sector_of(assessment.industry)
    days = sorted_out(analysis.facts.deadlines, assessment.requirements.splitlines())
    spare = effort.contingency(analysis.count(Kind.OPEN_QUESTION), analysis.confidence)
    conditions = Conditions(
        profile=profile, given=given, factor=_factor(sector, analysis, spare), available_weeks=_available(given, days)
    )
    whole = estimate(analysis.requirements, conditions)
    dated = plan.phases(given.start, whole.schedule.weeks)
    outlook = Outlook(analysis, sector, conditions, whole, dated, days, analysis.facts.budget, today)
    total = whole.total_cost
    valid_until = today + dt.timedelta(days=profile.terms.validity_days)
    return Costs(
        priced_on=today,
        valid_until=valid_until,
        currency=given.rates.currency,
        complexity_level=analysis.complexity.level,
        team_size=whole.schedule.team_size,
        weeks=whole.schedule.weeks,
        start=given.start,
        end=outlook.end,
        lines=whole.lines(),
        packages=whole.priced_packages(),
        effort=_effort(whole, analysis, profile),
        phases=dated,
        milestones=plan.milestones(dated),
        payments=plan.payments(total, profile.terms.payments, dated, min(valid_until, given.start)),
        assumptions=(
            *given.assumptions,
            assumptions.of_sector(assessment.industry, sector, outlook.formats),
            *assumptions.of_estimate(whole, analysis, assessment.requirements.splitlines(), spare),
            *profile.assumptions,
        ),
        risks=risks(outlook),
        rate_card=given.rates.name,
        low=_rough(total / (100 + spare) * 100, ROUND_FLOOR),
        high=_rough(total / (100 + spare) * (100 + HIGH_TIMES * spare), ROUND_CEILING),
        contingency_percent=spare,
        discount_percent=given.discount_percent,
        budget=_stated_budget(analysis.facts.budget, given.rates.currency, total),
        deadlines=_stated_deadlines(days, outlook.end),
    )


def _offer(terms: Terms) -> Offer:
    """What the reviewers have decided, as the model takes it."""
    return Offer(
        team_size=terms.team_size,
        duration=terms.duration,
        start_date=dt.date.fromisoformat(terms.start_date) if terms.start_date else None,
        currency=terms.currency,
        discount_percent=Decimal(str(terms.discount_percent)),
    )


def _factor(sector: Sector | None, analysis: Analysis, spare: int) -> Decimal:
    """What all hours are multiplied by."""
    regulation = sector.factor if sector else Decimal(1)
    return regulation * effort.COMPLEXITY_FACTORS[analysis.complexity.level] * (1 + Decimal(spare) / 100)


def _available(given: Given, days: StatedDays) -> int | None:
    """The whole weeks up to the go-live that the notes state."""
    return plan.whole_weeks(given.start, days.go_live.date) if days.go_live else None


def _effort(whole: Estimate, analysis: Analysis, profile: Profile) -> dict[str, Decimal]:
    """The hours of each requirement that is built."""
    by_id = {each.id: each for each in analysis.requirements}
    parts: dict[str, Decimal] = {}
    for package in whole.work:
        weights = {each: effort.hours_of(by_id[each], profile.effort) for each in package.requirement_ids}
        parts |= effort.apportion(package.hours, weights, effort.HALF)
    return parts


def _stated_budget(budget: Budget | None, currency: str, total: Decimal) -> StatedBudget | None:
    if budget is None:
        return None
    stated = budget.currency or currency
    return StatedBudget(budget.amount, stated, budget.lines, total - budget.amount if stated == currency else None)


def _stated_deadlines(days: StatedDays, end: dt.date) -> tuple[StatedDeadline, ...]:
    """The days that the end of the plan is measured by. Earlier days are about a part of the work."""
    measured = [*days.freezes, *([days.go_live] if days.go_live else [])]
    return tuple(
        StatedDeadline(each.date, each.lines, (end - each.date).days)
        for each in sorted(measured, key=lambda each: each.date)
    )


def _rough(amount: Decimal, rounding: str) -> Decimal:
    """An amount with at most three digits that are not 0, and in whole hundreds at least, as a range deserves."""
    step = Decimal(10) ** max(2, amount.adjusted() - 2)
    return (amount / step).to_integral_value(rounding) * step
