"""The slides about the work: the approach, the plan, the team, and the solution."""

from collections.abc import Iterable, Mapping

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR

from worker.tools.deck import cards, diagram, gantt, tables
from worker.tools.deck.canvas import Page, page
from worker.tools.deck.cards import Card
from worker.tools.deck.design import Deck
from worker.tools.deck.diagram import Node, Part
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import Area
from worker.tools.deck.notes import speaker_notes
from worker.tools.deck.tables import Role, Row, Table
from worker.tools.deck.text import line
from worker.tools.deck.words import capital, listed, many, part
from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.parts import Flow
from worker.tools.proposal.words import clause
from worker.tools.requirements import Kind

_STEP = 64
"""The height of an arrow with a phase's name."""


def approach(deck: Deck, proposal: Proposal) -> None:
    """Add the phases as steps: what happens in each, and what it ends with."""
    phases = proposal.approach
    title = f"We work in {many(len(phases), 'phase')}, and each ends with a result that you can check"
    shown = page(deck, title, "Approach")
    area, days = shown.area, proposal.formats.day
    top = Area(area.left, area.top, area.width, _STEP)
    with shown.grouped(f"The phases in their order: {', '.join(phase.name for phase in phases)}"):
        for place, (phase, step) in enumerate(zip(phases, top.columns(len(phases), 6), strict=True)):
            name = line(phase.name, 15, bold=True, ink=Ink.WHITE)
            fill = Ink.HEAD if place % 2 == 0 else Ink.STRONG
            shown.box(step, [name], fill=fill, margins=(14, 6), anchor=MSO_ANCHOR.MIDDLE, form=MSO_SHAPE.PENTAGON)
    below = Area(area.left, top.bottom + cards.GAP, area.width, area.height - _STEP - cards.GAP)
    found = [
        Card(
            phase.text,
            phase.milestone,
            f"Until {proposal.formats.short_day(phase.end)}",
            Ink.SIGNAL if place == len(phases) - 1 else Ink.STRONG,
        )
        for place, phase in enumerate(phases)
    ]
    cards.grid(shown, below, found, len(found), anchor=MSO_ANCHOR.TOP)
    say = [f"{phase.name}, {days(phase.start)} to {days(phase.end)}: {phase.text}" for phase in phases]
    shown.note(speaker_notes(proposal, say))


def plan(deck: Deck, proposal: Proposal) -> None:
    """Add the plan as a Gantt chart with dates, milestones and the stated deadline."""
    costs, days = proposal.costs, proposal.formats.day
    title = f"The work takes {proposal.duration}, from {proposal.start} to {proposal.end}"
    if costs.deadlines:
        first = costs.deadlines[0]
        apart = many(abs(first.days_late), "day")
        kept = f"{apart} after" if first.days_late > 0 else f"{apart} before" if first.days_late else "on"
        title = f"The work ends on {proposal.end}, {kept} your deadline of {days(first.date)}"
    shown = page(deck, title, "Plan")
    told = "; ".join(f"{each.name}, {days(each.start)} to {days(each.end)}" for each in costs.phases)
    gantt.draw(shown, costs, proposal.formats, f"Plan: {told}")
    say = [f"{each.name}: {days(each.date)}." for each in costs.milestones]
    say.append("Public holidays are not taken into account.")
    shown.note(speaker_notes(proposal, say, lines=[number for each in costs.deadlines for number in each.lines]))


def team(deck: Deck, proposal: Proposal) -> None:
    """Add who does what, as a table."""
    costs, hours = proposal.costs, proposal.formats.hours
    if len(costs.lines) == 1:  # the price by role says the same
        return
    title = f"{capital(many(costs.team_size, 'person', 'people'))} in {many(len(costs.lines), 'role')} "
    title += f"{'works' if costs.team_size == 1 else 'work'} {proposal.hours}"
    columns = (
        Column("Role", 0.19),
        Column("What they do", 0.35),
        Column("Work packages", 0.26),
        Column("Hours", 0.09, numeric=True),
        Column("A week", 0.11, numeric=True),
    )
    rows = [
        Row(
            (
                each.role,
                each.responsibility,
                capital(listed(each.packages)) or "All",
                hours(each.hours),
                hours(each.hours_per_week),
            )
        )
        for each in proposal.roles
    ]
    total = Row(("Total", "", "", hours(costs.total_hours), ""), Role.TOTAL)
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
    outline = proposal.systems
    if not outline.components and not outline.systems:
        return
    texts = {each.id: each.text for each in proposal.requirements}
    around = [
        Node(each.name, each.requirement_ids, _said(texts, each.requirement_ids), each.flow) for each in outline.systems
    ]
    if outline.unnamed:
        around.append(Node("Other interfaces", outline.unnamed, _said(texts, outline.unnamed), Flow.UNKNOWN))
    parts = [
        Part(
            each.name, many(len(each.requirement_ids), "requirement"), tuple(texts[one] for one in each.requirement_ids)
        )
        for each in outline.components
    ]
    number = len(outline.systems)
    joins = f"connects to {many(number, 'system')}" if around else "needs no other system"
    title = f"The solution has {many(len(parts), 'part')} and {joins}"
    if not parts:
        title = f"The solution {joins}"
    elif outline.unnamed and not number:
        title = f"The solution has {many(len(parts), 'part')} and interfaces to systems that you still have to name"
    shown: Page = page(deck, title, "Solution outline")
    drawn, inside = diagram.limited(around, parts)
    flows = "; ".join(f"{each.name} ({each.flow.value})" for each in drawn)
    alt = f"{proposal.project}: {', '.join(each.name for each in inside)}. Connected: {flows or 'nothing'}"
    diagram.draw(shown, proposal.project, inside, drawn, alt)
    say = [f"{title}.", "An arrow shows the way that data takes, as the notes word it: check it together."]
    shown.note(speaker_notes(proposal, say, proposal.items(Kind.INTEGRATION)))


def _said(texts: Mapping[str, str], ids: Iterable[str]) -> str:
    return "; ".join(clause(texts[each]) for each in ids)
