"""CostCalculator: prices the analyzed requirements and states its assumptions.

It reads assessment.json and requirements.json and writes costs.json, the source of every figure in the proposal. The
effort model is in `effort`. This module prepares its input, puts the assumptions into words, and writes the file.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from schema.assessment import Assessment
from worker.tools.assessment import read_assessment
from worker.tools.costs import CostLine, Costs, from_json
from worker.tools.pricing import plan, rate_card
from worker.tools.pricing.durations import Duration, read_duration
from worker.tools.pricing.effort import EffortInput, Estimate, estimate
from worker.tools.pricing.rate_card import FILE as RATE_CARD_FILE
from worker.tools.pricing.rate_card import RateCard
from worker.tools.pricing.sectors import Sector, sector_of
from worker.tools.requirements import Analysis, Kind, read_requirements
from worker.tools.workbench import Workbench
from worker.tools.workspace import COSTS, digest

OFFER_VALIDITY = dt.timedelta(days=30)


@dataclass(frozen=True)
class Inputs:
    """What was submitted, parsed as far as the calculator could."""

    assessment: Assessment
    requirements: Analysis
    duration: Duration | None
    sector: Sector | None


def run(workbench: Workbench) -> Mapping[str, object]:
    """Price the session's requirements, unless the workspace holds prices for the same input."""
    workspace = workbench.workspace
    assessment = read_assessment(workspace)
    requirements = read_requirements(workspace)
    priced = [assessment.industry, assessment.duration, assessment.team_size, requirements.as_json()]
    # Without the date, so that a run that is resumed after midnight keeps its prices.
    made_from = digest(json.dumps(priced).encode(), RATE_CARD_FILE.read_bytes())
    existing = workspace.read_json(COSTS) if workspace.made_from(COSTS) == made_from else None
    costs = from_json(existing) if existing else price(assessment, requirements, rate_card.standard(), workbench.today)
    if not existing:
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


def price(assessment: Assessment, requirements: Analysis, rates: RateCard, today: dt.date) -> Costs:
    """The costs at these rates, for an offer made today."""
    inputs = Inputs(assessment, requirements, read_duration(assessment.duration), sector_of(assessment.industry))
    result = estimate(
        EffortInput(
            counts={kind: requirements.count(kind) for kind in Kind},
            complexity_level=requirements.complexity.level,
            sector_factor=inputs.sector.factor if inputs.sector else Decimal(1),
            weeks=inputs.duration.weeks if inputs.duration else None,
            team_size=assessment.team_size,
        )
    )
    lines = tuple(
        CostLine(
            role=role,
            responsibility=rate.responsibility,
            hours=result.hours[role],
            hourly_rate=rate.hourly_rate,
            hours_per_week=(result.hours[role] / result.weeks).quantize(Decimal("0.1")),
        )
        for role, rate in rates.rates.items()
        if role in result.hours
    )
    total = sum((line.cost for line in lines), Decimal(0))
    return Costs(
        priced_on=today.isoformat(),
        valid_until=(today + OFFER_VALIDITY).isoformat(),
        currency=rates.currency,
        complexity_level=requirements.complexity.level,
        team_size=result.team_size,
        weeks=result.weeks,
        lines=lines,
        phases=plan.phases(result.weeks),
        payments=plan.payments(total),
        assumptions=tuple(_assumptions(inputs, result, rates)),
        rate_card=rates.name,
    )


def _assumptions(inputs: Inputs, result: Estimate, rates: RateCard) -> Iterator[str]:
    yield from _schedule_assumptions(inputs, result)
    yield from _team_assumptions(inputs, result)
    industry, sector = inputs.assessment.industry, inputs.sector
    if sector and sector.factor > 1:
        yield f"Effort includes {(sector.factor - 1) * 100:.0f} % for the sector ({industry}): {sector.reason}."
    elif sector:
        yield f"No sector surcharge: for {industry} there is {sector.reason} to plan for."
    elif industry:
        yield f"No sector surcharge: no sector-specific regulation was assumed for {industry}."
    else:
        yield "The industry was not stated; no sector-specific regulation was assumed."
    questions = inputs.requirements.count(Kind.OPEN_QUESTION)
    if questions:
        yield (
            f"{questions} open question{'s' * (questions > 1)} will be settled in the Discovery phase;"
            " answers that change the scope change the price."
        )
    yield f"Rates: {rates.name}. {rates.note}"


def _schedule_assumptions(inputs: Inputs, result: Estimate) -> Iterator[str]:
    stated = inputs.assessment.duration
    weeks = f"{result.weeks} week{'s' * (result.weeks > 1)}"
    if not stated:
        yield f"No duration was stated; {weeks} are planned, as the effort and the team require."
    elif not inputs.duration:
        yield f"The stated duration “{stated}” could not be read as a length of time; {weeks} are planned instead."
    elif inputs.duration.longer_end:
        yield f"Of the stated duration “{stated}” the longer end is planned: {weeks}."
    else:
        yield f"The stated duration “{stated}” is planned as {weeks}."
    if result.compression > 1:
        yield (
            f"The schedule is tight: it would keep {result.people_needed:.1f} people busy. The effort includes"
            f" {(result.compression - 1) * 100:.0f} % for working in parallel."
        )


def _team_assumptions(inputs: Inputs, result: Estimate) -> Iterator[str]:
    if not inputs.assessment.team_size:
        yield f"No team size was stated; a team of {result.team_size} is planned."
    elif result.people_needed < Decimal(result.team_size) / 2:
        yield (
            f"The stated team of {result.team_size} is larger than the schedule keeps busy"
            f" ({result.people_needed:.1f} people on average): members work part of their time."
        )
    else:
        yield f"The team is as large as stated: {result.team_size}."
