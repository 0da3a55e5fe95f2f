"""The statement of work's default document, and what becomes of a profile's or a firm's design in it."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from package_search import PIXEL, contents, faults
from word_search import undefined_styles
from worker_tools_samples import SMALL, proposal

from worker.tools.sow import make_template
from worker.tools.sow.generator import draw
from worker.tools.sow.styles import STYLES

PROPOSAL = proposal(SMALL)
WORDS_OWN = ("Title", "Heading 1", "Body Text", "List Bullet", "Caption", "Quote", "TOC 1")


def house(change: Callable[[Any], None]) -> bytes:
    document: Any = Document()
    change(document)
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


def without(*names: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:  # noqa: ANN401 - python-docx types a part of itself
        for name in names:
            document.styles[name].delete()

    return change


def opened(body: bytes) -> Any:  # noqa: ANN401
    return Document(io.BytesIO(body))


def designed(**design: str) -> bytes:
    profile = PROPOSAL.profile
    return draw(replace(PROPOSAL, profile=replace(profile, design=replace(profile.design, **design))), None).body


def colour(document: Any, style: str) -> tuple[str, str]:  # noqa: ANN401
    """The name in the theme and the value of a style's colour."""
    element = document.styles[style].element.find(f".//{qn('w:color')}")
    return element.get(qn("w:themeColor")), element.get(qn("w:val"))


def test_the_default_document_is_what_its_script_makes() -> None:
    assert list(make_template.differences(make_template.FILE.read_bytes())) == []
    assert make_template.made() == make_template.made()


def test_a_part_that_somebody_changed_in_the_default_document_is_found() -> None:
    body = io.BytesIO(make_template.FILE.read_bytes())
    document: Any = Document(body)
    document.styles["Title"].font.name = "Other"
    changed = io.BytesIO()
    document.save(changed)
    assert "word/styles.xml" in list(make_template.differences(changed.getvalue()))


def test_the_default_document_has_every_style_and_no_text() -> None:
    document = opened(make_template.made())
    assert {style.name for style in STYLES} <= {style.name for style in document.styles} | {"TOC 1", "TOC 2", "TOC 3"}
    assert {f"toc {level}" for level in (1, 2, 3)} <= {style.name for style in document.styles}
    assert [*document.paragraphs, *document.tables] == []
    assert undefined_styles(document) == set()


def test_the_profiles_colours_and_fonts_are_in_the_theme_and_its_names_in_the_styles() -> None:
    body = designed(primary="7A0019", secondary="1B4D3E", accent="FFB000", heading_font="Georgia", body_font="Verdana")
    theme = dict(contents(body))["word/theme/theme1.xml"].decode()
    assert '<a:dk2><a:srgbClr val="7A0019"/></a:dk2>' in theme
    assert '<a:accent2><a:srgbClr val="FFB000"/></a:accent2>' in theme
    major, minor = theme.split("<a:majorFont>")[1].split("<a:minorFont>")
    assert 'latin typeface="Georgia"' in major
    assert 'latin typeface="Verdana"' in minor
    document = opened(body)
    assert colour(document, "Heading 1") == ("text2", "7A0019")
    assert colour(document, "Heading 2") == ("accent1", "1B4D3E")


def test_a_colour_that_is_too_pale_for_text_is_darkened() -> None:
    name, value = colour(opened(designed(primary="FFD500")), "Heading 1")
    assert name == "text2"
    red, green, blue = (int(value[at : at + 2], 16) for at in (0, 2, 4))
    assert red > green > blue, "still a yellow"
    assert red < 0xA0


@pytest.mark.parametrize("name", WORDS_OWN)
def test_a_style_that_a_template_lacks_is_added_and_told(name: str) -> None:
    change = without(name) if name in {style.name for style in Document().styles} else without()
    drawn = draw(PROPOSAL, house(change))
    document = opened(drawn.body)
    assert name.lower() in {style.name.lower() for style in document.styles}
    assert undefined_styles(document) == set()
    (warning,) = drawn.warnings
    assert name in warning
    assert "built-in" in warning
    assert faults(drawn.body) == []


def test_a_template_that_has_all_styles_gives_no_warning() -> None:
    assert draw(PROPOSAL, make_template.made()).warnings == ()


def test_an_added_style_takes_the_templates_colours() -> None:
    document = opened(draw(PROPOSAL, house(without("Caption"))).body)
    assert colour(document, "Cover Kind") == ("accent2", "C0504D"), "the accent of python-docx's theme"
    head = document.styles["Proposal Table"].element.find(f".//{qn('w:shd')}")
    assert head.get(qn("w:fill")) == "1F497D"


def test_a_templates_own_shade_of_a_colour_stays() -> None:
    before: Any = Document()
    assert colour(before, "Heading 1") == ("accent1", "365F91"), "a shade of accent1, which is 4F81BD"
    assert colour(opened(draw(PROPOSAL, house(without())).body), "Heading 1") == ("accent1", "365F91")


