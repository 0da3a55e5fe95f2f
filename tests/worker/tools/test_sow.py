"""SOWGenerator's statements of work, opened again with python-docx."""

import io
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from worker_tools_samples import LONG_WORD, PROPOSALS, SAMPLE, each_with, proposal

from worker.tools.documents.document import UnusableTemplateError
from worker.tools.proposal import Proposal, money, number
from worker.tools.requirements import Kind
from worker.tools.sow.generator import draw


def house_template(*, header: str = "") -> bytes:
    """A letter-sized document with text and styles of its own, and perhaps a header."""
    house: Any = Document()
    house.add_paragraph("Somebody else's text")
    house.add_table(2, 2)
    house.styles["Heading 1"].font.name = "House Serif"
    house.styles["List Bullet"].delete()
    house.sections[0].header.paragraphs[0].text = header
    body = io.BytesIO()
    house.save(body)
    return body.getvalue()


TEMPLATES = {"built-in": None, "house": house_template()}


def opened(shown: Proposal, template: bytes | None = None) -> Any:  # noqa: ANN401 - python-docx types a part of itself
    return Document(io.BytesIO(draw(shown, template)))


@pytest.fixture(scope="module", params=each_with(TEMPLATES))
def written(request: pytest.FixtureRequest) -> tuple[Proposal, Any]:
    name, by = request.param
    return PROPOSALS[name], opened(PROPOSALS[name], TEMPLATES[by])


def headings(document: Any, level: int) -> list[str]:  # noqa: ANN401
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == f"Heading {level}"]


def tables(document: Any) -> list[list[list[str]]]:  # noqa: ANN401
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def table_under(document: Any, *head: str) -> list[list[str]]:  # noqa: ANN401
    return next(rows[1:] for rows in tables(document) if rows[0] == list(head))


def paragraphs(document: Any) -> list[str]:  # noqa: ANN401
    return [paragraph.text for paragraph in document.paragraphs]


def test_it_has_every_section_of_a_statement_of_work() -> None:
    document = opened(PROPOSALS["sample"])
    assert headings(document, 1) == [
        "1  Parties",
        "2  Background",
        "3  Scope",
        "4  Deliverables",
        "5  Timeline",
        "6  Team and roles",
        "7  Fees",
        "8  Assumptions",
        "9  Open questions",
        "10  Acceptance",
        "11  Change control",
        "12  Signatures",
    ]
    assert headings(document, 2) == [
        "3.1  Functional requirements",
        "3.2  Non-functional requirements",
        "3.3  Integrations",
        "3.4  Constraints",
        "3.5  Out of scope",
    ]


def test_every_requirement_stands_in_it_with_its_lines(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    rows = {row[0]: row for table in tables(document) for row in table if len(row) == 3}
    for kind in (Kind.FUNCTIONAL, Kind.NON_FUNCTIONAL, Kind.INTEGRATION, Kind.CONSTRAINT, Kind.OPEN_QUESTION):
        for item in shown.items(kind):
            assert rows[item.id] == [item.id, item.text, ", ".join(map(str, item.lines))]


def test_every_figure_is_that_of_the_costs(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    costs = shown.costs
    assert table_under(document, "Role", "Hours", "Hourly rate", "Cost") == [
        *(
            [line.role, number(line.hours), money(line.hourly_rate, "USD"), money(line.cost, "USD")]
            for line in costs.lines
        ),
        ["Total", number(costs.total_hours), "", money(costs.total_cost, "USD")],
    ]
    assert table_under(document, "Milestone", "Share", "Amount") == [
        *([payment.milestone, f"{payment.percent} %", money(payment.amount, "USD")] for payment in costs.payments),
        ["Total", "100 %", money(costs.total_cost, "USD")],
    ]
    assert [row[2] for row in table_under(document, "Phase", "Work", "When")] == [phase.weeks for phase in costs.phases]
    assert set(costs.assumptions) <= {text.removeprefix("• ") for text in paragraphs(document)}


def test_names_dates_and_price_stand_at_the_top() -> None:
    pairs = dict(tables(opened(PROPOSALS["sample"]))[0])
    assert pairs["Client"] == "Fennmark Logistics"
    assert pairs["Project"] == "Customer portal"
    assert pairs["Date"] == "22 November 2026"
    assert pairs["Valid until"] == "22 December 2026"
    assert pairs["Price"] == money(PROPOSALS["sample"].costs.total_cost, "USD")


def test_what_the_notes_put_out_of_scope_is_listed_as_such() -> None:
    document = opened(proposal(replace(SAMPLE, requirements="- It must print\nOut of scope:\n- A native app\n")))
    said = paragraphs(document)
    assert "A native app" in said[said.index("3.5  Out of scope") :]


def test_headers_and_footers_name_the_parties_and_number_the_pages() -> None:
    section = opened(PROPOSALS["sample"]).sections[0]
    assert section.header.paragraphs[0].text == "Fennmark Logistics | Customer portal"
    footer = section.footer.paragraphs[0]
    assert footer.text.startswith("Statement of work, 22 November 2026")
    fields = [field.get(qn("w:instr")) for field in footer._p.iter(qn("w:fldSimple"))]  # noqa: SLF001 - python-docx knows no fields
    assert fields == ["PAGE", "NUMPAGES"]


def test_a_tables_head_is_repeated_and_its_rows_are_whole(written: tuple[Proposal, Any]) -> None:
    _, document = written
    for table in document.tables[1:]:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None  # noqa: SLF001 - python-docx has no property
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)  # noqa: SLF001


def test_a_table_is_as_wide_as_the_text(written: tuple[Proposal, Any]) -> None:
    _, document = written
    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        assert sum(column.width for column in table.columns) == pytest.approx(room, rel=0.01)


def test_a_house_template_keeps_its_styles_and_loses_its_text() -> None:
    document = opened(PROPOSALS["sample"], house_template(header="House of Proposals"))
    assert document.styles["Heading 1"].font.name == "House Serif"
    assert document.sections[0].page_width.inches == pytest.approx(8.5)
    assert document.sections[0].header.paragraphs[0].text == "House of Proposals"
    assert "Somebody else's text" not in paragraphs(document)
    assert document.paragraphs[0].style.name == "Title"


def test_a_list_style_that_a_template_lacks_is_replaced() -> None:
    document = opened(PROPOSALS["sample"], house_template())
    said = paragraphs(document)
    assert any(text.startswith("• Licences") for text in said)


@pytest.mark.parametrize("template", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_a_template_that_is_no_document_is_refused(template: bytes) -> None:
    with pytest.raises(UnusableTemplateError, match="not a Word document"):
        draw(PROPOSALS["sample"], template)


def test_awkward_text_is_written_as_it_is() -> None:
    document = opened(PROPOSALS["awkward"])
    said = " ".join([*paragraphs(document), *(cell for table in tables(document) for row in table for cell in row)])
    assert "Müller & Söhne <AG> \"Nord\" 'Süd'" in said
    assert LONG_WORD in said
    assert "emoji 🚀🎉 and 日本語の文字" in said
    assert 'with <tags> & "quotes" and control characters' in said


def test_a_text_that_runs_to_the_left_is_set_so() -> None:
    document = opened(PROPOSALS["awkward"])
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    (arabic,) = (cell.paragraphs[0] for cell in cells if cell.text.startswith("يجب"))
    names = [child.tag for child in arabic._p.pPr]  # noqa: SLF001 - python-docx has no property
    assert names.index(qn("w:bidi")) < names.index(qn("w:spacing")), "Word refuses another order"
