"""Writes the last sections: what is open, what may go wrong, the signatures, and where each requirement comes from."""

from collections.abc import Iterator

from worker.tools.proposal.content import Proposal
from worker.tools.requirements import BUILT, Kind, Requirement
from worker.tools.sow.page import Align, Column, Page
from worker.tools.sow.scope import shown_lines
from worker.tools.sow.titles import Title

_SIGNED = ("Company:", "Name:", "Title:", "Place and date:", "Signature:")
_LONGEST = 220
"""So much of a line is enough to find it in the notes."""
_OTHERS = {
    Kind.CONSTRAINT: "Constraint", Kind.OUT_OF_SCOPE: Title.EXCLUDED.value, Kind.OPEN_QUESTION: "Open question"
}  # fmt: skip


def write(page: Page, proposal: Proposal) -> None:
    """Write the sections."""
    _write_questions(page, proposal)
    _write_risks(page, proposal)
    page.heading(1, Title.SIGNATURES)
    page.text(
        f"By signing, both parties agree to this statement of work, number {proposal.number}, and its appendix.",
    )
    supplier = proposal.profile.supplier.name
    page.signatures((f"For the client, {proposal.client}", f"For the supplier, {supplier}"), _SIGNED)
    _write_trace(page, proposal)


def _write_questions(page: Page, proposal: Proposal) -> None:
    questions = proposal.items(Kind.OPEN_QUESTION)
    if not questions:
        return
    due = proposal.formats.short_day(proposal.costs.phases[0].end)
    page.heading(1, Title.QUESTIONS)
    page.text(("The answers may change scope, plan and price, by the rules of ", Title.CHANGE, "."))
    page.table(
        "Open questions",
        [Column("No.", 0.1), Column("Question", 0.6), Column("Answer by", 0.16),
         Column("Notes, line", 0.14, Align.NUMBER)],
        [(each.id, each.text, due, shown_lines(each)) for each in questions],
    )  # fmt: skip


def _write_risks(page: Page, proposal: Proposal) -> None:
    risks = proposal.costs.risks
    if not risks:
        return
    page.heading(1, Title.RISKS)
    page.text("The parties look at these risks together in each report.")
    page.table(
        "Risks",
        [Column("Risk", 0.37), Column("Probability", 0.13), Column("Impact", 0.11), Column("What is done", 0.39)],
        [(risk.text, risk.probability, risk.impact, risk.mitigation) for risk in risks],
    )


def _write_trace(page: Page, proposal: Proposal) -> None:
    rows = list(_traced(proposal))
    if not rows:
        return
    page.appendix(Title.TRACE)
    page.text("Each line of the notes that a requirement comes from, with the work package that fulfils it.")
    page.table(
        "Lines, requirements and work packages",
        [Column("Line", 0.07, Align.NUMBER), Column("Notes", 0.5), Column("Requirement", 0.18),
         Column("Work package", 0.25)],
        rows,
    )  # fmt: skip
    page.text("Lines are counted from 1. A long line is shortened.", "Proposal Table Note")


def _traced(proposal: Proposal) -> Iterator[tuple[str, str, str, str]]:
    packages = {each.id: package.name for package in proposal.packages for each in package.requirements}
    by_line: dict[int, list[Requirement]] = {}
    for requirement in proposal.requirements:
        for line in requirement.lines:
            by_line.setdefault(line, []).append(requirement)
    for line, found in sorted(by_line.items()):
        said = proposal.quote(line)
        shown = said if len(said) <= _LONGEST else said[:_LONGEST].rsplit(" ", 1)[0] + " \u2026"
        places = dict.fromkeys(
            packages.get(each.id, "") if each.kind in BUILT else _OTHERS[each.kind] for each in found
        )
        yield str(line), shown, ", ".join(each.id for each in found), ", ".join(filter(None, places))
