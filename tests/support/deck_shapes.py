"""Looks into presentations: every text, place, graphic and note of their slides, also inside groups."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.util import Pt

SLACK = int(Pt(2))


@dataclass(frozen=True)
class Place:
    """Where a shape is, in EMU."""

    name: str
    left: int
    top: int
    right: int
    bottom: int

    def overlaps(self, other: "Place") -> bool:
        """Whether the two cover each other by more than a hair."""
        beside = self.right <= other.left + SLACK or other.right <= self.left + SLACK
        above = self.bottom <= other.top + SLACK or other.bottom <= self.top + SLACK
        return not beside and not above


def opened(body: bytes) -> Any:  # noqa: ANN401 - python-pptx types a part of itself
    """A presentation as python-pptx reads it."""
    return Presentation(io.BytesIO(body))


def titles(deck: Any) -> list[str]:  # noqa: ANN401
    """The title of each slide."""
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def every(slide: Any) -> Iterator[Any]:  # noqa: ANN401
    """All shapes of a slide; a group comes before what is in it."""
    yield from _walk(slide.shapes)


def _walk(shapes: Any) -> Iterator[Any]:  # noqa: ANN401
    for shape in shapes:
        yield shape
        if shape.shape_type is MSO_SHAPE_TYPE.GROUP:
            yield from _walk(shape.shapes)


def frames(slide: Any) -> Iterator[Any]:  # noqa: ANN401
    """The shapes that have text or could have it."""
    return (shape for shape in every(slide) if shape.has_text_frame)


def tables(slide: Any) -> list[list[list[str]]]:  # noqa: ANN401
    """The cells of each table."""
    return [
        [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
        for shape in every(slide)
        if getattr(shape, "has_table", False) and shape.has_table
    ]


def text_of(slide: Any) -> str:  # noqa: ANN401
    """Everything that a slide says, in one line."""
    said = [frame.text_frame.text for frame in frames(slide)]
    said += [cell for table in tables(slide) for row in table for cell in row]
    return " ".join(" ".join(said).split())


def notes_of(slide: Any) -> str:  # noqa: ANN401
    """The speaker notes."""
    return str(slide.notes_slide.notes_text_frame.text) if slide.has_notes_slide else ""


def place_of(shape: Any) -> Place:  # noqa: ANN401
    """Where a shape is on its slide: the places in a deck's groups are those of the slide."""
    left, top = shape.left, shape.top
    return Place(shape.name, left, top, left + shape.width, top + shape.height)


def is_decoration(shape: Any) -> bool:  # noqa: ANN401
    """Whether a screen reader passes over the shape."""
    return bool(shape._element.xpath(".//*[local-name()='decorative']"))  # noqa: SLF001


def alt_text(shape: Any) -> str:  # noqa: ANN401
    """The alt text of a shape."""
    (properties,) = shape._element.xpath("(./*/p:cNvPr)[1]")  # noqa: SLF001
    return str(properties.get("descr", ""))


def graphics(slide: Any) -> list[Any]:  # noqa: ANN401
    """What needs an alt text: tables, charts, pictures and groups."""
    return [
        shape
        for shape in slide.shapes
        if shape.shape_type is MSO_SHAPE_TYPE.GROUP or shape.has_chart or shape.has_table or hasattr(shape, "image")
    ]


def is_number(shape: Any) -> bool:  # noqa: ANN401
    """Whether a shape is the slide's number."""
    return bool(shape.is_placeholder and shape.placeholder_format.type is PP_PLACEHOLDER.SLIDE_NUMBER)
