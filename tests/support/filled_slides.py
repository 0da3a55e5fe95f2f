"""Measures how much of a slide's body is used: by text with a little room around it, and by tables and drawings.

A panel counts only where it has text, so that one line in a large box doesn't pass for a full slide.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deck_shapes import is_decoration
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Pt

from worker.tools.deck.fitting import TextStyle

_STEP = 6
"""The side of a cell in points: the body is divided into cells, and each is used or not."""
_AROUND = 14
"""The room around a text that counts as used."""
_FOOTER = 0.92
"""Where the body ends, as a part of the slide's height."""
_TALL = 0.3
"""A title of more than this part of the slide's height stands beside the body, not above it."""
_INHERITED = 18
_OUTSIDE = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE}


@dataclass(frozen=True)
class Box:
    """A rectangle in points."""

    left: float
    top: float
    right: float
    bottom: float

    def within(self, other: "Box") -> "Box":
        """The part of it that is inside another."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def cells(self) -> Iterator[tuple[int, int]]:
        """The cells that it covers."""
        for column in range(round(self.left / _STEP), round(self.right / _STEP)):
            for row in range(round(self.top / _STEP), round(self.bottom / _STEP)):
                yield column, row


def used(slide: Any, width: int, height: int) -> float:  # noqa: ANN401 - python-pptx types a part of itself
    """The part of the body that is used, from 0 to 1. `width` and `height` are those of the presentation."""
    body = _body(slide, width / Pt(1), height / Pt(1))
    cells = {
        cell
        for shape in slide.shapes
        if not _is_outside(shape)
        for box in _extents(shape)
        for cell in box.within(body).cells()
    }
    return len(cells) / len(list(body.cells()))


def _body(slide: Any, width: float, height: float) -> Box:  # noqa: ANN401
    title = _place(slide.shapes.title)
    if title.bottom - title.top > height * _TALL:
        margin = title.left
        return Box(title.right + margin, margin, width - margin, height * _FOOTER)
    return Box(title.left, title.bottom, width - title.left, height * _FOOTER)


def _is_outside(shape: Any) -> bool:  # noqa: ANN401
    if shape.shape_type is MSO_SHAPE_TYPE.GROUP:  # what decorates in it says nothing about the whole
        return False
    return is_decoration(shape) or (shape.is_placeholder and shape.placeholder_format.type in _OUTSIDE)


def _place(shape: Any) -> Box:  # noqa: ANN401
    left, top = shape.left / Pt(1), shape.top / Pt(1)
    return Box(left, top, left + shape.width / Pt(1), top + shape.height / Pt(1))


def _extents(shape: Any) -> Iterator[Box]:  # noqa: ANN401
    """What a shape uses of its place."""
    if shape.has_table:
        yield from _rows(shape)
    else:
        yield _extent(shape)


def _rows(shape: Any) -> Iterator[Box]:  # noqa: ANN401
    """Each row of a table with the room around its text: a short table may have high rows."""
    place = _place(shape)
    top = place.top
    widths = [column.width / Pt(1) for column in shape.table.columns]
    for row in shape.table.rows:
        high = max(
            TextStyle(run.font.size.pt).height(run.text, width)
            for cell, width in zip(row.cells, widths, strict=True)
            for paragraph in cell.text_frame.paragraphs
            for run in paragraph.runs
        )
        free = max((row.height / Pt(1) - high) / 2 - _AROUND, 0)
        yield Box(place.left, top + free, place.right, top + row.height / Pt(1) - free)
        top += row.height / Pt(1)


def _extent(shape: Any) -> Box:  # noqa: ANN401
    place = _place(shape)
    if shape.shape_type is MSO_SHAPE_TYPE.GROUP or not shape.has_text_frame:
        return place
    frame = shape.text_frame
    inside = place.right - place.left - (frame.margin_left + frame.margin_right) / Pt(1)
    lines, high = [0.0], 0.0
    for paragraph in frame.paragraphs:
        size = max((run.font.size.pt for run in paragraph.runs if run.font.size), default=_INHERITED)
        style = TextStyle(size, bold=any(run.font.bold for run in paragraph.runs))
        text = "".join(run.text for run in paragraph.runs)
        lines += [style.width(line) for line in style.wrap(text, inside)]
        high += style.height(text, inside) + (paragraph.space_before.pt if paragraph.space_before else 0)
    if not any(lines):
        return Box(place.left, place.top, place.left, place.top)
    free = place.bottom - place.top - high
    above = free / 2 if frame.vertical_anchor is MSO_ANCHOR.MIDDLE else frame.margin_top / Pt(1)
    left, top = place.left + frame.margin_left / Pt(1), place.top + above
    around = Box(left - _AROUND, top - _AROUND, left + max(lines) + _AROUND, top + high + _AROUND)
    return around.within(place)
