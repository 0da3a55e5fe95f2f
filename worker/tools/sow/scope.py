"""Writes what is in scope, by work package, what is not, and what is handed over."""

from collections.abc import Sequence

from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.words import clause, counted, legible, ranges
from worker.tools.requirements import Kind, Requirement
from worker.tools.sow.page import Page
from worker.tools.sow.titles import Title

FEW = 12
"""So many requirements are easier to read in one table than in one for each work package."""
_SMALL = 3
"""So few requirements need neither objectives beside them nor a matrix of responsibilities."""
_MOST_LINES = 4
"""How many line numbers of a requirement are shown."""


def write(page: Page, proposal: Proposal) -> None:
    """Write the sections."""
    _write_scope(page, proposal)
    _write_excluded(page, proposal)
    page.heading(1, Title.DELIVERABLES)
    page.lead(("The supplier hands over these deliverables. ", Title.ACCEPTANCE, " says how one is accepted."))
    page.table(
        "Deliverables",
        [Column("Deliverable", 0.24), Column("Acceptance criteria", 0.44), Column("Accepted by", 0.16),
         Column("Planned for", 0.16)],
        [(each.name, each.acceptance, each.accepted_by, proposal.formats.short_day(each.date))
         for each in proposal.deliverables],
    )  # fmt: skip


def is_small(proposal: Proposal) -> bool:
    """Whether the project is so small that its statement of work says each thing once."""
    return 0 < sum(len(package.requirements) for package in proposal.packages) <= _SMALL


def _write_scope(page: Page, proposal: Proposal) -> None:
    page.heading(1, Title.SCOPE)
    filled = [package for package in proposal.packages if package.requirements]
    built = sum(len(package.requirements) for package in filled)
    if not filled:
        page.text((
            "The notes state no requirement yet. The parties agree the scope when the project begins, by the rules of ",
            Title.CHANGE, ".",
        ))  # fmt: skip
    elif built <= FEW:
        page.lead(f"The scope is {counted(built, 'requirement')} in {counted(len(filled), 'work package')}.")
        page.table(
            "Requirements in scope",
            [Column("No.", 0.11), Column("Requirement", 0.46), Column("Work package", 0.19), Column("Priority", 0.11),
             Column("Notes, line", 0.13, numeric=True)],
            [(each.id, proposal.said(each), package.name, each.priority.capitalize(), shown_lines(each))
             for package in filled for each in package.requirements],
        )  # fmt: skip
    else:
        page.heading(2, "Work packages")
        page.lead((
            f"The scope is {counted(built, 'requirement')} in {counted(len(filled), 'work package')}. ",
            Title.FEES, " says what each costs.",
        ))  # fmt: skip
        _write_packages(page, proposal)
    constraints = proposal.items(Kind.CONSTRAINT)
    if constraints:
        page.heading(2, "Constraints")
        page.lead("The solution and the project keep to these constraints.")
        page.table(
            "Constraints",
            [Column("No.", 0.12), Column("Constraint", 0.74), Column("Notes, line", 0.14, numeric=True)],
            [(each.id, proposal.said(each), shown_lines(each)) for each in constraints],
        )


def _write_packages(page: Page, proposal: Proposal) -> None:
    page.table(
        "Work packages",
        [Column("Work package", 0.24), Column("What it covers", 0.54), Column("Requirements", 0.22)],
        [(package.name, package.description, _ids(package.requirements)) for package in proposal.packages],
    )
    for package in proposal.packages:
        if package.requirements:
            page.heading(2, package.name)
            page.table(
                f"Requirements of \u201c{package.name}\u201d",
                [Column("No.", 0.12), Column("Requirement", 0.62), Column("Priority", 0.12),
                 Column("Notes, line", 0.14, numeric=True)],
                [(each.id, proposal.said(each), each.priority.capitalize(), shown_lines(each))
                 for each in package.requirements],
            )  # fmt: skip


def _write_excluded(page: Page, proposal: Proposal) -> None:
    stated = [
        f"{clause(proposal.said(each))} ({each.id}; {proposal.sources(each).lower()})."
        for each in proposal.items(Kind.OUT_OF_SCOPE)
    ]
    standing = [f"{clause(legible(each))}." for each in proposal.profile.exclusions]
    if stated or standing:
        page.heading(1, Title.EXCLUDED)
        page.lead(("Whatever ", Title.SCOPE, " does not name is out of scope. In particular, this is not included:"))
        page.bullets([*stated, *standing])


def shown_lines(item: Requirement) -> str:
    """The lines of the notes that state a requirement. Of many, the first ones."""
    shown = ", ".join(map(str, item.lines[:_MOST_LINES]))
    return f"{shown}, \u2026" if len(item.lines) > _MOST_LINES else shown


def _ids(items: Sequence[Requirement]) -> str:
    return ranges(item.id for item in items)
