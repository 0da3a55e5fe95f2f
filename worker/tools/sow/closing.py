"""Writes the last sections: what is open, what may go wrong, the signatures, and where each requirement comes from."""

from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.words import legible
from worker.tools.requirements import Kind
from worker.tools.sow.page import Page
from worker.tools.sow.scope import shown_lines
from worker.tools.sow.titles import Title

_SIGNED = ("Company:", "Name:", "Title:", "Place and date:", "Signature:")


def write(page: Page, proposal: Proposal) -> None:
    """Write the sections."""
    _write_questions(page, proposal)
    _write_risks(page, proposal)
    page.heading(1, Title.SIGNATURES)
    page.lead(f"Both parties agree to this statement of work, number {proposal.number}.")
    supplier = legible(proposal.profile.supplier.name)
    page.signatures((f"For the client, {proposal.client}", f"For the supplier, {supplier}"), _SIGNED)
    appendix = ("The appendix ", Title.TRACE, " is part of it. ") if proposal.trace else ()
    page.text((*appendix, "Each party keeps a signed copy."), "Proposal Table Note")


def _write_questions(page: Page, proposal: Proposal) -> None:
    questions = proposal.items(Kind.OPEN_QUESTION)
    if not questions:
        return
    due = proposal.formats.short_day(proposal.costs.phases[0].end)
    page.heading(1, Title.QUESTIONS)
    page.lead(("The answers may change scope, plan and price, by the rules of ", Title.CHANGE, "."))
    page.table(
        "Open questions",
        [Column("No.", 0.1), Column("Question", 0.6), Column("Answer by", 0.16),
         Column("Notes, line", 0.14, numeric=True)],
        [(each.id, each.text, due, shown_lines(each)) for each in questions],
    )  # fmt: skip


def _write_risks(page: Page, proposal: Proposal) -> None:
    risks = proposal.costs.risks
    if not risks:
        return
    page.heading(1, Title.RISKS)
    page.lead("The parties look at these risks together in each report.")
    page.table(
        "Risks",
        [Column("Risk", 0.37), Column("Probability", 0.13), Column("Impact", 0.11), Column("What is done", 0.39)],
        [(risk.text, risk.probability, risk.impact, risk.mitigation) for risk in risks],
    )


def write_trace(page: Page, proposal: Proposal, *, new_page: bool) -> None:
    """Write the appendix."""
    if not proposal.trace:
        return
    found: dict[tuple[int, str], tuple[list[str], list[str]]] = {}
    for each in proposal.trace:
        ids, places = found.setdefault((each.line, each.quote), ([], []))
        ids.append(each.requirement_id)
        places.append(each.package)
    if new_page:
        page.end()
    page.appendix(Title.TRACE)
    page.lead("What the notes say, which requirement it became, and the work package that fulfils it.")
    page.table(
        "Lines, requirements and work packages",
        [Column("Line", 0.08, numeric=True), Column("Notes", 0.5), Column("Requirement", 0.18),
         Column("Work package", 0.24)],
        [(str(line), quote, ", ".join(dict.fromkeys(ids)), ", ".join(dict.fromkeys(places)))
         for (line, quote), (ids, places) in found.items()],
    )  # fmt: skip
    page.text("The first line of the notes is line 1.", "Proposal Table Note")
