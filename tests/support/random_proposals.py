"""Random proposals whose figures hold together: packages, roles and payments sum to the same total.

They are built from cells (the hours of one role in one package), without the analysis and the estimate, so that a test
can make hundreds of them.
"""

import datetime as dt
import os
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from schema.assessment import Assessment
from worker.tools.costs import (
    Concern,
    CostLine,
    Costs,
    Milestone,
    Package,
    Payment,
    Phase,
    Risk,
    StatedBudget,
    StatedDeadline,
)
from worker.tools.profile.profile import Profile
from worker.tools.profile.reading import standard
from worker.tools.proposal.content import Proposal, proposal_of
from worker.tools.requirements import (
    BUILT,
    ID_PREFIXES,
    Analysis,
    Complexity,
    Discipline,
    Kind,
    Priority,
    Requirement,
    Size,
)

MANY = int(os.environ.get("SCOPESMITH_TEST_PROPOSALS", "40"))
"""How many proposals a thorough test makes. 500 take some minutes."""
SEVERAL = settings(max_examples=MANY, derandomize=False, deadline=None, suppress_health_check=list(HealthCheck))
"""A thorough test's own settings: other proposals at each run."""

LOCALES = ("en_GB", "en_US", "de_DE", "fr_FR", "ar", "ja", "sv_SE", "de_AT")
CURRENCIES = ("USD", "EUR", "GBP", "JPY", "SEK")
PHASES = {
    1: ["Discovery, build and go-live"],
    3: ["Discovery and design", "Build", "Test and go-live"],
    5: ["Discovery", "Design", "Build", "Test and acceptance", "Go-live and hand-over"],
}

# Letters only: a digit in a text would look like a figure to the tests.
words = st.text("abcdefghijklmnopqrstuvwxyzäéñøßÅЖλ أب漢字<>&\"'", min_size=1, max_size=40).map(
    lambda text: " ".join(text.split()) or "x"
)
sentences = st.one_of(
    words,
    st.sampled_from(
        [
            "Customers must book online",
            "SAP: orders in, invoices out",
            "The page loads fast",
            "We lose half of the claims",
            "Data goes to the accounting system",
            "<script>alert(document.domain)</script>",
            "{{ p.costs }} {% raw %}",
            "الطلبات يجب أن تصل",
        ]
    ),
)


@st.composite
def analyses(draw: st.DrawFn) -> tuple[Analysis, str]:
    """An analysis, and the notes with a line for each requirement."""
    kinds = draw(st.lists(st.sampled_from(Kind), max_size=12))
    numbers = dict.fromkeys(Kind, 0)
    requirements: list[Requirement] = []
    for line, kind in enumerate(kinds, 1):
        numbers[kind] += 1
        built = kind in BUILT
        requirements.append(
            Requirement(
                f"{ID_PREFIXES[kind]}-{numbers[kind]}",
                kind,
                draw(sentences),
                draw(st.sampled_from([(line,), (line, 1), ()])),
                draw(st.sampled_from(Priority)),
                draw(st.sampled_from(["Booking", "Claims <b>", "تتبع"])) if built else None,
                draw(st.sampled_from(Size)) if built else None,
                "",
                draw(st.sampled_from(Discipline)) if built else None,
            )
        )
    notes = "\n".join(f"- {each.text}" for each in requirements) or "Hello"
    confidence = draw(st.sampled_from([0.3, 0.69, 0.7, 1.0]))
    return Analysis(tuple(requirements), Complexity("Medium", 10, ("some",)), confidence=confidence), notes


