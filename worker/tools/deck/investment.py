"""The slides about money: the price by work package and by role, and the payments."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

from worker.tools.deck import cards, chart, tables
from worker.tools.deck.canvas import page
from worker.tools.deck.cards import Card
from worker.tools.deck.design import Deck
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import Area
from worker.tools.deck.notes import speaker_notes
from worker.tools.deck.tables import Role, Row, Table
from worker.tools.deck.text import line
from worker.tools.deck.words import capital, many, part
from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal

_TABLE = 0.58
"""The part of the width that a table takes beside its chart."""
_MOST_BARS = 16


def by_package(deck: Deck, proposal: Proposal) -> None:
    """Add the price by work package."""
    costs, money, hours = proposal.costs, proposal.formats.money, proposal.formats.hours
    largest = max(costs.packages, key=lambda each: each.cost)
    share = proposal.formats.percent(_share(largest.cost, costs.total_cost))
    title = f"The price is {proposal.total}, of which {largest.name} is {share}"
    columns = (Column("Work package", 0.5), Column("Hours", 0.2, numeric=True), Column("Cost", 0.3, numeric=True))
    rows = [Row((each.name, hours(each.hours), money(each.cost))) for each in costs.packages]
    total = Row(("Total", hours(costs.total_hours), money(costs.total_cost)), Role.TOTAL)
    values = {each.name: float(each.cost) for each in costs.packages}
    _with_chart(deck, proposal, title, "Investment by work package", Table(columns, (*rows, total)), values)


def by_role(deck: Deck, proposal: Proposal) -> None:
    """Add the price by role, with the discount where there is one."""
    costs, money, hours = proposal.costs, proposal.formats.money, proposal.formats.hours
    largest = max(costs.lines, key=lambda each: each.cost)
    title = f"{capital(many(len(costs.lines), 'role'))} share {proposal.hours}, {largest.role} the most"
    columns = (
        Column("Role", 0.36),
        Column("Hours", 0.15, numeric=True),
        Column("Rate", 0.18, numeric=True),
        Column("Cost", 0.31, numeric=True),
    )
    rows = [Row((each.role, hours(each.hours), money(each.hourly_rate), money(each.cost))) for each in costs.lines]
    totals = [Row(("Total", hours(costs.total_hours), "", money(costs.total_cost)), Role.TOTAL)]
    if costs.discount:
        percent = proposal.formats.percent(costs.discount_percent)
        totals.insert(0, Row((f"Discount of {percent}", "", "", money(-costs.discount))))
    values = {each.role: float(each.cost) for each in costs.lines}
    _with_chart(deck, proposal, title, "Investment by role", Table(columns, (*rows, *totals)), values)


def _with_chart(
    deck: Deck, proposal: Proposal, title: str, kicker: str, table: Table, values: Mapping[str, float]
) -> None:
    """Add a table with its chart on the right. A table that is too long for that goes on after the chart's slide."""
    area = deck.area
    left = Area(area.left, area.top, area.width * _TABLE, area.height)
    right = Area(left.right + cards.GAP, area.top, area.width - left.width - cards.GAP, area.height)
    beside = tables.measure(table, left, deck.slack)
    fits = len(tables.pages(beside)) == 1
    largest = dict(sorted(values.items(), key=lambda each: -each[1])[:_MOST_BARS])
    shown_values = values if len(values) <= _MOST_BARS else largest
    told = "; ".join(f"{name}: {proposal.formats.money(Decimal(str(value)))}" for name, value in shown_values.items())
    say = speaker_notes(proposal, [f"{title}.", proposal.profile.terms.taxes])
    shown = page(deck, title, kicker)
    chart.bars(
        shown, right if fits else area, f"{kicker} ({proposal.costs.currency})", shown_values, f"{kicker}: {told}"
    )
    shown.note(say)
    if fits:
        tables.draw(shown, beside, table.rows, f"{kicker}: {title}")
        return
    whole = tables.measure(table, area, deck.slack)
    spread: Sequence[Sequence[Row]] = tables.pages(whole)
    for place, rows in enumerate(spread, start=1):
        shown = page(deck, part(title, place, len(spread)), kicker)
        tables.draw(shown, whole, rows, f"{kicker}: {title}")
        shown.note(say)


def payments(deck: Deck, proposal: Proposal) -> None:
    """Add the payments on a line of dates, and the conditions below."""
    costs, money, days = proposal.costs, proposal.formats.money, proposal.formats.day
    terms = proposal.profile.terms
    last = days(costs.payments[-1].date)
    title = f"You pay {proposal.total} in {many(len(costs.payments), 'instalment')}, the last on {last}"
    shown = page(deck, title, "Payments")
    area = shown.area
    upper = Area(area.left, area.top, area.width, area.height * 0.6)
    columns = upper.columns(len(costs.payments), cards.GAP)
    told = "; ".join(f"{each.milestone}, {days(each.date)}" for each in costs.payments)
    with shown.grouped(f"The payments in their order: {told}"):
        shown.line((area.left, area.top + 15), (area.right, area.top + 15), Ink.STRONG, 2)
        for payment, column in zip(costs.payments, columns, strict=True):
            dot = Area(column.left + column.width / 2 - 15, column.top, 30, 30)
            shown.bar(dot, Ink.SIGNAL, MSO_SHAPE.OVAL, payment.milestone)
    for payment, column in zip(costs.payments, columns, strict=True):
        body = Area(column.left, column.top + 40, column.width, column.height - 40)
        centre = PP_ALIGN.CENTER
        texts = [
            line(payment.milestone, 18, bold=True, ink=Ink.HEAD, align=centre),
            line(money(payment.amount), 30, bold=True, ink=Ink.STRONG, gap=6, align=centre),
            line(f"{proposal.formats.percent(payment.percent)} of the price", 14, ink=Ink.TEXT, gap=4, align=centre),
            line(f"Planned for {days(payment.date)}", 14, ink=Ink.MUTED, gap=4, align=centre),
        ]
        shown.box(body, texts, fill=Ink.PANEL, anchor=MSO_ANCHOR.MIDDLE, margins=(12, 8))
    below = Area(area.left, upper.bottom + cards.GAP, area.width, area.bottom - upper.bottom - cards.GAP)
    budget = costs.budget
    stated = f" Your budget is {money(budget.amount)}." if budget and budget.currency == costs.currency else ""
    likely = f"Between {money(costs.low)} and {money(costs.high)}, depending on what is still uncertain."
    found = [
        Card(likely + stated, "Likely range"),
        Card(f"{terms.taxes} Invoices are due within {terms.payment_days} days.", "Invoices and taxes"),
        Card(f"The offer is valid until {proposal.valid_until}. Rates: {costs.rate_card}.", "Validity"),
    ]
    cards.grid(shown, below, found, 3, most=1.35)
    say = [
        f"{each.milestone}: {proposal.formats.percent(each.percent)}, {money(each.amount)}, {days(each.date)}."
        for each in costs.payments
    ]
    shown.note(speaker_notes(proposal, say, lines=budget.lines if budget else ()))


def _share(amount: Decimal, total: Decimal) -> int:
    """The part of the total, in whole percent."""
    return round(amount * 100 / total) if total else 0
