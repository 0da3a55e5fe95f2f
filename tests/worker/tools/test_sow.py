"""SOWGenerator's statements of work, opened again with python-docx."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from package_search import faults
from word_search import (
    bookmarks,
    compatibility,
    fields,
    formatted_directly,
    headings_without_content,
    style_names,
    undefined_styles,
)
from worker_tools_samples import LONG_WORD, PROPOSALS, SAMPLE, SMALL, each_with, proposal

from worker.tools.costs import Concern, Risk
from worker.tools.documents.document import UnusableTemplateError
from worker.tools.profile.profile import Clause
from worker.tools.proposal.content import Proposal
from worker.tools.requirements import Kind
from worker.tools.sow.generator import draw

SECTIONS = [
    "Parties and background",
    "Objectives and success criteria",
    "Scope",
    "Out of scope",
    "Deliverables",
    "Plan and milestones",
    "Team and responsibilities",
    "Duties of the client",
    "Assumptions",
    "Fees and payments",
    "Acceptance",
    "Change control",
    "Contract terms",
    "Open questions",
    "Risks",
    "Signatures",
]
KEPT = {"Proposal Table Heading", "Proposal Table Kept", "Proposal Table Total"}
"""The styles of a table's texts that stay with what follows."""
APPENDIX = "From the notes to the work packages"
RISK = Risk("The plan ends 44 days after 30 June 2027.", "A second release.", Concern.DEADLINE, "High", "High")
SHOWN = replace(PROPOSALS["sample"], costs=replace(PROPOSALS["sample"].costs, risks=(RISK,)))


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
    return Document(io.BytesIO(draw(shown, template).body))


@pytest.fixture(scope="module", params=each_with(TEMPLATES))
def written(request: pytest.FixtureRequest) -> tuple[Proposal, Any]:
    name, by = request.param
    return PROPOSALS[name], opened(PROPOSALS[name], TEMPLATES[by])


@pytest.fixture(scope="module")
def sample() -> Any:  # noqa: ANN401
    return opened(SHOWN)


def headings(document: Any, style: str) -> list[str]:  # noqa: ANN401
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == style]


