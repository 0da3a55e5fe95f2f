"""PowerPointGenerator's decks, opened again with python-pptx."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import checkout
import figures_in
import filled_slides
import pytest
from deck_shapes import (
    alt_text,
    every,
    frames,
    graphics,
    is_decoration,
    is_number,
    notes_of,
    opened,
    place_of,
    tables,
    text_of,
    titles,
)
from hypothesis import HealthCheck, given, settings
from package_search import PIXEL, faults
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Pt
from random_proposals import SEVERAL, proposals
from worker_tools_samples import BARE, LONG_WORD, PROPOSALS, SAMPLE, SMALL, each_with, proposal

from schema.assessment import Assessment
from worker.tools.costs import Concern, Risk, StatedDeadline
from worker.tools.deck.fitting import TextStyle
from worker.tools.deck.generator import draw
from worker.tools.deck.text import LEAST
from worker.tools.proposal.content import Proposal
from worker.tools.requirements import BUILT, Kind

HALF = 0.5
LATE = Risk("The plan ends 43 days after the stated deadline.", "Start five weeks earlier.", Concern.DEADLINE)
OVER = Risk("The price passes the stated budget by a third.", "Leave out the reports.", Concern.BUDGET, "High", "High")
SHEDS = "\n".join(f"- The barn must have shed {place}" for place in range(310))
FEW = settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))


def made(shown: Proposal) -> Any:  # noqa: ANN401 - python-pptx types a part of itself
    return opened(draw(shown, None).body)


def costing(shown: Proposal, **changed: object) -> Proposal:
    """The proposal with other costs."""
    return replace(shown, costs=replace(shown.costs, **changed))  # type: ignore[arg-type]


def squeezed(text: str) -> str:
    return "".join(text.split())


def said_by(deck: Any) -> str:  # noqa: ANN401
    return " ".join(text_of(slide) for slide in deck.slides)


def slide_titled(deck: Any, words: str) -> Any:  # noqa: ANN401
    return next(slide for slide in deck.slides if words in slide.shapes.title.text_frame.text)


@pytest.fixture(scope="module", params=each_with(["built-in"]))
def drawn(request: pytest.FixtureRequest) -> tuple[Proposal, Any]:
    name, _ = request.param
    return PROPOSALS[name], made(PROPOSALS[name])


@pytest.fixture(scope="module")
def sample() -> Any:  # noqa: ANN401
    return made(PROPOSALS["sample"])


def kickers(deck: Any) -> list[str]:  # noqa: ANN401
    """The small line above each title, each once."""
    found = [
        holder.text_frame.text
        for slide in deck.slides
        for holder in slide.placeholders
        if holder.placeholder_format.idx == 20
    ]
    return list(dict.fromkeys(found))


def test_the_slides_tell_the_proposal_in_order(sample: Any) -> None:  # noqa: ANN401
    assert kickers(sample) == [
        "Logistics",
        "Executive summary",
        "What we heard",
        "Scope",
        "Boundaries",
        "Approach",
        "Plan",
        "Team",
        "Solution outline",
        "Investment by work package",
        "Investment by role",
        "Payments",
        "Assumptions",
        "Risks",
        "Open questions",
        "Next steps",
    ]


def test_risks_have_a_slide_with_what_is_done_about_each() -> None:
    deck = made(costing(PROPOSALS["sample"], risks=(LATE, OVER, LATE)))
    (table,) = tables(slide_titled(deck, "We watch three risks, one of them with a high"))
    assert table[0] == ["No.", "Risk", "Probability", "Impact", "What we do about it"]
    assert table[2] == ["2", OVER.text, "High", "High", OVER.mitigation]


def test_a_title_is_a_sentence_that_says_the_point(drawn: tuple[Proposal, Any]) -> None:
    shown, deck = drawn
    _, *others = titles(deck)
    assert all(len(title.split()) > 3 for title in others), others
    assert len(set(others)) == len(others)
    assert any(shown.total in title for title in others)
    assert any(shown.end in title for title in others)


def test_the_title_slide_names_client_supplier_and_day(sample: Any) -> None:  # noqa: ANN401
    said = text_of(sample.slides[0])
    shown = PROPOSALS["sample"]
    for text in ("Customer portal", "Proposal for Fennmark Logistics", shown.profile.supplier.name, shown.date):
        assert text in said


def test_a_logo_is_shown_whole_and_described() -> None:
    deck = made(replace(PROPOSALS["sample"], logo=PIXEL))
    (picture,) = (shape for shape in deck.slides[0].shapes if hasattr(shape, "image"))
    assert picture.image.blob == PIXEL
    assert (picture.crop_left, picture.crop_top, picture.width) == (0, 0, picture.height)
    assert alt_text(picture) == f"Logo of {PROPOSALS['sample'].profile.supplier.name}"


def test_the_summary_has_the_four_figures_with_a_sentence_each(drawn: tuple[Proposal, Any]) -> None:
    shown, deck = drawn
    said = squeezed(text_of(deck.slides[1]))
    for figure in shown.figures:
        assert squeezed(figure.label + figure.value + figure.sentence) in said


def test_the_summary_begins_with_what_is_not_kept_or_not_certain() -> None:
    shown = costing(PROPOSALS["sample"], risks=(LATE, OVER))
    shown = replace(shown, analysis=replace(shown.analysis, confidence=0.4))
    said = text_of(made(shown).slides[1])
    for text in (LATE.text, LATE.mitigation, OVER.text, OVER.mitigation, shown.caution):
        assert text in said


def test_the_clients_sentences_stand_with_their_lines(sample: Any) -> None:  # noqa: ANN401
    slide = slide_titled(sample, "You told us what matters")
    for quote in PROPOSALS["sample"].heard:
        assert quote.text in text_of(slide)
        assert re.search(rf"[Ll]ine {quote.line} of your notes", text_of(slide))
        assert f"line {quote.line}, “" in notes_of(slide)


def test_notes_with_few_sentences_are_quoted_by_their_requirements() -> None:
    notes = f"{SMALL.requirements}- We must export orders as a file\n"
    said = text_of(slide_titled(made(proposal(replace(SMALL, requirements=notes))), "You told us what matters"))
    assert "“We must print labels”" in said
    assert "“Orders come from SAP”" in said


def test_a_small_scope_is_one_slide_with_what_is_not_in_it() -> None:
    shown = proposal(SMALL)
    deck = made(shown)
    said = text_of(slide_titled(deck, "Two requirements take"))
    assert all(each.id in said and each.text in said for each in shown.requirements)
    assert all(text in said for text in shown.excluded)
    assert "What we heard" not in kickers(deck)
    assert "Boundaries" not in kickers(deck)


def test_a_few_risks_stand_beside_what_the_client_contributes() -> None:
    shown = costing(proposal(SMALL), risks=(LATE,))
    said = text_of(slide_titled(made(shown), "We watch one risk and need three things from you"))
    assert all(text in said for text in (LATE.text, LATE.mitigation, *shown.client_duties))


BRIEFS = sorted(path for path in checkout.DATA.joinpath("briefs").iterdir() if path.suffix != ".json")
VARIED = ("farm-cooperative-interview", "furniture-carrier-presentation", "island-libraries-rfp")
"""Briefs with few constraints and risks, with one requirement, and with many of both."""


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=[] if path.stem in VARIED else [pytest.mark.thorough])
        for path in BRIEFS
        if path.name != "README.md"
    ],
)
def test_no_slide_of_a_brief_is_more_than_half_empty(path: Path) -> None:
    notes = path.read_text(encoding="utf-8", errors="replace")
    deck = made(proposal(Assessment("The client", "The project", None, notes, None, None)))
    _, *others = deck.slides
    empty = {
        slide.shapes.title.text_frame.text: part
        for slide in others
        if (part := filled_slides.used(slide, deck.slide_width, deck.slide_height)) < HALF
    }
    assert not empty


@pytest.mark.slow
@pytest.mark.parametrize("assessment", [SMALL, BARE, SAMPLE], ids=["small", "bare", "sample"])
def test_no_slide_of_a_sample_is_more_than_half_empty(assessment: Assessment) -> None:
    deck = made(proposal(assessment))
    _, *others = deck.slides
    assert all(filled_slides.used(slide, deck.slide_width, deck.slide_height) >= HALF for slide in others)


def test_a_line_that_the_notes_do_not_have_is_not_quoted() -> None:
    """A reviewer may name any line."""
    shown = proposal(replace(SMALL, requirements=f"{SMALL.requirements}- We must scan\n- We must sort\n"))
    first, *rest = shown.analysis.requirements
    listed = (replace(first, lines=(99_999,)), *rest)
    said = text_of(
        slide_titled(made(replace(shown, analysis=replace(shown.analysis, requirements=listed))), "You told us")
    )
    assert "“”" not in said
    assert "99" not in said
    assert "“Orders come from SAP”" in said


def test_every_requirement_of_a_package_is_in_its_table(drawn: tuple[Proposal, Any]) -> None:
    shown, deck = drawn
    ids = [row[0] for slide in deck.slides for table in tables(slide) for row in table if table[0][0] == "No."]
    said = squeezed(said_by(deck))
    priced = [each for package in shown.packages for each in package.requirements][:300]
    assert [name for name in ids if re.fullmatch(r"[A-Z]+-\d+", name)] == [each.id for each in priced]
    for each in priced:
        assert squeezed(each.text) in said
        hours = shown.formats.hours(shown.costs.effort[each.id])
        assert squeezed(f"{each.text}{each.priority.capitalize()}{each.size}{hours}") in said


def test_constraints_questions_and_exclusions_are_shown_whole(drawn: tuple[Proposal, Any]) -> None:
    shown, deck = drawn
    said = squeezed(said_by(deck))
    for kind in (Kind.CONSTRAINT, Kind.OPEN_QUESTION, Kind.OUT_OF_SCOPE):
        assert all(squeezed(f"{item.id} {item.text}") in said for item in shown.items(kind))
    assert all(squeezed(text) in said for text in (*shown.excluded, *shown.assumptions, *shown.next_steps))


@pytest.mark.thorough
def test_beyond_three_hundred_requirements_a_deck_points_to_the_statement_of_work() -> None:
    said = said_by(made(proposal(replace(SAMPLE, requirements=SHEDS))))
    assert "FR-300" in said
    assert "FR-301" not in said
    assert "Ten more requirements: the statement of work lists all 310." in said


@pytest.mark.thorough
def test_a_requirement_that_is_longer_than_a_slide_goes_on_whole() -> None:
    long = " ".join(f"the portal must show word {place}" for place in range(400))
    deck = made(proposal(replace(SAMPLE, requirements=f"- {long}")))
    cells = [row[1] for slide in deck.slides for table in tables(slide) for row in table[1:]]
    assert squeezed(long[1:]) in squeezed(" ".join(cells))
    assert "FR-1 goes on from the slide before" in titles(deck)
    check_the_layout(deck)


def test_a_long_list_goes_on_over_full_columns_and_says_how_much_is_left_out() -> None:
    many = "\n".join(f"- Out of scope: shed {place}" for place in range(70))
    deck = made(proposal(replace(SAMPLE, requirements=f"- It must print\n{many}")))
    slides = [slide for slide in deck.slides if "not in scope" in slide.shapes.title.text_frame.text]
    assert len(slides) > 1
    assert "10 more: the statement of work lists all 70." in text_of(slides[-1])
    bodies = [holder for slide in slides for holder in slide.placeholders if holder.placeholder_format.idx in {1, 2}]
    assert all(holder.text_frame.text.strip() for holder in bodies)


def test_the_tables_of_the_price_are_those_of_the_costs(drawn: tuple[Proposal, Any]) -> None:
    shown, deck = drawn
    costs, money, hours = shown.costs, shown.formats.money, shown.formats.hours
    found = [table for slide in deck.slides for table in tables(slide)]
    by_role = next(table for table in found if table[0] == ["Role", "Hours", "Rate", "Cost"])
    assert by_role[1:-1] == [[x.role, hours(x.hours), money(x.hourly_rate), money(x.cost)] for x in costs.lines]
    by_package = next(table for table in found if table[0] == ["Work package", "Hours", "Cost"])
    assert by_package[1:-1] == [[x.name, hours(x.hours), money(x.cost)] for x in costs.packages]
    total = money(costs.total_cost)
    assert by_package[-1] == ["Total", hours(costs.total_hours), total]
    assert by_role[-1] == ["Total", hours(costs.total_hours), "", total]


def test_a_discount_stands_between_the_roles_and_the_total() -> None:
    shown = PROPOSALS["sample"]
    packages = tuple(replace(each, cost=each.cost - 100) for each in shown.costs.packages)
    cheaper = costing(shown, packages=packages, discount_percent=Decimal("2.5"))
    (table,) = tables(slide_titled(made(cheaper), "share"))
    off = shown.formats.money(Decimal(-100 * len(packages)))
    assert table[-2] == [f"Discount of {shown.formats.percent(Decimal('2.5'))}", "", "", off]
    assert table[-1][-1] == cheaper.total


def test_the_charts_are_native_and_show_the_costs(drawn: tuple[Proposal, Any]) -> None:
    shown, deck = drawn
    packages, roles = (shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart)
    assert dict(zip(packages.plots[0].categories, packages.plots[0].series[0].values, strict=True)) == {
        each.name: float(each.cost) for each in shown.costs.packages
    }
    assert dict(zip(roles.plots[0].categories, roles.plots[0].series[0].values, strict=True)) == {
        each.role: float(each.cost) for each in shown.costs.lines
    }


def test_payments_have_amount_share_and_day(drawn: tuple[Proposal, Any]) -> None:
    shown, deck = drawn
    said = text_of(slide_titled(deck, "You pay"))
    for payment in shown.costs.payments:
        for text in (payment.milestone, shown.formats.money(payment.amount), shown.formats.day(payment.date)):
            assert text in said


def test_the_plan_is_a_chart_of_native_shapes_on_one_scale(sample: Any) -> None:  # noqa: ANN401
    costs = PROPOSALS["sample"].costs
    slide = slide_titled(sample, "The work ")
    (chart,) = (shape for shape in slide.shapes if shape.shape_type is MSO_SHAPE_TYPE.GROUP)
    shapes = {shape.name: shape for shape in chart.shapes}
    bars = [shapes[phase.name] for phase in costs.phases]
    days = [(phase.end - phase.start).days + 1 for phase in costs.phases]
    widths = [bar.width / number for bar, number in zip(bars, days, strict=True)]
    assert max(widths) == pytest.approx(min(widths), rel=0.01)
    assert all(one.left < other.left for one, other in pairwise(bars))
    for milestone in costs.milestones:
        assert milestone.name in text_of(slide)
        assert PROPOSALS["sample"].formats.short_day(milestone.date) in text_of(slide)


def test_a_missed_deadline_is_in_the_plans_title_and_on_its_scale() -> None:
    end = PROPOSALS["sample"].costs.end
    late = StatedDeadline(end - dt.timedelta(days=43), (83,), 43)
    slide = slide_titled(made(costing(PROPOSALS["sample"], deadlines=(late,))), "43 days after your deadline of")
    assert f"Your deadline: {PROPOSALS['sample'].formats.short_day(late.date)}" in text_of(slide)
    assert "line 83" in notes_of(slide)


def test_the_outline_connects_each_system_with_an_arrow_of_its_direction(sample: Any) -> None:  # noqa: ANN401
    outline = PROPOSALS["sample"].systems
    slide = slide_titled(sample, "The solution has")
    arrows = {shape.name: shape for shape in every(slide) if shape.shape_type is MSO_SHAPE_TYPE.LINE}
    assert {f"{system.name}: {system.flow}" for system in outline.systems} <= set(arrows)
    for name, arrow in arrows.items():
        ends = {end for end in ("headEnd", "tailEnd") if arrow._element.findall(f".//{{*}}{end}")}  # noqa: SLF001
        flow = name.rpartition(": ")[2]
        assert ends == {"in": {"tailEnd"}, "out": {"headEnd"}, "both": {"headEnd", "tailEnd"}, "unknown": set()}[flow]
    for component in outline.components:
        assert component.name in text_of(slide)


def check_the_layout(deck: Any) -> None:  # noqa: ANN401
    """Nothing leaves its slide, lies on something else, or has text that is larger than its place or too small."""
    width, height = deck.slide_width, deck.slide_height
    for slide in deck.slides:
        for place in map(place_of, every(slide)):
            assert min(place.left, place.top) >= 0, place
            assert place.right <= width + 1, place
            assert place.bottom <= height + 1, place
        blocks = [place_of(shape) for shape in slide.shapes if not is_decoration(shape)]
        assert [(one, other) for one, other in combinations(blocks, 2) if one.overlaps(other)] == []
        for shape in frames(slide):
            if not is_number(shape):
                needed = sum(paragraph_height(paragraph, shape) for paragraph in shape.text_frame.paragraphs)
                assert needed <= shape.height.pt + 1, (shape.name, shape.text_frame.text[:80])
                sizes = [run.font.size for part in shape.text_frame.paragraphs for run in part.runs if run.font.size]
                assert min(sizes, default=Pt(LEAST)) >= Pt(LEAST)


def paragraph_height(paragraph: Any, shape: Any) -> float:  # noqa: ANN401
    """Estimated by the widths of Helvetica: every text that a deck writes has its size on its runs."""
    if not paragraph.text.strip():
        return 0
    size = max((run.font.size.pt for run in paragraph.runs if run.font.size), default=10)
    bold = any(run.font.bold for run in paragraph.runs)
    listed = shape.is_placeholder and shape.placeholder_format.type is PP_PLACEHOLDER.OBJECT
    margins = 0 if shape.is_placeholder else (shape.text_frame.margin_left + shape.text_frame.margin_right) / Pt(1)
    before = paragraph.space_before.pt if paragraph.space_before else 0
    room = shape.width.pt - margins - (18 if listed else 0)
    return TextStyle(size, bold=bold).height(paragraph.text, room) + before


def check_for_readers(deck: Any) -> None:  # noqa: ANN401
    """Each slide has notes, each graphic an alt text, each run a language, each shape an id of its own."""
    for slide in deck.slides:
        assert notes_of(slide).strip()
        assert all(len(alt_text(shape)) > 10 for shape in graphics(slide))
        ids = [shape.shape_id for shape in every(slide)]
        assert len(ids) == len(set(ids))
        bodies = [*slide._element.iter(qn("p:txBody"), qn("a:txBody"))]  # noqa: SLF001
        assert all(body.findall(qn("a:p")) for body in bodies)
        assert all(run.find(qn("a:rPr")).get("lang") for run in slide._element.iter(qn("a:r")))  # noqa: SLF001


def test_everything_is_in_its_place(drawn: tuple[Proposal, Any]) -> None:
    check_the_layout(drawn[1])


def test_everything_can_be_read_aloud(drawn: tuple[Proposal, Any]) -> None:
    check_for_readers(drawn[1])


@FEW
@given(proposals())
def test_any_proposal_is_laid_out_well(shown: Proposal) -> None:
    check_any(shown)


@pytest.mark.thorough
@SEVERAL
@given(proposals())
def test_many_proposals_are_laid_out_well(shown: Proposal) -> None:
    check_any(shown)


def check_any(shown: Proposal) -> None:
    body = draw(shown, None).body
    assert faults(body) == []
    text = figures_in.of_deck(body)
    assert figures_in.missing(text, shown) == set()
    assert figures_in.strange(text, shown, axis=True) == set()
    check_the_layout(opened(body))
    check_for_readers(opened(body))


def test_the_notes_of_a_slide_have_the_lines_that_it_rests_on(sample: Any) -> None:  # noqa: ANN401
    shown = PROPOSALS["sample"]
    spoken = "\n".join(notes_of(slide) for slide in sample.slides)
    for each in shown.requirements:
        if each.kind in BUILT and each.lines:
            assert f"{each.id}: line {each.lines[0]}, “{shown.quote(each.lines[0])[:60]}" in spoken


def test_slides_are_wide_and_carry_footer_and_number(sample: Any) -> None:  # noqa: ANN401
    assert sample.slide_width / sample.slide_height == pytest.approx(16 / 9, rel=0.001)
    _, *others = sample.slides
    for slide in others:
        kinds = {holder.placeholder_format.type: holder for holder in slide.placeholders}
        assert kinds[PP_PLACEHOLDER.FOOTER].text_frame.text == "Fennmark Logistics | Customer portal"
        assert PP_PLACEHOLDER.SLIDE_NUMBER in kinds


def test_whole_amounts_have_no_cents(drawn: tuple[Proposal, Any]) -> None:
    assert re.findall(r"\d[.,]00\b", said_by(drawn[1])) == []


def test_no_placeholder_is_left_empty(drawn: tuple[Proposal, Any]) -> None:
    for slide in drawn[1].slides:
        assert [
            holder.name for holder in slide.placeholders if holder.has_text_frame and not holder.text_frame.text
        ] == []


@pytest.mark.thorough
def test_awkward_text_is_written_as_it_is() -> None:
    said = squeezed(said_by(made(PROPOSALS["awkward"])))
    assert squeezed("Müller & Söhne <AG> \"Nord\" 'Süd'") in said
    assert LONG_WORD in said
    assert squeezed("emoji 🚀🎉 and 日本語の文字") in said
    assert squeezed('with <tags> & "quotes" and control characters') in said


def test_a_text_that_runs_to_the_left_is_set_so() -> None:
    arabic = "- يجب أن يدعم النظام must\n- It must print\n- It must scan\n- It must sort\n"
    deck = made(proposal(replace(SAMPLE, requirements=arabic)))
    cells = {
        cell.text_frame.text: cell.text_frame.paragraphs[0]
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    }
    (right,) = (part for text, part in cells.items() if "النظام" in text)
    assert (right._p.pPr.get("rtl"), right._p.pPr.get("algn")) == ("1", "r")  # noqa: SLF001
    assert right.runs[0].font._element.get("lang") == "ar-SA"  # noqa: SLF001
    (left,) = (part for text, part in cells.items() if text == "It must print")
    assert left._p.pPr.get("rtl") is None  # noqa: SLF001
    assert left.runs[0].font._element.get("lang") == "en-GB"  # noqa: SLF001


def test_an_english_title_with_an_arabic_name_runs_to_the_right() -> None:
    deck = made(proposal(replace(SMALL, project_name="بوابة العملاء")))
    title = deck.slides[1].shapes.title.text_frame
    assert title.text.startswith("Done in ")
    assert title.paragraphs[0]._p.pPr.get("rtl") is None  # noqa: SLF001


@pytest.mark.thorough
def test_marks_that_turn_the_direction_are_left_out_of_text_to_the_right() -> None:
    shown = PROPOSALS["sample"]
    arabic = replace(shown, profile=replace(shown.profile, locale="ar"), client="Acme \u202e gnirts")
    deck = made(arabic)
    said = said_by(deck)
    phase = shown.costs.phases[0]
    assert f"Until {phase.end:%d/%m/%Y}" in said
    assert "Proposal for Acme  gnirts" in deck.slides[0].placeholders[1].text_frame.text
    assert not re.search("[\u202a-\u202e]", said)
