"""Gives the plan its dates: phases, milestones and payments. Pure.

A phase begins on a Monday or on the first day of work, and ends on a Friday where the project is long enough for it.
Public holidays are not taken into account: they depend on the place, and the assumptions say so.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from worker.tools.costs import Milestone, Payment, Phase
from worker.tools.profile.profile import PaymentTerm

WORKING_DAYS = 5


@dataclass(frozen=True)
class PhaseShare:
    """One phase and its percentage of the project's time."""

    name: str
    percent: int
    activities: str
    milestone: str


PHASES: Sequence[PhaseShare] = (
    PhaseShare(
        "Discovery", 10, "Workshops, open questions settled, backlog and acceptance criteria agreed", "Scope agreed"
    ),
    PhaseShare("Design", 15, "Architecture, interface contracts, prototypes, security concept", "Design approved"),
    PhaseShare("Build", 45, "Work packages in two-week iterations, each with a demonstration", "Build complete"),
    PhaseShare(
        "Test and acceptance",
        20,
        "System, load and security tests, acceptance by the client, corrections",
        "Acceptance",
    ),
    PhaseShare("Go-live and hand-over", 10, "Cut-over, training, documentation, support after go-live", "Go-live"),
)


def working_day(start: dt.date, days: int) -> dt.date:
    """The day that is so many working days after a working day."""
    weeks, rest = divmod(start.weekday() + days, WORKING_DAYS)
    return start - dt.timedelta(days=start.weekday()) + dt.timedelta(days=7 * weeks + rest)


def first_working_day(day: dt.date) -> dt.date:
    """The day itself, or the Monday after a weekend."""
    return day if day.weekday() < WORKING_DAYS else day + dt.timedelta(days=7 - day.weekday())


def phases(start: dt.date, weeks: int) -> tuple[Phase, ...]:
    """The phases in order, without gap or overlap. Each takes at least one working day."""
    days = weeks * WORKING_DAYS
    planned: list[Phase] = []
    begun, percent = 0, 0
    for place, share in enumerate(PHASES):
        percent += share.percent
        still_to_come = len(PHASES) - place - 1
        over = min(max(begun + 1, round(days * percent / 100)), days - still_to_come)
        first, last = working_day(start, begun), working_day(start, over - 1)
        planned.append(Phase(share.name, share.activities, first, last))
        begun = over
    return tuple(planned)


def milestones(planned: Sequence[Phase]) -> tuple[Milestone, ...]:
    """The last day of each phase, by what is finished then."""
    return tuple(Milestone(share.milestone, phase.end) for share, phase in zip(PHASES, planned, strict=True))


def payments(
    total: Decimal, terms: Sequence[PaymentTerm], planned: Sequence[Phase], signed: dt.date
) -> tuple[Payment, ...]:
    """The instalments in whole currency units. The last one takes the rest, so that they add up to the total."""
    ends = {phase.name: phase.end for phase in planned}
    amounts = [(total * term.percent / 100).to_integral_value(ROUND_DOWN) for term in terms]
    amounts[-1] = total - sum(amounts[:-1], Decimal(0))
    return tuple(
        Payment(term.milestone, term.percent, amount, ends.get(term.phase, signed))
        for term, amount in zip(terms, amounts, strict=True)
    )
