"""Puts native tables on slides: as many slides as the rows need, with the head on each of them.

The row heights are computed from the text, so that a table ends where it should. A row that is higher than a slide
goes on in the next one. Rules and bands take the theme's colours.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from worker.tools.deck.canvas import Page, describe
from worker.tools.deck.fitting import TextStyle
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import Area
from worker.tools.deck.text import line
from worker.tools.deck.writing import fill
from worker.tools.documents.document import Column

SIZES = (16, 15, 14, 13, 12)
"""A table gets the largest of these sizes in which it fits on one slide. A longer table gets the last."""
_MARGIN_X, _MARGIN_Y = 7.2, 4
_LEADING = 1.2
_STRETCH = 2.2
"""How much higher than its text a row may be, so that a short table fills its area."""


class Role(Enum):
    """What a row is."""

    HEAD = "head"
    BODY = "body"
    BAND = "band"
    """A heading over the rows that follow: its first cell goes over all columns but the last two."""
    TOTAL = "total"


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    cells: tuple[str, ...]
    role: Role = Role.BODY


@dataclass(frozen=True)
class Table:
    """The content of a table. The shares of the columns add up to 1."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def head(self) -> Row:
        """The row with the columns' titles."""
        return Row(tuple(column.title for column in self.columns), Role.HEAD)


