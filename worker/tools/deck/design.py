"""Opens the presentation that a deck is drawn on: a firm's template, or default.pptx in the profile's colours.

A template is refused if no layout has a title and enough room for content.
"""

import copy
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.presentation import Presentation as PresentationType
from pptx.slide import Slide, SlideLayout

from worker.tools.deck import template as templates
from worker.tools.deck import theme
from worker.tools.deck.direction import straight
from worker.tools.deck.fitting import TextStyle, slack_of
from worker.tools.deck.layouts import (
    EMU_PER_POINT,
    FOOTERS,
    Area,
    Look,
    bodies,
    content_area,
    named,
    place_of,
    placeholders,
)
from worker.tools.documents.document import UnusableTemplateError
from worker.tools.profile.profile import Design

DEFAULT = Path(__file__).with_name("default.pptx")
"""`deck.make_template` makes it."""
INSET = 7.2
"""The left and right margin of a text frame in points, as PowerPoint sets it."""
FOOTER_SIZE = 10


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
            if footer and holder.placeholder_format.type in FOOTERS:
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
        return sorted(bodies(self.layouts[look]), key=lambda each: int(each.left))

    def body_area(self, look: Look) -> Area:
        """Where slides of this layout have their content."""
        found = self.bodies(look)
        if look is Look.SECTION and len(found) == 1:
            return place_of(found[0])
        return self.area

    def _footer(self, width: float) -> str:
        """The footer's text, cut to one line. The title slide has the full names."""
        first, *more = TextStyle(FOOTER_SIZE + 2, slack=self.slack).wrap(straight(self.footer), width * 0.9)
        return f"{first} …" if more else first


def open_deck(template: bytes | None, design: Design, *, footer: str) -> Deck:
    """Open an empty deck from the firm's template, or from default.pptx in the design's look if there is none.

    Raises:
        UnusableTemplateError: the template is not a presentation, or its layouts have no room for the content.
    """
    presentation = _opened(DEFAULT.read_bytes() if template is None else template)
    if template is None:
        theme.dress(presentation, design)
    layouts, warnings = named(presentation)
    inset = 0 if template is None else INSET
    area = content_area(presentation, layouts)
    return Deck(
        presentation=presentation,
        layouts=layouts,
        area=Area(area.left + inset, area.top, area.width - 2 * inset, area.height),
        slack=slack_of(design.heading_font, design.body_font) if template is None else slack_of(),
        footer=footer,
        warnings=warnings,
    )


def _opened(template: bytes) -> PresentationType:
    try:
        presentation = Presentation(io.BytesIO(template))
        templates.reduce(presentation)
    except (PythonPptxError, zipfile.BadZipFile, SyntaxError, KeyError, ValueError) as error:
        raise UnusableTemplateError(f"it is not a PowerPoint presentation: {error}") from error
    return presentation
