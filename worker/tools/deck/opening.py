"""The first slides: the title, the executive summary, and what the client said."""

import io
from collections.abc import Iterator
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR

from worker.tools.costs import Concern
from worker.tools.deck.canvas import Page, describe, fill_holder, grown, page
from worker.tools.deck.cards import EDGE, GAP, Card, grid
from worker.tools.deck.design import EMU_PER_POINT, Area, Deck, Look, is_kicker
from worker.tools.deck.fitting import TextStyle
from worker.tools.deck.notes import speaker_notes
from worker.tools.deck.text import Ink, line, scaled, shortened
from worker.tools.deck.words import capital, listed, many
from worker.tools.proposal.content import Figure, Proposal
from worker.tools.requirements import BUILT, Kind, Priority

_SURE = 0.75
"""The confidence below which the summary says that the notes were only partly understood."""
_TILES = 0.5
"""The part of the summary's height that the figures take."""


def cover(deck: Deck, proposal: Proposal) -> None:
    """Add the title slide."""
    slide = deck.add(Look.TITLE, footer=False)
    shown = Page(deck, slide, deck.area, slide.shapes)
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
    title = f"{proposal.project}: done in {proposal.duration}, by {proposal.end}, for {proposal.total}"
    shown = page(deck, title, "Executive summary")
    area = shown.area
    upper = Area(area.left, area.top, area.width, area.height * _TILES)
    for place, (figure, tile) in enumerate(zip(proposal.figures, upper.columns(4, GAP), strict=True)):
        _tile(shown, tile, figure, strong=place == 0)
    below = Area(area.left, upper.bottom + GAP, area.width, area.bottom - upper.bottom - GAP)
    cards = [*_urgent(proposal), *_plain(proposal)][:4]
    cards = cards[: max(3, len(list(_urgent(proposal))))]
    grid(shown, below, cards, len(cards), anchor=MSO_ANCHOR.MIDDLE, most=1.4)
    figures = [f"{figure.label}: {figure.value}. {figure.sentence}" for figure in proposal.figures]
    facts = proposal.analysis.facts
    lines = [*(facts.budget.lines if facts.budget else ()), *(each for one in facts.deadlines for each in one.lines)]
    shown.note(speaker_notes(proposal, [*figures, *(f"{card.head}: {card.text}" for card in cards)], lines=lines))


def _tile(shown: Page, area: Area, figure: Figure, *, strong: bool) -> None:
    ink = Ink.WHITE if strong else Ink.HEAD
    width = area.width - 32
    sizes = (34, 30, 28, 26, 24, 22, 20, 18, 16, 14, 12)
    style = [TextStyle(size, bold=True, slack=shown.slack) for size in sizes]
    size = next((each.size for each in style if each.width(figure.value) <= width), sizes[-1])
    texts = [
        line(figure.label, 13, bold=True, ink=Ink.WHITE if strong else Ink.STRONG),
        line(figure.value, size, bold=True, ink=ink, gap=2),
        line(figure.sentence, 13, ink=Ink.WHITE if strong else Ink.TEXT, gap=8),
    ]
    shown.bar(Area(area.left, area.top, area.width, 4), Ink.SIGNAL if strong else Ink.STRONG)
    body = Area(area.left, area.top + 4, area.width, area.height - 4)
    shown.box(body, texts, fill=Ink.HEAD if strong else Ink.PANEL, anchor=MSO_ANCHOR.MIDDLE, margins=(16, 10))


def _urgent(proposal: Proposal) -> Iterator[Card]:
    heads = {Concern.DEADLINE: "The stated deadline is missed", Concern.BUDGET: "The stated budget is passed"}
    for risk in proposal.alerts:
        yield Card(f"{risk.text} {risk.mitigation}", heads.get(risk.concern, "At risk"), "Alert", Ink.SIGNAL)
    if proposal.analysis.confidence < _SURE:
        share = proposal.formats.percent(round(proposal.analysis.confidence * 100))
        warning = " ".join(proposal.analysis.warnings)
        text = f"Only {share} of the notes could be understood with certainty. {warning}".strip()
        yield Card(text, "Read this price with care", "Confidence", Ink.SIGNAL)


def _plain(proposal: Proposal) -> Iterator[Card]:
    built = sum(proposal.analysis.count(kind) for kind in BUILT)
    largest = sorted((each for each in proposal.packages if each.requirements), key=lambda each: -each.cost)
    names = listed([each.name for each in largest], 4)
    scope = f"{capital(many(built, 'requirement'))} in {many(len(largest), 'work package')}: {names}."
    yield Card(
        scope if largest else "The scope is agreed in the first phase, at the price of the set-up.", "What you get"
    )
    questions = proposal.analysis.count(Kind.OPEN_QUESTION)
    spare = proposal.costs.contingency_percent
    parts = [f"The hours include {spare}% for what is still uncertain." if spare else "", ""]
    if questions:
        parts[1] = f"{capital(many(questions, 'open question'))} can still move the price."
    yield Card(" ".join(filter(None, parts)) or "No question is open that would move the price.", "What can change")
    yield Card(
        f"Your signature by {proposal.valid_until}. Work then starts on {proposal.start} and ends on {proposal.end}.",
        "What it takes to start",
    )


def heard(deck: Deck, proposal: Proposal) -> None:
    """Add the client's own words."""
    quotes = proposal.heard
    if not quotes:
        return
    built = [each for each in proposal.requirements if each.kind in BUILT]
    must = sum(each.priority is Priority.MUST for each in built)
    title = f"You told us what matters: {many(len(built), 'requirement')}, {many(must, 'must', 'must')}-have"
    shown = page(deck, title, "What we heard", Look.SECTION)
    places = shown.area.rows(max(len(quotes), 3), GAP)
    width = shown.area.width - EDGE - 32
    texts = [
        [
            line(shortened(f"“{quote.text}”", TextStyle(14, slack=deck.slack), width, 4), 16, ink=Ink.TEXT),
            line(f"Line {quote.line} of your notes", 11, ink=Ink.MUTED, gap=3),
        ]
        for quote in quotes
    ]
    share = min(grown(text, width, places[0].height - 12, deck.slack, 1.25) for text in texts)
    for text, place in zip(texts, places, strict=False):
        shown.bar(Area(place.left, place.top, EDGE, place.height), Ink.SIGNAL)
        body = Area(place.left + EDGE, place.top, place.width - EDGE, place.height)
        shown.box(body, scaled(text, share), fill=Ink.PANEL, anchor=MSO_ANCHOR.MIDDLE, margins=(16, 6))
    shown.note(speaker_notes(proposal, ["These are the client's own words."], lines=[quote.line for quote in quotes]))
