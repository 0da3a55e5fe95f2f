"""What the supplier hands over in a project, by which criteria it is accepted, by whom and when. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.tools.proposal.content import Proposal, ScopePackage
from worker.tools.proposal.words import counted
from worker.tools.requirements import Kind, Requirement

OWNER, TECHNICAL = "Client's product owner", "Client's technical contact"
BUILD = "Build"
"""The phase at whose end the work packages are ready, by its name in `worker.tools.pricing.plan`."""


@dataclass(frozen=True)
class Deliverable:
    """One thing that is handed over."""

    name: str
    criteria: str
    accepted_by: str
    due: str


def deliverables(proposal: Proposal) -> tuple[Deliverable, ...]:
    """What is handed over, in the order of the plan. What a project does not need is not in it."""
    ends = {phase.name: phase.end for phase in proposal.costs.phases}
    last = proposal.costs.phases[-1].name
    found = [(last if phase not in ends else phase, *rest) for phase, *rest in _wanted(proposal)]
    in_order = sorted(found, key=lambda each: ends[each[0]])
    return tuple(
        Deliverable(name, criteria, accepted_by, proposal.formats.short_day(ends[phase]))
        for phase, name, criteria, accepted_by in in_order
    )


def _wanted(proposal: Proposal) -> Iterator[tuple[str, str, str, str]]:
    """Phase, name, criteria, and who accepts it."""
    phases = {phase.name for phase in proposal.costs.phases}
    roles = {line.role for line in proposal.costs.lines}
    connections, qualities = proposal.items(Kind.INTEGRATION), proposal.items(Kind.NON_FUNCTIONAL)
    questions = " and every open question has an answer" if proposal.items(Kind.OPEN_QUESTION) else ""
    if "Discovery" in phases:
        yield "Discovery", "Agreed backlog", f"Every requirement has its acceptance criteria{questions}.", OWNER
    if "Design" in phases and "Solution Architect" in roles and (connections or qualities):
        yield "Design", "Solution design", f"It covers {_covered(connections, qualities)}.", TECHNICAL
    if "Design" in phases and "Experience Designer" in roles:
        yield "Design", "Prototype of the main screens", "Users of the client have tried and commented it.", OWNER
    for package in proposal.packages:
        if package.requirements:
            yield BUILD, f"{package.name}: ready for test", _passed(package), OWNER
    if "QA Engineer" in roles:
        measured = f" and measures {_named(qualities)}" if qualities else ""
        yield "Test and acceptance", "Test report", f"It has the result of each test{measured}.", OWNER
    release = "It runs in the client's production, with no defect open that keeps it from being used."
    yield "Go-live and hand-over", "Production release", release, OWNER
    papers = "The client's operators have put the solution into operation by it."
    yield "Go-live and hand-over", "Source code and operations manual", papers, TECHNICAL
    if "Change Consultant" in roles:
        trained = "The users that the client has named have taken part."
        yield "Go-live and hand-over", "Training and its material", trained, OWNER


def _covered(connections: Sequence[Requirement], qualities: Sequence[Requirement]) -> str:
    parts = [
        f"{counted(len(items), noun)} ({ranged([item.id for item in items])})"
        for items, noun in ((connections, "integration"), (qualities, "quality requirement"))
        if items
    ]
    return " and ".join(parts)


def _named(items: Sequence[Requirement]) -> str:
    return ranged([item.id for item in items])


def _passed(package: ScopePackage) -> str:
    if len(package.requirements) == 1:
        return f"{package.requirements[0].id} passes its test, with no defect open that keeps it from being used."
    return f"{_named(package.requirements)} pass their tests, with no defect open that keeps them from being used."


def ranged(ids: Sequence[str]) -> str:
    """Requirements' ids, with those that follow each other as a range: "FR-1, FR-3 to FR-5"."""
    runs: list[list[str]] = []
    for each in ids:
        if runs and _next(runs[-1][-1]) == each:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(
        f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(run)  # noqa: PLR2004 - two ids are as short as a range
        for run in runs
    )


def _next(name: str) -> str:
    kind, _, number = name.rpartition("-")
    return f"{kind}-{int(number) + 1}" if number.isdecimal() else ""
