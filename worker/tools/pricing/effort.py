"""The effort model: computes the hours of each role in each work package. Pure; each step is one function or table.

1. Each requirement has hours by its kind and size (`Effort.hours` of the profile), which its discipline divides among
   roles (`Effort.shares`). So a project without user interfaces has no designer.
2. They are multiplied by factors: for the size of the whole (`scale`), the sector's regulation (`sectors`), the
   complexity (`COMPLEXITY_FACTORS`) and the contingency (`contingency`).
3. Two packages serve all others: `SET_UP` starts the project and settles constraints and open questions, and `GO_LIVE`
   brings the work into use.
4. A role with less than `LEAST_ROLE_HOURS` in the whole project is no role of its own: the role that leads the work in
   question does it too (`pieces`).
5. `schedule` plans the weeks. `management` is a package too: it takes hours by the weeks and the work, and those of a
   team that is larger than usual (`Schedule.coordination`).
6. The hours of each role in each package are rounded up to half hours. Every sum is one over these cells, so the
   packages and the roles have the same totals.

What is published, and what is ours:

- `scale` is COCOMO II's diseconomy of scale: effort grows with the size to the power of 0.91 + 0.01 x the sum of five
  scale factors (Boehm et al., Software Cost Estimation with COCOMO II, 2000). At the time of an offer the system is new
  to the team and its architecture is not settled, so precedentedness and risk resolution are low (4.96 and 5.65), and
  the others are nominal (3.04, 3.29 and 4.68): 1.1262. That a project of `SCALE_FROM` hours is the one for which the
  profile's hours hold is ours.
- `SET_UP_SHARE` and `GO_LIVE_SHARE` are the 6 % for inception and the 12 % for transition, which the same book adds
  to COCOMO's effort for elaboration and construction.
- `MANAGEMENT_WEEKLY` and `MANAGEMENT_SHARE` are ours. With them a project of 1,000 hours spends about 10 % on
  management; the same book has 10 to 14 %, by phase.
- The profile's hours by size, its shares of the roles, the factors and the percentages of the contingency are ours,
  made so that small sites, portals and programmes cost what such projects usually do. Put your own figures in their
  place when you have them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from types import MappingProxyType

from worker.tools.pricing.pieces import LEAST_ROLE_HOURS, Piece, largest, merged, shared_out, totals
from worker.tools.pricing.schedule import Schedule
from worker.tools.profile.profile import Effort
from worker.tools.requirements import BUILT, Discipline, Kind, Requirement, Size

NOTHING = Decimal(0)
HALF = Decimal("0.5")

SCALE_FROM = Decimal(80)
SCALE_EXPONENT = Decimal("0.1262")

COMPLEXITY_FACTORS: Mapping[str, Decimal] = MappingProxyType(
    {"Low": Decimal("1.00"), "Medium": Decimal("1.04"), "High": Decimal("1.08"), "Very High": Decimal("1.12")}
)

SET_UP = "Discovery and set-up"
GO_LIVE = "Acceptance and go-live"
MANAGEMENT = "Project management"
GENERAL = "General scope"
DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        SET_UP: "Workshops, open questions settled, solution concept, environments and delivery pipeline",
        GO_LIVE: "Acceptance tests with the client, cut-over, hand-over and support in the first days of use",
        MANAGEMENT: "Planning, coordination, risks, budget and reports to the client",
    }
)
"""What each package is for that has no requirements of its own."""

SET_UP_SHARE = Decimal("0.06")
SET_UP_LEAST = Decimal(6)
SETTLING_HOURS: Mapping[Kind, Decimal] = MappingProxyType({Kind.CONSTRAINT: Decimal(1), Kind.OPEN_QUESTION: Decimal(2)})
GO_LIVE_SHARE = Decimal("0.12")

MANAGEMENT_WEEKLY = Decimal("2.5")
MANAGEMENT_SHARE = Decimal("0.07")
MANAGEMENT_MOST = Decimal("0.20")

CONTINGENCY_BASE = Decimal(5)
CONTINGENCY_PER_QUESTION = Decimal(1)
CONTINGENCY_UNREAD = Decimal(40)
"""For notes of which nothing was understood; in proportion otherwise."""
CONTINGENCY_MOST = Decimal(30)


@dataclass(frozen=True)
class PackageEffort:
    """The hours of one work package."""

    name: str
    requirement_ids: tuple[str, ...]
    roles: Mapping[str, Decimal]

    @property
    def hours(self) -> Decimal:
        """All hours of the package."""
        return sum(self.roles.values(), NOTHING)


def contingency(questions: int, confidence: float) -> int:
    """The percentage that the hours include for uncertainty: by open questions, and by what was not understood."""
    unsure = Decimal(str(1 - confidence)) * CONTINGENCY_UNREAD
    percent = CONTINGENCY_BASE + questions * CONTINGENCY_PER_QUESTION + unsure
    return int(min(CONTINGENCY_MOST, percent).to_integral_value(ROUND_CEILING))


def scale(hours: Decimal) -> Decimal:
    """By how much the hours of the requirements grow because there are so many of them."""
    return Decimal(1) if hours <= SCALE_FROM else (hours / SCALE_FROM) ** SCALE_EXPONENT


def work(requirements: Sequence[Requirement], model: Effort, factor: Decimal) -> tuple[PackageEffort, ...]:
    """All packages but the management: the set-up, what is built, and the go-live, in multiples of half an hour."""
    built = [each for each in requirements if each.kind in BUILT]
    factor *= scale(sum((hours_of(each, model) for each in built), NOTHING))
    pieces = [piece for each in built for piece in _of_requirement(each, model, factor)]
    hours = sum((piece.hours for piece in pieces), NOTHING)
    settling = sum((SETTLING_HOURS.get(each.kind, NOTHING) for each in requirements), NOTHING) * factor
    starting = shared_out(SET_UP, max(SET_UP_LEAST, hours * SET_UP_SHARE) + settling, model.set_up)
    ending = shared_out(GO_LIVE, hours * GO_LIVE_SHARE, model.go_live) if built else []
    return _packages(merged([*starting, *pieces, *ending]), built)


def management(done: Sequence[PackageEffort], planned: Schedule, model: Effort) -> PackageEffort:
    """The package of the project's management."""
    hours = sum((each.hours for each in done), NOTHING)
    own = min(hours * MANAGEMENT_MOST, planned.exact_weeks * MANAGEMENT_WEEKLY + hours * MANAGEMENT_SHARE)
    pieces = shared_out(MANAGEMENT, own + hours * planned.coordination, model.management)
    others = by_role(done)
    small = {piece.role for piece in pieces if piece.hours + others.get(piece.role, NOTHING) < LEAST_ROLE_HOURS}
    main = largest(by_role(each for each in done if each.requirement_ids) or others)
    [package] = _packages([piece.given_to(main) if piece.role in small else piece for piece in pieces], ())
    return package


