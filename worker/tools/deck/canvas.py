"""Puts text on slides: titles, lists and paragraphs, in any script.

A list takes as many slides as it needs ("Scope (2/3)"). Text in a fixed place gets the largest size in which it fits.
All colours come from the theme. Nothing here knows proposals.
"""
# (python-pptx annotates only some of its functions)

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.oxml.text import CT_TextParagraphProperties
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Pt

from worker.tools.deck.design import BODIES, EMU_PER_POINT, INSET, Area, Deck
from worker.tools.deck.fitting import Box, Bullet, TextStyle, largest, pages
from worker.tools.documents.direction import is_right_to_left
from worker.tools.documents.document import UnusableTemplateError

TITLE_SIZES = (28, 24, 20, 18)
COVER_SIZES = (40, 36, 32, 28, 24, 20, 18, 16, 14)
LIST_SIZES = (20, 18, 16)
"""A list gets the largest of these sizes in which it fits on one slide. A longer list gets the last."""
PART_SIZES = (18, 16, 14, 12, 11, 10)
"""The sizes for a list in a part of a slide, which can't continue on another slide."""
LIST_GAP = 7
_INDENT = 27
"""The widest indent of a bullet: python-pptx's default template indents by 27 points, the built-in look by 18."""


@dataclass(frozen=True)
class TextRun:
    """A piece of text in one look. Without a colour it gets the one that the theme has for its place."""

    text: str
    bold: bool = False
    colour: MSO_THEME_COLOR | None = None


def write(
    frame: TextFrame,
    paragraphs: Sequence[Sequence[TextRun]],
    size: float,
    *,
    gap: float = 0,
    align: PP_ALIGN | None = None,
    bullets: bool = False,
) -> None:
    """Fill a text frame. The last run of a paragraph, after any label, decides the paragraph's direction.

    `bullets` adds a marker to each paragraph. Leave it out in a placeholder, which has markers already.
    """
    for place, runs in enumerate(paragraphs):
        paragraph = frame.add_paragraph() if place else frame.paragraphs[0]
        paragraph.line_spacing = 1.0
        paragraph.space_before, paragraph.space_after = Pt(gap), Pt(0)
        if align is not None:
            paragraph.alignment = align
        if is_right_to_left(runs[-1].text):
            paragraph._p.get_or_add_pPr().set("rtl", "1")  # noqa: SLF001 - python-pptx has no property for it
            paragraph.alignment = PP_ALIGN.RIGHT
        if bullets:
            _mark(paragraph._p.get_or_add_pPr())  # noqa: SLF001 - python-pptx has no property for bullets
        for each in runs:
            run = paragraph.add_run()
            run.text = each.text
            run.font.size = Pt(size)
            if each.bold:
                run.font.bold = True
            if each.colour is not None:
                run.font.color.theme_color = each.colour


def plain_slide(deck: Deck, title: str) -> Slide:
    """Add a slide that has only a title so far."""
    slide = deck.add(deck.plain_layout)
    _remove_bodies(slide)
    _set_title(deck, slide, title)
    return slide


def cover(deck: Deck, title: str, below: Sequence[str]) -> None:
    """Add the title slide."""
    slide = deck.add(deck.title_layout, footer=False)
    _fit(deck, _title(slide), [title], bold=True)
    subtitle: Shape | None = next((shape for shape in slide.placeholders if shape.placeholder_format.idx == 1), None)
    if subtitle is None or not subtitle.has_text_frame:
        area = deck.area
        subtitle = text_box(slide, Area(area.left, area.top + area.height / 2, area.width, area.height / 2))
    _fit(deck, subtitle, below, sizes=COVER_SIZES[COVER_SIZES.index(20) :])


