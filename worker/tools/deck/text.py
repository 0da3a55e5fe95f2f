"""Writes text into shapes, placeholders and table cells, in any script, and in a size in which it fits.

All colours come from the theme. Nothing here knows proposals.
"""
# (python-pptx annotates only some of its functions)

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.oxml.text import CT_TextParagraphProperties
from pptx.text.text import TextFrame
from pptx.util import Pt

from worker.tools.deck.design import EMU_PER_POINT
from worker.tools.deck.fitting import TextStyle
from worker.tools.documents.direction import is_right_to_left

LEAST = 10
"""The smallest text on a slide, in points."""
_INDENT = 16
_STEPS = 20
_SMALLEST_SHARE = 0.65


class Ink(Enum):
    """The colours of a deck: a colour of the theme, and by how much it is lighter or darker."""

    TEXT = (MSO_THEME_COLOR.TEXT_1, 0.0)
    MUTED = (MSO_THEME_COLOR.TEXT_1, 0.3)
    HEAD = (MSO_THEME_COLOR.TEXT_2, 0.0)
    WHITE = (MSO_THEME_COLOR.BACKGROUND_1, 0.0)
    LINE = (MSO_THEME_COLOR.BACKGROUND_1, -0.15)
    PANEL = (MSO_THEME_COLOR.BACKGROUND_2, 0.0)
    STRONG = (MSO_THEME_COLOR.ACCENT_1, 0.0)
    SIGNAL = (MSO_THEME_COLOR.ACCENT_2, 0.0)
    SOFT = (MSO_THEME_COLOR.ACCENT_1, 0.6)

    def paint(self, colour: Any) -> None:  # noqa: ANN401 - python-pptx's ColorFormat
        """Set a colour to this one."""
        theme, brightness = self.value
        colour.theme_color = theme
        if brightness:
            colour.brightness = brightness


@dataclass(frozen=True)
class Run:
    """A piece of text in one look. Without a colour it gets the one that the theme has for its place."""

    text: str
    bold: bool = False
    ink: Ink | None = None


@dataclass(frozen=True)
class Paragraph:
    """Runs in one size. The last run, after any label, decides the direction."""

    runs: tuple[Run, ...]
    size: float
    gap: float = 0
    """The space before it."""
    align: PP_ALIGN | None = None
    bullet: bool | None = None
    """Whether it has a marker. None leaves that to its place."""

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(run.text for run in self.runs)

    def height(self, width: float, slack: float) -> float:
        """The height that it takes in a frame of this width."""
        style = TextStyle(self.size, bold=any(run.bold for run in self.runs), slack=slack)
        return style.height(self.text, width - (_INDENT if self.bullet else 0)) + self.gap


def line(text: str, size: float, *, bold: bool = False, ink: Ink | None = None, gap: float = 0,
         align: PP_ALIGN | None = None, bullet: bool | None = None) -> Paragraph:  # fmt: skip
    """A paragraph of one run."""
    return Paragraph((Run(text, bold, ink),), size, gap, align, bullet)


def height(paragraphs: Iterable[Paragraph], width: float, slack: float) -> float:
    """The height of several paragraphs together."""
    return sum(each.height(width, slack) for each in paragraphs)


def fits(paragraphs: Sequence[Paragraph], width: float, room: float, slack: float) -> bool:
    """Whether paragraphs fit a frame."""
    return height(paragraphs, width, slack) <= room + 0.01


def scaled(paragraphs: Sequence[Paragraph], share: float) -> list[Paragraph]:
    """The same paragraphs in other sizes, none below the smallest."""
    return [
        replace(each, size=max(min(LEAST, each.size), round(each.size * share * 2) / 2), gap=each.gap * share)
        for each in paragraphs
    ]


def shared(
    texts: Sequence[Sequence[Paragraph]], rooms: Iterable[tuple[float, float]], slack: float, most: float
) -> float:
    """The largest factor, up to `most`, by which all these texts can be scaled and still fit their rooms.

    So texts that stand side by side have one size. A room is its width and height.
    """
    factor = most
    for text, (width, room) in zip(texts, rooms, strict=False):
        while factor > _SMALLEST_SHARE and not fits(scaled(text, factor), width, room, slack):
            factor -= 0.05
    return factor


