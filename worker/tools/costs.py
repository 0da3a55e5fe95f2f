"""The priced proposal: the content of costs.json as typed values.

CostCalculator writes the file. The API, the deck, the statement of work and the page take every figure and every date
from it. Money and hours are `Decimal` here and strings in the file, so that no digit is lost.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from worker.tools.workbench import MissingInputError
from worker.tools.workspace import COSTS, Workspace

NOTHING = Decimal(0)


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
        """Hours times hourly rate, before a discount."""
        return self.hours * self.hourly_rate


@dataclass(frozen=True)
class Package:
    """One work package's share of the price."""

    name: str
    requirement_ids: tuple[str, ...]
    """Empty for what serves all packages: the set-up, the go-live and the management."""
    hours: Decimal
    cost: Decimal
    """After a discount."""
    description: str = ""
    """What the package is for, where it has no requirements that say so."""


@dataclass(frozen=True)
class Phase:
    """One part of the plan. Both days belong to it."""

    name: str
    activities: str
    start: dt.date
    end: dt.date


@dataclass(frozen=True)
class Milestone:
    """A day on which something is finished."""

    name: str
    date: dt.date


@dataclass(frozen=True)
class Payment:
    """One instalment. All instalments add up to the total cost."""

    milestone: str
    percent: int
    amount: Decimal
    date: dt.date
    """When the milestone is planned."""


class Concern(StrEnum):
    """What a risk is about."""

    DEADLINE = "deadline"
    """The plan misses a stated day."""
    BUDGET = "budget"
    """The price passes the stated budget."""
    OTHER = "other"


@dataclass(frozen=True)
class Risk:
    """Something that may go wrong, with its figures, and what is done about it."""

    text: str
    mitigation: str
    concern: Concern = Concern.OTHER
    probability: str = "Medium"
    """Low, Medium or High."""
    impact: str = "Medium"


@dataclass(frozen=True)
class StatedBudget:
    """The budget that the notes state, beside the price."""

    amount: Decimal
    currency: str
    lines: tuple[int, ...]
    over: Decimal | None
    """By how much the price passes it, not more than 0 if it does not; None when the price is in another currency."""


@dataclass(frozen=True)
class StatedDeadline:
    """The go-live that the notes state, or the first day of a freeze, beside the plan."""

    date: dt.date
    lines: tuple[int, ...]
    days_late: int
    """Calendar days from the day to the planned end; 0 or less when the plan keeps it."""


@dataclass(frozen=True)
class Costs:
    """The price and the plan of a project, with what they are based on."""

    priced_on: dt.date
    valid_until: dt.date
    currency: str
    complexity_level: str
    team_size: int
    """How many people work on it at once."""
    weeks: int
    start: dt.date
    end: dt.date
    lines: tuple[CostLine, ...]
    packages: tuple[Package, ...]
    """Their hours sum to `total_hours` and their costs to `total_cost`, exactly."""
    effort: Mapping[str, Decimal]
    """The hours of each priced requirement, by its id, before management. A package's add up to its hours."""
    phases: tuple[Phase, ...]
    milestones: tuple[Milestone, ...]
    payments: tuple[Payment, ...]
    assumptions: tuple[str, ...]
    risks: tuple[Risk, ...]
    """The most urgent first: a missed deadline and a passed budget."""
    rate_card: str
    low: Decimal
    """The cost if nothing unforeseen happens, in the price's currency."""
    high: Decimal
    """The cost if most of what is uncertain turns out badly."""
    contingency_percent: int = 0
    """What the hours include for uncertainty."""
    discount_percent: Decimal = NOTHING
    budget: StatedBudget | None = None
    deadlines: tuple[StatedDeadline, ...] = ()

    @property
    def total_hours(self) -> Decimal:
        """The hours of all lines together."""
        return sum((line.hours for line in self.lines), NOTHING)

    @property
    def list_cost(self) -> Decimal:
        """The cost of all lines together, before the discount."""
        return sum((line.cost for line in self.lines), NOTHING)

    @property
    def total_cost(self) -> Decimal:
        """What the client pays. The packages and the payments sum to it."""
        return sum((package.cost for package in self.packages), NOTHING)

    @property
    def discount(self) -> Decimal:
        """What is taken off the list cost: 0 or more."""
        return self.list_cost - self.total_cost

    def as_json(self) -> dict[str, object]:
        """The content of costs.json."""
        return {
            **{field.name: _plain(getattr(self, field.name)) for field in fields(self)},
            "total_hours": str(self.total_hours),
            "total_cost": str(self.total_cost),
        }


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def from_json(value: Mapping[str, Any]) -> Costs:
    """Parse what `Costs.as_json` wrote."""
    day, amount = dt.date.fromisoformat, Decimal
    budget = value["budget"]
    return Costs(
        priced_on=day(value["priced_on"]),
        valid_until=day(value["valid_until"]),
        currency=value["currency"],
        complexity_level=value["complexity_level"],
        team_size=value["team_size"],
        weeks=value["weeks"],
        start=day(value["start"]),
        end=day(value["end"]),
        lines=tuple(
            CostLine(
                role=line["role"],
                responsibility=line["responsibility"],
                hours=amount(line["hours"]),
                hourly_rate=amount(line["hourly_rate"]),
                hours_per_week=amount(line["hours_per_week"]),
            )
            for line in value["lines"]
        ),
        packages=tuple(
            Package(
                name=each["name"],
                requirement_ids=tuple(each["requirement_ids"]),
                hours=amount(each["hours"]),
                cost=amount(each["cost"]),
                description=each["description"],
            )
            for each in value["packages"]
        ),
        effort={name: amount(hours) for name, hours in value["effort"].items()},
        phases=tuple(
            Phase(each["name"], each["activities"], day(each["start"]), day(each["end"])) for each in value["phases"]
        ),
        milestones=tuple(Milestone(each["name"], day(each["date"])) for each in value["milestones"]),
        payments=tuple(
            Payment(each["milestone"], each["percent"], amount(each["amount"]), day(each["date"]))
            for each in value["payments"]
        ),
        assumptions=tuple(value["assumptions"]),
        risks=tuple(Risk(**{**each, "concern": Concern(each["concern"])}) for each in value["risks"]),
        rate_card=value["rate_card"],
        low=amount(value["low"]),
        high=amount(value["high"]),
        contingency_percent=value["contingency_percent"],
        discount_percent=amount(value["discount_percent"]),
        budget=budget
        and StatedBudget(
            amount(budget["amount"]),
            budget["currency"],
            tuple(budget["lines"]),
            None if budget["over"] is None else amount(budget["over"]),
        ),
        deadlines=tuple(
            StatedDeadline(day(each["date"]), tuple(each["lines"]), each["days_late"]) for each in value["deadlines"]
        ),
    )


def read_costs(workspace: Workspace) -> Costs:
    """Read the session's priced proposal.

    Raises:
        MissingInputError: it has not been priced yet.
    """
    value = workspace.read_json(COSTS)
    if value is None:
        raise MissingInputError(f"{COSTS} is missing: call CostCalculator first")
    return from_json(value)