@dataclass(frozen=True)
class Measure:
    """A table's place and its size of text, with which its rows can be measured."""

    table: Table
    area: Area
    size: float
    slack: float

    def widths(self, row: Row) -> list[float]:
        """The width of each cell's text."""
        shares = [column.share for column in self.table.columns]
        if row.role is Role.BAND:
            shares = [sum(shares[:-2]), *[0.0] * (len(shares) - 3), sum(shares[-2:]), 0.0]
        return [max(share * self.area.width - 2 * _MARGIN_X, self.size) for share in shares]

    def height(self, row: Row) -> float:
        """The height of a row."""
        style = TextStyle(self.size, bold=row.role is not Role.BODY, slack=self.slack)
        cells = zip(row.cells, self.widths(row), strict=True)
        return (
            max(style.height(text, width) for text, width in cells if text or row.role is not Role.BAND) + 2 * _MARGIN_Y
        )

    @property
    def keeps_numbers(self) -> bool:
        """Whether no amount or number of the table goes over two lines."""
        style = TextStyle(self.size, bold=True, slack=self.slack)
        return all(
            style.width(text) <= width
            for row in self.table.rows
            if row.role is not Role.BAND
            for column, text, width in zip(self.table.columns, row.cells, self.widths(row), strict=True)
            if column.numeric
        )

    @property
    def room(self) -> float:
        """The height that is left for rows below the head."""
        return self.area.height - self.height(self.table.head)

    def pieces(self, row: Row, room: float) -> list[Row]:
        """The row itself, or parts of it that each fit into the room."""
        if self.height(row) <= room:
            return [row]
        style = TextStyle(self.size, bold=row.role is not Role.BODY, slack=self.slack)
        most = max(1, int((room - 2 * _MARGIN_Y) / (self.size * _LEADING)))
        wrapped = [style.wrap(text, width) for text, width in zip(row.cells, self.widths(row), strict=True)]
        count = max(-(-len(lines) // most) for lines in wrapped)
        return [
            replace(row, cells=tuple(" ".join(lines[part * most : (part + 1) * most]) for lines in wrapped))
            for part in range(count)
        ]


def measure(table: Table, area: Area, slack: float) -> Measure:
    """The table in the largest size in which it fits on one slide, or in the smallest."""
    measures = [Measure(table, area, size, slack) for size in SIZES]
    fitting = (each for each in measures if each.keeps_numbers and sum(map(each.height, table.rows)) <= each.room)
    return next(fitting, measures[-1])


def pages(measured: Measure, *, spare: float = 0) -> list[list[Row]]:
    """The rows of each slide. A band stays with the row after it, and the slides are about equally full.

    `spare` is the height that each slide keeps free for a row that the caller adds.
    """
    room = measured.room - spare
    rows = [piece for row in measured.table.rows for piece in measured.pieces(row, room - spare)]
    heights = [measured.height(row) for row in rows]
    filled = _fill(rows, heights, room)
    tries = (room * share / 20 for share in range(8, 21))
    even = next((even for limit in tries if len(even := _fill(rows, heights, limit)) == len(filled)), filled)
    return _with_a_full_end(even, measured)


def _with_a_full_end(filled: list[list[Row]], measured: Measure) -> list[list[Row]]:
    """The same, where the last slide would be almost empty with rows of the one before."""
    if len(filled) < 2 or sum(map(measured.height, filled[-1])) * 2 > sum(map(measured.height, filled[-2])):  # noqa: PLR2004 - it needs two
        return filled
    both = filled[-2] + filled[-1]
    half, high = sum(map(measured.height, both)) / 2, 0.0
    for place, row in enumerate(both, start=1):
        high += measured.height(row)
        if high >= half and row.role is not Role.BAND:
            return [*filled[:-2], both[:place], both[place:]] if place < len(both) else filled
    return filled


def _fill(rows: Sequence[Row], heights: Sequence[float], limit: float) -> list[list[Row]]:
    filled: list[list[Row]] = []
    room = 0.0
    for place, (row, height) in enumerate(zip(rows, heights, strict=True)):
        needed = height
        if row.role is Role.BAND and place + 1 < len(rows):
            needed += heights[place + 1]
        if not filled or (needed > room and filled[-1]):
            filled.append([])
            room = limit
        filled[-1].append(row)
        room -= height
    return filled


def draw(page: Page, measured: Measure, rows: Sequence[Row], alt: str) -> None:
    """Draw one slide's part of a table. Short tables get higher rows."""
    area = measured.area
    shown = [measured.table.head, *rows]
    heights = [measured.height(row) for row in shown]
    stretch = min(_STRETCH, area.height / sum(heights))
    heights = [height * max(stretch, 1) for height in heights]
    columns = measured.table.columns
    frame = page.shapes.add_table(
        len(shown), len(columns), Pt(area.left), Pt(area.top), Pt(area.width), Pt(sum(heights))
    )
    frame.name = "Table"
    describe(frame, alt)
    drawn: Any = frame.table
    drawn.horz_banding = False
    drawn.last_row = any(row.role is Role.TOTAL for row in rows)
    drawn._tbl.tblPr.find("{*}tableStyleId").text = _NO_STYLE  # noqa: SLF001 - python-pptx has no property for it
    for column, place in zip(columns, drawn.columns, strict=True):
        place.width = Pt(area.width * column.share)
    for number, (row, height) in enumerate(zip(shown, heights, strict=True)):
        drawn.rows[number].height = Pt(height)
        _draw_row(drawn, number, row, measured)


_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's table style "No Style, No Grid": it has no look of its own, so that every viewer shows the same."""


def _look(role: Role) -> Any:  # noqa: ANN401 - an lxml element
    """The margins, rules and ground of a cell."""
    strong = role in {Role.HEAD, Role.TOTAL}
    ink, width = (Ink.HEAD, 19050) if strong else (Ink.LINE, 9525)
    rules = "".join(f'<a:ln{side} w="{width}">{ink.xml}</a:ln{side}>' for side in ("TB" if role is Role.TOTAL else "B"))
    x, y = int(Pt(_MARGIN_X)), int(Pt(_MARGIN_Y))
    ground = Ink.PANEL.xml if role is Role.BAND else "<a:noFill/>"
    return parse_xml(
        f'<a:tcPr {nsdecls("a")} marL="{x}" marR="{x}" marT="{y}" marB="{y}" anchor="ctr">{rules}{ground}</a:tcPr>'
    )


_LOOKS = {role: _look(role) for role in Role}
_INKS = {Role.HEAD: Ink.STRONG, Role.BODY: Ink.TEXT, Role.BAND: Ink.HEAD, Role.TOTAL: Ink.HEAD}


def _draw_row(drawn: Any, number: int, row: Row, measured: Measure) -> None:  # noqa: ANN401 - python-pptx's Table
    cells = list(drawn.rows[number].cells)
    last = len(cells) - 1
    if row.role is Role.BAND:
        cells[0].merge(cells[last - 2])
        cells[last - 1].merge(cells[last])
    for place, (column, cell, text) in enumerate(zip(measured.table.columns, cells, row.cells, strict=True)):
        if cell.is_spanned:
            continue
        right = column.numeric or (row.role is Role.BAND and place > 0)
        first = place == 0 and row.role is Role.BODY
        shown = line(
            text, measured.size, bold=row.role is not Role.BODY or first, ink=Ink.STRONG if first else _INKS[row.role],
            align=PP_ALIGN.RIGHT if right else None,
        )  # fmt: skip
        element = cell._tc  # noqa: SLF001 - python-pptx has no borders, and takes several times as long for the rest
        fill(element.get_or_add_txBody(), [shown])
        element.remove(element.get_or_add_tcPr())
        element.append(copy.deepcopy(_LOOKS[row.role]))