def test_an_added_list_has_a_number_of_its_own_in_the_template() -> None:
    before: Any = Document()
    taken = {each.get(qn("w:numId")) for each in before.part.numbering_part.element.iter(qn("w:num"))}
    document = opened(draw(PROPOSAL, house(without("List Bullet"))).body)
    number = document.styles["List Bullet"].element.find(f".//{qn('w:numId')}").get(qn("w:val"))
    assert number not in taken
    lists = document.part.numbering_part.element
    (used,) = (each for each in lists.iter(qn("w:num")) if each.get(qn("w:numId")) == number)
    wanted = used.find(qn("w:abstractNumId")).get(qn("w:val"))
    (abstract,) = (each for each in lists.iter(qn("w:abstractNum")) if each.get(qn("w:abstractNumId")) == wanted)
    assert abstract.find(f".//{qn('w:lvlText')}").get(qn("w:val")) == "\u2022"


def test_a_template_without_lists_gets_those_that_the_styles_need() -> None:
    def change(document: Any) -> None:  # noqa: ANN401
        for style in list(document.styles.element):
            if style.find(f".//{qn('w:numPr')}") is not None:
                document.styles.element.remove(style)
        (key,) = (key for key, rel in document.part.rels.items() if rel.reltype == RELATIONSHIP_TYPE.NUMBERING)
        document.part.rels.pop(key)

    body = draw(PROPOSAL, house(change)).body
    assert faults(body) == []
    document = opened(body)
    assert document.part.numbering_part.element.findall(qn("w:num"))
    assert undefined_styles(document) == set()


def test_headings_of_a_template_that_are_not_numbered_stay_so() -> None:
    document = opened(draw(PROPOSAL, house(without("Heading 2"))).body)
    assert document.styles["Heading 2"].element.find(f".//{qn('w:numPr')}") is None
    (control,) = document.element.body.iter(qn("w:sdt"))
    assert "".join(text.text for text in next(control.iter(qn("w:hyperlink"))).iter(qn("w:t"))) == (
        "Parties and background"
    )


def test_a_template_in_another_language_is_used_by_the_names_of_its_styles() -> None:
    """Word in German calls the style "heading 1" by the id "berschrift1"."""

    def change(document: Any) -> None:  # noqa: ANN401
        for element in document.styles.element.iter():
            for key, value in element.attrib.items():
                if value == "Heading1":
                    element.set(key, "berschrift1")

    document = opened(draw(PROPOSAL, house(change)).body)
    first = next(paragraph for paragraph in document.paragraphs if paragraph.text == "Parties and background")
    assert (first.style.style_id, first.style.name) == ("berschrift1", "Heading 1")
    based = document.styles["Appendix Heading"].element.find(qn("w:basedOn"))
    assert based.get(qn("w:val")) == "berschrift1"


def test_an_added_style_gets_an_id_that_is_free() -> None:
    def change(document: Any) -> None:  # noqa: ANN401
        caption = document.styles["Caption"].element
        caption.find(qn("w:name")).set(qn("w:val"), "House Legend")
        document.styles["Normal"].element.getparent().remove(caption)
        document.styles.element.append(caption)

    document = opened(draw(PROPOSAL, house(change)).body)
    ids = [style.style_id for style in document.styles]
    assert len(ids) == len(set(ids))
    assert document.styles["House Legend"].style_id == "Caption"
    assert document.styles["Caption"].style_id == "ProposalCaption"


def test_a_template_without_a_theme_gets_the_default_colours() -> None:
    def change(document: Any) -> None:  # noqa: ANN401
        (key,) = (key for key, rel in document.part.rels.items() if rel.reltype == RELATIONSHIP_TYPE.THEME)
        document.part.rels.pop(key)

    document = opened(draw(PROPOSAL, house(change)).body)
    assert colour(document, "Cover Kind") == ("accent2", "E07A1F")


def test_the_running_footer_ends_where_the_templates_lines_end() -> None:
    document = opened(draw(PROPOSAL, house(without())).body)
    section = document.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    (stop,) = document.styles["Running Footer"].paragraph_format.tab_stops
    assert stop.position == pytest.approx(width, abs=1000)


def test_the_logo_is_on_the_cover_with_a_text_for_those_who_do_not_see_it() -> None:
    document = opened(draw(replace(PROPOSAL, logo=PIXEL), None).body)
    (picture,) = document.inline_shapes
    assert picture._inline.docPr.get("descr") == "Logo of Example Consulting Ltd"  # noqa: SLF001 - python-docx has no property
    assert picture.height.pt <= 56
    assert picture.width.pt <= 160
    assert document.paragraphs[0].style.name == "Cover Logo"
