"""A slide that is being made: its title, its content area, its notes, and the shapes on it.

Every graphic gets an alt text here. A shape that only decorates is marked so, and a screen reader passes over it.
"""
# (python-pptx annotates only some of its functions)

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Pt

from worker.tools.deck.design import INSET, Deck
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import BODIES, EMU_PER_POINT, Area, Look, is_kicker
from worker.tools.deck.text import Paragraph, fits, fitted, line
from worker.tools.deck.writing import write
from worker.tools.documents.document import UnusableTemplateError

_TITLE_SIZES = (26, 24, 22, 20, 18, 16, 14)
_DECORATIVE = (
    f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}"><adec:decorative xmlns:adec='
    '"http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)


@dataclass(frozen=True)
class Page:
    """A slide with its title, and the area for its content."""

    deck: Deck
    slide: Slide
    area: Area

    @property
    def shapes(self) -> Any:  # noqa: ANN401 - python-pptx annotates only some of its functions
        """Where shapes go."""
        return self.slide.shapes

    @property
    def slack(self) -> float:
        """See `TextStyle.slack`."""
        return self.deck.slack

    @contextmanager
    def grouped(self, alt: str) -> Iterator[None]:
        """Put all that is drawn meanwhile into one group that has this alt text."""
        before = {shape.shape_id for shape in self.slide.shapes}
        yield
        # At the end and at once, because each shape that is added to a group measures all the others again.
        group: Any = self.slide.shapes
        group = group.add_group_shape([shape for shape in self.slide.shapes if shape.shape_id not in before])
        describe(group, alt)

    def note(self, lines: Sequence[str]) -> None:
        """Write the speaker notes."""
        frame = self.slide.notes_slide.notes_text_frame
        if frame is None:
            raise UnusableTemplateError("its notes have no place for text")
        frame.text = "\n".join(lines)

    def box(self, area: Area, paragraphs: Sequence[Paragraph], *, fill: Ink | None = None, outline: Ink | None = None,
            anchor: MSO_ANCHOR = MSO_ANCHOR.TOP, margins: tuple[float, float] = (0, 0),
            form: MSO_SHAPE = MSO_SHAPE.RECTANGLE) -> Any:  # noqa: ANN401 # fmt: skip
        """Add a shape with text, in the largest sizes in which the text fits it."""
        shape = self.shapes.add_shape(form, *_emu(area))
        _plain(shape, fill, outline)
        frame = shape.text_frame
        frame.word_wrap = True
        width, room = area.width - 2 * margins[0], area.height - 2 * margins[1]
        aligned = [each if each.align else replace(each, align=PP_ALIGN.LEFT) for each in paragraphs]
        write(frame, fitted(aligned, width, room, self.slack), anchor=anchor, margins=margins)
        return shape

    def bar(self, area: Area, ink: Ink, form: MSO_SHAPE = MSO_SHAPE.RECTANGLE, name: str = "Edge") -> Any:  # noqa: ANN401
        """Add a shape without text, which only decorates."""
        shape = self.shapes.add_shape(form, *_emu(area))
        _plain(shape, ink, None)
        shape.name = name
        shape._element.nvSpPr.cNvPr.append(parse_xml(_DECORATIVE))  # noqa: SLF001 - python-pptx has no property for it
        return shape

    def line(self, start: tuple[float, float], end: tuple[float, float], ink: Ink, width: float = 0.75,
             *, dashed: bool = False) -> Any:  # noqa: ANN401 # fmt: skip
        """Add a straight line."""
        (left, top), (right, bottom) = start, end
        shape = self.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Pt(left), Pt(top), Pt(right), Pt(bottom))
        without_style(shape)
        ink.paint(shape.line.color)
        shape.line.width = Pt(width)
        if dashed:
            shape.line._get_or_add_ln().append(parse_xml(f'<a:prstDash {nsdecls("a")} val="dash"/>'))  # noqa: SLF001 - its own enumeration has no plain way
        return shape


def describe(shape: Any, alt: str) -> None:  # noqa: ANN401 - any shape
    """Give a shape an alt text."""
    (properties,) = shape._element.xpath("(./*/p:cNvPr)[1]")  # noqa: SLF001 - python-pptx has no property for it
    properties.set("descr", alt)


def without_style(shape: Any) -> None:  # noqa: ANN401 - any shape
    """Remove the theme's effects from a shape, above all the shadow."""
    style = shape._element.find(qn("p:style"))  # noqa: SLF001 - python-pptx has no public way to remove it
    if style is not None:
        shape._element.remove(style)  # noqa: SLF001 - as above


def page(deck: Deck, title: str, kicker: str, look: Look = Look.ONLY) -> Page:
    """Add a slide whose content is drawn: its body placeholders go, because an empty one shows "Click to add text"."""
    area = deck.body_area(look)
    slide = deck.add(look)
    for shape in list(slide.placeholders):
        if shape.placeholder_format.type in BODIES and not is_kicker(shape):
            shape.element.getparent().remove(shape.element)
    _head(deck, slide, title, kicker)
    return Page(deck, slide, area)


def text_page(deck: Deck, title: str, kicker: str, look: Look) -> tuple[Page, list[Any]]:
    """Add a slide whose content is text in the layout's body placeholders; also these, from left to right."""
    slide = deck.add(look)
    _head(deck, slide, title, kicker)
    bodies = [each for each in slide.placeholders if each.placeholder_format.type in BODIES and not is_kicker(each)]
    return Page(deck, slide, deck.area), sorted(bodies, key=lambda each: int(each.left))


def fill_holder(deck: Deck, holder: Any, paragraphs: Sequence[Paragraph]) -> None:  # noqa: ANN401 - a placeholder
    """Write into a placeholder in the largest sizes in which the text fits."""
    width, room = holder.width / EMU_PER_POINT - 2 * INSET, holder.height / EMU_PER_POINT - INSET
    write(holder.text_frame, fitted(paragraphs, width, room, deck.slack))


def _head(deck: Deck, slide: Slide, title: str, kicker: str) -> None:
    holder: Any = slide.shapes.title
    if holder is None:
        raise UnusableTemplateError(f"its layout {slide.slide_layout.name!r} has no title")
    width, room = holder.width / EMU_PER_POINT - 2 * INSET, holder.height / EMU_PER_POINT - 4
    sizes = (size for size in _TITLE_SIZES if fits([line(title, size, bold=True)], width, room, deck.slack))
    fitting = [line(title, next(sizes, _TITLE_SIZES[-1]), bold=True)]
    write(holder.text_frame, fitted(fitting, width, room, deck.slack))
    for shape in slide.placeholders:
        if is_kicker(shape):
            shape.text_frame.text = kicker


def _plain(shape: Any, fill: Ink | None, outline: Ink | None) -> None:  # noqa: ANN401 - an autoshape
    without_style(shape)
    filled = shape.fill
    if fill is None:
        filled.background()
    else:
        filled.solid()
        fill.paint(filled.fore_color)
    if outline is None:
        shape.line.fill.background()
    else:
        outline.paint(shape.line.color)
        shape.line.width = Pt(1)


def _emu(area: Area) -> tuple[int, int, int, int]:
    return int(Pt(area.left)), int(Pt(area.top)), int(Pt(max(area.width, 1))), int(Pt(max(area.height, 1)))
