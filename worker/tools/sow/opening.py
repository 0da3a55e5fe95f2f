"""Writes the first sections: who agrees with whom, what it is about, and what it is for."""

from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.parts import Quote
from worker.tools.proposal.words import clause, legible
from worker.tools.sow.page import Page
from worker.tools.sow.scope import is_small
from worker.tools.sow.titles import Title

_MOST_QUOTES = 3


def write(page: Page, proposal: Proposal) -> None:
    """Write the sections."""
    _write_parties(page, proposal)
    _write_background(page, proposal)
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
        [("Client", proposal.client, "To be named at signature"), ("Supplier", legible(company), legible(contact))],
    )


def _write_background(page: Page, proposal: Proposal) -> None:
    page.heading(2, "Background")
    field = f", a company in the field \u201c{proposal.industry}\u201d," if proposal.industry else ""
    page.text(
        f"{proposal.client}{field} has told the supplier what it needs for {proposal.project}. This statement of work"
        " sets down what the supplier delivers, by when and at what price, and what each party does for it."
    )
    quotes = proposal.heard[:_MOST_QUOTES]
    if quotes:
        page.lead("In the client's own words:")
        for quote in quotes:
            page.text(_quoted(quote), "Quote")
    if proposal.trace and not is_small(proposal):
        page.text((
            "Each requirement has a number and names the lines of the notes in which it was stated. ",
            Title.TRACE, " lists them line by line.",
        ))  # fmt: skip
    page.heading(2, "Summary")
    for alert in proposal.alerts:
        page.text(f"{alert.text} {alert.mitigation}".strip(), "Important Note")
    if proposal.caution:
        page.text(proposal.caution, "Important Note")
    told = {alert.text for alert in proposal.alerts}
    page.lead(" ".join(sentence for sentence in proposal.summary if sentence not in told))
    if is_small(proposal):
        return
    page.table(
        "The offer in figures",
        [Column("Figure", 0.15), Column("Value", 0.23), Column("What it means", 0.62)],
        [(figure.label, figure.value, figure.sentence) for figure in proposal.figures],
    )


def _quoted(quote: Quote) -> str:
    speaker = f"{quote.speaker}, " if quote.speaker else ""
    return f"\u201c{quote.text}\u201d ({speaker}notes, line {quote.line})"


def _write_objectives(page: Page, proposal: Proposal) -> None:
    objectives = () if is_small(proposal) else proposal.objectives
    if not objectives and not proposal.success_criteria:
        return
    page.heading(1, Title.OBJECTIVES)
    if objectives:
        page.heading(2, "Objectives")
        page.bullets(_with_source(each.text, each.source) for each in objectives)
    if proposal.success_criteria:
        page.heading(2, "Success criteria")
        page.lead("The project has reached its objectives when all of this is the case:")
        page.bullets(_with_source(each.text, each.source) for each in proposal.success_criteria)


def _with_source(text: str, source: str) -> str:
    return f"{clause(text)} ({source})." if source else text
