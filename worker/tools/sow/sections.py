"""Writes the sections of a statement of work. Every figure comes from the proposal."""

from collections.abc import Iterator, Sequence

from worker.tools.documents.document import Column
from worker.tools.proposal import SCOPE_TITLES, Proposal, money, number
from worker.tools.requirements import Kind, Requirement
from worker.tools.sow.page import Page

_REQUIREMENT = (Column("No.", 0.14), Column("Requirement", 0.70), Column("Notes, line", 0.16, numeric=True))

_MOST_LINES = 4
"""How many line numbers of a requirement are shown."""

# Each deliverable with its phase, by the name that the phase has in `worker.tools.pricing.plan`.
_DELIVERABLES: Sequence[tuple[str, str]] = (
    ("Agreed backlog with acceptance criteria, open questions answered", "Discovery"),
    ("Architecture, interface contracts and security concept", "Design"),
    ("Prototype of the main user journeys", "Design"),
    ("The solution as source code with automated tests, in the scope of section 3", "Build"),
    ("Environments and delivery pipeline, described as code", "Build"),
    ("Test report: system, load and security tests", "Test and acceptance"),
    ("Production release, operations manual and user documentation", "Go-live and hand-over"),
    ("Training of the client's operators and users", "Go-live and hand-over"),
)

_ACCEPTANCE = (
    (
        "A deliverable is handed over in writing. The client tests it against its acceptance criteria within ten"
        " working days and either accepts it or names the defects."
    ),
    (
        "Defects that keep the solution from being used as described in section 3 are corrected and the deliverable is"
        " handed over again. Lesser defects are listed and corrected before the end of the project."
    ),
    (
        "A deliverable on which the client says nothing for ten working days, or which it uses in production, counts as"
        " accepted."
    ),
)

_CHANGE_CONTROL = (
    "Either party may ask for a change of scope, schedule or price in writing.",
    (
        "The supplier answers within five working days with the effect on scope, schedule and price, at the hourly"
        " rates of section 7."
    ),
    "A change takes effect when both parties have signed it; until then the work goes on unchanged.",
)


def write(page: Page, proposal: Proposal) -> None:
    """Write the whole statement of work."""
    page.title("Statement of work", proposal.project)
    _parties(page, proposal)
    _background(page, proposal)
    _scope(page, proposal)
    page.section("Deliverables")
    page.table([Column("Deliverable", 0.68), Column("Phase", 0.32)], _DELIVERABLES)
    _timeline(page, proposal)
    _team(page, proposal)
    _fees(page, proposal)
    page.section("Assumptions")
    page.text("The price and the schedule rest on these assumptions; where one does not hold, section 11 applies.")
    page.bullets(proposal.assumptions)
    _questions(page, proposal)
    page.section("Acceptance")
    page.bullets(_ACCEPTANCE)
    page.section("Change control")
    page.bullets(_CHANGE_CONTROL)
    _signatures(page, proposal)


def _parties(page: Page, proposal: Proposal) -> None:
    page.section("Parties")
    pairs = [
        ("Client", proposal.client),
        ("Supplier", "The company that signs below as supplier"),
        ("Project", proposal.project),
        ("Industry", proposal.industry),
        ("Date", proposal.date),
        ("Valid until", proposal.valid_until),
        ("Price", proposal.total),
    ]
    page.pairs((name, value) for name, value in pairs if value)


def _background(page: Page, proposal: Proposal) -> None:
    page.section("Background")
    page.text(
        f"{proposal.client} and the supplier have talked about {proposal.project}. This statement of work sets down"
        " what was asked for, what the supplier delivers, by when and at what price. Each requirement refers to the"
        " line of the meeting notes in which it was stated."
    )
    page.text(" ".join(proposal.overview))
    reasons = proposal.requirements.complexity.reasons
    page.text(f"The rating of the complexity follows from: {'; '.join(reasons)}.")


def _scope(page: Page, proposal: Proposal) -> None:
    page.section("Scope")
    for kind, title in SCOPE_TITLES.items():
        page.subsection(title)
        _requirements(page, proposal.items(kind))
    page.subsection("Constraints")
    _requirements(page, proposal.items(Kind.CONSTRAINT))
    page.subsection("Out of scope")
    page.bullets(proposal.excluded)


def _requirements(page: Page, items: Sequence[Requirement]) -> None:
    if items:
        page.table(_REQUIREMENT, [(item.id, item.text, _lines(item)) for item in items])
    else:
        page.text("The notes state none.")


def _lines(item: Requirement) -> str:
    shown = ", ".join(map(str, item.lines[:_MOST_LINES]))
    return f"{shown}, …" if len(item.lines) > _MOST_LINES else shown


def _timeline(page: Page, proposal: Proposal) -> None:
    page.section("Timeline")
    page.text(f"The project takes {proposal.duration} from its kick-off.")
    page.table(
        [Column("Phase", 0.26), Column("Work", 0.52), Column("When", 0.22)],
        [(phase.name, phase.activities, phase.weeks) for phase in proposal.costs.phases],
    )


def _team(page: Page, proposal: Proposal) -> None:
    page.section("Team and roles")
    page.text(f"The supplier plans a team of {proposal.team}, some of them in more than one role.")
    page.table(
        [Column("Role", 0.26), Column("Responsibility", 0.52), Column("Hours a week", 0.22, numeric=True)],
        [(line.role, line.responsibility, number(line.hours_per_week)) for line in proposal.costs.lines],
    )
    page.text(
        "The client names a product owner who decides on scope and acceptance, and a contact for each connected system."
    )


def _fees(page: Page, proposal: Proposal) -> None:
    costs = proposal.costs
    page.section("Fees")
    page.table(
        [
            Column("Role", 0.32),
            Column("Hours", 0.15, numeric=True),
            Column("Hourly rate", 0.22, numeric=True),
            Column("Cost", 0.31, numeric=True),
        ],
        [
            (line.role, number(line.hours), money(line.hourly_rate, costs.currency), money(line.cost, costs.currency))
            for line in costs.lines
        ],
        ("Total", number(costs.total_hours), "", proposal.total),
    )
    page.text("The price is paid in these instalments, each within 30 days of its invoice:")
    page.table(
        [Column("Milestone", 0.5), Column("Share", 0.2, numeric=True), Column("Amount", 0.3, numeric=True)],
        [
            (payment.milestone, f"{payment.percent} %", money(payment.amount, costs.currency))
            for payment in costs.payments
        ],
        ("Total", "100 %", proposal.total),
    )


def _questions(page: Page, proposal: Proposal) -> None:
    page.section("Open questions")
    questions = proposal.items(Kind.OPEN_QUESTION)
    if questions:
        page.text("Their answers may change scope and price, by the rules of section 11.")
    _requirements(page, questions)


def _signatures(page: Page, proposal: Proposal) -> None:
    page.section("Signatures")
    columns = [Column("For the client", 0.5), Column("For the supplier", 0.5)]
    page.table(columns, list(_signature_lines(proposal.client)), padding=9)


def _signature_lines(client: str) -> Iterator[tuple[str, str]]:
    yield f"Company: {client}", "Company:"
    yield "Name and title:", "Name and title:"
    yield "Place and date:", "Place and date:"
    yield "Signature:", "Signature:"
