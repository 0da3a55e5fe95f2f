"""The timeline and the payments: how a project's weeks and its price are divided.

Both are apportioned by tables of shares and always add up: the phases fill the project without a gap, the payments
sum to the price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from worker.tools.costs import Payment, Phase

WORKING_DAYS = 5


@dataclass(frozen=True)
class PhaseShare:
    """One phase and its percent of the calendar."""

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
    """The phases in order, without gap or overlap, each at least a working day long."""
    days = weeks * WORKING_DAYS
    laid: list[Phase] = []
    start, percent = 0, 0
    for place, share in enumerate(PHASES):
        percent += share.percent
        still_to_come = len(PHASES) - place - 1
        end = min(max(start + 1, round(days * percent / 100)), days - still_to_come)
        laid.append(Phase(share.name, share.activities, start, end))
        start = end
    return tuple(laid)


def payments(total: Decimal) -> tuple[Payment, ...]:
    """Instalments in whole units; the last takes what rounding left, so that they sum to the total."""
    amounts = [(total * percent / 100).to_integral_value(ROUND_DOWN) for _, percent in PAYMENTS]
    amounts[-1] = total - sum(amounts[:-1], Decimal(0))
    return tuple(Payment(name, percent, amount) for (name, percent), amount in zip(PAYMENTS, amounts, strict=True))
