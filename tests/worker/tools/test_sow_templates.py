"""What a statement of work keeps of a firm's template: its design, and nothing of what an earlier document said."""

import io
from typing import Any

import old_documents as old
import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from old_documents import WAYS, field, header, in_header, run, saved, template
from package_search import OLD, PIXEL, contents, faults, names, places_of
from worker_tools_samples import SMALL, proposal

from worker.tools.documents.document import UnusableTemplateError
from worker.tools.proposal.content import Proposal
from worker.tools.sow.generator import draw

PROPOSAL = proposal(SMALL)


def made(shown: Proposal, house: bytes | None) -> bytes:
    return draw(shown, house).body


def header_text(body: bytes) -> str:
    """All text of the header, also that in fields and controls."""
    first = Document(io.BytesIO(body)).sections[0].header
    return " ".join(text.text for text in first._element.iter(qn("w:t")) if text.text)  # noqa: SLF001


@pytest.mark.thorough
@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_an_earlier_document_is_in_the_file(way: str) -> None:
    body = made(PROPOSAL, template([way]))
    assert places_of(OLD, body) == []
    assert faults(body) == []


@pytest.mark.thorough
@pytest.mark.parametrize("way", WAYS)
def test_each_way_by_itself_puts_the_earlier_client_into_a_template(way: str) -> None:
    """Without this, a way that adds nothing would let its test pass."""
    plain, changed = (dict(contents(template(ways))) for ways in ([], [way]))
    assert any(plain.get(name) != content for name, content in changed.items())


@pytest.mark.thorough
@given(ways=st.lists(st.sampled_from(sorted(WAYS)), min_size=2, max_size=12, unique=True))
@settings(max_examples=25, deadline=None)
def test_nothing_is_left_of_several_ways_together(ways: list[str]) -> None:
    body = made(PROPOSAL, template(ways))
    assert places_of(OLD, body) == []
    assert faults(body) == []


def test_nothing_is_left_of_all_ways_together() -> None:
    body = made(PROPOSAL, template(WAYS))
    assert places_of(OLD, body) == []
    assert faults(body) == []


def test_tracked_changes_in_a_header_are_accepted() -> None:
    body = made(PROPOSAL, template(["revisions_in_the_header"]))
    assert header_text(body) == "House Inserted Moved Bold"


def test_what_a_header_shows_stays_without_the_link_or_the_control_around_it() -> None:
    assert header_text(made(PROPOSAL, template(["link_to_a_file"]))) == "House Linked"
    assert header_text(made(PROPOSAL, template(["custom_xml_in_the_header"]))) == "House Text"
    assert header_text(made(PROPOSAL, template(["controls"]))) == "House House House House Kept"
    assert header_text(made(PROPOSAL, template(["fields_of_several_runs"]))) == "House House Linked"


def test_fields_that_word_can_compute_stay_without_their_result() -> None:
    root = Document(io.BytesIO(made(PROPOSAL, template(["simple_fields"])))).sections[0].header._element  # noqa: SLF001
    assert [simple.get(qn("w:instr")) for simple in root.iter(qn("w:fldSimple"))] == ["TITLE", "FILENAME \\p"]
    root = Document(io.BytesIO(made(PROPOSAL, template(["fields_of_several_runs"])))).sections[0].header._element  # noqa: SLF001
    assert [code.text for code in root.iter(qn("w:instrText"))] == [" TITLE "]
    kinds = [mark.get(qn("w:fldCharType")) for mark in root.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


def test_a_control_for_the_title_stays_bound_to_it() -> None:
    root = Document(io.BytesIO(made(PROPOSAL, template(["controls"])))).sections[0].header._element  # noqa: SLF001
    (kept,) = root.iter(qn("w:sdt"))
    assert kept.find(f".//{qn('w:dataBinding')}").get(qn("w:storeItemID")) == old.CORE_PROPERTIES


def test_page_numbers_stay_as_they_are() -> None:
    house: Any = Document()
    in_header(house, field(" PAGE ", run("12")), f"<w:fldSimple w:instr='NUMPAGES'>{run('34')}</w:fldSimple>")
    assert header_text(made(PROPOSAL, saved(house))) == "House 12 34"


def test_the_design_stays() -> None:
    house: Any = Document()
    house.styles["Heading 1"].font.name = "House Serif"
    house.settings.odd_and_even_pages_header_footer = True
    header(house).paragraphs[0].text = "House of Proposals"
    part = header(house).part
    logo = old.add(part, "image", "/word/media/logo.png", "image/png", PIXEL)
    web = part.relate_to("https://example.com/house", old.OFFICE + "hyperlink", is_external=True)
    uri = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    blip = f'<pic:pic><pic:blipFill><a:blip r:embed="{logo}"/></pic:blipFill></pic:pic>'
    in_header(house, f'<w:hyperlink r:id="{web}">{old.drawing(blip, uri)}</w:hyperlink>')
    body = made(PROPOSAL, saved(house))
    document = Document(io.BytesIO(body))
    assert document.styles["Heading 1"].font.name == "House Serif"
    assert document.settings.odd_and_even_pages_header_footer is True
    assert header_text(body) == "House of Proposals House"
    assert dict(contents(body))["word/media/logo.png"] == PIXEL
    assert places_of("https://example.com/house", body) == ["word/_rels/header1.xml.rels"]
    assert {"word/theme/theme1.xml", "word/fontTable.xml", "word/numbering.xml", "word/styles.xml"} <= set(names(body))
    assert faults(body) == []


def test_a_header_that_the_last_section_takes_from_an_earlier_one_stays() -> None:
    house: Any = Document()
    header(house).paragraphs[0].text = "House of Proposals"
    house.add_section(WD_SECTION.NEW_PAGE)
    assert house.sections[-1].header.is_linked_to_previous
    assert header_text(made(PROPOSAL, saved(house))) == "House of Proposals"


def test_a_document_without_a_page_set_up_is_unusable() -> None:
    house: Any = Document()
    house.element.body.remove(house.element.body.sectPr)
    with pytest.raises(UnusableTemplateError, match="no page set-up"):
        made(PROPOSAL, saved(house))


def test_a_reference_that_can_not_be_removed_makes_the_template_unusable() -> None:
    house: Any = Document()
    house.styles.element.set(qn("r:id"), "rId99")
    with pytest.raises(UnusableTemplateError, match="refers to old content in <styles>"):
        made(PROPOSAL, saved(house))


def test_a_part_of_another_kind_than_its_relationship_says_makes_the_template_unusable() -> None:
    house: Any = Document()
    theme = house.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._content_type = "application/xml"  # noqa: SLF001
    with pytest.raises(
        UnusableTemplateError, match=r"its theme /word/theme/theme1\.xml has the content type application/xml"
    ):
        made(PROPOSAL, saved(house))


@pytest.mark.parametrize("before", [None, template(["core_properties"])], ids=["built-in", "house"])
def test_a_statement_of_work_has_properties_of_its_own(before: bytes | None) -> None:
    body = made(PROPOSAL, before)
    core = Document(io.BytesIO(body)).core_properties
    assert core.title == "Shop: statement of work for Acme"
    assert (core.subject, core.author, core.last_modified_by) == ("Statement of work", *["Example Consulting Ltd"] * 2)
    assert core.created == core.modified
    assert str(core.created).startswith("2026-11-22")
    assert (core.comments, core.keywords, core.category, core.content_status) == ("", "", "", "")
    assert places_of("python-docx", body) == []
    assert b"2013" not in dict(contents(body))["docProps/core.xml"]
