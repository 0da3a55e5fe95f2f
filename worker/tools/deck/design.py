"""Opens the presentation that a deck is drawn on: a firm's template, or default.pptx in the profile's colours.

Slides use the template's layouts by their names. Where a name is missing, the placeholders decide which layout fits
best, and a warning says so. A template is refused if no layout has a title and enough room for content.
"""

import copy
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.presentation import Presentation as PresentationType
from pptx.slide import Slide, SlideLayout

from worker.tools.deck import template as templates
from worker.tools.deck import theme
from worker.tools.deck.fitting import TextStyle, slack_of
from worker.tools.documents.document import UnusableTemplateError
from worker.tools.profile.profile import Design

DEFAULT = Path(__file__).with_name("default.pptx")
"""`deck.make_template` makes it."""
EMU_PER_POINT = 12700
INSET = 7.2
"""The left and right margin of a text frame in points, as PowerPoint sets it."""
FOOTER_SIZE = 10
KICKER = 20
"""The number of the placeholder above a title in default.pptx."""
_LEAST_WIDTH, _LEAST_HEIGHT = 400, 230
"""The smallest content area in points. No table fits into a smaller one."""
_LEAST_COLUMN = 190
_MARGIN = 8
"""Points between the content and what is above or below it."""

BODIES = frozenset({PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY})
_FOOTERS = frozenset({PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER})
_EVERYWHERE = _FOOTERS | {PP_PLACEHOLDER.DATE}


class Look(Enum):
    """The layouts that a deck uses, each with the names under which a template may have it."""

    TITLE = ("Title", "Title Slide")
    SECTION = ("Section", "Section Header")
    CONTENT = ("Title and content",)
    COLUMNS = ("Two columns", "Two Content")
    ONLY = ("Title only",)


@dataclass(frozen=True)
class Area:
    """A rectangle on a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def columns(self, number: int, gap: float) -> tuple["Area", ...]:
        """Equal parts side by side."""
        width = (self.width - gap * (number - 1)) / number
        return tuple(Area(self.left + place * (width + gap), self.top, width, self.height) for place in range(number))

    def rows(self, number: int, gap: float) -> tuple["Area", ...]:
        """Equal parts one below the other."""
        height = (self.height - gap * (number - 1)) / number
        return tuple(Area(self.left, self.top + place * (height + gap), self.width, height) for place in range(number))


@dataclass(frozen=True)
class Deck:
    """An open presentation, with all that you need to add slides to it."""

    presentation: PresentationType
    layouts: Mapping[Look, SlideLayout]
    area: Area
    """Where a slide with only a title has its content."""
    slack: float
    """See `TextStyle.slack`."""
    footer: str
    warnings: tuple[str, ...]
    """What the template lacks, in sentences."""

    def add(self, look: Look, *, footer: bool = True) -> Slide:
        """Add a slide. With `footer` it gets the layout's footer and slide number.

        python-pptx leaves these two out of a new slide, so they are copied from the layout.
        """
        layout = self.layouts[look]
        slide: Slide = self.presentation.slides.add_slide(layout)
        for holder in placeholders(layout):
            if footer and holder.placeholder_format.type in _FOOTERS:
                copied = copy.deepcopy(holder.element)
                copied.nvSpPr.cNvPr.set("id", str(slide.shapes._next_shape_id))  # noqa: SLF001 - the copy needs an id of its own
                slide.shapes._spTree.append(copied)  # noqa: SLF001 - the only way to copy a shape
        for shape in slide.placeholders:
            if shape.placeholder_format.type is PP_PLACEHOLDER.FOOTER:
                shape.text_frame.text = self._footer(shape.width / EMU_PER_POINT)
                shape.text_frame.paragraphs[0].runs[0].font.name = "+mn-lt"  # LibreOffice does not inherit it
        return slide

    def bodies(self, look: Look) -> list[Any]:
        """The layout's placeholders for content, from left to right."""
        return sorted(_bodies(self.layouts[look]), key=lambda each: int(each.left))

    def body_area(self, look: Look) -> Area:
        """Where slides of this layout have their content."""
        bodies = self.bodies(look)
        if look is Look.SECTION and len(bodies) == 1:
            return _place(bodies[0])
        return self.area

    def _footer(self, width: float) -> str:
        """The footer's text, cut to one line. The title slide has the full names."""
        first, *more = TextStyle(FOOTER_SIZE + 2, slack=self.slack).wrap(self.footer, width * 0.9)
        return f"{first} …" if more else first


def open_deck(template: bytes | None, design: Design, *, footer: str) -> Deck:
    """Open an empty deck from the firm's template, or from default.pptx in the design's look if there is none.

    Raises:
        UnusableTemplateError: the template is not a presentation, or its layouts have no room for the content.
    """
    presentation = _opened(DEFAULT.read_bytes() if template is None else template)
    if template is None:
        theme.dress(presentation, design)
    layouts, warnings = _named(presentation)
    inset = 0 if template is None else INSET
    area = _area(presentation, layouts)
    return Deck(
        presentation=presentation,
        layouts=layouts,
        area=Area(area.left + inset, area.top, area.width - 2 * inset, area.height),
        slack=slack_of(design.heading_font, design.body_font) if template is None else slack_of(),
        footer=footer,
        warnings=warnings,
    )


def placeholders(place: SlideLayout) -> Sequence[Any]:
    """The placeholders of a layout, as a sequence that does not change when you remove one of them."""
    holders: Any = place.placeholders  # python-pptx's annotations lack the iterator
    return tuple(holders)


