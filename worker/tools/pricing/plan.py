"""Divides a project's weeks into phases and its price into payments, by tables of percentages.

Both always add up: the phases fill the project without a gap, and the payments sum to the price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from worker.tools.costs import Payment, Phase

WORKING_DAYS = 5


@dataclass(frozen=True)
class PhaseShare:
    """One phase and its percentage of the project's time."""

    name: str
    percent: int
    activities: str


PHASES: Sequence[PhaseShare] = (
    PhaseShare("Discovery", 10, "Workshops, open questions settled, backlog and acceptance criteria agreed"),
    PhaseShare("Design", 15, "Architecture, interface contracts, prototypes, security concept"),
    PhaseShare("Build", 45, "Features and integrations in two-week iterations, each with a demonstration"),
    PhaseShare("Test and acceptance", 20, "System, load and security tests, acceptance by the client, corrections"),
    PhaseShare("Go-live and hand-over", 10, "Cut-over, training, documentation, support after go-live"),
)

PAYMENTS: Sequence[tuple[str, int]] = (
    ("On signature", 30),
    ("On completion of the Build phase", 40),
    ("On acceptance", 30),
)


def phases(weeks: int) -> tuple[Phase, ...]:
    """The phases in order, without gap or overlap. Each takes at least one working day."""
    days = weeks * WORKING_DAYS
    planned: list[Phase] = []
    start, percent = 0, 0
    for place, share in enumerate(PHASES):
        percent += share.percent
        still_to_come = len(PHASES) - place - 1
        end = min(max(start + 1, round(days * percent / 100)), days - still_to_come)
        planned.append(Phase(share.name, share.activities, start, end))
        start = end
    return tuple(planned)


def payments(total: Decimal) -> tuple[Payment, ...]:
    """The instalments in whole currency units. The last one takes the rest, so that they add up to the total."""
    amounts = [(total * percent / 100).to_integral_value(ROUND_DOWN) for _, percent in PAYMENTS]
    amounts[-1] = total - sum(amounts[:-1], Decimal(0))
    return tuple(Payment(name, percent, amount) for (name, percent), amount in zip(PAYMENTS, amounts, strict=True))
