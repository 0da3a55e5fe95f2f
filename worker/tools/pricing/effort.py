"""The effort model: computes the hours of each role in each work package. Pure; each step is one function or table.

1. Each requirement has hours by its kind and size (`Effort.hours` of the profile), which its discipline divides among
   roles (`Effort.shares`). So a project without user interfaces has no designer.
2. They are multiplied by factors for the sector's regulation (`sectors`), for the complexity (`COMPLEXITY_FACTORS`)
   and for the contingency (`contingency`).
3. `SET_UP_SHARE` of that, at least `SET_UP_LEAST` hours, is the package that starts the project: it also settles the
   constraints and the open questions.
4. `schedule` plans the weeks, and the management of a project takes hours by its weeks and its people, but never more
   than `MANAGEMENT_MOST` of the work. It is a package too.
5. The hours of each role in each package are rounded up to half hours. Every sum is one over these cells, so the
   packages and the roles have the same totals.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from types import MappingProxyType

from worker.tools.profile.profile import Effort
from worker.tools.requirements import BUILT, Discipline, Kind, Requirement, Size

HALF = Decimal("0.5")

COMPLEXITY_FACTORS: Mapping[str, Decimal] = MappingProxyType(
    {"Low": Decimal("1.00"), "Medium": Decimal("1.05"), "High": Decimal("1.12"), "Very High": Decimal("1.20")}
)

SET_UP = "Discovery and set-up"
MANAGEMENT = "Project management"
GENERAL = "General scope"

SET_UP_SHARE = Decimal("0.08")
SET_UP_LEAST = Decimal(8)
SETTLING_HOURS: Mapping[Kind, Decimal] = MappingProxyType({Kind.CONSTRAINT: Decimal(2), Kind.OPEN_QUESTION: Decimal(2)})
SET_UP_ROLES: Mapping[str, Decimal] = MappingProxyType(
    {"Business Analyst": Decimal("0.40"), "Solution Architect": Decimal("0.40"), "Cloud Engineer": Decimal("0.20")}
)

MANAGER = "Project Manager"
MANAGEMENT_WEEKLY = Decimal(3)
MANAGEMENT_PER_PERSON = Decimal("1.5")
MANAGEMENT_MOST = Decimal("0.15")

CONTINGENCY_BASE = Decimal(5)
CONTINGENCY_PER_QUESTION = Decimal(1)
CONTINGENCY_MOST = Decimal(30)


@dataclass(frozen=True)
class PackageEffort:
    """The hours of one work package."""

    name: str
    requirement_ids: tuple[str, ...]
    roles: Mapping[str, Decimal]
    """In multiples of 0.5."""

    @property
    def hours(self) -> Decimal:
        """All hours of the package."""
        return sum(self.roles.values(), Decimal(0))


def contingency(questions: int, confidence: float) -> int:
    """The percentage that the hours include for uncertainty: by open questions, and by what was not understood."""
    unsure = Decimal(str(1 - confidence)) * 40
    percent = CONTINGENCY_BASE + questions * CONTINGENCY_PER_QUESTION + unsure
    return int(min(CONTINGENCY_MOST, percent).to_integral_value(ROUND_CEILING))


def built_packages(requirements: Sequence[Requirement], model: Effort, factor: Decimal) -> tuple[PackageEffort, ...]:
    """The packages of what is built, in the order in which the requirements name them."""
    named: dict[str, list[Requirement]] = defaultdict(list)
    for requirement in requirements:
        if requirement.kind in BUILT:
            named[requirement.work_package or GENERAL].append(requirement)
    return tuple(
        PackageEffort(name, tuple(each.id for each in members), _rounded(_by_role(members, model, factor)))
        for name, members in named.items()
    )


def set_up(requirements: Sequence[Requirement], built: Decimal, factor: Decimal) -> PackageEffort:
    """The package that starts the project."""
    settling = sum((SETTLING_HOURS.get(each.kind, Decimal(0)) for each in requirements), Decimal(0)) * factor
    hours = max(SET_UP_LEAST, built * SET_UP_SHARE) + settling
    return PackageEffort(SET_UP, (), _rounded({role: hours * share for role, share in SET_UP_ROLES.items()}))


def management(work: Decimal, weeks: int, people: Decimal) -> PackageEffort:
    """The package of the project's management, for the hours of all other work."""
    hours = min(work * MANAGEMENT_MOST, weeks * (MANAGEMENT_WEEKLY + MANAGEMENT_PER_PERSON * people))
    return PackageEffort(MANAGEMENT, (), _rounded({MANAGER: hours}))


def hours_of(requirement: Requirement, model: Effort) -> Decimal:
    """A requirement's hours by its kind and size, before any factor."""
    return model.hours[requirement.kind][requirement.size or Size.M]


def apportion(total: Decimal, weights: Mapping[str, Decimal], step: Decimal) -> dict[str, Decimal]:
    """Divide a total in proportion to weights, in multiples of `step`. The parts sum to the total exactly.

    This is the method of the largest remainders. The total must be a multiple of the step.
    """
    whole = sum(weights.values(), Decimal(0))
    if not whole:
        return {name: total if place == 0 else Decimal(0) for place, name in enumerate(weights)}
    exact = {name: total * weight / whole / step for name, weight in weights.items()}
    parts = {name: share // 1 for name, share in exact.items()}
    left = int(total / step - sum(parts.values(), Decimal(0)))
    for name in sorted(exact, key=lambda each: parts[each] - exact[each])[:left]:
        parts[name] += 1
    return {name: part * step for name, part in parts.items()}


def _by_role(members: Iterable[Requirement], model: Effort, factor: Decimal) -> dict[str, Decimal]:
    roles: dict[str, Decimal] = defaultdict(Decimal)
    for each in members:
        hours = hours_of(each, model) * factor
        for role, share in model.shares[each.discipline or Discipline.APPLICATION].items():
            roles[role] += hours * share
    return roles


def _rounded(roles: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {role: (hours / HALF).to_integral_value(ROUND_CEILING) * HALF for role, hours in roles.items() if hours}