def list_slides(deck: Deck, title: str, bullets: Sequence[Bullet]) -> None:
    """Add a list on as many slides as it needs."""
    area = deck.area
    width, height = area.width - 2 * INSET - _INDENT, area.height - INSET
    for size in LIST_SIZES:
        spread = pages(bullets, Box(width, height, TextStyle(size, slack=deck.slack), LIST_GAP))
        if len(spread) == 1:
            break
    for place, page in enumerate(spread, start=1):
        name = numbered(title, place, len(spread))
        if deck.bullet_layout is None:
            frame, own = text_box(plain_slide(deck, name), area).text_frame, True
        else:
            slide = deck.add(deck.bullet_layout)
            _set_title(deck, slide, name)
            frame, own = _body(slide).text_frame, False
        frame.vertical_anchor = MSO_ANCHOR.TOP
        write(frame, [_runs(bullet) for bullet in page], size, gap=LIST_GAP, bullets=own)


def paragraphs_in(deck: Deck, slide: Slide, area: Area, texts: Sequence[str]) -> None:
    """Add bullets in a part of a slide, in the largest size in which all of them fit."""
    width = area.width - 2 * INSET - _INDENT
    size = next(
        (
            size
            for size in PART_SIZES
            if sum(TextStyle(size, slack=deck.slack).height(text, width) + LIST_GAP for text in texts)
            <= area.height - INSET
        ),
        PART_SIZES[-1],
    )
    write(text_box(slide, area).text_frame, [[TextRun(text)] for text in texts], size, gap=LIST_GAP, bullets=True)


def text_box(slide: Slide, area: Area) -> Shape:
    """Add an empty text box that wraps its text."""
    box = slide.shapes.add_textbox(Pt(area.left), Pt(area.top), Pt(area.width), Pt(area.height))
    box.text_frame.word_wrap = True
    return box


def numbered(title: str, place: int, of: int) -> str:
    """The title of slide number `place` of a list or table that takes `of` slides: "Scope (2/3)"."""
    return f"{title} ({place}/{of})" if of > 1 else title


def _set_title(deck: Deck, slide: Slide, title: str) -> None:
    _fit(deck, _title(slide), [title], bold=True, sizes=TITLE_SIZES)


def _fit(
    deck: Deck, shape: Shape, texts: Sequence[str], *, bold: bool = False, sizes: Sequence[float] = COVER_SIZES
) -> None:
    """Write into a placeholder in the largest size in which all texts fit."""
    width = shape.width / EMU_PER_POINT - 2 * INSET
    height = shape.height / EMU_PER_POINT - INSET
    # Each paragraph gets the part of the height that it would take of the whole in the smallest size.
    style = TextStyle(sizes[-1], bold=bold, slack=deck.slack)
    whole = sum(style.height(text, width) for text in texts)
    fits = [largest(text, width, height * style.height(text, width) / whole, sizes, style).size for text in texts]
    write(shape.text_frame, [[TextRun(text)] for text in texts], min(fits))


def _runs(bullet: Bullet) -> list[TextRun]:
    label = [TextRun(f"{bullet.label}  ", bold=True, colour=MSO_THEME_COLOR.ACCENT_1)] if bullet.label else []
    return [*label, TextRun(bullet.text)]


def _title(slide: Slide) -> Shape:
    title = slide.shapes.title
    if title is None:
        raise UnusableTemplateError(f"its layout {slide.slide_layout.name!r} has no title")
    return title


def _body(slide: Slide) -> Shape:
    body: Shape = next(shape for shape in slide.placeholders if shape.placeholder_format.type in BODIES)
    return body


def _remove_bodies(slide: Slide) -> None:
    """Remove the body placeholders, because an empty one shows "Click to add text"."""
    for shape in list(slide.placeholders):
        if shape.placeholder_format.type in BODIES:
            shape.element.getparent().remove(shape.element)


def _mark(properties: CT_TextParagraphProperties) -> None:
    """Add a bullet's marker to a paragraph that is not in a placeholder."""
    properties.set("marL", str(18 * EMU_PER_POINT))
    properties.set("indent", str(-18 * EMU_PER_POINT))
    properties.append(parse_xml(f'<a:buFont {nsdecls("a")} typeface="Arial"/>'))
    properties.append(parse_xml(f'<a:buChar {nsdecls("a")} char="\u2022"/>'))
