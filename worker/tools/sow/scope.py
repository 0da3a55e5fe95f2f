"""Writes what is in scope, by work package, what is not, and what is handed over."""

from collections.abc import Sequence

from worker.tools.proposal.content import Proposal
from worker.tools.proposal.words import counted, legible
from worker.tools.requirements import Kind, Requirement
from worker.tools.sow.deliverables import deliverables, ranged
from worker.tools.sow.page import Align, Column, Page, Text
from worker.tools.sow.titles import Title

_FEW = 12
"""So many requirements are easier to read in one table than in one for each work package."""
_MOST_LINES = 4
"""How many line numbers of a requirement are shown."""


def write(page: Page, proposal: Proposal) -> None:
    """Write the sections."""
    _write_scope(page, proposal)
    _write_excluded(page, proposal)
    page.heading(1, Title.DELIVERABLES)
    page.text((
        "The supplier hands over these deliverables. How one is accepted is said in ", Title.ACCEPTANCE, "."
    ))  # fmt: skip
    page.table(
        "Deliverables",
        [Column("Deliverable", 0.25), Column("Acceptance criteria", 0.41), Column("Accepted by", 0.18),
         Column("Planned for", 0.16)],
        [(each.name, each.criteria, each.accepted_by, each.due) for each in deliverables(proposal)],
    )  # fmt: skip


def _write_scope(page: Page, proposal: Proposal) -> None:
    page.heading(1, Title.SCOPE)
    filled = [package for package in proposal.packages if package.requirements]
    if not filled:
        page.text((
            "The notes state no requirement yet. The parties agree the scope when the project begins, by the rules of ",
            Title.CHANGE, ".",
        ))  # fmt: skip
    elif sum(len(package.requirements) for package in filled) <= _FEW:
        page.text(f"The scope is {_in_all(proposal, len(filled))}.")
        page.table(
            "Requirements in scope",
            [Column("No.", 0.11), Column("Requirement", 0.46), Column("Work package", 0.2), Column("Priority", 0.11),
             Column("Notes, line", 0.12, Align.NUMBER)],
            [(each.id, each.text, package.name, _priority(each), shown_lines(each))
             for package in filled for each in package.requirements],
        )  # fmt: skip
    else:
        page.heading(2, "Work packages")
        page.text((
            f"The scope is {_in_all(proposal, len(filled))}. What the packages cost is in ", Title.FEES, "."
        ))  # fmt: skip
        page.table(
            "Work packages",
            [Column("Work package", 0.32), Column("Requirements", 0.5), Column("Number", 0.18, Align.NUMBER)],
            [(package.name, _ids(package.requirements) or package.description or "Serves all work packages",
              str(len(package.requirements) or ""))
             for package in proposal.packages],
        )  # fmt: skip
        for package in filled:
            page.heading(2, package.name)
            if package.description:
                page.text(package.description)
            page.table(
                f"Requirements of the work package {package.name}",
                [Column("No.", 0.12), Column("Requirement", 0.62), Column("Priority", 0.12),
                 Column("Notes, line", 0.14, Align.NUMBER)],
                [(each.id, each.text, _priority(each), shown_lines(each)) for each in package.requirements],
            )  # fmt: skip
    constraints = proposal.items(Kind.CONSTRAINT)
    if constraints:
        page.heading(2, "Constraints")
        page.text("The solution and the project keep to these constraints.")
        listed(page, "Constraints", "Constraint", constraints)


def _write_excluded(page: Page, proposal: Proposal) -> None:
    stated = proposal.items(Kind.OUT_OF_SCOPE)
    standing = [legible(each) for each in proposal.profile.exclusions]
    if not stated and not standing:
        return
    page.heading(1, Title.EXCLUDED)
    page.text(("Whatever ", Title.SCOPE, " does not name is out of scope. In particular, this is not included:"))
    page.bullets(standing)
    if stated:
        listed(page, "What the notes leave out", "Not included", stated)


def listed(page: Page, caption: str, title: str, items: Sequence[Requirement]) -> None:
    """Add a table of requirements of one kind, with their lines in the notes."""
    columns = [Column("No.", 0.12), Column(title, 0.74), Column("Notes, line", 0.14, Align.NUMBER)]
    rows: list[tuple[Text, ...]] = [(item.id, item.text, shown_lines(item)) for item in items]
    page.table(caption, columns, rows)


def shown_lines(item: Requirement) -> str:
    """The lines of the notes that state a requirement. Of many, the first ones."""
    shown = ", ".join(map(str, item.lines[:_MOST_LINES]))
    return f"{shown}, \u2026" if len(item.lines) > _MOST_LINES else shown


def _in_all(proposal: Proposal, packages: int) -> str:
    built = sum(len(package.requirements) for package in proposal.packages)
    return f"{counted(built, 'requirement')} in {counted(packages, 'work package')}"


def _ids(items: Sequence[Requirement]) -> str:
    return ranged([item.id for item in items])


def _priority(item: Requirement) -> str:
    return item.priority.capitalize()
