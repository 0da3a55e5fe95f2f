"""PowerPointGenerator's decks, opened again with python-pptx."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pytest
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt
from worker_tools_samples import LONG_WORD, PROPOSALS, SAMPLE, each_with, proposal

from worker.tools.deck.fitting import LINE_HEIGHT, TextStyle
from worker.tools.deck.generator import draw
from worker.tools.documents.document import UnusableTemplateError
from worker.tools.proposal import Proposal, money, number
from worker.tools.requirements import Kind


def house_template() -> bytes:
    """python-pptx's own 4:3 presentation, with one slide and a layout of the house."""
    house: Any = Presentation()
    house.slides.add_slide(house.slide_layouts[1]).shapes.title.text = "Somebody else's slide"
    house.slide_layouts[5].name = "House title only"
    body = io.BytesIO()
    house.save(body)
    return body.getvalue()


TEMPLATES = {"built-in": None, "house": house_template()}


def opened(shown: Proposal, template: bytes | None = None) -> Any:  # noqa: ANN401 - python-pptx types a part of itself
    return Presentation(io.BytesIO(draw(shown, template)))


@pytest.fixture(scope="module", params=each_with(TEMPLATES))
def drawn(request: pytest.FixtureRequest) -> tuple[Proposal, Any]:
    name, by = request.param
    return PROPOSALS[name], opened(PROPOSALS[name], TEMPLATES[by])


def titles(deck: Any) -> list[str]:  # noqa: ANN401
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def frames(slide: Any) -> Iterator[Any]:  # noqa: ANN401
    return (shape for shape in slide.shapes if shape.has_text_frame)


def text_of(deck: Any) -> str:  # noqa: ANN401
    """Everything that the slides say, in one line."""
    said = [frame.text_frame.text for slide in deck.slides for frame in frames(slide)]
    said += [cell for table in tables(deck).values() for row in table for cell in row]
    return " ".join(" ".join(said).split())


def tables(deck: Any) -> dict[str, list[list[str]]]:  # noqa: ANN401
    """The cells of each table by the title of its slide."""
    return {
        slide.shapes.title.text_frame.text: [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
    }


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_slides_tell_the_proposal_in_order() -> None:
    names = [re.sub(r" \(\d+/\d+\)", "", title) for title in titles(opened(PROPOSALS["sample"]))]
    assert list(dict.fromkeys(names)) == [
        "Customer portal",
        "Agenda",
        "Executive summary",
        "Scope: functional requirements",
        "Scope: non-functional requirements",
        "Scope: integrations",
        "Constraints",
        "Out of scope",
        "Approach and timeline",
        "Team",
        "Investment by role",
        "Investment: USD 549,460.00",
        "Assumptions",
        "Open questions",
        "Next steps",
    ]


def test_every_requirement_and_question_is_shown_whole(drawn: tuple[Proposal, Any]) -> None:
    shown, deck = drawn
    said = squeezed(text_of(deck))
    for kind in (Kind.FUNCTIONAL, Kind.NON_FUNCTIONAL, Kind.INTEGRATION, Kind.CONSTRAINT, Kind.OPEN_QUESTION):
        for item in shown.items(kind)[:300]:
            assert squeezed(f"{item.id} {item.text}") in said


def test_beyond_three_hundred_items_a_deck_points_to_the_statement_of_work() -> None:
    many = proposal(replace(SAMPLE, requirements="\n".join(f"- It must do thing {place}" for place in range(310))))
    said = text_of(opened(many))
    assert "It must do thing 299" in said
    assert "It must do thing 300" not in said
    assert "10 more: the statement of work lists all 310." in said


def test_every_figure_is_that_of_the_costs(drawn: tuple[Proposal, Any]) -> None:
    shown, deck = drawn
    costs = shown.costs
    found = tables(deck)
    head, *rows, total = found["Investment by role"]
    assert head == ["Role", "Hours", "Hourly rate", "Cost"]
    assert rows == [
        [line.role, number(line.hours), money(line.hourly_rate, "USD"), money(line.cost, "USD")] for line in costs.lines
    ]
    assert total == ["Total", number(costs.total_hours), "", money(costs.total_cost, "USD")]
    assert [row[2] for row in found["Team"][1:-1]] == [number(line.hours) for line in costs.lines]
    said = text_of(deck)
    assert all(money(payment.amount, "USD") in said for payment in costs.payments)
    assert all(phase.weeks in said for phase in costs.phases)


def test_the_chart_is_native_and_shows_the_costs(drawn: tuple[Proposal, Any]) -> None:
    shown, deck = drawn
    (chart,) = (shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart)
    plot = chart.plots[0]
    assert list(plot.categories) == [line.role for line in shown.costs.lines]
    assert list(plot.series[0].values) == [float(line.cost) for line in shown.costs.lines]


def test_no_text_is_larger_than_its_place(drawn: tuple[Proposal, Any]) -> None:
    """Estimated by the widths of Helvetica; every text that a deck writes has its size on its runs."""
    shown, deck = drawn
    for slide in deck.slides:
        for shape in frames(slide):
            if shape.is_placeholder and shape.placeholder_format.type is PP_PLACEHOLDER.SLIDE_NUMBER:
                continue
            height = sum(paragraph_height(paragraph, shape) for paragraph in shape.text_frame.paragraphs)
            assert height <= shape.height.pt + 1, (shown.client, shape.name, shape.text_frame.text[:80])


def paragraph_height(paragraph: Any, shape: Any) -> float:  # noqa: ANN401
    sizes = [run.font.size.pt for run in paragraph.runs if run.font.size]
    size = max(sizes, default=10)
    listed = shape.is_placeholder and shape.placeholder_format.type is PP_PLACEHOLDER.OBJECT
    margins = (shape.text_frame.margin_left + shape.text_frame.margin_right) / Pt(1) + (18 if listed else 0)
    before = paragraph.space_before.pt if paragraph.space_before else 0
    if shape.text_frame.word_wrap is False:
        return size * LINE_HEIGHT + before
    return TextStyle(size).height(paragraph.text, shape.width.pt - margins) + before


@dataclass(frozen=True)
class Place:
    """Where a shape is, in EMU."""

    name: str
    left: int
    top: int
    right: int
    bottom: int

    def overlaps(self, other: "Place") -> bool:
        slack = Pt(2)
        beside = self.right <= other.left + slack or other.right <= self.left + slack
        above = self.bottom <= other.top + slack or other.bottom <= self.top + slack
        return not beside and not above


def place_of(shape: Any) -> Place:  # noqa: ANN401
    left, top = shape.left, shape.top
    return Place(shape.name, left, top, left + shape.width, top + shape.height)


def test_nothing_leaves_the_slide_or_lies_on_another_block(drawn: tuple[Proposal, Any]) -> None:
    _, deck = drawn
    width, height = deck.slide_width, deck.slide_height
    for slide in deck.slides:
        for place in map(place_of, slide.shapes):
            assert min(place.left, place.top) >= 0, place
            assert place.right <= width + 1, place
            assert place.bottom <= height + 1, place
        blocks = [
            place_of(shape) for shape in slide.shapes if shape.has_table or shape.has_chart or shape.is_placeholder
        ]
        assert [(one, other) for one, other in combinations(blocks, 2) if one.overlaps(other)] == []


def test_a_table_that_does_not_fit_goes_on_with_its_head_repeated() -> None:
    small: Any = Presentation(io.BytesIO(house_template()))
    for layout in small.slide_layouts:
        for holder in layout.placeholders:
            if holder.placeholder_format.type in {PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY}:
                holder.left, holder.top, holder.width, holder.height = map(Inches, (1, 2, 6, 3.3))
    body = io.BytesIO()
    small.save(body)
    found = tables(opened(PROPOSALS["sample"], body.getvalue()))
    parts = [rows for title, rows in found.items() if title.startswith("Team (")]
    assert len(parts) > 1
    assert all(rows[0][0] == "Role" for rows in parts)
    roles = [row[0] for rows in parts for row in rows[1:]]
    assert roles == [*(line.role for line in PROPOSALS["sample"].costs.lines), "Total"]


def test_slides_are_wide_and_carry_footer_and_number() -> None:
    deck = opened(PROPOSALS["sample"])
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=0.001)
    cover, *others = deck.slides
    for slide in others:
        kinds = {holder.placeholder_format.type: holder for holder in slide.placeholders}
        assert kinds[PP_PLACEHOLDER.FOOTER].text_frame.text == "Fennmark Logistics | Customer portal"
        assert PP_PLACEHOLDER.SLIDE_NUMBER in kinds
    assert "Proposal for Fennmark Logistics" in cover.placeholders[1].text_frame.text


