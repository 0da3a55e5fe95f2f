"""Draws the solution: its parts in the middle, the systems around it, and an arrow for each flow of data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls

from worker.tools.deck.canvas import Page
from worker.tools.deck.fitting import TextStyle
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import Area
from worker.tools.deck.text import Paragraph, Run, fits, line, scaled, shared, shortened
from worker.tools.proposal.parts import Flow
from worker.tools.proposal.words import ranges

MOST_SYSTEMS = 10
MOST_PARTS = 12
_GAP = 10
_SIDE = 0.29
"""The part of the width that each column of systems takes."""
_ARROW = 0.06
_HEAD = 40
_FEW = 3
_LEGEND = 16
_CONTENT = 13


@dataclass(frozen=True)
class Part:
    """A part of the solution: a work package."""

    name: str
    text: str
    content: tuple[str, ...] = ()
    """What is in it. It is shown where the part has room for it."""


@dataclass(frozen=True)
class Node:
    """A system around the solution."""

    name: str
    ids: tuple[str, ...]
    """Of the requirements that connect it."""
    text: str
    """What they say."""
    flow: Flow


def limited(systems: Sequence[Node], parts: Sequence[Part]) -> tuple[Sequence[Node], Sequence[Part]]:
    """What a slide has room for. The last one says how many more there are."""
    if len(systems) > MOST_SYSTEMS:
        more = systems[MOST_SYSTEMS - 1 :]
        names = ", ".join(each.name for each in more)
        systems = [*systems[: MOST_SYSTEMS - 1], Node(f"{len(more)} more systems", (), names, Flow.UNKNOWN)]
    if len(parts) > MOST_PARTS:
        parts = [*parts[: MOST_PARTS - 1], Part(f"{len(parts) - MOST_PARTS + 1} more", "in the statement of work")]
    return systems, parts


def draw(page: Page, name: str, parts: Sequence[Part], systems: Sequence[Node], alt: str) -> None:
    """Draw the diagram in the page's area. The caller has limited the parts and the systems."""
    area = page.area
    if any(system.flow is Flow.UNKNOWN for system in systems):
        told = "Arrows show the way of the data. A dashed line: the notes do not say which way."
        page.box(Area(area.left, area.bottom - _LEGEND, area.width, _LEGEND), [line(told, 11, ink=Ink.MUTED)])
        area = Area(area.left, area.top, area.width, area.height - _LEGEND - 6)
    with page.grouped(alt):
        _draw(page, area, name, parts, systems)


def _draw(page: Page, area: Area, name: str, parts: Sequence[Part], systems: Sequence[Node]) -> None:
    left, right = _sides(systems)
    side, arrow = area.width * _SIDE, area.width * _ARROW
    start = area.left + (side + arrow if left else 0)
    end = area.right - (side + arrow if right else 0)
    middle = Area(start, area.top, end - start, area.height)
    core = page.box(middle, [], fill=Ink.HEAD)
    core.name = "Solution"
    title = line(name, 17, bold=True, ink=Ink.WHITE, align=PP_ALIGN.CENTER)
    page.box(Area(middle.left + 12, middle.top + 8, middle.width - 24, _HEAD - 8), [title], anchor=MSO_ANCHOR.MIDDLE)
    _parts(page, Area(middle.left + 12, middle.top + _HEAD + 6, middle.width - 24, middle.height - _HEAD - 18), parts,
           wide=not systems or len(parts) <= _FEW, beside=bool(systems))  # fmt: skip
    _column(page, Area(area.left, area.top, side, area.height), left, to=middle.left)
    _column(page, Area(area.right - side, area.top, side, area.height), right, to=middle.right)