def fitted(paragraphs: Sequence[Paragraph], width: float, room: float, slack: float) -> list[Paragraph]:
    """The paragraphs in the largest sizes, up to their own, in which they fit. What fits in none is cut with "…"."""
    for step in range(_STEPS):
        smaller = scaled(paragraphs, 1 - step / (1.4 * _STEPS))
        if fits(smaller, width, room, slack):
            return smaller
    return _cut(smaller, width, room, slack)


def _cut(paragraphs: Sequence[Paragraph], width: float, room: float, slack: float) -> list[Paragraph]:
    kept: list[Paragraph] = []
    for each in paragraphs:
        left = room - height(kept, width, slack)
        if each.height(width, slack) <= left:
            kept.append(each)
            continue
        last = each.runs[-1]
        style = TextStyle(each.size, bold=any(run.bold for run in each.runs), slack=slack)
        lines = int((left - each.gap) / (each.size * 1.2))
        if lines > 0:
            text = shortened(last.text, style, width - style.width(each.text[: -len(last.text) or None]) / lines, lines)
            kept.append(replace(each, runs=(*each.runs[:-1], replace(last, text=text))))
        break
    return kept


def shortened(text: str, style: TextStyle, width: float, lines: int) -> str:
    """The beginning of a text that fits so many lines, with "…" where it was cut."""
    wrapped = style.wrap(text, max(width, style.size * 2))
    if len(wrapped) <= lines:
        return text
    *before, last = wrapped[:lines]
    while last and style.width(f"{last} …") > width:
        last = last.rpartition(" ")[0] if " " in last else last[:-1]
    return " ".join([*before, last]).rstrip(" ,;:.") + " …"


def write(frame: TextFrame, paragraphs: Sequence[Paragraph], *, anchor: MSO_ANCHOR | None = None,
          margins: tuple[float, float] | None = None) -> None:  # fmt: skip
    """Fill a text frame. `margins` are the horizontal and the vertical one; the frame keeps its own without them."""
    if anchor is not None:
        frame.vertical_anchor = anchor
    if margins is not None:
        frame.margin_left = frame.margin_right = Pt(margins[0])
        frame.margin_top = frame.margin_bottom = Pt(margins[1])
    for place, each in enumerate(paragraphs):
        paragraph = frame.add_paragraph() if place else frame.paragraphs[0]
        paragraph.line_spacing = 1.0
        paragraph.space_before, paragraph.space_after = Pt(each.gap), Pt(0)
        properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-pptx has no property for direction and bullets
        if each.align is not None:
            paragraph.alignment = each.align
        if runs_to_the_left(each.runs[-1].text):
            properties.set("rtl", "1")
            if each.align is not PP_ALIGN.CENTER:
                paragraph.alignment = PP_ALIGN.RIGHT
        if each.bullet is not None:
            _mark(properties, shown=each.bullet)
        for piece in each.runs:
            run = paragraph.add_run()
            run.text = piece.text
            run.font.size = Pt(each.size)
            if piece.bold:
                run.font.bold = True
            if piece.ink is not None:
                piece.ink.paint(run.font.color)


def runs_to_the_left(text: str) -> bool:
    """Whether a text is set from right to left: its first letter says so, and not most of its letters are Latin.

    Otherwise an English sentence that begins with an Arabic name would be set as an Arabic one.
    """
    letters = [character for character in text if character.isalpha()]
    latin = sum(character.isascii() for character in letters)
    return is_right_to_left(text) and latin * 2 <= len(letters)


def _mark(properties: CT_TextParagraphProperties, *, shown: bool) -> None:
    """Give a paragraph a marker, or take the one away that its placeholder has."""
    indent = _INDENT if shown else 0
    properties.set("marR" if properties.get("rtl") == "1" else "marL", str(indent * EMU_PER_POINT))
    properties.set("indent", str(-indent * EMU_PER_POINT))
    parts = (
        (
            '<a:buClr {}><a:schemeClr val="accent2"/></a:buClr>',
            '<a:buFont {} typeface="Arial"/>',
            '<a:buChar {} char="•"/>',
        )
        if shown
        else ("<a:buNone {}/>",)
    )
    for part in parts:
        properties.append(parse_xml(part.format(nsdecls("a"))))
