"""The slides about the work: the approach, the plan, the team, and the solution."""

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR

from worker.tools.deck import cards, diagram, gantt, tables
from worker.tools.deck.canvas import Page, page
from worker.tools.deck.cards import Card
from worker.tools.deck.design import Area, Deck
from worker.tools.deck.diagram import Part
from worker.tools.deck.notes import speaker_notes
from worker.tools.deck.systems import systems
from worker.tools.deck.tables import Role, Row, Table
from worker.tools.deck.text import Ink, line
from worker.tools.deck.words import capital, many, part
from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal
from worker.tools.requirements import Kind

_STEP = 64
"""The height of an arrow with a phase's name."""


def approach(deck: Deck, proposal: Proposal) -> None:
    """Add the phases as steps: what happens in each, and what it ends with."""
    phases = proposal.costs.phases
    title = f"We work in {many(len(phases), 'phase')}, and each ends with a result that you can check"
    shown = page(deck, title, "Approach")
    area, days = shown.area, proposal.formats.day
    milestones = {each.date: each.name for each in proposal.costs.milestones}
    steps = shown.group(f"The phases in their order: {', '.join(phase.name for phase in phases)}")
    top = Area(area.left, area.top, area.width, _STEP)
    for place, (phase, step) in enumerate(zip(phases, top.columns(len(phases), 6), strict=True)):
        name = line(phase.name, 15, bold=True, ink=Ink.WHITE)
        fill = Ink.HEAD if place % 2 == 0 else Ink.STRONG
        steps.box(step, [name], fill=fill, margins=(14, 6), anchor=MSO_ANCHOR.MIDDLE, form=MSO_SHAPE.PENTAGON)
    below = Area(area.left, top.bottom + cards.GAP, area.width, area.height - _STEP - cards.GAP)
    found = [
        Card(
            f"{phase.activities}.",
            milestones.get(phase.end, ""),
            f"Until {proposal.formats.short_day(phase.end)}",
            Ink.SIGNAL if place == len(phases) - 1 else Ink.STRONG,
        )
        for place, phase in enumerate(phases)
    ]
    cards.grid(shown, below, found, len(found), anchor=MSO_ANCHOR.TOP)
    say = [f"{phase.name}, {days(phase.start)} to {days(phase.end)}: {phase.activities}." for phase in phases]
    shown.note(speaker_notes(proposal, say))


def plan(deck: Deck, proposal: Proposal) -> None:
    """Add the plan as a Gantt chart with dates, milestones and the stated deadline."""
    costs, days = proposal.costs, proposal.formats.day
    title = f"The work takes {proposal.duration}, from {proposal.start} to {proposal.end}"
    if costs.deadlines:
        first = costs.deadlines[0]
        late = f"{many(first.days_late, 'day')} after" if first.days_late > 0 else "in time for"
        title = f"The work ends on {proposal.end}, {late} your deadline of {days(first.date)}"
    shown = page(deck, title, "Plan")
    told = "; ".join(f"{each.name}, {days(each.start)} to {days(each.end)}" for each in costs.phases)
    gantt.draw(shown, costs, proposal.formats, f"Plan: {told}")
    say = [f"{each.name}: {days(each.date)}." for each in costs.milestones]
    say.append("Public holidays are not taken into account.")
    shown.note(speaker_notes(proposal, say, lines=[number for each in costs.deadlines for number in each.lines]))


def team(deck: Deck, proposal: Proposal) -> None:
    """Add who does what, as a table."""
    costs, hours = proposal.costs, proposal.formats.hours
    title = f"{capital(many(costs.team_size, 'person', 'people'))} in {many(len(costs.lines), 'role')} "
    title += f"{'works' if costs.team_size == 1 else 'work'} {proposal.hours}"
    columns = (
        Column("Role", 0.24),
        Column("What they do", 0.46),
        Column("Hours", 0.13, numeric=True),
        Column("Hours a week", 0.17, numeric=True),
    )
    rows = [
        Row((each.role, each.responsibility, hours(each.hours), hours(each.hours_per_week))) for each in costs.lines
    ]
    total = Row(("Total", "", hours(costs.total_hours), ""), Role.TOTAL)
    table_slides(deck, proposal, title, "Team", Table(columns, (*rows, total)))


def table_slides(deck: Deck, proposal: Proposal, title: str, kicker: str, table: Table) -> None:
    """Add a table on as many slides as it needs."""
    measured = tables.measure(table, deck.area, deck.slack)
    spread = tables.pages(measured)
    for place, rows in enumerate(spread, start=1):
        shown = page(deck, part(title, place, len(spread)), kicker)
        tables.draw(shown, measured, rows, f"{kicker}: {title}")
        shown.note(speaker_notes(proposal, [f"{title}."]))


def solution(deck: Deck, proposal: Proposal) -> None:
    """Add the outline of the solution: its parts, and the systems around it."""
    packages = [each for each in proposal.packages if each.requirements]
    if not packages:
        return
    integrations = proposal.items(Kind.INTEGRATION)
    around = systems(integrations)
    parts = [
        Part(each.name, many(len(each.requirements), "requirement"), tuple(one.text for one in each.requirements))
        for each in packages[: diagram.MOST_PARTS]
    ]
    if len(packages) > diagram.MOST_PARTS:
        parts[-1] = Part(
            "More", f"{many(len(packages) - diagram.MOST_PARTS + 1, 'work package')} in the statement of work"
        )
    joins = f"connects to {many(len(around), 'system')}" if around else "needs no other system"
    title = f"The solution has {many(len(packages), 'part')} and {joins}"
    if len(around) > diagram.MOST_SYSTEMS:
        title += f", of which {diagram.MOST_SYSTEMS} are shown"
    shown: Page = page(deck, title, "Solution outline")
    drawn = around[: diagram.MOST_SYSTEMS]
    flows = "; ".join(f"{each.name or each.ids} ({'in' * each.reads}{'/' * (each.reads and each.writes)}"
                      f"{'out' * each.writes})" for each in drawn)  # fmt: skip
    alt = f"{proposal.project} with {', '.join(each.name for each in parts)}. Connected: {flows or 'nothing'}"
    diagram.draw(shown, proposal.project, parts, drawn, alt)
    say = [f"{title}.", "An arrow shows the way that data takes. It is taken from the wording, so check it together."]
    shown.note(speaker_notes(proposal, say, integrations))