def _opened(template: bytes) -> PresentationType:
    try:
        presentation = Presentation(io.BytesIO(template))
        templates.reduce(presentation)
    except (PythonPptxError, zipfile.BadZipFile, SyntaxError, KeyError, ValueError) as error:
        raise UnusableTemplateError(f"it is not a PowerPoint presentation: {error}") from error
    return presentation


def _named(presentation: PresentationType) -> tuple[Mapping[Look, SlideLayout], tuple[str, ...]]:
    """The layout of each look, and a warning for each that was not found by its name or is too small."""
    layouts = list(presentation.slide_layouts)
    found: dict[Look, SlideLayout] = {}
    warnings: list[str] = []
    for look in (Look.ONLY, Look.CONTENT, Look.TITLE, Look.SECTION, Look.COLUMNS):
        named = next((each for name in look.value for each in layouts if _plain(each.name) == _plain(name)), None)
        fits = _FITS[look]
        if named is not None and fits(named):
            found[look] = named
            continue
        substitute = next((each for each in layouts if fits(each)), None) if look in _SEARCHED else None
        found[look] = substitute or found.get(Look.ONLY) or _any(layouts)
        if named is None:
            warnings.append(f"it has no layout named {look.value[0]!r}: {found[look].name!r} is used instead")
        elif look is not Look.SECTION:  # PowerPoint's own section header has no room for more than a heading
            warnings.append(
                f"its layout {named.name!r} has no place for the content: {found[look].name!r} is used instead"
            )
    return found, tuple(warnings)


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _any(layouts: Sequence[SlideLayout]) -> SlideLayout:
    """A layout with a title and one body, whose body placeholder then gives way to the content."""
    for layout in layouts:
        if _has_title(layout) and len(_bodies(layout)) == 1:
            return layout
    raise UnusableTemplateError("it has no layout with a title and room for content")


def _has_title(layout: SlideLayout) -> bool:
    return any(holder.placeholder_format.type is PP_PLACEHOLDER.TITLE for holder in placeholders(layout))


def _only_title(layout: SlideLayout) -> bool:
    kinds = [holder.placeholder_format.type for holder in _own(layout)]
    return kinds == [PP_PLACEHOLDER.TITLE]


def _one_body(layout: SlideLayout) -> bool:
    return _has_title(layout) and len(_bodies(layout)) == 1 and len(_own(layout)) == 2  # noqa: PLR2004 - title and body


def _roomy(layout: SlideLayout) -> bool:
    bodies = _bodies(layout)
    return _one_body(layout) and _place(bodies[0]).width >= _LEAST_WIDTH and _place(bodies[0]).height >= _LEAST_HEIGHT


def _two_bodies(layout: SlideLayout) -> bool:
    bodies = _bodies(layout)
    sides = [_place(body) for body in bodies]
    wide = all(side.width >= _LEAST_COLUMN and side.height >= _LEAST_HEIGHT for side in sides)
    return _has_title(layout) and len(bodies) == 2 and wide and sides[0].right <= sides[1].left  # noqa: PLR2004 - left, right


def _is_cover(layout: SlideLayout) -> bool:
    return any(holder.placeholder_format.type is PP_PLACEHOLDER.CENTER_TITLE for holder in placeholders(layout))


_FITS: Mapping[Look, Callable[[SlideLayout], bool]] = {
    Look.TITLE: _is_cover,
    Look.SECTION: _roomy,
    Look.CONTENT: _one_body,
    Look.COLUMNS: _two_bodies,
    Look.ONLY: _only_title,
}
_SEARCHED = frozenset({Look.TITLE, Look.CONTENT, Look.COLUMNS, Look.ONLY})
"""The looks for which another layout of the template may stand in. A section's text needs a layout made for it."""


def _own(layout: SlideLayout) -> list[Any]:
    """The placeholders of a layout without those of the footer and the kicker."""
    return [
        holder
        for holder in placeholders(layout)
        if holder.placeholder_format.type not in _EVERYWHERE and not is_kicker(holder)
    ]


def _bodies(layout: SlideLayout) -> list[Any]:
    return [holder for holder in _own(layout) if holder.placeholder_format.type in BODIES]


def is_kicker(holder: Any) -> bool:  # noqa: ANN401 - a placeholder of a layout or slide
    """Whether a placeholder is the small line above a title."""
    return bool(holder.placeholder_format.idx == KICKER and holder.placeholder_format.type is PP_PLACEHOLDER.BODY)


def _place(holder: Any) -> Area:  # noqa: ANN401 - a placeholder of a layout
    return Area(*(length / EMU_PER_POINT for length in (holder.left, holder.top, holder.width, holder.height)))


def _area(presentation: PresentationType, layouts: Mapping[Look, SlideLayout]) -> Area:
    """The area for content: that of the body placeholder, or the space between title and footer if there is none."""
    plain = layouts[Look.ONLY]
    for layout in (layouts[Look.CONTENT], plain):
        for body in _bodies(layout)[:1]:
            return _checked(_place(body))
    title = _place(next(each for each in placeholders(plain) if each.placeholder_format.type is PP_PLACEHOLDER.TITLE))
    bottom = min(
        (_place(each).top for each in placeholders(plain) if each.placeholder_format.type in _EVERYWHERE),
        default=(presentation.slide_height or 0) / EMU_PER_POINT * 0.93,
    )
    top = title.bottom + _MARGIN
    return _checked(Area(title.left, top, title.width, bottom - _MARGIN - top))


def _checked(area: Area) -> Area:
    if area.width < _LEAST_WIDTH or area.height < _LEAST_HEIGHT:
        raise UnusableTemplateError(f"its layouts leave {area.width:.0f} by {area.height:.0f} points for content")
    return area
