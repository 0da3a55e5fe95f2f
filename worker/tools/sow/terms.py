"""Writes the commercial and legal sections: fees, payments, acceptance, change control and the profile's clauses."""

from collections.abc import Iterator
from decimal import Decimal

from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.words import legible
from worker.tools.sow.page import Page, Text
from worker.tools.sow.titles import Title

_ACCEPTANCE: tuple[Text, ...] = (
    (
        "The supplier hands over a deliverable in writing. The client tests it against its acceptance criteria in ",
        Title.DELIVERABLES, " within ten working days, and either accepts it or names the defects.",
    ),
    (
        "The supplier corrects a defect that keeps the solution from being used as described in ", Title.SCOPE,
        ", and hands the deliverable over again. It lists lesser defects and corrects them before the project ends.",
    ),
    (
        "A deliverable counts as accepted when the client has not answered within ten working days, or uses it in"
        " production."
    ),
)  # fmt: skip

_CHANGE: tuple[Text, ...] = (
    "Either party may ask in writing for a change of scope, plan or price.",
    (
        "The supplier answers within five working days with the effect on scope, plan and price, at the rates in ",
        Title.FEES, ".",
    ),
    "A change counts when both parties have signed it. Until then, work goes on unchanged.",
)  # fmt: skip


def write(page: Page, proposal: Proposal) -> None:
    """Write the sections."""
    page.heading(1, Title.FEES)
    page.text(f"The price is {proposal.total}. {legible(proposal.profile.terms.taxes)}")
    _write_packages(page, proposal)
    _write_roles(page, proposal)
    _write_payments(page, proposal)
    page.heading(1, Title.ACCEPTANCE)
    page.bullets(_ACCEPTANCE)
    page.heading(1, Title.CHANGE)
    page.bullets(_CHANGE)
    _write_clauses(page, proposal)


def _write_packages(page: Page, proposal: Proposal) -> None:
    costs, formats = proposal.costs, proposal.formats
    page.heading(2, "Fees by work package")
    page.table(
        "Fees by work package",
        [Column("Work package", 0.5), Column("Hours", 0.2, numeric=True), Column("Fee", 0.3, numeric=True)],
        [(package.name, formats.hours(package.hours), formats.money(package.cost)) for package in proposal.packages],
        ("Total", formats.hours(costs.total_hours), proposal.total),
    )
    sentences = [f"The likely range is {proposal.price_range}."] if costs.low != costs.high else []
    if costs.contingency_percent:
        share = formats.percent(costs.contingency_percent)
        sentences.append(f"The hours include {share} for what is still uncertain.")
    if costs.discount:
        sentences.append(f"The fees are after the discount of {formats.percent(costs.discount_percent)}.")
    if sentences:
        page.text(" ".join(sentences), "Proposal Table Note")


def _write_roles(page: Page, proposal: Proposal) -> None:
    costs, formats = proposal.costs, proposal.formats
    rows = [
        (line.role, formats.hours(line.hours), formats.money(line.hourly_rate), formats.money(line.cost))
        for line in costs.lines
    ]
    if costs.discount:
        off = f"Discount ({formats.percent(costs.discount_percent)})"
        rows += [("Before the discount", "", "", formats.money(costs.list_cost)),
                 (off, "", "", formats.money(-costs.discount))]  # fmt: skip
    page.heading(2, "Fees by role")
    page.table(
        "Fees by role",
        [Column("Role", 0.36), Column("Hours", 0.18, numeric=True), Column("Hourly rate", 0.2, numeric=True),
         Column("Fee", 0.26, numeric=True)],
        rows,
        ("Total", formats.hours(costs.total_hours), "", proposal.total),
    )  # fmt: skip
    note = legible(next((card.note for card in proposal.profile.rate_cards if card.name == costs.rate_card), ""))
    page.text(f"Rate card: {legible(costs.rate_card)}. {note}".strip(), "Proposal Table Note")


def _write_payments(page: Page, proposal: Proposal) -> None:
    formats, payments = proposal.formats, proposal.costs.payments
    page.heading(2, "Payments")
    page.lead(
        f"The client pays in these instalments, each within {proposal.profile.terms.payment_days} days of its invoice."
        " An invoice follows its milestone; the dates are those of the plan."
    )
    page.table(
        "Payments",
        [Column("Milestone", 0.36), Column("Planned for", 0.22), Column("Share", 0.16, numeric=True),
         Column("Amount", 0.26, numeric=True)],
        [(legible(each.milestone), formats.short_day(each.date), formats.percent(each.percent),
          formats.money(each.amount)) for each in payments],
        ("Total", "", formats.percent(sum(each.percent for each in payments)),
         formats.money(sum((each.amount for each in payments), Decimal(0)))),
    )  # fmt: skip


def _write_clauses(page: Page, proposal: Proposal) -> None:
    profile = proposal.profile
    law = list(_law(profile.supplier.jurisdiction))
    if not profile.clauses and not law:
        return
    page.heading(1, Title.TERMS)
    if profile.clauses_note:
        page.text(legible(profile.clauses_note), "Important Note")
    for clause in profile.clauses:
        page.heading(2, legible(clause.title))
        for paragraph in clause.paragraphs:
            page.text(legible(paragraph))
    for sentence in law:
        page.heading(2, "Governing law")
        page.text(sentence)


def _law(jurisdiction: str) -> Iterator[str]:
    if jurisdiction:
        yield f"This statement of work is under {legible(jurisdiction)}."
