"""The first page in words: the figures, the summary, and what a reader must know before relying on them. Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from worker.tools.costs import Concern, Risk
from worker.tools.proposal.parts import Figure
from worker.tools.proposal.words import counted, enumerated, legible, sentence
from worker.tools.requirements import BUILT, Kind, Priority

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
    covers = counted(built, "requirement") if built else "what is needed to settle the scope"
    yield Figure("Effort", proposal.hours, f"It covers {covers}, and the management of the project.")
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
        one = questions == 1
        open_ = "One question is" if one else f"{questions:,} questions are"
        yield f"{open_} open; the {'answer' if one else 'answers'} can change scope and price."


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
    built = [each for each in proposal.requirements if each.kind in BUILT]
    if not built:
        return f"{proposal.client} has stated no requirement yet that can be priced: the scope has to be agreed first."
    largest = sorted((p for p in proposal.packages if p.requirements), key=lambda p: p.cost, reverse=True)
    names = [f"\u201c{each.name}\u201d" for each in largest[:_LARGEST]]
    focus = f" Most of the work is in {enumerated(names)}." if len(largest) > _LARGEST else ""
    must = sum(each.priority is Priority.MUST for each in built)
    musts = f", {_how_many(must, len(built))} a must" if must else ""
    stated = counted(len(built), "requirement")
    return f"{proposal.client} has stated {stated} for \u201c{proposal.project}\u201d{musts}.{focus}"


def _how_many(number: int, whole: int) -> str:
    if whole == 1:
        return "which is"
    return f"{'both' if whole == 2 else 'all'} of them" if number == whole else f"{number:,} of them"  # noqa: PLR2004


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
