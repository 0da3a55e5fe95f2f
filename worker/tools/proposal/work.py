"""How the work is done and what is handed over: the approach by phase and the deliverables. Pure.

Phases are known by words in their names, because a small project has fewer of them and a phase can be two in one.
What a project doesn't have (interfaces, migration, training) is not spoken of.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from worker.tools.costs import Phase
from worker.tools.proposal.parts import Deliverable, Stage
from worker.tools.proposal.words import every, ranges, sentence, some_of, the
from worker.tools.requirements import BUILT, Discipline, Kind

if TYPE_CHECKING:
    from worker.tools.proposal.content import Proposal

DISCOVERY, DESIGN, BUILD, TEST, LIVE = "discover", "design", "build", "test", "live"

LARGE = 400
"""From so many hours on, a project has documents of its own for design, tests and operation."""
_NAMED = 3


def approach(proposal: "Proposal") -> Iterator[Stage]:
    """The phases with what happens in each, and the milestone on its last day."""
    reached = {milestone.date: milestone.name for milestone in proposal.costs.milestones}
    for phase in proposal.costs.phases:
        said = [text for word, tell in _TOLD if word in phase.name.lower() for text in tell(proposal)]
        text = " ".join(said) or f"{phase.activities}."
        yield Stage(phase.name, text, phase.start, phase.end, reached.get(phase.end, ""))


def deliverables(proposal: "Proposal") -> Iterator[Deliverable]:
    """What is handed over, in the order of the plan."""
    built = [each for each in proposal.requirements if each.kind in BUILT]
    large = proposal.costs.total_hours >= LARGE
    questions = proposal.items(Kind.OPEN_QUESTION)
    asked = the(len(questions), "open question")
    answered = f" {sentence(f'{asked} in this document {_are(questions)} answered')}"
    yield _deliverable(
        proposal,
        DISCOVERY,
        "Agreed backlog" if built else "Agreed list of requirements",
        f"Each requirement has acceptance criteria that the product owner has approved.{answered if questions else ''}",
    )
    if not built:
        yield _deliverable(
            proposal, LIVE, "Priced proposal", "It has the price and the plan for the agreed requirements."
        )
        return
    if large:
        yield _deliverable(proposal, DESIGN, "Solution design", _design(proposal), "IT contact")
    for package in proposal.packages:
        if package.requirements:
            ids = [each.id for each in package.requirements]
            which = f"{every(len(ids), 'requirement')} ({ranges(ids)})" if len(ids) > 1 else ids[0]
            tests = "pass their acceptance tests" if len(ids) > 1 else "passes its acceptance test"
            yield _deliverable(proposal, BUILD, package.name, sentence(f"{which} {tests} in the test environment"))
    if large:
        limits = proposal.items(Kind.NON_FUNCTIONAL)
        targets = f" The targets of {ranges(each.id for each in limits)} are shown to be met." if limits else ""
        yield _deliverable(proposal, TEST, "Test report", f"No defect that blocks the use is open.{targets}")
    yield _deliverable(
        proposal, LIVE, "Go-live", "The solution is in production, and no defect that blocks its use is open."
    )
    if large:
        yield _deliverable(
            proposal,
            LIVE,
            "Operations manual and hand-over",
            "The client's staff have operated and deployed the solution once by the manual alone.",
            "IT contact",
        )


def phase_of(proposal: "Proposal", word: str) -> Phase:
    """The phase with this word in its name; else the last one for what ends a project, and the first for the rest."""
    phases = proposal.costs.phases
    return next((each for each in phases if word in each.name.lower()), phases[-1 if word in {TEST, LIVE} else 0])


def _deliverable(proposal: "Proposal", word: str, name: str, acceptance: str, by: str = "Product owner") -> Deliverable:
    phase = phase_of(proposal, word)
    return Deliverable(name, acceptance, by, phase.name, phase.end)


def _discovery(proposal: "Proposal") -> Iterator[str]:
    questions, built = proposal.items(Kind.OPEN_QUESTION), _built(proposal)
    if questions:
        yield f"In workshops, the team settles {the(len(questions), 'open question')} with the client."
    if built:
        yield f"Both agree the acceptance criteria for {every(len(built), 'requirement')} and the order of the work."
    elif not questions:
        yield "In workshops, the team finds out and agrees with the client what is needed."


def _design_phase(proposal: "Proposal") -> Iterator[str]:
    if not _built(proposal):
        yield "The team outlines a solution for what was agreed."
        return
    names = [system.name for system in proposal.systems.systems]
    others = f"agrees the interfaces with the owners of {some_of(names, _NAMED, 'system')}" if names else ""
    yield f"The team designs the solution and {others or 'reviews the design with the client'}."
    if any("design" in line.role.lower() for line in proposal.costs.lines):
        yield "Users try prototypes of the main screens before they are built."
    if _has(proposal, Discipline.SECURITY):
        yield "The security concept is part of the design."


def _build(proposal: "Proposal") -> Iterator[str]:
    names = [package.name for package in proposal.packages if package.requirements]
    if not names:
        yield "The team writes down what was agreed."
        return
    yield f"The team builds {some_of(names, _NAMED, 'work package')}, the must-haves first."
    phase = phase_of(proposal, BUILD)
    if (phase.end - phase.start).days > 21:  # noqa: PLR2004 - less than two iterations need no rhythm
        yield "Each iteration of two weeks ends with a demonstration, so that the client can correct the course."


def _test(proposal: "Proposal") -> Iterator[str]:
    if not _built(proposal):
        yield "The team reviews the result with the client."
        return
    kinds = ["functions"] + ["interfaces"] * bool(proposal.items(Kind.INTEGRATION))
    kinds += ["load"] * (_has(proposal, Discipline.INFRASTRUCTURE) and bool(proposal.items(Kind.NON_FUNCTIONAL)))
    kinds += ["security"] * _has(proposal, Discipline.SECURITY)
    yield f"The team tests {some_of(kinds, len(kinds), 'kind')}; the client tests against the agreed criteria."
    yield "What does not pass is corrected and tested again."


def _live(proposal: "Proposal") -> Iterator[str]:
    if not _built(proposal):
        yield "The price and the plan of the whole project are handed over."
        return
    steps = ["moves the data"] * _has(proposal, Discipline.DATA, "migrat") + ["goes live"]
    steps += ["trains users and operators"] * _has(proposal, Discipline.CHANGE)
    yield f"The team {some_of([*steps, 'hands over the documentation'], len(steps) + 1, 'step')}."
    if proposal.costs.total_hours >= LARGE:
        yield "It stays with the client until the operation is stable."


_TOLD: tuple[tuple[str, Callable[["Proposal"], Iterator[str]]], ...] = (
    (DISCOVERY, _discovery),
    (DESIGN, _design_phase),
    (BUILD, _build),
    (TEST, _test),
    (LIVE, _live),
)


def _design(proposal: "Proposal") -> str:
    names = [system.name for system in proposal.systems.systems]
    contracts = f" and the interface contracts with {some_of(names, _NAMED, 'system')}" if names else ""
    return f"The client's IT has reviewed the architecture{contracts}, and no objection is open."


def _built(proposal: "Proposal") -> list[str]:
    return [each.id for each in proposal.requirements if each.kind in BUILT]


def _has(proposal: "Proposal", discipline: Discipline, word: str = "") -> bool:
    """Whether something in scope is of this discipline, and has this word in its text or package."""
    return any(
        each.discipline is discipline and word in f"{each.text} {each.work_package}".lower()
        for each in proposal.requirements
    )


def _are(things: tuple[object, ...]) -> str:
    return "is" if len(things) == 1 else "are"
