"""Writes the first sections: who agrees with whom, what it is about, and what it is for."""

import re

from worker.tools.proposal.content import Proposal
from worker.tools.proposal.words import counted
from worker.tools.requirements import BUILT, Kind, Priority
from worker.tools.sow.page import Column, Page
from worker.tools.sow.titles import Title

_MOST_QUOTES = 3
_MEASURED = re.compile(r"\d|WCAG|\bISO\b")
"""What makes a quality measurable: a number or a standard."""


def write(page: Page, proposal: Proposal) -> None:
    """Write the sections."""
    _write_parties(page, proposal)
    _write_objectives(page, proposal)


def _write_parties(page: Page, proposal: Proposal) -> None:
    supplier = proposal.profile.supplier
    page.heading(1, Title.PARTIES)
    page.heading(2, "Parties")
    contact = ", ".join(filter(None, (supplier.contact, supplier.email)))
    company = ", ".join((supplier.name, *supplier.address))
    page.table(
        "The parties",
        [Column("Party", 0.15), Column("Company", 0.52), Column("Contact", 0.33)],
        [("Client", proposal.client, "To be named at signature"), ("Supplier", company, contact)],
    )
    page.heading(2, "Background")
    field = f", in the industry {proposal.industry}" if proposal.industry else ""
    page.text(
        f"{proposal.client}{field}, has told the supplier what it needs for {proposal.project}. This statement of work"
        " sets down what the supplier delivers, by when and at what price, and what each party does for it."
    )
    page.text((
        "Each requirement has a number and names the lines of the notes in which it was stated; ",
        Title.TRACE, " lists them line by line.",
    ))  # fmt: skip
    page.heading(2, "Summary")
    for alert in proposal.alerts:
        page.text(f"{alert.text} {alert.mitigation}".strip(), "Important Note")
    page.table(
        "The offer in figures",
        [Column("Figure", 0.15), Column("Value", 0.23), Column("What it means", 0.62)],
        [(figure.label, figure.value, figure.sentence) for figure in proposal.figures],
    )


def _write_objectives(page: Page, proposal: Proposal) -> None:
    criteria = _criteria(proposal)
    quotes = proposal.heard[:_MOST_QUOTES]
    if not criteria and not quotes:
        return
    page.heading(1, Title.OBJECTIVES)
    if quotes:
        page.heading(2, "Objectives")
        page.text(f"{proposal.client} describes what it wants to reach in these words:")
        for quote in quotes:
            page.text(f"\u201c{quote.text}\u201d (notes, line {quote.line})", "Quote")
    if criteria:
        page.heading(2, "Success criteria")
        page.text("The project has reached its objectives when all of this is the case:")
        page.bullets(criteria)


def _criteria(proposal: Proposal) -> list[str]:
    built = [each for each in proposal.requirements if each.kind in BUILT]
    musts = sum(each.priority is Priority.MUST for each in built)
    criteria = [f"The client has accepted {_all(musts)} of priority {Priority.MUST.lower()}."] if musts else []
    criteria += [
        f"{each.text.rstrip('.')} ({each.id})." for each in proposal.items(Kind.NON_FUNCTIONAL)
        if _MEASURED.search(each.text)
    ]  # fmt: skip
    criteria += [
        f"The solution is in operation by {proposal.formats.day(deadline.date)}, the day that the notes state"
        f" ({_lines(deadline.lines)})."
        for deadline in proposal.costs.deadlines
    ]
    return criteria


def _all(number: int) -> str:
    return "the one requirement" if number == 1 else f"all {counted(number, 'requirement')}"


def _lines(lines: tuple[int, ...]) -> str:
    return ("line " if len(lines) == 1 else "lines ") + ", ".join(map(str, lines))