def tables(document: Any) -> list[list[list[str]]]:  # noqa: ANN401
    """The texts of all tables. python-docx's own cells take seconds for a long table."""
    grids = (table._tbl.tr_lst for table in document.tables)  # noqa: SLF001 - see above
    return [
        [["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in row.tc_lst] for row in grid]
        for grid in grids
    ]


def table_under(document: Any, *head: str) -> list[list[str]]:  # noqa: ANN401
    return next(rows[1:] for rows in tables(document) if rows[0] == list(head))


def tables_headed(document: Any, *head: str) -> Any:  # noqa: ANN401
    place = next(place for place, rows in enumerate(tables(document)) if rows[0] == list(head))
    return document.tables[place]


def paragraphs(document: Any) -> list[str]:  # noqa: ANN401
    return [paragraph.text for paragraph in document.paragraphs]


def test_it_has_every_section_of_a_statement_of_work_in_order(sample: Any) -> None:  # noqa: ANN401
    assert headings(sample, "Heading 1") == SECTIONS
    assert headings(sample, "Appendix Heading") == [APPENDIX]


def test_no_heading_is_empty(written: tuple[Proposal, Any]) -> None:
    _, document = written
    assert headings(document, "Heading 1")
    assert headings_without_content(document) == []


def test_a_heading_without_content_is_found() -> None:
    document = Document()
    document.add_heading("Full", 1)
    document.add_heading("Part", 2)
    document.add_paragraph("Text")
    document.add_heading("Empty", 2)
    document.add_heading("Last", 1)
    assert headings_without_content(document) == ["Empty", "Last"]


def test_what_has_no_content_is_left_out() -> None:
    small = proposal(SMALL)
    document = opened(replace(small, costs=replace(small.costs, risks=())))
    assert not {"Open questions", "Risks", "Constraints"} & {
        *headings(document, "Heading 1"), *headings(document, "Heading 2")
    }  # fmt: skip
    bare = replace(SHOWN, profile=replace(SHOWN.profile, clauses=(), exclusions=()))
    bare = replace(bare, profile=replace(bare.profile, supplier=replace(bare.profile.supplier, jurisdiction="")))
    assert "Contract terms" not in headings(opened(bare), "Heading 1")


def test_no_number_of_a_section_is_typed(written: tuple[Proposal, Any]) -> None:
    _, document = written
    titles = [*headings(document, "Heading 1"), *headings(document, "Heading 2"), *headings(document, "Heading 3")]
    assert [title for title in titles if re.match(r"[\d.]+\s", title)] == []
    assert [text for text in paragraphs(document) if re.search(r"\bsections? \d", text)] == []


def test_a_list_numbers_the_headings(sample: Any) -> None:  # noqa: ANN401
    levels = {level.find(qn("w:pStyle")).get(qn("w:val")): level.find(qn("w:lvlText")).get(qn("w:val"))
              for level in sample.part.numbering_part.element.iter(qn("w:lvl"))}  # fmt: skip
    assert (levels["Heading1"], levels["Heading2"], levels["Heading3"]) == ("%1", "%1.%2", "%1.%2.%3")
    for level in (1, 2, 3):
        assert sample.styles[f"Heading {level}"].element.find(f".//{qn('w:numId')}").get(qn("w:val")) == "1"


def test_nothing_is_formatted_but_by_its_style(written: tuple[Proposal, Any]) -> None:
    _, document = written
    assert formatted_directly(document) == []
    assert undefined_styles(document) == set()


def test_every_table_repeats_its_head_and_keeps_its_rows_whole(written: tuple[Proposal, Any]) -> None:
    _, document = written
    assert document.tables
    for table in document.tables:
        assert [row.find(f".//{qn('w:tblHeader')}") is not None for row in table._tbl.tr_lst].index(True) == 0  # noqa: SLF001 - python-docx has no property
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in table._tbl.tr_lst)  # noqa: SLF001


def test_headings_captions_and_the_heads_of_tables_stay_with_what_follows(sample: Any) -> None:  # noqa: ANN401
    for name in (
        "Heading 1",
        "Heading 2",
        "Heading 3",
        "Caption",
        "Proposal Table Heading",
        "Proposal Table Kept",
        "Lead-In",
    ):
        assert sample.styles[name].paragraph_format.keep_with_next, name


def test_every_table_but_the_signatures_has_a_caption_with_its_number(written: tuple[Proposal, Any]) -> None:
    _, document = written
    captions = headings(document, "Caption")
    assert len(captions) == len(document.tables) - 1
    assert [caption.partition(":")[0] for caption in captions] == [f"Table {n + 1}" for n in range(len(captions))]
    codes = [code for code, _ in fields(document.element.body) if code.startswith("SEQ")]
    assert codes == ["SEQ Table \\* ARABIC"] * len(captions)


def test_a_table_of_contents_lists_the_headings_before_word_updates_it(sample: Any) -> None:  # noqa: ANN401
    (control,) = sample.element.body.iter(qn("w:sdt"))
    codes = [code.text.strip() for code in control.iter(qn("w:instrText"))]
    assert codes == ['TOC \\o "1-2" \\h \\z \\u']
    entries = ["".join(text.text for text in each.iter(qn("w:t"))) for each in control.iter(qn("w:hyperlink"))]
    assert entries[0] == "1Parties and background"
    assert entries[-1] == f"Appendix A: {APPENDIX}"
    first = [entry for entry in entries if re.match(r"\d+[A-Z]", entry)]
    assert first == [f"{number}{title}" for number, title in enumerate(SECTIONS, 1)]
    assert {link.get(qn("w:anchor")) for link in control.iter(qn("w:hyperlink"))} <= bookmarks(sample).keys()
    assert sample.settings.element.find(qn("w:updateFields")).get(qn("w:val")) == "1"


def test_a_reference_says_what_its_heading_says(written: tuple[Proposal, Any]) -> None:
    _, document = written
    titles = bookmarks(document)
    references = [(code.split()[1], said) for code, said in fields(document.element.body) if code.startswith("REF")]
    assert references
    assert [titles[name] for name, _ in references] == [said for _, said in references]
    assert len({each.get(qn("w:id")) for each in document.element.body.iter(qn("w:bookmarkStart"))}) == len(titles)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_word_opens_it_in_its_newest_mode(template: bytes | None) -> None:
    assert compatibility(draw(SHOWN, template).body) == ["15"]


def test_every_requirement_stands_in_it_with_its_lines(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    rows = {row[0]: row for table in tables(document) for row in table}
    for kind in (Kind.FUNCTIONAL, Kind.NON_FUNCTIONAL, Kind.INTEGRATION, Kind.CONSTRAINT, Kind.OPEN_QUESTION):
        for item in shown.items(kind):
            assert rows[item.id][1] == item.text
            assert rows[item.id][-1] == ", ".join(map(str, item.lines))


def test_every_requirement_is_traced_to_its_work_package(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    if not shown.trace:
        assert headings(document, "Appendix Heading") == []
        return
    rows = table_under(document, "Line", "Notes", "Requirement", "Work package")
    found = {(each, row[0]) for row in rows for each in row[2].split(", ")}
    assert found == {(each.requirement_id, str(each.line)) for each in shown.trace}


def test_every_figure_is_that_of_the_costs(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    costs, formats = shown.costs, shown.formats
    total = formats.money(costs.total_cost)
    assert table_under(document, "Role", "Hours", "Hourly rate", "Fee") == [
        *(
            [line.role, formats.hours(line.hours), formats.money(line.hourly_rate), formats.money(line.cost)]
            for line in costs.lines
        ),
        ["Total", formats.hours(costs.total_hours), "", total],
    ]
    assert table_under(document, "Work package", "Hours", "Fee") == [
        *([each.name, formats.hours(each.hours), formats.money(each.cost)] for each in costs.packages),
        ["Total", formats.hours(costs.total_hours), total],
    ]
    assert table_under(document, "Milestone", "Planned for", "Share", "Amount") == [
        *(
            [each.milestone, formats.short_day(each.date), formats.percent(each.percent), formats.money(each.amount)]
            for each in costs.payments
        ),
        ["Total", "", formats.percent(100), total],
    ]
    assert [row[2:4] for row in table_under(document, "Phase", "Work", "Begins", "Ends", "Milestone")] == [
        [formats.short_day(phase.start), formats.short_day(phase.end)] for phase in costs.phases
    ]
    assert set(costs.assumptions) <= set(paragraphs(document))


def test_each_milestone_stands_in_the_plan_with_its_day() -> None:
    stages, milestones = SHOWN.approach, SHOWN.costs.milestones
    extra = replace(milestones[0], name="Pilot", date=stages[2].start)
    document = opened(replace(SHOWN, costs=replace(SHOWN.costs, milestones=(*milestones, extra))))
    plan = table_under(document, "Phase", "Work", "Begins", "Ends", "Milestone")
    further = table_under(document, "Milestone", "Planned for")
    days = {row[4]: row[3] for row in plan} | dict(further)
    assert further == [["Pilot", SHOWN.formats.short_day(stages[2].start)]]
    assert {each.name: SHOWN.formats.short_day(each.date) for each in milestones} == {
        name: day for name, day in days.items() if name != "Pilot"
    }


def test_a_discount_leads_from_the_roles_to_the_total() -> None:
    costs = SHOWN.costs
    packages = tuple(replace(each, cost=each.cost * Decimal("0.9")) for each in costs.packages)
    shown = replace(SHOWN, costs=replace(costs, packages=packages, discount_percent=Decimal(10)))
    rows = table_under(opened(shown), "Role", "Hours", "Hourly rate", "Fee")
    money = shown.formats.money
    assert rows[-3:] == [
        ["Before the discount", "", "", money(shown.costs.list_cost)],
        ["Discount (10%)", "", "", money(-shown.costs.discount)],
        ["Total", shown.formats.hours(shown.costs.total_hours), "", shown.total],
    ]


def test_the_cover_names_the_parties_the_number_and_the_days(sample: Any) -> None:  # noqa: ANN401
    shown = [paragraph for paragraph in sample.paragraphs if paragraph.style.name == "Cover Detail"]
    assert dict(paragraph.text.split("\t") for paragraph in shown) == {
        "Client": "Fennmark Logistics",
        "Supplier": "Example Consulting Ltd",
        "Number": "7F3A9C21",
        "Version": "1",
        "Date": "22 November 2026",
        "Valid until": "22 December 2026",
    }
    assert headings(sample, "Title") == ["Customer portal"]
    assert headings(sample, "Subtitle") == ["Fennmark Logistics"]


def test_a_page_ends_in_the_paragraph_before_it_so_that_none_is_empty(sample: Any) -> None:  # noqa: ANN401
    breaks = [each for each in sample.element.body.iter(qn("w:br")) if each.get(qn("w:type")) == "page"]
    texts = ["".join(text.text for text in each.getparent().getparent().iter(qn("w:t"))) for each in breaks]
    assert len(texts) == 3, "after the cover, the contents and the signatures"
    assert all(texts)


def test_a_short_table_stays_on_one_page_and_a_total_with_its_last_row(sample: Any) -> None:  # noqa: ANN401
    names = style_names(sample)

    def kept(table: Any) -> list[bool]:  # noqa: ANN401
        styles = (names[row.tc_lst[1].p_lst[0].pPr.pStyle.val] for row in table._tbl.tr_lst)  # noqa: SLF001 - see `tables`
        return [name.removesuffix(" Number") in KEPT for name in styles]

    parties, fees, trace = sample.tables[0], tables_headed(sample, "Work package", "Hours", "Fee"), sample.tables[-1]
    assert kept(parties) == [True, True, False]
    assert kept(fees) == [True] * len(fees.rows)
    assert kept(trace) == [True] * 3 + [False] * (len(trace.rows) - 3), "it is long, and begins with some rows"


def test_contents_that_do_not_fit_a_page_list_the_first_level_alone() -> None:
    house: Any = Document(io.BytesIO(TEMPLATES["house"] or b""))
    house.sections[0].page_height = house.sections[0].page_height // 2 + house.sections[0].bottom_margin
    body = io.BytesIO()
    house.save(body)
    document = opened(SHOWN, body.getvalue())
    (control,) = document.element.body.iter(qn("w:sdt"))
    assert [code.text.strip() for code in control.iter(qn("w:instrText"))] == ['TOC \\o "1-1" \\h \\z \\u']
    assert len(list(control.iter(qn("w:hyperlink")))) == len(SECTIONS) + 1
    assert list(control.iter(qn("w:br"))) == [], "the text follows on the page"


def test_the_last_element_is_a_paragraph_as_word_wants_it(written: tuple[Proposal, Any]) -> None:
    _, document = written
    assert document.element.body[-2].tag == qn("w:p")


def test_what_is_missed_stands_in_the_summary_and_among_the_risks(sample: Any) -> None:  # noqa: ANN401
    assert f"{RISK.text} {RISK.mitigation}" in headings(sample, "Important Note")
    assert table_under(sample, "Risk", "Probability", "Impact", "What is done") == [
        [RISK.text, "High", "High", RISK.mitigation]
    ]


def test_deliverables_have_criteria_and_somebody_who_accepts_them(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    assert table_under(document, "Deliverable", "Acceptance criteria", "Accepted by", "Planned for") == [
        [each.name, each.acceptance, each.accepted_by, shown.formats.short_day(each.date)]
        for each in shown.deliverables
    ]


def test_one_role_answers_for_each_activity(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    rows = table_under(document, "Activity", "Responsible", "Accountable", "Consulted", "Informed")
    roles = {*shown.raci.client_roles, *shown.raci.supplier_roles}
    assert [row[0] for row in rows] == [row.activity for row in shown.raci.rows]
    assert all(row[2] in roles and set(row[1].split(", ")) <= roles for row in rows)


def test_the_profiles_clauses_stand_in_order_below_their_note() -> None:
    clauses = (Clause("Warranty", ("One.", "Two.")), Clause("Liability", ("Three.",)))
    document = opened(replace(SHOWN, profile=replace(SHOWN.profile, clauses=clauses, clauses_note="Only samples.")))
    said = paragraphs(document)
    start = len(said) - said[::-1].index("Contract terms")
    assert said[start : start + 6] == ["Only samples.", "Warranty", "One.", "Two.", "Liability", "Three."]


def test_what_the_notes_put_out_of_scope_is_listed_as_such() -> None:
    document = opened(proposal(replace(SAMPLE, requirements="- It must print\nOut of scope:\n- A native app\n")))
    assert "A native app (OUT-1; notes, line 3)." in headings(document, "List Bullet")


def test_headers_and_footers_name_the_parties_and_number_the_pages(sample: Any) -> None:  # noqa: ANN401
    section = sample.sections[0]
    assert section.header.paragraphs[0].text == "Fennmark Logistics | Customer portal"
    assert section.footer.paragraphs[0].text == "Statement of work 7F3A9C21-1, 22 November 2026\tPage 1 of 1"
    assert [code for code, _ in fields(section.footer._element)] == ["PAGE", "NUMPAGES"]  # noqa: SLF001 - python-docx knows no fields
    assert section.different_first_page_header_footer, "the cover has neither"


def test_a_table_is_as_wide_as_the_text(written: tuple[Proposal, Any]) -> None:
    _, document = written
    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        assert sum(column.width for column in table.columns) == pytest.approx(room, rel=0.01)


def test_the_language_is_that_of_the_text() -> None:
    for template in TEMPLATES.values():
        document = opened(replace(SHOWN, profile=replace(SHOWN.profile, locale="en_US")), template)
        (language,) = document.styles.element.xpath("w:docDefaults//w:lang")
        assert (language.get(qn("w:val")), document.core_properties.language) == ("en-US", "en-US")


@pytest.mark.parametrize("template", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_a_template_that_is_no_document_is_refused(template: bytes) -> None:
    with pytest.raises(UnusableTemplateError, match="not a Word document"):
        draw(SHOWN, template)


def test_awkward_text_is_written_as_it_is() -> None:
    document = opened(PROPOSALS["awkward"])
    said = " ".join([*paragraphs(document), *(cell for table in tables(document) for row in table for cell in row)])
    assert "Müller & Söhne <AG> \"Nord\" 'Süd'" in said
    assert LONG_WORD in said
    assert "emoji 🚀🎉 and 日本語の文字" in said
    assert 'with <tags> & "quotes" and control characters' in said


def test_a_long_title_is_set_smaller_so_that_the_cover_stays_a_page() -> None:
    assert headings(opened(PROPOSALS["awkward"]), "Long Title") == ["R" * 200]


def test_a_text_that_runs_to_the_left_is_set_so() -> None:
    document = opened(PROPOSALS["awkward"])
    (arabic, *_) = (
        paragraph
        for paragraph in document.element.body.iter(qn("w:p"))
        if "".join(text.text or "" for text in paragraph.iter(qn("w:t"))).startswith("يجب")
    )
    assert [child.tag for child in arabic.find(qn("w:pPr"))] == [qn("w:pStyle"), qn("w:bidi")], "the schema's order"
    assert arabic.find(f".//{qn('w:rtl')}") is not None


def test_an_english_sentence_with_an_arabic_name_runs_to_the_right() -> None:
    document = opened(replace(SHOWN, client="شركة الشحن المتحدة"))
    (sentence,) = (each for each in document.paragraphs if each.text.startswith("شركة الشحن المتحدة, a company"))
    assert [child.tag for child in sentence._p.pPr] == [qn("w:pStyle")]  # noqa: SLF001 - python-docx has no property


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PROPOSALS, "small"])
def test_another_program_opens_it_and_prints_it(name: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-writer")
    body = draw(PROPOSALS.get(name) or proposal(SMALL), None).body
    assert faults(body) == []
    (tmp_path / "sow.docx").write_bytes(body)
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "sow.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - the program that was found
    assert (tmp_path / "sow.pdf").read_bytes().startswith(b"%PDF")
