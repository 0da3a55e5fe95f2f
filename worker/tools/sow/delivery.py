"""Writes how the project runs: dates, people, who does what, and what the price and the plan rest on."""

from worker.tools.costs import StatedDeadline
from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.parts import RaciRow
from worker.tools.proposal.words import counted, enumerated, legible
from worker.tools.sow.page import Page
from worker.tools.sow.scope import is_small
from worker.tools.sow.titles import Title

_PARTS = {"R": "Responsible", "A": "Accountable", "C": "Consulted", "I": "Informed"}
"""What a role is in an activity: the letters of a RACI matrix, and the head of their column."""


def write(page: Page, proposal: Proposal) -> None:
    """Write the sections."""
    _write_plan(page, proposal)
    _write_team(page, proposal)
    page.heading(1, Title.DUTIES)
    page.lead("The plan and the price count on the client to do this:")
    page.bullets(proposal.client_duties)
    if proposal.assumptions:
        page.heading(1, Title.ASSUMPTIONS)
        page.lead((
            "The price and the plan rest on these assumptions. Where one does not hold, the rules of ",
            Title.CHANGE, " apply.",
        ))  # fmt: skip
        page.bullets(proposal.assumptions)


def _write_plan(page: Page, proposal: Proposal) -> None:
    day = proposal.formats.short_day
    page.heading(1, Title.PLAN)
    page.text(
        f"Work begins on {proposal.start} and ends on {proposal.end}. That is {proposal.duration}. Public holidays and"
        " the client's shutdowns are not in these dates."
    )
    for deadline in proposal.costs.deadlines:
        page.text(_kept(proposal, deadline), "Important Note" if deadline.days_late > 0 else "Body Text")
    stages = proposal.approach
    page.table(
        "Phases and milestones",
        [Column("Phase", 0.16), Column("Work", 0.37), Column("Begins", 0.15), Column("Ends", 0.15),
         Column("Milestone", 0.17)],
        [(legible(each.name), each.text, day(each.start), day(each.end), each.milestone or "\u2013")
         for each in stages],
    )  # fmt: skip
    shown = {(each.milestone, each.end) for each in stages}
    further = [each for each in proposal.costs.milestones if (each.name, each.date) not in shown]
    if further:
        page.table(
            "Further milestones",
            [Column("Milestone", 0.7), Column("Planned for", 0.3)],
            [(legible(each.name), day(each.date)) for each in further],
        )


def _kept(proposal: Proposal, deadline: StatedDeadline) -> str:
    stated = f"The notes state {proposal.formats.day(deadline.date)} as a day to keep"
    if deadline.days_late > 0:
        return f"{stated}. The plan ends {counted(deadline.days_late, 'day')} after it."
    if deadline.days_late == 0:
        return f"{stated}. The plan ends on it."
    return f"{stated}. The plan ends {counted(-deadline.days_late, 'day')} before it."


def _write_team(page: Page, proposal: Proposal) -> None:
    hours = proposal.formats.hours
    page.heading(1, Title.TEAM)
    page.heading(2, "Team")
    page.lead(f"The supplier plans {proposal.team} at a time. One person may have several roles.")
    page.table(
        "Roles of the supplier",
        [Column("Role", 0.25), Column("Responsibility", 0.43), Column("Hours", 0.13, numeric=True),
         Column("Hours a week", 0.19, numeric=True)],
        [(each.role, each.responsibility, hours(each.hours), hours(each.hours_per_week)) for each in proposal.roles],
        ("Total", "", hours(proposal.costs.total_hours), ""),
    )  # fmt: skip
    if is_small(proposal):
        return
    page.heading(2, "Responsibilities (RACI)")
    page.lead(
        f"{enumerated(proposal.raci.client_roles)} {_are(proposal)} of the client, all others are of the supplier."
    )
    page.lead("Who is responsible does the work, and who is accountable answers for it and approves it.")
    page.table(
        "Who does what",
        [Column("Activity", 0.26), *(Column(text, 0.185) for text in _PARTS.values())],
        [(row.activity, *(_having(row, letter) for letter in _PARTS)) for row in proposal.raci.rows],
    )


def _are(proposal: Proposal) -> str:
    return "is a role" if len(proposal.raci.client_roles) == 1 else "are roles"


def _having(row: RaciRow, letter: str) -> str:
    """The roles that have a letter in an activity. "A/R" is both."""
    return ", ".join(role for role, part in row.parts.items() if letter in part) or "\u2013"
