"""Puts lists on slides with two columns: two lists side by side, or one long list over as many columns as it needs.

The text goes into the layout's placeholders. A single short list gets cards instead, which fill the slide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from worker.tools.deck import cards
from worker.tools.deck.canvas import Page, page, text_page
from worker.tools.deck.cards import Card
from worker.tools.deck.design import INSET, Deck
from worker.tools.deck.fitting import Box, Bullet, TextStyle, pages
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import EMU_PER_POINT, Area, Look
from worker.tools.deck.text import Paragraph, Run, line
from worker.tools.deck.words import part
from worker.tools.deck.writing import write
from worker.tools.proposal.content import Proposal
from worker.tools.requirements import Kind, Requirement

LIMIT = 60
"""How many entries of a list a deck shows. The statement of work has all."""
_LOOKS = ((24, 24), (22, 20), (20, 18), (20, 12), (18, 14), (18, 9), (16, 8), (15, 8), (14, 8), (13, 8), (12, 6))
"""The sizes of text, each with the gap above an entry. Lists get the first with which they fit on one slide."""
_LONG = ((18, 10), (16, 9), (14, 8), (13, 8))
"""The same for a list that goes on over several columns and slides."""
_HEAD = 17
_INDENT = 27
"""The widest indent of a bullet: PowerPoint's layouts indent by 27 points at most, default.pptx by 18."""
_COLUMN_GAP = 24
_MOST_CARDS = 8


@dataclass(frozen=True)
class Listing:
    """A list with its heading."""

    head: str
    bullets: tuple[Bullet, ...]
    title: str
    """The title of a slide that has only this list."""


def listing(head: str, texts: Sequence[str], title: str) -> Listing:
    """A list of texts."""
    return Listing(head, _limited([Bullet(text) for text in texts]), title)


def requirements(proposal: Proposal, head: str, items: Sequence[Requirement], title: str) -> Listing:
    """A list of requirements with their numbers."""
    return Listing(
        head,
        _limited(
            [Bullet(each.text if each.kind is Kind.OPEN_QUESTION else proposal.said(each), each.id) for each in items]
        ),
        title,
    )


def _limited(bullets: list[Bullet]) -> tuple[Bullet, ...]:
    more = len(bullets) - LIMIT
    if more <= 0:
        return tuple(bullets)
    return (*bullets[:LIMIT], Bullet(f"{more} more: the statement of work lists all {len(bullets)}."))


def slides(deck: Deck, title: str, kicker: str, lists: Sequence[Listing], notes: Sequence[str]) -> None:
    """Add the lists: side by side where both fit on a slide, otherwise one after the other."""
    filled = [each for each in lists if each.bullets]
    columns = _columns(deck)
    if len(filled) > 1:
        for look in _LOOKS:
            if all(_fits(deck, one, area, look) for one, area in zip(filled, columns, strict=True)):
                _slide(deck, title, kicker, [_paragraphs(each.head, each.bullets, look) for each in filled], notes)
                return
    for each in filled:
        _one(deck, kicker, each, columns[0], notes)


def _one(deck: Deck, kicker: str, each: Listing, column: Area, notes: Sequence[str]) -> None:
    if len(each.bullets) <= _MOST_CARDS:
        found = [Card(bullet.text, bullet.label or str(place)) for place, bullet in enumerate(each.bullets, start=1)]
        spread = cards.spread(found, 2, deck.area, deck.slack)
        for place, some in enumerate(spread, start=1):
            shown = page(deck, part(each.title, place, len(spread)), kicker)
            cards.grid(shown, shown.area, some, 1 if len(some) < 4 else 2)  # noqa: PLR2004 - up to three wide rows
            shown.note(notes)
        return
    spreads = [(look, _spread(deck, each, column, look)) for look in _LONG]
    look, spread_columns = min(spreads, key=lambda found: len(found[1]))
    pairs = [spread_columns[start : start + 2] for start in range(0, len(spread_columns), 2)]
    for place, pair in enumerate(pairs, start=1):
        parts = [_paragraphs(each.head if not number else "", some, look) for number, some in enumerate(pair) if some]
        _slide(deck, part(each.title, place, len(pairs)), kicker, parts, notes)


def _spread(deck: Deck, each: Listing, column: Area, look: tuple[float, float]) -> list[list[Bullet]]:
    """The entries of each column: an even number of columns, about equally full."""
    size, gap = look
    style, room = TextStyle(size, slack=deck.slack), _room(column)
    fewest = pages(each.bullets, Box(_width(column), room, style, gap))
    if len(fewest) % 2 == 0:
        return fewest
    for share in range(19, 9, -1):
        found = pages(each.bullets, Box(_width(column), room * share / 20, style, gap))
        if len(found) == len(fewest) + 1:
            return found
    *others, last = fewest
    half = -(-len(last) // 2)
    return [*others, last[:half], last[half:]]


def _slide(deck: Deck, title: str, kicker: str, parts: Sequence[list[Paragraph]], notes: Sequence[str]) -> None:
    shown, holders = text_page(deck, title, kicker, Look.COLUMNS)
    if len(holders) == 2:  # noqa: PLR2004 - two columns
        for holder, paragraphs in zip(holders, parts, strict=False):
            write(holder.text_frame, paragraphs)
        for holder in holders[len(parts) :]:
            holder.element.getparent().remove(holder.element)
    else:
        for holder in holders:
            holder.element.getparent().remove(holder.element)
        _in_boxes(shown, parts)
    shown.note(notes)


def _in_boxes(shown: Page, parts: Sequence[list[Paragraph]]) -> None:
    for area, paragraphs in zip(shown.area.columns(2, _COLUMN_GAP), parts, strict=False):
        marked = [Paragraph(each.runs, each.size, each.gap, bullet=each.bullet is None) for each in paragraphs]
        shown.box(area, marked, margins=(0, 0))


def _paragraphs(head: str, bullets: Sequence[Bullet], look: tuple[float, float]) -> list[Paragraph]:
    heads = [line(head, _HEAD, bold=True, ink=Ink.HEAD, bullet=False)] if head else []
    return [*heads, *(Paragraph(_runs(bullet), *look, bullet=None) for bullet in bullets)]


def _runs(bullet: Bullet) -> tuple[Run, ...]:
    label = (Run(f"{bullet.label}  ", bold=True, ink=Ink.STRONG),) if bullet.label else ()
    return (*label, Run(bullet.text))


def _fits(deck: Deck, each: Listing, column: Area, look: tuple[float, float]) -> bool:
    size, gap = look
    box = Box(_width(column), _room(column), TextStyle(size, slack=deck.slack), gap)
    return sum(map(box.height_of, each.bullets)) <= box.height


def _columns(deck: Deck) -> tuple[Area, ...]:
    """The places of the two columns."""
    bodies: list[Any] = deck.bodies(Look.COLUMNS)
    if len(bodies) != 2:  # noqa: PLR2004 - two columns
        return deck.area.columns(2, _COLUMN_GAP)
    return tuple(
        Area(*(length / EMU_PER_POINT for length in (each.left, each.top, each.width, each.height))) for each in bodies
    )


def _width(column: Area) -> float:
    return column.width - 2 * INSET - _INDENT


def _room(column: Area) -> float:
    return column.height - INSET - _HEAD * 2.4
