"""CostCalculator: prices and plans the analyzed requirements.

It reads assessment.json, requirements.json and the profile, and writes costs.json, the source of every figure in the
proposal. It keeps the profile beside it, so that the documents use the one that the price was made with.
"""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal

from schema.assessment import Assessment
from worker.tools.assessment import read_assessment
from worker.tools.costs import CostLine, Costs, Package, from_json
from worker.tools.pricing import effort, plan, schedule
from worker.tools.pricing.durations import read_duration
from worker.tools.pricing.effort import PackageEffort
from worker.tools.pricing.sectors import sector_of
from worker.tools.profile.profile import Profile, RateCard
from worker.tools.profile.reading import FILE as PROFILE_FILE
from worker.tools.profile.reading import standard
from worker.tools.requirements import Analysis, Kind, read_requirements
from worker.tools.workbench import Workbench
from worker.tools.workspace import COSTS, PROFILE, digest


def run(workbench: Workbench) -> Mapping[str, object]:
    """Price the session's requirements, unless the workspace holds prices for the same input."""
    workspace = workbench.workspace
    assessment = read_assessment(workspace)
    requirements = read_requirements(workspace)
    priced = [assessment.industry, assessment.duration, assessment.team_size, requirements.as_json()]
    # Without the date, so that a run that is resumed after midnight keeps its prices.
    made_from = digest(json.dumps(priced).encode(), PROFILE_FILE.read_bytes())
    existing = workspace.read_json(COSTS) if workspace.made_from(COSTS) == made_from else None
    costs = from_json(existing) if existing else price(assessment, requirements, standard(), workbench.today)
    if not existing:
        workspace.write_json(PROFILE, json.loads(PROFILE_FILE.read_text(encoding="utf-8")))
        workspace.write_json(COSTS, costs.as_json(), made_from=made_from)
    return {
        "total_cost": str(costs.total_cost),
        "currency": costs.currency,
        "total_hours": str(costs.total_hours),
        "weeks": costs.weeks,
        "team_size": costs.team_size,
        "complexity": costs.complexity_level,
        "assumptions": len(costs.assumptions),
        "reused": existing is not None,
    }


def price(assessment: Assessment, analysis: Analysis, profile: Profile, today: dt.date) -> Costs:
    """The price and the plan, for an offer made today."""
    stated = read_duration(assessment.duration)
    sector = sector_of(assessment.industry)
    spare = effort.contingency(analysis.count(Kind.OPEN_QUESTION), analysis.confidence)
    factor = (
        (sector.factor if sector else Decimal(1))
        * effort.COMPLEXITY_FACTORS[analysis.complexity.level]
        * (1 + Decimal(spare) / 100)
    )
    built = effort.built_packages(analysis.requirements, profile.effort, factor)
    work = [effort.set_up(analysis.requirements, sum((each.hours for each in built), Decimal(0)), factor), *built]
    hours = sum((each.hours for each in work), Decimal(0))
    weekly = profile.effort.productive_hours_per_week
    planned = schedule.plan(hours, weekly, team=assessment.team_size, weeks=stated.weeks if stated else None)
    efforts = (*work, effort.management(hours, planned.weeks, planned.people(hours, weekly)))
    rates = profile.rate_card(None)
    start = plan.first_working_day(today + dt.timedelta(days=profile.terms.lead_time_days))
    dated = plan.phases(start, planned.weeks)
    packages = _packages(efforts, rates)
    total = sum((package.cost for package in packages), Decimal(0))
    return Costs(
        priced_on=today,
        valid_until=today + dt.timedelta(days=profile.terms.validity_days),
        currency=rates.currency,
        complexity_level=analysis.complexity.level,
        team_size=planned.team_size,
        weeks=planned.weeks,
        start=start,
        end=dated[-1].end,
        lines=_lines(efforts, rates, profile, planned.weeks),
        packages=packages,
        effort=_effort(built, analysis, profile),
        phases=dated,
        milestones=plan.milestones(dated),
        payments=plan.payments(total, profile.terms.payments, dated, today),
        assumptions=profile.assumptions,
        risks=(),
        rate_card=rates.name,
        low=(total * Decimal("0.95")).quantize(Decimal(1)),
        high=(total * Decimal("1.15")).quantize(Decimal(1)),
        contingency_percent=spare,
    )


def _packages(efforts: tuple[PackageEffort, ...], rates: RateCard) -> tuple[Package, ...]:
    return tuple(
        Package(
            each.name,
            each.requirement_ids,
            each.hours,
            sum((hours * rates.rates[role] for role, hours in each.roles.items()), Decimal(0)),
        )
        for each in efforts
    )


def _lines(efforts: tuple[PackageEffort, ...], rates: RateCard, profile: Profile, weeks: int) -> tuple[CostLine, ...]:
    by_role = {role: sum((each.roles.get(role, Decimal(0)) for each in efforts), Decimal(0)) for role in profile.roles}
    return tuple(
        CostLine(role, profile.roles[role], hours, rates.rates[role], (hours / weeks).quantize(Decimal("0.1")))
        for role, hours in by_role.items()
        if hours
    )


def _effort(built: tuple[PackageEffort, ...], analysis: Analysis, profile: Profile) -> dict[str, Decimal]:
    by_id = {each.id: each for each in analysis.requirements}
    parts: dict[str, Decimal] = {}
    for package in built:
        weights = {each: effort.hours_of(by_id[each], profile.effort) for each in package.requirement_ids}
        parts |= effort.apportion(package.hours, weights, effort.HALF)
    return parts
