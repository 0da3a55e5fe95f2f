"""The effort model: from what is asked to hours by role. Pure; every step below is one function or table.

1. Work: `BASE_HOURS` to set a project up, and `ITEM_HOURS` for each requirement of a kind.
2. It grows by the complexity level (`COMPLEXITY_FACTORS`), by what the sector's regulation asks (`sectors`), and by
   coordination: 4 % times the square root of the colleagues each member has, a mild form of Brooks's law.
3. Schedule: a person delivers `PRODUCTIVE_HOURS` a week. Without a duration, the plan is as long as the team needs, at
   least `SHORTEST_PLAN` weeks. A duration that asks for more people than there are compresses the schedule: 20 %
   more effort for each whole team that is lacking, at most 50 % (parallel work, hand-overs, rework).
4. The team's size decides who does the work (`MIXES`): a small team is made of engineers, a large one has leads.
   Quality assurance (20 % of the work) and environments (8 %) come on top.
5. Management lasts as long as the project: 6 hours a week and 1.5 more for each person who is really engaged.
6. Each role's hours are rounded up to half hours.

More work never costs less: every step is non-decreasing in the hours, and nothing chooses a cheaper mix for more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from types import MappingProxyType

from worker.tools.requirements import Kind

BASE_HOURS = Decimal(80)

ITEM_HOURS: Mapping[Kind, Decimal] = MappingProxyType(
    {
        Kind.FUNCTIONAL: Decimal(24),
        Kind.NON_FUNCTIONAL: Decimal(16),
        Kind.INTEGRATION: Decimal(40),
        Kind.CONSTRAINT: Decimal(4),  # to keep to it, and to show it
        Kind.QUESTION: Decimal(4),  # to clear it up with the client
    }
)

COMPLEXITY_FACTORS: Mapping[str, Decimal] = MappingProxyType(
    {"Low": Decimal("1.00"), "Medium": Decimal("1.10"), "High": Decimal("1.25"), "Very High": Decimal("1.40")}
)

PRODUCTIVE_HOURS = 30
SHORTEST_PLAN = 4
TYPICAL_TEAM = 5
"""Planned where the consultant named no team size."""

QUALITY_SHARE = Decimal("0.20")
CLOUD_SHARE = Decimal("0.08")
MANAGER = "Project Manager"
TESTER = "QA Engineer"
OPERATOR = "Cloud Engineer"

# Shares of the work by role: the first row whose size is not below the team's counts. Each adds up to 1.
MIXES: tuple[tuple[int, Mapping[str, Decimal]], ...] = (
    (3, {"Solution Architect": Decimal("0.15"), "UX Designer": Decimal("0.10"), "Software Engineer": Decimal("0.75")}),
    (
        8,
        {
            "Business Analyst": Decimal("0.10"),
            "Solution Architect": Decimal("0.15"),
            "UX Designer": Decimal("0.10"),
            "Software Engineer": Decimal("0.50"),
            "Integration Engineer": Decimal("0.15"),
        },
    ),
    (
        1000,
        {
            "Business Analyst": Decimal("0.10"),
            "Solution Architect": Decimal("0.15"),
            "Tech Lead": Decimal("0.15"),
            "UX Designer": Decimal("0.08"),
            "Software Engineer": Decimal("0.37"),
            "Integration Engineer": Decimal("0.15"),
        },
    ),
)


@dataclass(frozen=True)
class Ask:
    """All that the model looks at. None is what the consultant left open."""

    counts: Mapping[Kind, int]
    complexity_level: str
    sector_factor: Decimal
    weeks: int | None
    team_size: int | None


@dataclass(frozen=True)
class Estimate:
    """The model's answer."""

    hours: Mapping[str, Decimal]
    """By role, multiples of 0.5."""
    weeks: int
    team_size: int
    people_needed: Decimal
    """How many the schedule keeps busy, before compression."""
    compression: Decimal
    """What a tight schedule multiplies the effort by; 1 when there is time enough."""


def estimate(ask: Ask) -> Estimate:
    """Hours by role, and the schedule."""
    team = ask.team_size or TYPICAL_TEAM
    work = effort(ask, team)
    weeks = ask.weeks or max(SHORTEST_PLAN, int(_ceiling(work / (team * PRODUCTIVE_HOURS), Decimal(1))))
    needed = work / (weeks * PRODUCTIVE_HOURS)
    compression = 1 + min(Decimal("0.5"), max(Decimal(0), needed / team - 1) * Decimal("0.2"))
    work *= compression
    engaged = min(Decimal(team), work / (weeks * PRODUCTIVE_HOURS))
    shares = {
        MANAGER: weeks * (6 + Decimal("1.5") * engaged),
        **{role: work * share for role, share in mix(team).items()},
        OPERATOR: work * CLOUD_SHARE,
        TESTER: work * QUALITY_SHARE,
    }
    hours = {role: _ceiling(share, Decimal("0.5")) for role, share in shares.items()}
    return Estimate(hours, weeks, team, needed, compression)


def effort(ask: Ask, team: int) -> Decimal:
    """Steps 1 and 2: the hours of work before the schedule is looked at."""
    work = BASE_HOURS + sum((ask.counts.get(kind, 0) * hours for kind, hours in ITEM_HOURS.items()), Decimal(0))
    coordination = 1 + Decimal("0.04") * Decimal(team - 1).sqrt()
    return work * COMPLEXITY_FACTORS[ask.complexity_level] * ask.sector_factor * coordination


def mix(team: int) -> Mapping[str, Decimal]:
    """The shares of the work by role, for a team of this size."""
    return next((shares for largest, shares in MIXES if team <= largest), MIXES[-1][1])


def _ceiling(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step
