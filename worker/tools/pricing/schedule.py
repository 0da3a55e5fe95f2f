"""Plans how many people work for how many weeks. Pure.

The usual time grows with a root of the effort: weeks = hours ^ 0.38. The exponent is that of COCOMO's organic mode,
months = 2.5 x person-months ^ 0.38 (Boehm, Software Engineering Economics, 1981). The constant is ours: about 60 % of
Boehm's, for teams that work on independent packages. A small project is done by one and a half people, which is ours
too.

More people shorten a project, but no project takes less than about 75 % of its usual time (Boehm found none among
those that he measured). That is the critical path here. A team larger than the usual one has to coordinate: each
further person takes 1 % of the work, at most 15 %. That larger teams lose time so is Brooks's observation (The
Mythical Man-Month, 1975); the percentages are ours.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

USUAL_EXPONENT = 0.38
SMALL_TEAM = Decimal("1.5")
SHORTEST = Decimal("0.75")

COORDINATION = Decimal("0.01")
COORDINATION_MOST = Decimal("0.15")

TWO_PEOPLE_FROM = 160
"""From so many hours on, we plan at least two people, so that nobody is the only one who knows the work. Below one
person's week there is one."""


@dataclass(frozen=True)
class Schedule:
    """A plan's size."""

    weeks: int
    team_size: int
    exact_weeks: Decimal
    """What `weeks` is before it is rounded up. Costs follow it, so that they don't jump."""
    busy: Decimal
    """How many people the work keeps busy on average."""
    coordination: Decimal
    """The share of the work that a team larger than the usual one takes in addition."""


def plan(
    hours: Decimal, weekly: int, *, team: int | None = None, weeks: int | None = None, available: int | None = None
) -> Schedule:
    """The schedule for an effort.

    `weekly` is what one person works in a week. `team` and `weeks` are what somebody stated, `available` the weeks up
    to the deadline; None means that nobody stated it. Time that was stated is used, but not past the deadline. A team
    that nobody stated is as large as the deadline needs.
    """
    usual, least = usual_weeks(hours, weekly), shortest_weeks(hours, weekly)
    needed = least if team is None else max(least, hours / (team * weekly))
    wanted = Decimal(weeks) if weeks else usual if team is None else needed
    if available is not None:
        wanted = min(wanted, Decimal(available))
    exact = max(needed, wanted)
    busy = hours / (exact * weekly)
    size = team or (1 if hours <= weekly else max(2 if hours >= TWO_PEOPLE_FROM else 1, _ceiling(busy)))
    return Schedule(
        weeks=max(1, _ceiling(exact)),
        team_size=size,
        exact_weeks=exact,
        busy=busy,
        coordination=min(COORDINATION_MOST, COORDINATION * max(Decimal(0), busy - hours / (usual * weekly))),
    )


def usual_weeks(hours: Decimal, weekly: int) -> Decimal:
    """The time that a project of this effort takes, where nobody asks for another."""
    return min(Decimal(str(round(float(hours) ** USUAL_EXPONENT, 6))), hours / (SMALL_TEAM * weekly))


def shortest_weeks(hours: Decimal, weekly: int) -> Decimal:
    """The least time that the work takes, however large the team."""
    return usual_weeks(hours, weekly) * SHORTEST


def team_for(hours: Decimal, weekly: int, weeks: int) -> int | None:
    """The smallest team that does the work in so many weeks; None if no team can."""
    return None if weeks < shortest_weeks(hours, weekly) else max(1, _ceiling(hours / (weeks * weekly)))


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))
