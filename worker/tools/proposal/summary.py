"""The first page in words: the figures, the summary, and what a reader must know before relying on them. Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from worker.tools.costs import Concern, Risk
from worker.tools.proposal.parts import Figure
from worker.tools.proposal.words import counted, enumerated, legible, sentence
from worker.tools.requirements import BUILT, Kind

if TYPE_CHECKING:
    from worker.tools.proposal.content import Proposal

LOW_CONFIDENCE = 0.7
"""Below this share of lines that the analysis could account for, the first pages say that it is a first estimate."""

_LARGEST = 3


def figures(proposal: "Proposal") -> Iterator[Figure]:
    """Price, effort, duration and team, each with a sentence."""
    costs = proposal.costs
    built = sum(proposal.analysis.count(kind) for kind in BUILT)
    taxes = sentence(legible(proposal.profile.terms.taxes))
    likely = f"The likely range is {proposal.price_range}; {taxes[:1].lower()}{taxes[1:]}"
    yield Figure("Price", proposal.total, likely if costs.low != costs.high else taxes)
    covers = f"{counted(built, 'requirement')} with their" if built else "what is needed to settle the scope, with its"
    yield Figure("Effort", proposal.hours, f"It covers {covers} management.")
    yield Figure("Duration", proposal.duration, f"Work runs from {proposal.start} to {proposal.end}.")
    roles = len(costs.lines)
    work = f"{counted(roles, 'role')} share the work" if roles > 1 else f"{costs.lines[0].role} does the work"
    yield Figure("Team", proposal.team, f"{work}.")


def alerts(proposal: "Proposal") -> tuple[Risk, ...]:
    """A stated deadline or budget that is not kept."""
    return tuple(risk for risk in proposal.risks if risk.concern is not Concern.OTHER)


def summary(proposal: "Proposal") -> Iterator[str]:
    """Three to five sentences: what the client wants, what is offered, the price, when, and what is open."""
    yield _wanted(proposal)
    offer = f"{legible(proposal.profile.supplier.name)} offers {_parts(proposal)} with a team of {proposal.team}"
    yield f"{offer}, at {proposal.total} for {proposal.hours} of work."
    yield f"Work starts on {proposal.start} and ends on {proposal.end} ({proposal.duration}){_kept(proposal)}."
    yield from (alert.text for alert in proposal.alerts)
    questions = proposal.analysis.count(Kind.OPEN_QUESTION)
    if questions and not proposal.alerts:
        verb = "is" if questions == 1 else "are"
        yield f"{counted(questions, 'open question')} {verb} to be answered; the answers can change scope and price."


def caution(proposal: "Proposal") -> str:
    """A sentence for the first page where the notes were hard to understand; empty where they were not."""
    understood = proposal.analysis.confidence
    if understood >= LOW_CONFIDENCE:
        return ""
    share = proposal.formats.percent(round(understood * 100))
    return (
        f"Only {share} of the notes could be understood with confidence:"
        " treat scope and price as a first estimate, and check them together before you decide."
    )


def _wanted(proposal: "Proposal") -> str:
    named = [
        counted(count, noun, plural)
        for kind, noun, plural in (
            (Kind.FUNCTIONAL, "function", None),
            (Kind.INTEGRATION, "integration", None),
            (Kind.NON_FUNCTIONAL, "quality requirement", None),
        )
        if (count := proposal.analysis.count(kind))
    ]
    if not named:
        return f"{proposal.client} has stated no requirement yet that can be priced: the scope has to be agreed first."
    largest = sorted((p for p in proposal.packages if p.requirements), key=lambda p: p.cost, reverse=True)
    names = [each.name for each in largest[:_LARGEST]]
    focus = f", most of all in {enumerated(names)}" if len(largest) > _LARGEST else ""
    return f"{proposal.client} asks for {enumerated(named)}{focus}."


def _parts(proposal: "Proposal") -> str:
    built = sum(bool(package.requirements) for package in proposal.packages)
    if not built:
        return "to find out and agree what is needed"
    phases = counted(len(proposal.costs.phases), "phase")
    packages = f"{counted(built, 'work package')} and " if built > 1 else ""
    return f"to deliver this in {packages}{phases}"


def _kept(proposal: "Proposal") -> str:
    """How the plan keeps the first stated day, where it keeps all of them."""
    deadlines = proposal.costs.deadlines
    if not deadlines or any(each.days_late > 0 for each in deadlines):
        return ""
    first = min(deadlines, key=lambda each: each.date)
    spare = -first.days_late
    ahead = f"{counted(spare, 'day')} before" if spare else "on"
    return f", {ahead} the stated {proposal.formats.day(first.date)}"
