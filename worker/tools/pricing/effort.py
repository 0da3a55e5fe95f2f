"""The effort model: computes hours by role from the requirements. Pure; each step is one function or table.

1. Base effort: `BASE_HOURS` to set a project up, and `ITEM_HOURS` for each requirement, by its kind.
2. It is multiplied by a factor for the complexity (`COMPLEXITY_FACTORS`) and by one for the sector's regulation
   (`sectors`).
3. Schedule: a person works productively for `PRODUCTIVE_HOURS` of a 40-hour week; meetings and coordination take the
   rest. If the consultant stated only the team, the model plans the weeks that the team needs, at least
   `SHORTEST_PLAN`. If only the weeks were stated, it plans the people that are needed. If neither was stated, it plans
   a team of `TYPICAL_TEAM`, and a larger one if that would take more than `LONGEST_PLAN` weeks.
   If the stated weeks need more people than the stated team has, the schedule is compressed: 20 % more effort for each
   whole team that is lacking, at most 50 %, for parallel work, hand-overs and rework. Coordination adds 4 % times the
   square root of the number of colleagues that each member has, which is a mild form of Brooks's law.
4. The team's size decides which roles do the work (`MIXES`): small teams consist mostly of engineers, and large ones
   have leads too. Quality assurance (20 % of the work) and environments (8 %) are added.
5. Management takes 6 hours for each week of the project, and 1.5 more for each person who is busy on average.
6. The hours of each role are rounded up to half hours.

More work never costs less: no step turns more hours into fewer, and no step picks a cheaper mix for more work.
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
        Kind.CONSTRAINT: Decimal(8),  # to comply with it, and to prove that
        Kind.OPEN_QUESTION: Decimal(8),  # to find the answer with the client
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

# The largest team that a row is for, and the shares of the work by role, which add up to 1. The first row that is for
# a team of the given size counts.
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
class EffortInput:
    """The input of the model. None means that the consultant did not state it."""

    counts: Mapping[Kind, int]
    complexity_level: str
    sector_factor: Decimal
    weeks: int | None
    team_size: int | None


@dataclass(frozen=True)
class Estimate:
    """The output of the model."""

    hours: Mapping[str, Decimal]
    """The hours of each role, in multiples of 0.5."""
    weeks: int
    team_size: int
    people_needed: Decimal
    """How many people the schedule keeps busy, before compression."""
    compression: Decimal
    """The factor by which a tight schedule raises the effort. It is 1 if there is enough time."""


def estimate(given: EffortInput) -> Estimate:
    """Compute the hours by role and the schedule."""
    base = effort(given)
    team, weeks = schedule(given, base)
    needed = base / (weeks * PRODUCTIVE_HOURS)
    compression = 1 + min(Decimal("0.5"), max(Decimal(0), needed / team - 1) * Decimal("0.2"))
    engaged = min(Decimal(team), needed * compression)
    work = base * compression * (1 + Decimal("0.04") * Decimal(team - 1).sqrt())
    shares = {
        MANAGER: weeks * (6 + Decimal("1.5") * engaged),
        **{role: work * share for role, share in mix(team).items()},
        OPERATOR: work * CLOUD_SHARE,
        TESTER: work * QUALITY_SHARE,
    }
    hours = {role: _ceiling(share, Decimal("0.5")) for role, share in shares.items()}
    return Estimate(hours, weeks, team, needed, compression)


def effort(given: EffortInput) -> Decimal:
    """Steps 1 and 2: the hours before compression and coordination."""
    work = BASE_HOURS + sum((given.counts.get(kind, 0) * hours for kind, hours in ITEM_HOURS.items()), Decimal(0))
    return work * COMPLEXITY_FACTORS[given.complexity_level] * given.sector_factor


def schedule(given: EffortInput, base: Decimal) -> tuple[int, int]:
    """The team's size and the weeks, for the hours of `base`. What was not stated is planned."""
    if given.team_size:
        return given.team_size, given.weeks or _weeks(base, given.team_size)
    weeks = given.weeks or min(LONGEST_PLAN, _weeks(base, TYPICAL_TEAM))
    people = int(_ceiling(base / (weeks * PRODUCTIVE_HOURS), Decimal(1)))
    return min(LARGEST_TEAM, max(people, SMALLEST_TEAM if given.weeks else TYPICAL_TEAM)), weeks


def _weeks(base: Decimal, team: int) -> int:
    return max(SHORTEST_PLAN, int(_ceiling(base / (team * PRODUCTIVE_HOURS), Decimal(1))))


def mix(team: int) -> Mapping[str, Decimal]:
    """The shares of the work by role, for a team of this size."""
    return next((shares for largest, shares in MIXES if team <= largest), MIXES[-1][1])


def _ceiling(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step
