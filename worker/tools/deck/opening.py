"""The first slides: the title, the executive summary, and what the client said."""

import io
from collections.abc import Iterator
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR

from worker.tools.costs import Concern
from worker.tools.deck.canvas import Page, describe, fill_holder, page
from worker.tools.deck.cards import EDGE, GAP, Card, grid
from worker.tools.deck.design import Deck
from worker.tools.deck.fitting import TextStyle
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import EMU_PER_POINT, Area, Look, is_kicker
from worker.tools.deck.notes import speaker_notes
from worker.tools.deck.text import line, scaled, shared, shortened
from worker.tools.deck.words import capital, many, of_them
from worker.tools.documents.direction import is_right_to_left
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.parts import Figure, Quote
from worker.tools.proposal.words import sentence
from worker.tools.requirements import BUILT, Priority

_CARDS = 4
_LEAST_QUOTES = 4
_FEWEST_QUOTES = 3
"""Fewer have no slide: the first slide about the scope says the same."""
_QUOTE_HEIGHT = 66
"""The least height of a quote in points, with the gap below it."""
_FIGURE_SIZES = (40, 36, 34, 32, 30, 28, 26, 24, 22, 20, 18, 16, 14, 12)
_TILES = 0.44
"""The part of the summary's height that the figures take."""


def cover(deck: Deck, proposal: Proposal) -> None:
    """Add the title slide."""
    slide = deck.add(Look.TITLE, footer=False)
    shown = Page(deck, slide, deck.area)
    title: Any = slide.shapes.title
    fill_holder(deck, title, [line(proposal.project, 44, bold=True)])
    supplier = proposal.profile.supplier
    facts = [
        *([line(supplier.name, 18, bold=True, ink=Ink.HEAD)] if proposal.logo else []),
        *(line(each, 13, ink=Ink.MUTED, gap=2) for each in (*supplier.address, supplier.email) if each),
        line(proposal.date, 18, bold=True, ink=Ink.HEAD, gap=24),
        line(f"Valid until {proposal.valid_until}", 13, ink=Ink.MUTED, gap=2),
        line(f"Proposal {proposal.number}", 13, ink=Ink.MUTED, gap=2),
    ]
    below = [line(f"Proposal for {proposal.client}", 24)]
    held = {holder.placeholder_format.idx: holder for holder in slide.placeholders}
    if 22 not in held:  # noqa: PLR2004 - the number of "Facts" in default.pptx
        below += [
            line(f"{proposal.date}, valid until {proposal.valid_until}", 16, gap=8),
            line(supplier.name, 16, gap=4),
        ]
    for idx, holder in held.items():
        if is_kicker(holder):
            holder.text_frame.text = proposal.industry or "Proposal"
        elif idx == 22:  # noqa: PLR2004 - as above
            fill_holder(deck, holder, facts)
        elif holder.placeholder_format.type is PP_PLACEHOLDER.PICTURE:
            _logo(shown, holder, proposal)
        elif idx == 1 and holder.has_text_frame:
            fill_holder(deck, holder, below)
        elif holder is not title and holder.placeholder_format.type is not PP_PLACEHOLDER.CENTER_TITLE:
            holder.element.getparent().remove(holder.element)
    if 1 not in held:
        area = deck.area
        half = Area(area.left, area.top + area.height / 2, area.width, area.height / 2)
        shown.box(half, below)
    say = [f"Proposal {proposal.number} for {proposal.client}: {proposal.project}.", f"Priced on {proposal.date}."]
    shown.note(speaker_notes(proposal, say))


def _logo(shown: Page, holder: Any, proposal: Proposal) -> None:  # noqa: ANN401 - a picture placeholder
    """Put the supplier's logo into its place, whole, or the name if there is no logo that can be read."""
    place = Area(*(int(each) for each in (holder.left, holder.top, holder.width, holder.height)))
    try:
        picture = holder.insert_picture(io.BytesIO(proposal.logo or b""))
    except (ValueError, OSError):
        name = line(proposal.profile.supplier.name, 26, bold=True, ink=Ink.HEAD)
        points = Area(*(each / EMU_PER_POINT for each in (place.left, place.top, place.width, place.height)))
        holder.element.getparent().remove(holder.element)
        shown.box(points, [name])
        return
    width, height = picture.image.size
    scale = min(place.width / width, place.height / height)
    picture.crop_left = picture.crop_right = picture.crop_top = picture.crop_bottom = 0
    picture.left, picture.top = int(place.left), int(place.top)
    picture.width, picture.height = int(width * scale), int(height * scale)
    describe(picture, f"Logo of {proposal.profile.supplier.name}")


