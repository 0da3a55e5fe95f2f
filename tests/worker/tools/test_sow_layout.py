"""How SOWGenerator's statements of work are set: by styles alone, with fields that Word computes."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from package_search import faults
from statements import APPENDIX, SECTIONS, SHOWN, TEMPLATES, headings, opened, paragraphs, tables_headed
from word_search import bookmarks, compatibility, fields, formatted_directly, style_names, undefined_styles
from worker_tools_samples import PROPOSALS, SMALL, each_with, proposal

from worker.tools.proposal.content import Proposal
from worker.tools.sow.generator import draw

KEPT = {"Proposal Table Heading", "Proposal Table Kept", "Proposal Table Total"}
"""The styles of a table's texts that stay with what follows."""


@pytest.fixture(scope="module", params=each_with(TEMPLATES))
def written(request: pytest.FixtureRequest) -> tuple[Proposal, Any]:
    name, by = request.param
    return PROPOSALS[name], opened(PROPOSALS[name], TEMPLATES[by])


@pytest.fixture(scope="module")
def sample() -> Any:  # noqa: ANN401
    return opened(SHOWN)


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