def _sides(systems: Sequence[Node]) -> tuple[list[Node], list[Node]]:
    """The systems on the left, first those that send data, and those on the right, last those that receive it."""
    order = (Flow.IN, Flow.BOTH, Flow.UNKNOWN, Flow.OUT)
    ordered = sorted(systems, key=lambda each: order.index(each.flow))
    half = -(-len(ordered) // 2)
    return ordered[:half], ordered[half:]


def _parts(page: Page, area: Area, parts: Sequence[Part], *, wide: bool, beside: bool) -> None:
    if not parts:
        return
    columns = 1 if beside and wide else min(len(parts), 3 if wide else 2)
    rows = area.rows(-(-len(parts) // columns), _GAP)
    places = [place for row in rows for place in row.columns(columns, _GAP)]
    if len(parts) % columns:
        places[-columns:] = rows[-1].columns(len(parts) % columns, _GAP)
    found = [_said(page, part, place, wide=wide) for part, place in zip(parts, places, strict=True)]
    rooms = [(place.width - (28 if wide else 12), place.height - 8) for place in places]
    share = shared(found, rooms, page.slack, 1)
    if not all(fits(scaled(text, share), *room, page.slack) for text, room in zip(found, rooms, strict=True)):
        found = [text[:1] for text in found]  # the names alone, before anything is cut
    for texts, place in zip((scaled(each, share) for each in found), places, strict=True):
        page.box(place, texts, fill=Ink.WHITE, anchor=MSO_ANCHOR.MIDDLE, margins=(14 if wide else 6, 4))


def _said(page: Page, part: Part, place: Area, *, wide: bool) -> list[Paragraph]:
    """A part's text. In a wide place it has as much of the part's content as fits."""
    centre = None if wide else PP_ALIGN.CENTER
    name, size = (18, 14) if wide else (13, 11)
    texts = [
        line(part.name, name, bold=True, ink=Ink.HEAD, align=centre),
        line(part.text, size, ink=Ink.MUTED, align=centre),
    ]
    if not wide:
        return texts
    style, width = TextStyle(_CONTENT, slack=page.slack), place.width - 52
    for text in part.content:
        more = line(shortened(text, style, width, 2), _CONTENT, ink=Ink.TEXT, gap=6, bullet=True)
        if not fits([*texts, more], place.width - 28, place.height - 8, page.slack):
            break
        texts.append(more)
    return texts


def _column(page: Page, area: Area, systems: Sequence[Node], *, to: float) -> None:
    if not systems:
        return
    rows = area.rows(max(len(systems), _FEW), _GAP)
    aside = (rows[len(systems) - 1].bottom - area.bottom) / 2  # few systems stand in the middle
    for system, row in zip(systems, rows, strict=False):
        place = Area(row.left, row.top - aside, row.width, row.height)
        inner = place.width - 24
        lines = max(1, min(5, int((place.height - 44) / 15)))
        text = shortened(system.text, TextStyle(12, slack=page.slack), inner, lines)
        ids = f"  {ranges(system.ids)}" if system.ids else ""
        name = (Run(system.name, bold=True, ink=Ink.HEAD), Run(ids, ink=Ink.STRONG))
        shown = [Paragraph(name, 14), line(text, 12, ink=Ink.MUTED, gap=2)]
        box = page.box(place, shown, fill=Ink.PANEL, outline=Ink.STRONG, anchor=MSO_ANCHOR.MIDDLE, margins=(12, 4))
        box.name = system.name
        middle = place.top + place.height / 2
        right = to > place.right
        unknown = system.flow is Flow.UNKNOWN
        begin = (place.right if right else place.left, middle)
        arrow = page.line(begin, (to, middle), Ink.STRONG, 2, dashed=unknown)
        arrow.begin_connect(box, 3 if right else 1)
        arrow.name = f"{system.name}: {system.flow.value}"
        _heads(arrow, system.flow)


def _heads(arrow: Any, flow: Flow) -> None:  # noqa: ANN401 - a connector, which begins at the system
    properties = arrow.line._get_or_add_ln()  # noqa: SLF001 - python-pptx has no arrow heads
    if flow in {Flow.OUT, Flow.BOTH}:
        properties.append(parse_xml(f'<a:headEnd {nsdecls("a")} type="triangle" w="med" len="med"/>'))
    if flow in {Flow.IN, Flow.BOTH}:
        properties.append(parse_xml(f'<a:tailEnd {nsdecls("a")} type="triangle" w="med" len="med"/>'))
