"""Puts cards on slides: short texts side by side, each in a panel with a coloured edge.

The cards of a slide share one size of text, and they fill its area. More cards than fit continue on further slides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.enum.text import MSO_ANCHOR

from worker.tools.deck.canvas import Page
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import Area
from worker.tools.deck.text import Paragraph, fits, line, scaled, shared

GAP = 14
EDGE = 5
_MARGINS = (14, 10)
_LEAST_SHARE = 0.8
"""By how much cards may shrink before they take another slide."""
_LARGEST_SHARE = 1.45
_WIDENED = 3
"""Up to how many columns the cards of a last row that is not full are wider. Many small cards keep one width."""


@dataclass(frozen=True)
class Card:
    """One card: a small label, a bold head, and text. Any of them may be empty."""

    text: str = ""
    head: str = ""
    label: str = ""
    edge: Ink = Ink.STRONG

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The card's text at its plain size."""
        shown = [
            line(self.label, 11, bold=True, ink=Ink.STRONG) if self.label else None,
            line(self.head, 16, bold=True, ink=Ink.HEAD, gap=2) if self.head else None,
            line(self.text, 14, ink=Ink.TEXT, gap=4) if self.text else None,
        ]
        return [each for each in shown if each is not None]


def grid(page: Page, area: Area, cards: Sequence[Card], columns: int, *, anchor: MSO_ANCHOR = MSO_ANCHOR.MIDDLE,
         most: float = _LARGEST_SHARE) -> None:  # fmt: skip
    """Draw cards in rows of so many columns that fill the area."""
    columns = min(columns, len(cards))
    places = _places(area, len(cards), columns)
    share = _share(page, cards, places, most)
    for card, place in zip(cards, places, strict=True):
        page.bar(Area(place.left, place.top, EDGE, place.height), card.edge)
        body = Area(place.left + EDGE, place.top, place.width - EDGE, place.height)
        page.box(body, scaled(card.paragraphs, share), fill=Ink.PANEL, anchor=anchor, margins=_MARGINS)


def spread(cards: Sequence[Card], columns: int, area: Area, slack: float) -> list[list[Card]]:
    """The cards of each slide, as few slides as they need and about alike."""
    for slides in range(1, len(cards) + 1):
        size = -(-len(cards) // slides)
        parts = [list(cards[start : start + size]) for start in range(0, len(cards), size)]
        if all(_fit(part, _places(area, len(part), min(columns, len(part))), slack) for part in parts):
            return parts
    return [[card] for card in cards]


def _fit(cards: Sequence[Card], places: Sequence[Area], slack: float) -> bool:
    return all(
        fits(scaled(card.paragraphs, _LEAST_SHARE), place.width - EDGE - 2 * _MARGINS[0],
             place.height - 2 * _MARGINS[1], slack)
        for card, place in zip(cards, places, strict=True)
    )  # fmt: skip


def _share(page: Page, cards: Sequence[Card], places: Sequence[Area], most: float) -> float:
    rooms = [(place.width - EDGE - 2 * _MARGINS[0], place.height - 2 * _MARGINS[1]) for place in places]
    return shared([card.paragraphs for card in cards], rooms, page.slack, most)


def _places(area: Area, number: int, columns: int) -> list[Area]:
    rows = area.rows(-(-number // columns), GAP)
    places = [place for row in rows for place in row.columns(columns, GAP)][: number if columns > _WIDENED else None]
    left = number % columns
    if left and columns <= _WIDENED:  # the cards of a last row that is not full are wider
        places[-columns:] = rows[-1].columns(left, GAP)
    return places