def summary(deck: Deck, proposal: Proposal) -> None:
    """Add the executive summary: the four figures, then what a reader must know before anything else."""
    done = f"done in {proposal.duration}, by {proposal.end}, for {proposal.total}"
    # A title that begins with a name in Arabic, say, would run to the left.
    first = is_right_to_left(proposal.project)
    title = f"{capital(done)}: {proposal.project}" if first else f"{proposal.project}: {done}"
    shown = page(deck, title, "Executive summary")
    area = shown.area
    upper = Area(area.left, area.top, area.width, area.height * _TILES)
    tiles = upper.columns(len(proposal.figures), GAP)
    width = tiles[0].width - 32
    styles = (TextStyle(size, bold=True, slack=shown.slack) for size in _FIGURE_SIZES)
    fitting = (each.size for each in styles if all(each.width(one.value) <= width for one in proposal.figures))
    size = next(fitting, _FIGURE_SIZES[-1])
    for place, (figure, tile) in enumerate(zip(proposal.figures, tiles, strict=True)):
        _tile(shown, tile, figure, size, strong=place == 0)
    below = Area(area.left, upper.bottom + GAP, area.width, area.bottom - upper.bottom - GAP)
    cards = [*_urgent(proposal), *_plain(proposal)][:_CARDS]
    grid(shown, below, cards, len(cards), anchor=MSO_ANCHOR.TOP, most=1.4)
    figures = [f"{figure.label}: {figure.value}. {figure.sentence}" for figure in proposal.figures]
    facts = proposal.analysis.facts
    lines = [*(facts.budget.lines if facts.budget else ()), *(each for one in facts.deadlines for each in one.lines)]
    shown.note(speaker_notes(proposal, [*figures, *proposal.summary], lines=lines))


def _tile(shown: Page, area: Area, figure: Figure, size: float, *, strong: bool) -> None:
    ink = Ink.WHITE if strong else Ink.HEAD
    texts = [
        line(figure.label, 13, bold=True, ink=Ink.WHITE if strong else Ink.STRONG),
        line(figure.value, size, bold=True, ink=ink, gap=2),
        line(figure.sentence, 14, ink=Ink.WHITE if strong else Ink.TEXT, gap=8),
    ]
    shown.bar(Area(area.left, area.top, area.width, 4), Ink.SIGNAL if strong else Ink.STRONG)
    body = Area(area.left, area.top + 4, area.width, area.height - 4)
    shown.box(body, texts, fill=Ink.HEAD if strong else Ink.PANEL, anchor=MSO_ANCHOR.TOP, margins=(16, 14))


def _urgent(proposal: Proposal) -> Iterator[Card]:
    heads = {Concern.DEADLINE: "The stated deadline is not kept", Concern.BUDGET: "The stated budget is not kept"}
    for risk in proposal.alerts:
        yield Card(f"{sentence(risk.text)} {sentence(risk.mitigation)}", heads[risk.concern], "Alert", Ink.SIGNAL)
    if proposal.caution:
        yield Card(proposal.caution, "A first estimate", "Confidence", Ink.SIGNAL)


def _plain(proposal: Proposal) -> Iterator[Card]:
    told = {alert.text for alert in proposal.alerts}
    heads = ("What you want", "What we offer", "When it is done", "What is open")
    for head, text in zip(heads, (each for each in proposal.summary if each not in told), strict=False):
        yield Card(text, head)


def _quotes(proposal: Proposal) -> Iterator[Quote]:
    """What the client said. Where that is too little for a slide, also the lines that state a requirement."""
    yield from proposal.heard
    shown = {quote.line for quote in proposal.heard}
    lines = [line for each in proposal.requirements if each.kind in BUILT for line in each.lines[:1]]
    more = [
        Quote(proposal.quote(line).lstrip("-*\u2022# "), line) for line in dict.fromkeys(lines) if line not in shown
    ]
    said = [quote for quote in more if quote.text]  # a reviewer may name a line that is empty or not there
    yield from said[: max(0, _LEAST_QUOTES - len(proposal.heard))]


def heard(deck: Deck, proposal: Proposal) -> None:
    """Add the client's own words."""
    quotes = list(_quotes(proposal))
    if len(quotes) < _FEWEST_QUOTES:
        return
    built = [each for each in proposal.requirements if each.kind in BUILT]
    must = sum(each.priority is Priority.MUST for each in built)
    title = f"You told us what matters: {many(len(built), 'requirement')}{of_them(must, len(built), 'a must')}"
    shown = page(deck, title, "What we heard", Look.SECTION)
    quotes = quotes[: max(_LEAST_QUOTES, int(shown.area.height / _QUOTE_HEIGHT))]
    places = shown.area.rows(len(quotes), GAP)
    width = shown.area.width - EDGE - 32
    texts = [
        [
            line(shortened(f"“{quote.text}”", TextStyle(14, slack=deck.slack), width, 4), 16, ink=Ink.TEXT),
            line(
                capital(", ".join(filter(None, (quote.speaker, f"line {quote.line} of your notes")))),
                11,
                ink=Ink.MUTED,
                gap=3,
            ),
        ]
        for quote in quotes
    ]
    rooms = [(width, place.height - 12) for place in places]
    share = shared(texts, rooms, deck.slack, 1.25)
    for text, place in zip(texts, places, strict=False):
        shown.bar(Area(place.left, place.top, EDGE, place.height), Ink.SIGNAL)
        body = Area(place.left + EDGE, place.top, place.width - EDGE, place.height)
        shown.box(body, scaled(text, share), fill=Ink.PANEL, anchor=MSO_ANCHOR.MIDDLE, margins=(16, 6))
    shown.note(speaker_notes(proposal, ["These are the client's own words."], lines=[quote.line for quote in quotes]))
