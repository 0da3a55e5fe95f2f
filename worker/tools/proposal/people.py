"""Who does what: the supplier's team, the responsibilities of both parties, the client's duties. Pure."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from worker.tools.proposal.parts import Raci, RaciRow, RoleShare
from worker.tools.proposal.words import clause, some_of, the
from worker.tools.proposal.work import DESIGN, DISCOVERY, LIVE, TEST, phase_of
from worker.tools.requirements import BUILT, Discipline, Kind

if TYPE_CHECKING:
    from worker.tools.proposal.content import Proposal

OWNER, CONTACT = "Product owner", "IT contact"
CLIENT_ROLES = (OWNER, CONTACT)

_NAMED = 4
ACCEPTANCE_TIME = "ten working days"
"""How long the client has to test a deliverable."""

# Each activity with the supplier's roles that can be responsible for it, the best first, and who is accountable: the
# product owner, or the supplier's lead.
_ACTIVITIES: Sequence[tuple[str, tuple[str, ...], str]] = (
    ("Agree scope and priorities", ("Business Analyst", "Project Manager"), OWNER),
    ("Plan and report", ("Project Manager",), ""),
    ("Design the solution", ("Solution Architect", "Software Engineer", "Cloud Engineer"), ""),
    ("Build the work packages", ("Software Engineer", "Cloud Engineer", "Data Engineer", "Integration Engineer"), ""),
    ("Connect the client's systems", ("Integration Engineer", "Software Engineer"), ""),
    ("Move the data", ("Data Engineer", "Software Engineer"), ""),
    ("Provide environments and access", ("Cloud Engineer", "Solution Architect"), CONTACT),
    ("Test the solution", ("QA Engineer", "Software Engineer"), ""),
    ("Accept the deliverables", ("QA Engineer", "Business Analyst", "Project Manager"), OWNER),
    ("Train users and operators", ("Change Consultant", "Business Analyst"), ""),
    ("Go live", ("Cloud Engineer", "Software Engineer", "Solution Architect"), ""),
)
_CONSULTED = {
    "Design the solution": CONTACT,
    "Connect the client's systems": CONTACT,
    "Move the data": CONTACT,
    "Go live": CONTACT,
    "Train users and operators": OWNER,
}


def roles(proposal: "Proposal") -> Iterator[RoleShare]:
    """The supplier's roles in the profile's order, with the work packages in which each works."""
    shares = proposal.profile.effort.shares
    for line in proposal.costs.lines:
        packages = tuple(
            package.name
            for package in proposal.packages
            if any(
                line.role in shares.get(each.discipline or Discipline.APPLICATION, {}) for each in package.requirements
            )
        )
        every = sum(bool(package.requirements) for package in proposal.packages)
        yield RoleShare(
            line.role,
            line.responsibility,
            line.hours,
            line.hours_per_week,
            packages if len(packages) < every else (),
        )


def raci(proposal: "Proposal") -> Raci:
    """The responsibilities. Only activities that the project has, and roles that take part in one."""
    team = [line.role for line in proposal.costs.lines]
    lead = "Project Manager" if "Project Manager" in team else team[0]
    rows = tuple(
        _row(activity, next((role for role in able if role in team), lead), accountable or lead)
        for activity, able, accountable in _ACTIVITIES
        if _needed(activity, proposal)
    )
    taking_part = {role for row in rows for role in row.parts}
    return Raci(
        tuple(role for role in CLIENT_ROLES if role in taking_part),
        tuple(role for role in team if role in taking_part),
        rows,
    )


def client_duties(proposal: "Proposal") -> Iterator[str]:
    """What the client contributes, with the day by which it is needed."""
    first, day = proposal.costs.phases[0], proposal.formats.day
    yield f"Name a product owner who decides on scope and acceptance, by {day(first.start)}."
    questions = proposal.items(Kind.OPEN_QUESTION)
    if questions:
        yield f"Answer {the(len(questions), 'open question')} by {day(phase_of(proposal, DISCOVERY).end)}."
    named = [system.name for system in proposal.systems.systems]
    if named:
        when = day(phase_of(proposal, DESIGN).start)
        which = some_of(named, _NAMED, "system")
        yield f"Give access and test data for {which}, and name a contact for each, by {when}."
    if any(each.kind in BUILT for each in proposal.requirements):
        test = phase_of(proposal, TEST)
        days = f"between {day(test.start)} and {day(test.end)}" if test.start != test.end else f"on {day(test.start)}"
        yield f"Test each deliverable within {ACCEPTANCE_TIME} of its hand-over, and provide people for tests {days}."
    if _needed("Train users and operators", proposal):
        yield f"Release the people who are trained for their training, before {day(phase_of(proposal, LIVE).end)}."


def next_steps(proposal: "Proposal") -> Iterator[str]:
    """What to do after the proposal."""
    first = proposal.costs.phases[0]
    questions = proposal.items(Kind.OPEN_QUESTION)
    if proposal.alerts:
        yield "Decide how to deal with the stated limits that this plan does not keep"
    if questions:
        yield f"Review this proposal together and answer {the(len(questions), 'open question')}"
    else:
        yield "Review this proposal together"
    yield f"Agree the statement of work and sign it by {proposal.valid_until}"
    named = [system.name for system in proposal.systems.systems]
    who = f" and a contact for {some_of(named, 3, 'system')}" if named else ""
    yield f"Name the client's product owner{who}"
    yield f"Hold the kick-off and start with “{clause(first.name)}” on {proposal.formats.day(first.start)}"


def _row(activity: str, responsible: str, accountable: str) -> RaciRow:
    parts = {OWNER: "I"}
    if activity in _CONSULTED:
        parts[_CONSULTED[activity]] = "C"
    if responsible != accountable:
        parts[responsible] = "R"
    parts[accountable] = "A" if responsible != accountable else "A/R"
    return RaciRow(activity, parts)


def _needed(activity: str, proposal: "Proposal") -> bool:
    built = [each for each in proposal.requirements if each.kind in BUILT]
    match activity:
        case "Connect the client's systems":
            return bool(proposal.items(Kind.INTEGRATION))
        case "Move the data":
            return any("migrat" in f"{each.text} {each.work_package}".lower() for each in built)
        case "Train users and operators":
            return any(each.discipline is Discipline.CHANGE for each in built)
        case "Agree scope and priorities" | "Plan and report":
            return True
        case _:
            return bool(built)