def test_every_shape_of_a_slide_has_an_id_of_its_own(drawn: tuple[Proposal, Any]) -> None:
    """PowerPoint repairs a file in which two shapes share an id, and shows a warning."""
    for slide in drawn[1].slides:
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(ids) == len(set(ids))


def test_a_house_template_keeps_its_look_and_loses_its_slides() -> None:
    deck = opened(PROPOSALS["sample"], house_template())
    assert deck.slide_width == Inches(10)
    assert "Somebody else's slide" not in titles(deck)
    assert {slide.slide_layout.name for slide in deck.slides} == {
        "Title Slide",
        "Title and Content",
        "House title only",
    }
    assert not any(
        "slides/slide" in str(part.partname) and "Somebody" in str(part.blob) for part in deck.part.package.iter_parts()
    )


@pytest.mark.parametrize("template", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_a_template_that_is_no_presentation_is_refused(template: bytes) -> None:
    with pytest.raises(UnusableTemplateError, match="not a PowerPoint presentation"):
        draw(PROPOSALS["sample"], template)


def test_a_template_without_room_is_refused() -> None:
    bare: Any = Presentation()
    for layout in list(bare.slide_layouts):
        if layout.name != "Blank":
            bare.slide_layouts.remove(layout)
    body = io.BytesIO()
    bare.save(body)
    with pytest.raises(UnusableTemplateError, match="no layout with a title"):
        draw(PROPOSALS["sample"], body.getvalue())


def test_awkward_text_is_written_as_it_is() -> None:
    said = squeezed(text_of(opened(PROPOSALS["awkward"])))
    assert squeezed("Müller & Söhne <AG> \"Nord\" 'Süd'") in said
    assert LONG_WORD in said
    assert squeezed("emoji 🚀🎉 and 日本語の文字") in said
    assert squeezed('with <tags> & "quotes" and control characters') in said


def test_a_text_that_runs_to_the_left_is_set_so() -> None:
    arabic = "- يجب أن يدعم النظام must\n- It must print\n"
    slides = opened(proposal(replace(SAMPLE, requirements=arabic))).slides
    scope = next(slide for slide in slides if slide.shapes.title.text_frame.text == "Scope: functional requirements")
    directions = [
        (properties.get("rtl"), properties.get("algn"))
        for properties in scope.placeholders[1].element.iter(qn("a:pPr"))
    ]
    assert directions == [("1", "r"), (None, None)]
