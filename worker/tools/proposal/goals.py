"""What the client wants to achieve, in its own words, and how both parties will see that it is achieved. Pure."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from worker.tools.proposal import quotes
from worker.tools.proposal.parts import Criterion, Objective, Quote
from worker.tools.proposal.scope import leading
from worker.tools.proposal.words import every, ranges, sentence
from worker.tools.requirements import BUILT, Kind, Priority

if TYPE_CHECKING:
    from worker.tools.proposal.content import Proposal

MOST_OBJECTIVES = 6
MOST_CRITERIA = 10

_MEASURED = re.compile(r"\d|\b(?:AA|WCAG|ISO|GDPR|HIPAA|PCI)\b")
"""A quality requirement with a figure or a standard can be measured."""


def objectives(proposal: "Proposal") -> Iterator[Objective]:
    """One objective for each work package that says what is at stake, and for the largest others, in their order.

    Packages that only say how well something works, or what it is connected to, are no objectives.
    """
    built = [
        package for package in proposal.packages if any(each.kind is Kind.FUNCTIONAL for each in package.requirements)
    ] or [package for package in proposal.packages if package.requirements]
    weight = {
        package.name: (any(quotes.tells_stakes(each.text) for each in package.requirements), package.cost)
        for package in built
    }
    largest = sorted(built, key=lambda package: weight[package.name], reverse=True)[:MOST_OBJECTIVES]
    for package in built:
        if package in largest:
            main = leading(package.requirements)
            said = proposal.said(main)
            text = sentence(said if said == main.text else f"{package.name}: {said}")
            yield Objective(package.name, text, proposal.sources(main) if main.lines else "")


def success_criteria(proposal: "Proposal") -> Iterator[Criterion]:
    """What can be measured: the acceptance, the figures of the quality requirements, stated days and the budget."""
    built = [each for each in proposal.requirements if each.kind in BUILT]
    must = [each for each in built if each.priority is Priority.MUST]
    if must:
        have = "has" if len(must) == 1 else "have"
        what = every(len(must), "requirement")
        yield Criterion(sentence(f"{what} with priority “must” {have} passed the acceptance tests"), "Acceptance")
    measured = [each for each in proposal.items(Kind.NON_FUNCTIONAL) if _MEASURED.search(each.text)]
    for each in measured[:MOST_CRITERIA]:
        yield Criterion(sentence(each.text), each.id)
    if len(measured) > MOST_CRITERIA:
        rest = measured[MOST_CRITERIA:]
        yield Criterion(f"The targets in {ranges(each.id for each in rest)} are met as well.", "Scope")
    links = proposal.items(Kind.INTEGRATION)
    if links:
        exchange = "exchanges" if len(links) == 1 else "exchange"
        text = f"{every(len(links), 'interface')} {exchange} data with the client's systems in an end-to-end test"
        yield Criterion(sentence(text), ranges(each.id for each in links))
    for deadline in proposal.costs.deadlines:
        day = proposal.formats.day(deadline.date)
        if deadline.days_late <= 0:
            yield Criterion(f"The work is finished by {day}.", _stated(deadline.lines))
        else:
            text = f"The stated day is {day}. The plan ends on {proposal.end}; the risks say what would mend this."
            yield Criterion(text, _stated(deadline.lines))
    budget = proposal.costs.budget
    if budget and budget.over is not None and budget.over <= 0:
        amount = proposal.formats.money(budget.amount)
        yield Criterion(f"The price stays within the stated budget of {amount}.", _stated(budget.lines))


def heard(proposal: "Proposal") -> tuple[Quote, ...]:
    """The client's own sentences that matter most."""
    packages = {
        line: each.work_package or "" for each in proposal.requirements if each.kind in BUILT for line in each.lines
    }
    must = frozenset(
        line
        for each in proposal.requirements
        if each.kind in BUILT and each.priority is Priority.MUST
        for line in each.lines
    )
    return quotes.heard(proposal.sentences, packages, must)


def _stated(lines: tuple[int, ...]) -> str:
    return f"Notes, line {lines[0]}" if lines else "Assessment form"