def hours_of(requirement: Requirement, model: Effort) -> Decimal:
    """A requirement's hours by its kind and size, before any factor."""
    return model.hours[requirement.kind][requirement.size or Size.M]


def by_role(packages: Iterable[PackageEffort]) -> dict[str, Decimal]:
    """The hours of each role in all packages together."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for package in packages:
        for role, hours in package.roles.items():
            found[role] += hours
    return dict(found)


def apportion(total: Decimal, weights: Mapping[str, Decimal], step: Decimal) -> dict[str, Decimal]:
    """Divide a total in proportion to weights, in multiples of `step`. The parts sum to the total exactly.

    This is the method of the largest remainders. The total must be a multiple of the step.
    """
    whole = sum(weights.values(), NOTHING)
    if not whole:
        return {name: total if place == 0 else NOTHING for place, name in enumerate(weights)}
    exact = {name: total * weight / whole / step for name, weight in weights.items()}
    parts = {name: share // 1 for name, share in exact.items()}
    left = int(total / step - sum(parts.values(), NOTHING))
    for name in sorted(exact, key=lambda each: parts[each] - exact[each])[:left]:
        parts[name] += 1
    return {name: part * step for name, part in parts.items()}


def _of_requirement(requirement: Requirement, model: Effort, factor: Decimal) -> list[Piece]:
    shares = model.shares[requirement.discipline or Discipline.APPLICATION]
    package = requirement.work_package or GENERAL
    return shared_out(package, hours_of(requirement, model) * factor, shares, requirement.id)


def _packages(pieces: Iterable[Piece], built: Iterable[Requirement]) -> tuple[PackageEffort, ...]:
    """The packages in the order of their first pieces, with hours rounded up."""
    roles: dict[tuple[str, bool], list[Piece]] = defaultdict(list)
    for piece in pieces:
        roles[piece.package, bool(piece.requirement_id)].append(piece)
    ids: dict[str, list[str]] = defaultdict(list)
    for each in built:
        ids[each.work_package or GENERAL].append(each.id)
    return tuple(
        PackageEffort(name, tuple(ids[name]) if is_built else (), _rounded(totals(members)))
        for (name, is_built), members in roles.items()
    )


def _rounded(roles: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {role: (hours / HALF).to_integral_value(ROUND_CEILING) * HALF for role, hours in roles.items() if hours}
