"""Decides what the slides of a proposal show, in their order. Every figure comes from the proposal."""

from collections.abc import Iterator, Sequence

from worker.tools.deck.canvas import cover, list_slides, paragraphs_in, plain_slide
from worker.tools.deck.design import Area, Deck
from worker.tools.deck.figures import bar_chart, tiles, timeline
from worker.tools.deck.fitting import Bullet
from worker.tools.deck.tables import Table, table_slides
from worker.tools.documents.document import Column
from worker.tools.proposal import SCOPE_TITLES, Proposal, money, number
from worker.tools.requirements import Kind, Requirement

LIST_LIMIT = 300
"""How many items of one kind a deck shows, because longer lists are no use on slides. The statement of work has all."""

_GAP = 14
"""Points between two parts of a slide."""


def build(deck: Deck, proposal: Proposal) -> None:
    """Add all slides to the deck."""
    dated = f"{proposal.date}, valid until {proposal.valid_until}"
    cover(deck, proposal.project, [f"Proposal for {proposal.client}", dated])
    list_slides(deck, "Agenda", [Bullet(entry) for entry in _agenda(proposal)])
    _summary(deck, proposal)
    _scope(deck, proposal)
    timeline(deck, plain_slide(deck, "Approach and timeline"), proposal.costs.phases, proposal.costs.weeks)
    table_slides(deck, "Team", _team(proposal))
    table_slides(deck, "Investment by role", _investment(proposal))
    _price(deck, proposal)
    list_slides(deck, "Assumptions", [Bullet(text) for text in proposal.assumptions])
    _listed(deck, "Open questions", proposal.items(Kind.OPEN_QUESTION))
    list_slides(deck, "Next steps", [Bullet(step) for step in proposal.next_steps])


def _agenda(proposal: Proposal) -> Iterator[str]:
    yield "Executive summary"
    yield "Scope: what is in, what it connects to, what is out"
    yield "Approach and timeline"
    yield "Team and investment"
    yield "Assumptions and open questions" if proposal.items(Kind.OPEN_QUESTION) else "Assumptions"
    yield "Next steps"


def _summary(deck: Deck, proposal: Proposal) -> None:
    slide = plain_slide(deck, "Executive summary")
    bottom = tiles(
        deck,
        slide,
        {
            "Price": proposal.total,
            "Effort": proposal.hours,
            "Duration": proposal.duration,
            "Team": proposal.team,
        },
    )
    area = deck.area
    below = Area(area.left, bottom + _GAP, area.width, area.top + area.height - bottom - _GAP)
    paragraphs_in(deck, slide, below, proposal.overview)


def _scope(deck: Deck, proposal: Proposal) -> None:
    if not any(proposal.items(kind) for kind in SCOPE_TITLES):
        agreed = (
            "The notes state no requirement yet. The scope is agreed in the first phase, at the price of the set-up."
        )
        list_slides(deck, "Scope", [Bullet(agreed)])
    for kind, title in SCOPE_TITLES.items():
        _listed(deck, f"Scope: {title.lower()}", proposal.items(kind))
    _listed(deck, "Constraints", proposal.items(Kind.CONSTRAINT))
    list_slides(deck, "Out of scope", [Bullet(text) for text in proposal.excluded[:LIST_LIMIT]])


def _listed(deck: Deck, title: str, items: Sequence[Requirement]) -> None:
    if not items:
        return
    bullets = [Bullet(item.text, item.id) for item in items[:LIST_LIMIT]]
    if len(items) > LIST_LIMIT:
        bullets.append(Bullet(f"{len(items) - LIST_LIMIT} more: the statement of work lists all {len(items)}."))
    list_slides(deck, title, bullets)


def _team(proposal: Proposal) -> Table:
    return Table(
        [
            Column("Role", 0.22),
            Column("Responsibility", 0.5),
            Column("Hours", 0.12, numeric=True),
            Column("Hours a week", 0.16, numeric=True),
        ],
        [
            [line.role, line.responsibility, number(line.hours), number(line.hours_per_week)]
            for line in proposal.costs.lines
        ],
        ["Total", "", number(proposal.costs.total_hours), ""],
    )


def _investment(proposal: Proposal) -> Table:
    currency = proposal.costs.currency
    return Table(
        [
            Column("Role", 0.4),
            Column("Hours", 0.15, numeric=True),
            Column("Hourly rate", 0.2, numeric=True),
            Column("Cost", 0.25, numeric=True),
        ],
        [
            [line.role, number(line.hours), money(line.hourly_rate, currency), money(line.cost, currency)]
            for line in proposal.costs.lines
        ],
        ["Total", number(proposal.costs.total_hours), "", proposal.total],
    )


def _price(deck: Deck, proposal: Proposal) -> None:
    """Add the slide with the cost by role as a chart and the payments below it."""
    costs, area = proposal.costs, deck.area
    slide = plain_slide(deck, f"Investment: {proposal.total}")
    payments = [
        f"{payment.milestone}: {payment.percent} %, {money(payment.amount, costs.currency)}"
        for payment in costs.payments
    ]
    chart = Area(deck.drawing.left, area.top, deck.drawing.width, area.height * 0.68)
    bar_chart(slide, chart, f"Cost by role ({costs.currency})", {line.role: float(line.cost) for line in costs.lines})
    below = Area(area.left, area.top + chart.height + _GAP / 2, area.width, area.height - chart.height - _GAP / 2)
    paragraphs_in(deck, slide, below, payments)
