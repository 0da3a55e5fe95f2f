"""Finds the layouts of a presentation by their names, and the places in them.

Where a name is missing, or its layout has no place for the content, the placeholders decide which layout fits
best, and a warning says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation
from pptx.slide import SlideLayout

from worker.tools.documents.document import UnusableTemplateError

EMU_PER_POINT = 12700
KICKER = 20
"""The number of the placeholder above a title in default.pptx."""
_LEAST_WIDTH, _LEAST_HEIGHT = 400, 230
"""The smallest content area in points. No table fits into a smaller one."""
_LEAST_COLUMN = 190
_MARGIN = 8
"""Points between the content and what is above or below it."""

BODIES = frozenset({PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY})
FOOTERS = frozenset({PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER})
EVERYWHERE = FOOTERS | {PP_PLACEHOLDER.DATE}


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


def placeholders(place: SlideLayout) -> Sequence[Any]:
    """The placeholders of a layout, as a sequence that does not change when you remove one of them."""
    holders: Any = place.placeholders  # python-pptx's annotations lack the iterator
    return tuple(holders)


def named(presentation: Presentation) -> tuple[Mapping[Look, SlideLayout], tuple[str, ...]]:
    """The layout of each look, and a warning for each that its name did not find or that has no place for content."""
    layouts = list(presentation.slide_layouts)
    found: dict[Look, SlideLayout] = {}
    warnings: list[str] = []
    for look in (Look.ONLY, Look.CONTENT, Look.TITLE, Look.SECTION, Look.COLUMNS):
        fits = _FITS[look]
        so_called = next((each for name in look.value for each in layouts if _plain(each.name) == _plain(name)), None)
        if so_called is not None and fits(so_called):
            found[look] = so_called
            continue
        substitute = next((each for each in layouts if fits(each)), None) if look in _SEARCHED else None
        found[look] = substitute or found.get(Look.ONLY) or _any(layouts)
        used = f"{found[look].name!r} is used instead"
        if so_called is None:
            warnings.append(f"it has no layout named {look.value[0]!r}: {used}")
        elif look is not Look.SECTION:  # PowerPoint's own section header has no room for more than a heading
            warnings.append(f"its layout {so_called.name!r} has no place for the content: {used}")
    return found, tuple(warnings)


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _any(layouts: Sequence[SlideLayout]) -> SlideLayout:
    """A layout with a title and one body, whose body placeholder then gives way to the content."""
    for layout in layouts:
        if _has_title(layout) and len(bodies(layout)) == 1:
            return layout
    raise UnusableTemplateError("it has no layout with a title and room for content")


def _has_title(layout: SlideLayout) -> bool:
    return any(holder.placeholder_format.type is PP_PLACEHOLDER.TITLE for holder in placeholders(layout))


def _only_title(layout: SlideLayout) -> bool:
    kinds = [holder.placeholder_format.type for holder in _own(layout)]
    return kinds == [PP_PLACEHOLDER.TITLE]


def _one_body(layout: SlideLayout) -> bool:
    return _has_title(layout) and len(bodies(layout)) == 1 and len(_own(layout)) == 2  # noqa: PLR2004 - title and body


def _roomy(layout: SlideLayout) -> bool:
    found = bodies(layout)
    return _one_body(layout) and place_of(found[0]).width >= _LEAST_WIDTH and place_of(found[0]).height >= _LEAST_HEIGHT


def _two_bodies(layout: SlideLayout) -> bool:
    found = bodies(layout)
    sides = [place_of(body) for body in found]
    wide = all(side.width >= _LEAST_COLUMN and side.height >= _LEAST_HEIGHT for side in sides)
    return _has_title(layout) and len(found) == 2 and wide and sides[0].right <= sides[1].left  # noqa: PLR2004 - left, right


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
        if holder.placeholder_format.type not in EVERYWHERE and not is_kicker(holder)
    ]


def bodies(layout: SlideLayout) -> list[Any]:
    """The placeholders for content."""
    return [holder for holder in _own(layout) if holder.placeholder_format.type in BODIES]


def is_kicker(holder: Any) -> bool:  # noqa: ANN401 - a placeholder of a layout or slide
    """Whether a placeholder is the small line above a title."""
    return bool(holder.placeholder_format.idx == KICKER and holder.placeholder_format.type is PP_PLACEHOLDER.BODY)


def place_of(holder: Any) -> Area:  # noqa: ANN401 - a placeholder
    """Where a placeholder is."""
    return Area(*(length / EMU_PER_POINT for length in (holder.left, holder.top, holder.width, holder.height)))


def content_area(presentation: Presentation, layouts: Mapping[Look, SlideLayout]) -> Area:
    """The area for content: that of the body placeholder, or the space between title and footer if there is none."""
    plain = layouts[Look.ONLY]
    for layout in (layouts[Look.CONTENT], plain):
        for body in bodies(layout)[:1]:
            return _checked(place_of(body))
    title = place_of(next(each for each in placeholders(plain) if each.placeholder_format.type is PP_PLACEHOLDER.TITLE))
    bottom = min(
        (place_of(each).top for each in placeholders(plain) if each.placeholder_format.type in EVERYWHERE),
        default=(presentation.slide_height or 0) / EMU_PER_POINT * 0.93,
    )
    top = title.bottom + _MARGIN
    return _checked(Area(title.left, top, title.width, bottom - _MARGIN - top))


def _checked(area: Area) -> Area:
    if area.width < _LEAST_WIDTH or area.height < _LEAST_HEIGHT:
        raise UnusableTemplateError(f"its layouts leave {area.width:.0f} by {area.height:.0f} points for content")
    return area
