"""Opens the presentation that a deck is drawn on: a house template, or the built-in look.

`template` reduces a template to its design. The placeholders of a layout decide which slides use it, and where the
content goes. A template is refused if no layout has a title and enough room for content.
"""

import copy
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.presentation import Presentation as PresentationType
from pptx.slide import Slide, SlideLayout

from worker.tools.deck import template as templates
from worker.tools.deck import theme
from worker.tools.deck.fitting import TextStyle
from worker.tools.documents.document import UnusableTemplateError

TEMPLATE_SLACK = 1.12
"""How much wider than Arial the font of a template may be. This is about right for Verdana."""

EMU_PER_POINT = 12700
INSET = 7.2
"""The left and right margin of a text frame in points, as PowerPoint sets it."""
FOOTER_SIZE = 10
_LEAST_WIDTH, _LEAST_HEIGHT = 400, 230
"""The smallest content area in points. No table fits into a smaller one."""
_MARGIN = 8
"""Points between the content and what is above or below it."""

BODIES = frozenset({PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY})
_FOOTERS = frozenset({PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER})
_EVERYWHERE = _FOOTERS | {PP_PLACEHOLDER.DATE}

Kinds = Sequence[PP_PLACEHOLDER]


@dataclass(frozen=True)
class Area:
    """A rectangle on a slide, in points."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Deck:
    """An open presentation, with all that you need to add slides to it."""

    presentation: PresentationType
    title_layout: SlideLayout
    bullet_layout: SlideLayout | None
    """The layout with one body placeholder. If a template has none, bullets go into a text box."""
    plain_layout: SlideLayout
    area: Area
    slack: float
    """See `TextStyle.slack`."""
    footer: str

    @property
    def drawing(self) -> Area:
        """The content area without the margins of a text frame. What is drawn in it lines up with text in a frame."""
        area = self.area
        return Area(area.left + INSET, area.top, area.width - 2 * INSET, area.height)

    def add(self, layout: SlideLayout, *, footer: bool = True) -> Slide:
        """Add a slide. With `footer` it gets the layout's footer and slide number.

        python-pptx leaves these two out of a new slide, so they are copied from the layout.
        """
        slide: Slide = self.presentation.slides.add_slide(layout)
        for holder in theme.placeholders(layout):
            if footer and holder.placeholder_format.type in _FOOTERS:
                copied = copy.deepcopy(holder.element)
                copied.nvSpPr.cNvPr.set("id", str(slide.shapes._next_shape_id))  # noqa: SLF001 - the copy needs an id of its own
                slide.shapes._spTree.append(copied)  # noqa: SLF001 - the only way to copy a shape
        for shape in slide.placeholders:
            if shape.placeholder_format.type is PP_PLACEHOLDER.FOOTER:
                shape.text_frame.text = self._footer(shape.width / EMU_PER_POINT)
        return slide

    def _footer(self, width: float) -> str:
        """The footer's text, cut to one line. The title slide has the full names."""
        first, *more = TextStyle(FOOTER_SIZE + 2, slack=self.slack).wrap(self.footer, width * 0.9)
        return f"{first} …" if more else first


def open_deck(template: bytes | None, *, footer: str) -> Deck:
    """Open an empty deck from the template, or in the built-in look if there is none.

    Raises:
        UnusableTemplateError: the template is not a presentation, or its layouts have no room for the content.
    """
    presentation = theme.blank() if template is None else _opened(template)
    layouts = list(presentation.slide_layouts)
    bullets = _first(
        layouts, lambda kinds: PP_PLACEHOLDER.TITLE in kinds and sum(kind in BODIES for kind in kinds) == 1
    )
    plain = _first(layouts, lambda kinds: list(kinds) == [PP_PLACEHOLDER.TITLE]) or bullets
    if plain is None:
        raise UnusableTemplateError("it has no layout with a title and room for content")
    return Deck(
        presentation=presentation,
        title_layout=_first(layouts, lambda kinds: PP_PLACEHOLDER.CENTER_TITLE in kinds) or plain,
        bullet_layout=bullets,
        plain_layout=plain,
        area=_area(presentation, plain, bullets),
        slack=TEMPLATE_SLACK if template else 1.0,
        footer=footer,
    )


def _opened(template: bytes) -> PresentationType:
    try:
        presentation = Presentation(io.BytesIO(template))
        templates.reduce(presentation)
    except (PythonPptxError, zipfile.BadZipFile, SyntaxError, KeyError, ValueError) as error:
        raise UnusableTemplateError(f"it is not a PowerPoint presentation: {error}") from error
    return presentation


def _first(layouts: Sequence[SlideLayout], fits: Callable[[Kinds], bool]) -> SlideLayout | None:
    """The first layout for which `fits` accepts the placeholders, without those of the footer."""
    for layout in layouts:
        kinds = [holder.placeholder_format.type for holder in theme.placeholders(layout)]
        if fits([kind for kind in kinds if kind not in _EVERYWHERE]):
            return layout
    return None


def _area(presentation: PresentationType, plain: SlideLayout, bullets: SlideLayout | None) -> Area:
    """The area for content: that of the body placeholder, or the space between title and footer if there is none."""
    for layout in (bullets, plain):
        for holder in theme.placeholders(layout) if layout else ():
            if holder.placeholder_format.type in BODIES:
                return _checked(
                    Area(*(length / EMU_PER_POINT for length in (holder.left, holder.top, holder.width, holder.height)))
                )
    title = next(
        holder for holder in theme.placeholders(plain) if holder.placeholder_format.type is PP_PLACEHOLDER.TITLE
    )
    bottom = min(
        (holder.top for holder in theme.placeholders(plain) if holder.placeholder_format.type in _EVERYWHERE),
        default=int((presentation.slide_height or theme.HEIGHT) * 0.93),
    )
    top = (title.top + title.height) / EMU_PER_POINT + _MARGIN
    return _checked(
        Area(title.left / EMU_PER_POINT, top, title.width / EMU_PER_POINT, bottom / EMU_PER_POINT - _MARGIN - top)
    )


def _checked(area: Area) -> Area:
    if area.width < _LEAST_WIDTH or area.height < _LEAST_HEIGHT:
        raise UnusableTemplateError(f"its layouts leave {area.width:.0f} by {area.height:.0f} points for content")
    return area
