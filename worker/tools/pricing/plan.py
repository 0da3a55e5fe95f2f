"""Gives the plan its dates: phases, milestones and payments. Pure.

Work is counted in weeks of five days, so a phase ends where its share of these days ends. Public holidays are not
taken into account: they depend on the place, and the assumptions say so.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from worker.tools.costs import Milestone, Payment, Phase
from worker.tools.profile.profile import PaymentTerm

WORKING_DAYS = 5

SHORT_WEEKS = 2
"""A project of so many weeks has fewer phases."""


@dataclass(frozen=True)
class PhaseShare:
    """One phase and its percentage of the project's time."""

    name: str
    percent: int
    activities: str
    milestone: str
    covers: tuple[str, ...] = ()
    """The phases of a longer project that this one stands for."""


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
SHORT_PHASES: Sequence[PhaseShare] = (
    PhaseShare(
        "Discovery and design",
        20,
        "Open questions settled, acceptance criteria and solution agreed",
        "Scope agreed",
        covers=("Discovery", "Design"),
    ),
    PhaseShare("Build", 50, "The requirements, with a demonstration at the end", "Build complete"),
    PhaseShare(
        "Test and go-live",
        30,
        "Tests, acceptance by the client, corrections, cut-over and hand-over",
        "Go-live",
        covers=("Test and acceptance", "Go-live and hand-over"),
    ),
)
_SHARES = {share.name: share for share in (*PHASES, *SHORT_PHASES)}


def working_day(start: dt.date, days: int) -> dt.date:
    """The day that is so many working days after a working day."""
    weeks, rest = divmod(start.weekday() + days, WORKING_DAYS)
    return start - dt.timedelta(days=start.weekday()) + dt.timedelta(days=7 * weeks + rest)


def first_working_day(day: dt.date) -> dt.date:
    """The day itself, or the Monday after a weekend."""
    return day if day.weekday() < WORKING_DAYS else day + dt.timedelta(days=7 - day.weekday())


def whole_weeks(start: dt.date, end: dt.date) -> int:
    """How many weeks of work there are from a working day to a day, both included; 0 if the day comes before."""
    weeks = (end - start).days // 7
    return max(0, weeks + (working_day(start, (weeks + 1) * WORKING_DAYS - 1) <= end))


def phases(start: dt.date, weeks: int) -> tuple[Phase, ...]:
    """The phases in order, without gap or overlap. Each takes at least one working day."""
    days = weeks * WORKING_DAYS
    shares = SHORT_PHASES if weeks <= SHORT_WEEKS else PHASES
    planned: list[Phase] = []
    begun, percent = 0, 0
    for place, share in enumerate(shares):
        percent += share.percent
        still_to_come = len(shares) - place - 1
        over = min(max(begun + 1, round(days * percent / 100)), days - still_to_come)
        planned.append(Phase(share.name, share.activities, working_day(start, begun), working_day(start, over - 1)))
        begun = over
    return tuple(planned)


def milestones(planned: Sequence[Phase]) -> tuple[Milestone, ...]:
    """The last day of each phase, by what is finished then."""
    return tuple(Milestone(_SHARES[phase.name].milestone, phase.end) for phase in planned)


def payments(
    total: Decimal, terms: Sequence[PaymentTerm], planned: Sequence[Phase], signed: dt.date
) -> tuple[Payment, ...]:
    """The instalments in whole currency units. The last one takes the rest, so that they add up to the total."""
    ends = {name: phase.end for phase in planned for name in (phase.name, *_SHARES[phase.name].covers)}
    amounts = [(total * term.percent / 100).to_integral_value(ROUND_DOWN) for term in terms]
    amounts[-1] = total - sum(amounts[:-1], Decimal(0))
    return tuple(
        Payment(term.milestone, term.percent, amount, ends.get(term.phase, signed))
        for term, amount in zip(terms, amounts, strict=True)
    )
