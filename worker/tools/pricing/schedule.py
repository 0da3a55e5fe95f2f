"""Plans how many people work for how many weeks. Pure.

More people shorten a project only down to its critical path. It grows with the cube root of the effort, as schedule
models such as COCOMO have found (Boehm, Software Engineering Economics, 1981: the time grows with about the third root
of the effort). The constant is ours, for teams that work on independent packages.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

CRITICAL_PATH = 0.6
"""Weeks for the cube root of one hour of work."""

WORK_PER_PERSON = 120
"""With nothing stated, the team is the square root of the hours divided by this: 3 for 1,000 hours, 10 for 12,000."""


@dataclass(frozen=True)
class Schedule:
    """A plan's size."""

    weeks: int
    team_size: int
    needed_weeks: int
    """What this team needs, which is less than `weeks` where more time was stated."""

    def people(self, hours: Decimal, weekly: int) -> Decimal:
        """How many people the work keeps busy on average."""
        return min(Decimal(self.team_size), hours / (self.weeks * weekly))


def plan(hours: Decimal, weekly: int, *, team: int | None, weeks: int | None) -> Schedule:
    """The schedule for an effort. What is stated counts, but a team never needs less than its work takes.

    `weekly` is what one person works in a week. None means that nobody stated it.
    """
    shortest = critical_path(hours, weekly)
    if team is None:
        if weeks:
            team = _ceiling(hours / (max(weeks, shortest) * weekly))
        else:
            team = _ceiling((hours / WORK_PER_PERSON).sqrt())
        team = max(1, team)
    needed = max(shortest, _ceiling(hours / (team * weekly)))
    return Schedule(max(needed, weeks or 0), team, needed)


def critical_path(hours: Decimal, weekly: int) -> int:
    """The fewest weeks that the work takes, however large the team."""
    one_person = _ceiling(hours / weekly)
    return max(1, min(one_person, _ceiling(Decimal(CRITICAL_PATH * float(hours) ** (1 / 3)))))


def team_for(hours: Decimal, weekly: int, weeks: int) -> int | None:
    """The smallest team that does the work in so many weeks; None if no team can."""
    return None if weeks < critical_path(hours, weekly) else max(1, _ceiling(hours / (weeks * weekly)))


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))
