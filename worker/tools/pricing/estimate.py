"""One estimate: effort, schedule and price for some requirements. Pure.

The calculator makes one for the whole scope. The risks make further ones for a smaller scope, to say what it would
save.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from worker.tools.costs import CostLine, Package
from worker.tools.pricing import effort, schedule
from worker.tools.pricing.effort import PackageEffort
from worker.tools.pricing.given import Given
from worker.tools.pricing.schedule import Schedule
from worker.tools.profile.profile import Profile
from worker.tools.requirements import Requirement


@dataclass(frozen=True)
class Conditions:
    """What an estimate depends on besides the requirements."""

    profile: Profile
    given: Given
    factor: Decimal
    """The factors of sector, complexity and contingency, multiplied."""
    available_weeks: int | None
    """The weeks of work up to the deadline."""


@dataclass(frozen=True)
class Estimate:
    """Hours, weeks and money for some requirements."""

    conditions: Conditions
    work: tuple[PackageEffort, ...]
    """All packages but the management."""
    packages: tuple[PackageEffort, ...]
    schedule: Schedule

    @property
    def work_hours(self) -> Decimal:
        """The hours without the management."""
        return sum((each.hours for each in self.work), Decimal(0))

    @property
    def list_cost(self) -> Decimal:
        """The price before a discount."""
        return sum((self._cost(each) for each in self.packages), Decimal(0))

    @property
    def total_cost(self) -> Decimal:
        """The price. The discount is in whole currency units."""
        off = self.list_cost * self.conditions.given.discount_percent / 100
        return self.list_cost - off.to_integral_value(ROUND_HALF_UP)

    def priced_packages(self) -> tuple[Package, ...]:
        """The packages at their share of the price."""
        costs = {str(place): self._cost(each) for place, each in enumerate(self.packages)}
        shares = effort.apportion(self.total_cost, costs, effort.HALF)
        return tuple(
            Package(
                each.name,
                each.requirement_ids,
                each.hours,
                shares[str(place)],
                "" if each.requirement_ids else effort.DESCRIPTIONS[each.name],
            )
            for place, each in enumerate(self.packages)
        )

    def lines(self) -> tuple[CostLine, ...]:
        """The roles that have hours, in the profile's order."""
        hours, rates = effort.by_role(self.packages), self.conditions.given.rates.rates
        return tuple(
            CostLine(
                role,
                responsibility,
                hours[role],
                rates[role],
                (hours[role] / self.schedule.weeks).quantize(Decimal("0.1")),
            )
            for role, responsibility in self.conditions.profile.roles.items()
            if hours.get(role)
        )

    def _cost(self, package: PackageEffort) -> Decimal:
        rates = self.conditions.given.rates.rates
        return sum((hours * rates[role] for role, hours in package.roles.items()), Decimal(0))


def estimate(requirements: Sequence[Requirement], conditions: Conditions) -> Estimate:
    """The estimate for these requirements."""
    model, given = conditions.profile.effort, conditions.given
    done = effort.work(requirements, model, conditions.factor)
    planned = schedule.plan(
        sum((each.hours for each in done), Decimal(0)),
        model.productive_hours_per_week,
        team=given.team,
        weeks=given.weeks,
        available=conditions.available_weeks,
    )
    return Estimate(conditions, done, (*done, effort.management(done, planned, model)), planned)
