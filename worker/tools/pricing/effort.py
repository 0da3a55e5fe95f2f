"""The effort model: from what is asked to hours by role. Pure; every step below is one function or table.

1. Work: `BASE_HOURS` to set a project up, and `ITEM_HOURS` for each requirement of a kind.
2. It grows by the complexity level (`COMPLEXITY_FACTORS`) and by what the sector's regulation asks (`sectors`).
3. Schedule: a person delivers `PRODUCTIVE_HOURS` of a 40-hour week; meetings and coordination fill the rest. What the
   consultant left open is planned: the weeks that the team needs, at least `SHORTEST_PLAN`, and the people that the
   weeks need; with neither stated, a team of `TYPICAL_TEAM` that grows once the plan reaches `LONGEST_PLAN` weeks.
   A duration that asks for more people than there are compresses the schedule: 20 % more effort for each whole team
   that is lacking, at most 50 % (parallel work, hand-overs, rework). Coordination adds 4 % times the square root of
   the colleagues each member has, a mild form of Brooks's law.
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

BASE_HOURS = Decimal(120)

ITEM_HOURS: Mapping[Kind, Decimal] = MappingProxyType(
    {
        Kind.FUNCTIONAL: Decimal(40),
        Kind.NON_FUNCTIONAL: Decimal(24),
        Kind.INTEGRATION: Decimal(80),
        Kind.CONSTRAINT: Decimal(8),  # to keep to it, and to show it
        Kind.QUESTION: Decimal(8),  # to clear it up with the client
    }
)

COMPLEXITY_FACTORS: Mapping[str, Decimal] = MappingProxyType(
    {"Low": Decimal("1.00"), "Medium": Decimal("1.10"), "High": Decimal("1.25"), "Very High": Decimal("1.40")}
)

PRODUCTIVE_HOURS = 30
SHORTEST_PLAN = 4
LONGEST_PLAN = 52
SMALLEST_TEAM = 2
TYPICAL_TEAM = 5
LARGEST_TEAM = 1000

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
    asked = effort(ask)
    team, weeks = schedule(ask, asked)
    needed = asked / (weeks * PRODUCTIVE_HOURS)
    compression = 1 + min(Decimal("0.5"), max(Decimal(0), needed / team - 1) * Decimal("0.2"))
    engaged = min(Decimal(team), needed * compression)
    work = asked * compression * (1 + Decimal("0.04") * Decimal(team - 1).sqrt())
    shares = {
        MANAGER: weeks * (6 + Decimal("1.5") * engaged),
        **{role: work * share for role, share in mix(team).items()},
        OPERATOR: work * CLOUD_SHARE,
        TESTER: work * QUALITY_SHARE,
    }
    hours = {role: _ceiling(share, Decimal("0.5")) for role, share in shares.items()}
    return Estimate(hours, weeks, team, needed, compression)


def effort(ask: Ask) -> Decimal:
    """Steps 1 and 2: the hours that are asked for, before anybody has to keep step with anybody."""
    work = BASE_HOURS + sum((ask.counts.get(kind, 0) * hours for kind, hours in ITEM_HOURS.items()), Decimal(0))
    return work * COMPLEXITY_FACTORS[ask.complexity_level] * ask.sector_factor


def schedule(ask: Ask, asked: Decimal) -> tuple[int, int]:
    """The team's size and the weeks: as stated, else planned."""
    if ask.team_size:
        return ask.team_size, ask.weeks or _weeks(asked, ask.team_size)
    weeks = ask.weeks or min(LONGEST_PLAN, _weeks(asked, TYPICAL_TEAM))
    people = int(_ceiling(asked / (weeks * PRODUCTIVE_HOURS), Decimal(1)))
    return min(LARGEST_TEAM, max(people, SMALLEST_TEAM if ask.weeks else TYPICAL_TEAM)), weeks


def _weeks(asked: Decimal, team: int) -> int:
    return max(SHORTEST_PLAN, int(_ceiling(asked / (team * PRODUCTIVE_HOURS), Decimal(1))))


def mix(team: int) -> Mapping[str, Decimal]:
    """The shares of the work by role, for a team of this size."""
    return next((shares for largest, shares in MIXES if team <= largest), MIXES[-1][1])


def _ceiling(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step
