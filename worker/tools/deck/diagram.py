"""Draws the solution: its parts in the middle, the systems around it, and an arrow for each flow of data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls

from worker.tools.deck.canvas import Page
from worker.tools.deck.design import Area
from worker.tools.deck.fitting import TextStyle
from worker.tools.deck.systems import System
from worker.tools.deck.text import Ink, Paragraph, fits, line, scaled, shortened

MOST_SYSTEMS = 10
MOST_PARTS = 12
_GAP = 10
_SIDE = 0.29
"""The part of the width that each column of systems takes."""
_ARROW = 0.06
_HEAD = 40
_CONTENT = 13


@dataclass(frozen=True)
class Part:
    """A part of the solution: a work package."""

    name: str
    text: str
    content: tuple[str, ...] = ()
    """What is in it. It is shown where the part has room for it."""


def draw(page: Page, name: str, parts: Sequence[Part], systems: Sequence[System], alt: str) -> None:
    """Draw the diagram in the page's area. The caller has limited the parts and the systems."""
    area = page.area
    drawing = page.group(alt)
    left, right = _sides(systems)
    side, arrow = area.width * _SIDE, area.width * _ARROW
    start = area.left + (side + arrow if left else 0)
    end = area.right - (side + arrow if right else 0)
    middle = Area(start, area.top, end - start, area.height)
    core = drawing.box(middle, [], fill=Ink.HEAD)
    core.name = "Solution"
    title = line(name, 17, bold=True, ink=Ink.WHITE, align=PP_ALIGN.CENTER)
    drawing.box(Area(middle.left + 12, middle.top + 8, middle.width - 24, _HEAD - 8), [title], anchor=MSO_ANCHOR.MIDDLE)
    _parts(drawing, Area(middle.left + 12, middle.top + _HEAD + 6, middle.width - 24, middle.height - _HEAD - 18), parts,
           wide=not systems)  # fmt: skip
    _column(drawing, Area(area.left, area.top, side, area.height), left, to=middle.left)
    _column(drawing, Area(area.right - side, area.top, side, area.height), right, to=middle.right)


def _sides(systems: Sequence[System]) -> tuple[list[System], list[System]]:
    """The systems on the left, from which data comes first of all, and those on the right."""
    ordered = sorted(systems, key=lambda each: (not each.reads, each.writes and each.reads, each.writes))
    half = -(-len(ordered) // 2)
    return ordered[:half], ordered[half:]


def _parts(page: Page, area: Area, parts: Sequence[Part], *, wide: bool) -> None:
    columns = min(len(parts), (3 if wide else 2) if len(parts) > 1 else 1)
    rows = area.rows(-(-len(parts) // columns), _GAP)
    places = [place for row in rows for place in row.columns(columns, _GAP)]
    if len(parts) % columns:
        places[-columns:] = rows[-1].columns(len(parts) % columns, _GAP)
    found = [_said(page, part, place, wide=wide) for part, place in zip(parts, places, strict=True)]
    shares = (1 - step / 20 for step in range(8))
    inner = [(place.width - 12, place.height - 8) for place in places]
    share = next(
        (share for share in shares if all(fits(scaled(texts, share), *room, page.slack) for texts, room in
                                          zip(found, inner, strict=True))), 0.7,
    )  # fmt: skip
    for texts, place in zip((scaled(each, share) for each in found), places, strict=True):
        page.box(place, texts, fill=Ink.WHITE, anchor=MSO_ANCHOR.MIDDLE, margins=(6, 4))


def _said(page: Page, part: Part, place: Area, *, wide: bool) -> list[Paragraph]:
    """A part's text. In a wide place it has as much of the part's content as fits."""
    centre = PP_ALIGN.CENTER
    name, size = (18, 14) if wide else (13, 11)
    texts = [
        line(part.name, name, bold=True, ink=Ink.HEAD, align=centre),
        line(part.text, size, ink=Ink.MUTED, align=centre),
    ]
    if not wide:
        return texts
    style, width = TextStyle(_CONTENT, slack=page.slack), place.width - 36
    for text in part.content:
        more = line(shortened(text, style, width, 2), _CONTENT, ink=Ink.TEXT, gap=6, bullet=True)
        if not fits([*texts, more], place.width - 12, place.height - 8, page.slack):
            break
        texts.append(more)
    return texts


def _column(page: Page, area: Area, systems: Sequence[System], *, to: float) -> None:
    if not systems:
        return
    for system, place in zip(systems, area.rows(len(systems), _GAP), strict=True):
        inner = place.width - 24
        lines = max(1, int((place.height - 34) / 14))
        said = "; ".join(each.text for each in system.requirements)
        text = shortened(said, TextStyle(11, slack=page.slack), inner, min(lines, 4))
        shown = [
            line(f"{system.name or 'Interface'}  ({system.ids})", 13, bold=True, ink=Ink.HEAD),
            line(text, 11, ink=Ink.MUTED, gap=2),
        ]
        box = page.box(place, shown, fill=Ink.PANEL, outline=Ink.STRONG, anchor=MSO_ANCHOR.MIDDLE, margins=(12, 4))
        box.name = system.name or system.ids
        middle = place.top + place.height / 2
        right = to > place.right
        begin = (place.right if right else place.left, middle)
        arrow = page.line(begin, (to, middle), Ink.STRONG, 2)
        arrow.begin_connect(box, 3 if right else 1)
        arrow.name = f"{system.name or system.ids}: {_flow(system)}"
        _heads(arrow, system)


def _flow(system: System) -> str:
    return "both ways" if system.reads and system.writes else "in" if system.reads else "out"


def _heads(arrow: Any, system: System) -> None:  # noqa: ANN401 - a connector, which begins at the system
    properties = arrow.line._get_or_add_ln()  # noqa: SLF001 - python-pptx has no arrow heads
    if system.writes:
        properties.append(parse_xml(f'<a:headEnd {nsdecls("a")} type="triangle" w="med" len="med"/>'))
    if system.reads:
        properties.append(parse_xml(f'<a:tailEnd {nsdecls("a")} type="triangle" w="med" len="med"/>'))