@st.composite
def costs_of(draw: st.DrawFn, analysis: Analysis, profile: Profile, currency: str) -> Costs:
    """A price and a plan for an analysis."""
    named = dict.fromkeys(each.work_package or "" for each in analysis.requirements if each.kind in BUILT)
    names = ["Discovery and set-up", *named, "Project management"]
    roles = draw(st.lists(st.sampled_from(list(profile.roles)), min_size=1, max_size=5, unique=True))
    # Half an hour must cost whole yen, so in a currency without decimals every rate is even.
    step = 2 if currency == "JPY" else 1
    rates = {role: Decimal(draw(st.integers(1, 20_000)) * step) for role in roles}
    halves = st.integers(1, 8_000).map(lambda half: Decimal(half) / 2)
    cells = {name: {role: draw(halves) for role in roles} for name in names}
    lines = tuple(
        CostLine(
            role,
            profile.roles[role],
            hours := sum((cells[name][role] for name in names), Decimal(0)),
            rates[role],
            (hours / 10).quantize(Decimal("0.1")),
        )
        for role in roles
    )
    total = sum((line.cost for line in lines), Decimal(0))
    percent = Decimal(draw(st.sampled_from(["0", "2.5", "10", "100"])))
    off = {name: _cost(cells[name], rates) * percent / 100 // 1 for name in names}
    packages = tuple(
        Package(
            name,
            tuple(each.id for each in analysis.requirements if each.kind in BUILT and each.work_package == name),
            sum(cells[name].values(), Decimal(0)),
            _cost(cells[name], rates) - off[name],
        )
        for name in names
    )
    net = total - sum(off.values(), Decimal(0))
    start = draw(st.dates(dt.date(2026, 12, 1), dt.date(2027, 12, 31)))
    phases = draw(phases_from(start))
    end = phases[-1].end
    shares = draw(st.sampled_from([[100], [30, 70], [30, 40, 30], [10, 20, 30, 40]]))
    amounts = [net * share // 100 for share in shares[:-1]]
    late = draw(st.integers(-60, 60))
    risks = (
        Risk(draw(words), draw(words), Concern.DEADLINE),
        Risk(draw(words), draw(words), Concern.BUDGET, "High", "High"),
        Risk(draw(words), draw(words)),
    )
    return Costs(
        priced_on=dt.date(2026, 11, 22),
        valid_until=dt.date(2026, 12, 22),
        currency=currency,
        complexity_level="Medium",
        team_size=draw(st.integers(1, 40)),
        weeks=max(1, ((end - start).days + 7) // 7),
        start=start,
        end=end,
        lines=lines,
        packages=packages,
        effort={each: Decimal(8) for package in packages for each in package.requirement_ids},
        phases=phases,
        milestones=tuple(Milestone(f"{phase.name} done", phase.end) for phase in phases),
        payments=tuple(
            Payment(draw(words), share, amount, draw(st.sampled_from(phases)).end)
            for share, amount in zip(shares, [*amounts, net - sum(amounts, Decimal(0))], strict=True)
        ),
        assumptions=tuple(draw(st.lists(words, max_size=3))),
        risks=tuple(draw(st.lists(st.sampled_from(risks), max_size=3, unique=True))),
        rate_card="Rates",
        low=net * 9 // 10,
        high=net * 12 // 10,
        contingency_percent=10,
        discount_percent=percent,
        budget=draw(st.sampled_from([None, StatedBudget(net, currency, (1,), Decimal(0))])),
        deadlines=draw(st.sampled_from([(), (StatedDeadline(end - dt.timedelta(days=late), (1,), late),)])),
    )


@st.composite
def phases_from(draw: st.DrawFn, start: dt.date) -> tuple[Phase, ...]:
    """Phases without gap or overlap."""
    found: list[Phase] = []
    for name in PHASES[draw(st.sampled_from(list(PHASES)))]:
        end = start + dt.timedelta(days=draw(st.integers(0, 200)))
        found.append(Phase(name, "Work", start, end))
        start = end + dt.timedelta(days=1)
    return tuple(found)


@st.composite
def proposals(draw: st.DrawFn) -> Proposal:
    """A proposal of any locale and currency."""
    analysis, notes = draw(analyses())
    profile = standard()
    profile = Profile(**{**vars(profile), "locale": draw(st.sampled_from(LOCALES))})
    costs = draw(costs_of(analysis, profile, draw(st.sampled_from(CURRENCIES))))
    assessment = Assessment(draw(words), draw(st.one_of(st.none(), words)), None, notes, None, None)
    return proposal_of(assessment, analysis, costs, profile, reference="OFFER")


def _cost(cells: dict[str, Decimal], rates: dict[str, Decimal]) -> Decimal:
    return sum((hours * rates[role] for role, hours in cells.items()), Decimal(0))
