"""Writes how the project runs: dates, people, who does what, and what the price and the plan rest on."""

from collections.abc import Iterator, Mapping, Sequence

from worker.tools.costs import StatedDeadline
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.words import counted
from worker.tools.requirements import Kind
from worker.tools.sow.page import Align, Column, Page
from worker.tools.sow.titles import Title

_CLIENT = ("Sponsor", "Product owner", "Technical contact")
_MANAGER, _ARCHITECT, _TEAM = "Project manager", "Architect", "Team"

# Who is Responsible (R), Accountable (A), Consulted (C) and Informed (I), in the order of `_CLIENT`, then manager,
# architect and team. Each activity has one A.
_RACI: Mapping[str, Sequence[str]] = {
    "Scope, priorities and open questions": ("I", "A", "C", "R", "C", "C"),
    "Plan, budget and reports": ("I", "C", "I", "A R", "C", "C"),
    "Solution design": ("", "C", "C", "I", "A R", "C"),
    "Implementation and its tests": ("", "C", "C", "A", "C", "R"),
    "Access to systems and test data": ("", "C", "A R", "I", "C", "I"),
    "Acceptance test": ("I", "A R", "C", "C", "C", "C"),
    "Release and hand-over": ("I", "C", "C", "A", "C", "R"),
    "Changes of scope, plan or price": ("A", "R", "C", "R", "C", "I"),
}


def write(page: Page, proposal: Proposal) -> None:
    """Write the sections."""
    _write_plan(page, proposal)
    _write_team(page, proposal)
    page.heading(1, Title.DUTIES)
    page.text("The plan and the price count on the client for this:")
    page.bullets(_duties(proposal))
    if proposal.assumptions:
        page.heading(1, Title.ASSUMPTIONS)
        page.text((
            "The price and the plan rest on these assumptions. Where one does not hold, the rules of ",
            Title.CHANGE, " apply.",
        ))  # fmt: skip
        page.bullets(proposal.assumptions)


def _write_plan(page: Page, proposal: Proposal) -> None:
    costs, day = proposal.costs, proposal.formats.short_day
    page.heading(1, Title.PLAN)
    page.text(
        f"Work begins on {proposal.start} and ends on {proposal.end}. That is {proposal.duration}. Public holidays and"
        " the client's shutdowns are not in these dates."
    )
    for deadline in costs.deadlines:
        page.text(_kept(proposal, deadline), "Important Note" if deadline.days_late > 0 else "Body Text")
    page.table(
        "Phases",
        [Column("Phase", 0.22), Column("Work", 0.44), Column("Begins", 0.17), Column("Ends", 0.17)],
        [(phase.name, phase.activities, day(phase.start), day(phase.end)) for phase in costs.phases],
    )
    page.table(
        "Milestones",
        [Column("Milestone", 0.66), Column("Planned for", 0.34)],
        [(milestone.name, day(milestone.date)) for milestone in costs.milestones],
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
    page.text(f"The supplier plans {proposal.team} at a time. One person may have several roles.")
    page.table(
        "Roles of the supplier",
        [Column("Role", 0.23), Column("Responsibility", 0.45), Column("Hours", 0.14, Align.NUMBER),
         Column("Hours a week", 0.18, Align.NUMBER)],
        [(line.role, line.responsibility, hours(line.hours), hours(line.hours_per_week))
         for line in proposal.costs.lines],
        ("Total", "", hours(proposal.costs.total_hours), ""),
    )  # fmt: skip
    page.heading(2, "Who decides and who does")
    page.text("R does the work, A answers for it and approves it, C is asked, I is told.")
    columns, rows = _raci({line.role for line in proposal.costs.lines})
    share = 0.66 / len(columns)
    page.table(
        "Responsibilities of both parties",
        [Column("Activity", 0.34), *(Column(column, share, Align.CENTRE) for column in columns)],
        rows,
    )


def _raci(roles: set[str]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """The columns and rows. What an architect does falls to the team where there is none."""
    architect = "Solution Architect" in roles
    columns = (*_CLIENT, _MANAGER, *([_ARCHITECT] if architect else []), _TEAM)
    rows = []
    for activity, letters in _RACI.items():
        *client, manager, design, team = letters
        team = design if not architect and "A" in design else team
        rows.append((activity, *client, manager, *([design] if architect else []), team))
    return columns, rows


def _duties(proposal: Proposal) -> Iterator[str]:
    day = proposal.formats.day
    yield "A product owner who knows the subject, decides on scope and accepts deliverables."
    connections = len(proposal.items(Kind.INTEGRATION))
    if connections:
        systems = "the connected system" if connections == 1 else "each connected system"
        yield f"A technical contact for {systems}, with its documentation and a test environment."
    yield f"Access for the supplier's people to systems, data and rooms by {day(proposal.costs.start)}."
    questions = len(proposal.items(Kind.OPEN_QUESTION))
    if questions:
        first = day(proposal.costs.phases[0].end)
        which = "the open question" if questions == 1 else f"the {questions} open questions"
        yield f"Answers to {which} by {first}."
    yield "Test data without personal data, or with the permission to use it."
    yield "People who carry out the acceptance test when a deliverable is handed over."
