"""Puts tables on slides: as many slides as the rows need, with the head on each slide and the totals at the end.

The row heights are computed from the text, so that a table ends where it should. Its look comes from the theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from worker.tools.deck.canvas import TextRun, numbered, plain_slide, write
from worker.tools.deck.design import Deck
from worker.tools.deck.fitting import TextStyle
from worker.tools.documents.document import Column

SIZE = 12
_MARGIN_X, _MARGIN_Y = 7.2, 5
"""The margins inside a cell, in points."""


@dataclass(frozen=True)
class Table:
    """The content of a table."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] | None = None


def table_slides(deck: Deck, title: str, table: Table) -> None:
    """Add a table on as many slides as it needs."""
    head = [column.title for column in table.columns]
    body = [*table.rows, *([table.total] if table.total else [])]
    room = deck.drawing.height - _height(deck, table, head)
    spread = _pages([_height(deck, table, row) for row in body], room)
    for place, page in enumerate(spread, start=1):
        last = place == len(spread)
        rows = [head, *(body[row] for row in page)]
        _draw(deck, numbered(title, place, len(spread)), table, rows, totals=last and table.total is not None)


def _pages(heights: Sequence[float], room: float) -> list[list[int]]:
    spread: list[list[int]] = [[]]
    left = room
    for row, height in enumerate(heights):
        if spread[-1] and height > left:
            spread.append([])
            left = room
        spread[-1].append(row)
        left -= height
    return spread


def _height(deck: Deck, table: Table, row: Sequence[str]) -> float:
    style = TextStyle(SIZE, bold=True, slack=deck.slack)
    cells = zip(table.columns, row, strict=True)
    return (
        max(style.height(text, column.share * deck.drawing.width - 2 * _MARGIN_X) for column, text in cells)
        + 2 * _MARGIN_Y
    )


def _draw(deck: Deck, title: str, table: Table, rows: Sequence[Sequence[str]], *, totals: bool) -> None:
    area = deck.drawing
    heights = [_height(deck, table, row) for row in rows]
    slide = plain_slide(deck, title)
    frame = slide.shapes.add_table(
        len(rows), len(table.columns), Pt(area.left), Pt(area.top), Pt(area.width), Pt(sum(heights))
    )
    frame.name = title
    drawn: Any = frame.table
    drawn.last_row = totals
    for column, place in zip(table.columns, drawn.columns, strict=True):
        place.width = Pt(area.width * column.share)
    for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
        drawn.rows[number].height = Pt(height)
        for column, cell, text in zip(table.columns, drawn.rows[number].cells, row, strict=True):
            cell.margin_left = cell.margin_right = Pt(_MARGIN_X)
            cell.margin_top = cell.margin_bottom = Pt(_MARGIN_Y)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            strong = number == 0 or (totals and number == len(rows) - 1)
            write(
                cell.text_frame, [[TextRun(text, bold=strong)]], SIZE, align=PP_ALIGN.RIGHT if column.numeric else None
            )
