"""What the tests of the price share: requirements made by hand or at random, and their price."""

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st
from worker_tools_samples import TODAY

from schema.assessment import Assessment
from worker.tools.costs import Costs
from worker.tools.facts import NO_FACTS, Facts
from worker.tools.pricing.calculator import price
from worker.tools.pricing.effort import COMPLEXITY_FACTORS, MANAGEMENT
from worker.tools.pricing.given import NO_CHANGES, Offer
from worker.tools.profile.reading import standard
from worker.tools.requirements import BUILT, Analysis, Complexity, Discipline, Kind, Priority, Requirement, Size

LEVELS = list(COMPLEXITY_FACTORS)
DISCIPLINES = st.sampled_from(Discipline)
_PACKAGES = ("Orders", "Documents", "Users and access")


def requirement(
    place: int,
    kind: Kind = Kind.FUNCTIONAL,
    size: Size | None = Size.M,
    discipline: Discipline | None = None,
    priority: Priority = Priority.MUST,
    text: str = "",
) -> Requirement:
    """One requirement on a line of its own; its package goes by its place."""
    built = kind in BUILT
    usual = Discipline.INTEGRATION if kind is Kind.INTEGRATION else Discipline.APPLICATION
    return Requirement(
        id=f"R-{place}",
        kind=kind,
        text=text or f"Requirement {place}",
        lines=(place + 1,),
        priority=priority,
        work_package=_PACKAGES[place % len(_PACKAGES)] if built else None,
        size=size if built else None,
        discipline=(discipline or usual) if built else None,
    )


def requirements(least: int = 0, most: int = 40) -> st.SearchStrategy[list[Requirement]]:
    """Random requirements of the kinds that cost something, with ids by their places."""
    one = st.tuples(
        st.sampled_from([*BUILT, Kind.CONSTRAINT, Kind.OPEN_QUESTION]),
        st.sampled_from(Size),
        DISCIPLINES,
        st.sampled_from(Priority),
    )
    return st.lists(one, min_size=least, max_size=most).map(
        lambda found: [requirement(place, *each) for place, each in enumerate(found)]
    )


def analysis(found: Sequence[Requirement], level: str = "Medium", *, facts: Facts = NO_FACTS) -> Analysis:
    """An analysis that a sure reader has made."""
    return Analysis(tuple(found), Complexity(level, 0, ()), facts)


def priced(
    assessment: Assessment,
    found: Sequence[Requirement] | Analysis,
    level: str = "Medium",
    changes: Offer = NO_CHANGES,
) -> Costs:
    """The price by the default profile, on `TODAY`."""
    read = found if isinstance(found, Analysis) else analysis(found, level)
    return price(assessment, read, standard(), TODAY, changes)


def effort_of_work(costs: Costs) -> Decimal:
    """The hours without the management."""
    return sum((each.hours for each in costs.packages if each.name != MANAGEMENT), Decimal(0))
