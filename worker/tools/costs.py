"""The price of a project: the content of costs.json as typed values.

CostCalculator writes the file. Both documents and the results summary take every figure from it. Money and hours are
`Decimal` here and strings in the file, so that no digit is lost.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from worker.tools.workbench import MissingInputError
from worker.tools.workspace import COSTS, Workspace


@dataclass(frozen=True)
class CostLine:
    """One role's share of the price. Hours are multiples of 0.5 and rates are whole currency units, so the cost is
    exact even as a float.
    """

    role: str
    responsibility: str
    hours: Decimal
    hourly_rate: Decimal
    hours_per_week: Decimal
    """The average over the project, rounded to a tenth. It is for display: the rounded values don't add up."""

    @property
    def cost(self) -> Decimal:
        """Hours times hourly rate."""
        return self.hours * self.hourly_rate


@dataclass(frozen=True)
class Phase:
    """One part of the timeline. Days are working days, five a week, counted from 0. The end is exclusive."""

    name: str
    activities: str
    start_day: int
    end_day: int

    @property
    def weeks(self) -> str:
        """The phase's weeks as text: "Week 3" or "Weeks 3-8"."""
        first, last = self.start_day // 5 + 1, (self.end_day - 1) // 5 + 1
        return f"Week {first}" if first == last else f"Weeks {first}-{last}"


@dataclass(frozen=True)
class Payment:
    """One instalment. All instalments add up to the total cost."""

    milestone: str
    percent: int
    amount: Decimal


@dataclass(frozen=True)
class Costs:
    """The price of a project, with what it is based on."""

    priced_on: str
    """ISO date. Both documents show it."""
    valid_until: str
    currency: str
    complexity_level: str
    team_size: int
    weeks: int
    lines: tuple[CostLine, ...]
    phases: tuple[Phase, ...]
    payments: tuple[Payment, ...]
    assumptions: tuple[str, ...]
    rate_card: str

    @property
    def total_hours(self) -> Decimal:
        """The hours of all lines together."""
        return sum((line.hours for line in self.lines), Decimal(0))

    @property
    def total_cost(self) -> Decimal:
        """The cost of all lines together."""
        return sum((line.cost for line in self.lines), Decimal(0))

    def as_json(self) -> dict[str, object]:
        """The content of costs.json."""
        return {
            **asdict(self),
            "total_hours": str(self.total_hours),
            "total_cost": str(self.total_cost),
            "lines": [{**_strings(asdict(line)), "cost": str(line.cost)} for line in self.lines],
            "payments": [_strings(asdict(payment)) for payment in self.payments],
        }


def _strings(value: Mapping[str, object]) -> dict[str, object]:
    return {key: str(field) if isinstance(field, Decimal) else field for key, field in value.items()}


def from_json(value: Mapping[str, Any]) -> Costs:
    """Parse what `Costs.as_json` wrote."""
    return Costs(
        priced_on=value["priced_on"],
        valid_until=value["valid_until"],
        currency=value["currency"],
        complexity_level=value["complexity_level"],
        team_size=value["team_size"],
        weeks=value["weeks"],
        lines=tuple(
            CostLine(
                role=line["role"],
                responsibility=line["responsibility"],
                hours=Decimal(line["hours"]),
                hourly_rate=Decimal(line["hourly_rate"]),
                hours_per_week=Decimal(line["hours_per_week"]),
            )
            for line in value["lines"]
        ),
        phases=tuple(Phase(**phase) for phase in value["phases"]),
        payments=tuple(
            Payment(payment["milestone"], payment["percent"], Decimal(payment["amount"]))
            for payment in value["payments"]
        ),
        assumptions=tuple(value["assumptions"]),
        rate_card=value["rate_card"],
    )


def read_costs(workspace: Workspace) -> Costs:
    """Read the session's costs.

    Raises:
        MissingInputError: they have not been calculated yet.
    """
    value = workspace.read_json(COSTS)
    if value is None:
        raise MissingInputError(f"{COSTS} is missing: call CostCalculator first")
    return from_json(value)
