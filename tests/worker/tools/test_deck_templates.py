"""What a deck keeps of a firm's template: its design, and nothing of what an earlier deck said."""

import io
import zipfile
from typing import Any

import presentation_parts as parts
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from old_presentations import WAYS, template
from package_search import OLD, PIXEL, contents, faults, names, places_of
from pptx import Presentation
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from presentation_parts import add, draw_in, saved
from worker_tools_samples import SMALL, proposal

from worker.tools.deck.generator import draw
from worker.tools.documents.document import UnusableTemplateError

PROPOSAL = proposal(SMALL)


def slides(body: bytes) -> list[str]:
    return sorted(name for name in names(body) if name.startswith("ppt/slides/slide"))


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_an_earlier_deck_is_in_the_file(way: str) -> None:
    body = draw(PROPOSAL, template([way]))
    assert places_of(OLD, body) == []
    assert faults(body) == []
    assert len(slides(body)) == len(Presentation(io.BytesIO(body)).slides)


@pytest.mark.slow
@pytest.mark.parametrize("way", sorted(WAYS))
def test_each_way_by_itself_puts_the_earlier_client_into_a_template(way: str) -> None:
    """Without this, a way that adds nothing would let its test pass."""
    plain = dict(contents(template([])))
    changed = dict(contents(template([way])))
    assert any(plain.get(name) != content for name, content in changed.items())


@given(ways=st.lists(st.sampled_from(sorted(WAYS)), min_size=2, max_size=12, unique=True))
@settings(max_examples=25, deadline=None)
def test_nothing_is_left_of_several_ways_together(ways: list[str]) -> None:
    body = draw(PROPOSAL, template(ways))
    assert places_of(OLD, body) == []
    assert faults(body) == []


def test_nothing_is_left_of_all_ways_together() -> None:
    body = draw(PROPOSAL, template(WAYS))
    assert places_of(OLD, body) == []
    assert faults(body) == []
    layouts = [name for name in names(body) if name.startswith("ppt/slideLayouts/slideLayout")]
    assert len(layouts) == 11


def test_a_deck_from_a_deck_has_only_its_own_slides() -> None:
    first = draw(proposal(SMALL), None)
    body = draw(PROPOSAL, draw(PROPOSAL, first))
    assert slides(body) == slides(first)
    assert faults(body) == []


def house_with_a_design() -> Any:  # noqa: ANN401
    """A presentation with a logo on its master, a link on the logo, and a button that leads to the next slide."""
    house: Any = Presentation()
    master = house.slide_master
    logo = add(master.part, "image", "/ppt/media/logo.png", "image/png", PIXEL)
    web = master.part.relate_to("https://example.com/house", parts.OFFICE + "hyperlink", is_external=True)
    draw_in(master, parts.picture(f'r:embed="{logo}"', f'<a:hlinkClick r:id="{web}"/>'))
    button = '<a:hlinkClick r:id="" action="ppaction://hlinkshowjump?jump=nextslide"/>'
    draw_in(house.slide_layouts[1], parts.box(button, text="House of Proposals"))
    return house


def test_the_design_stays() -> None:
    body = draw(PROPOSAL, saved(house_with_a_design()))
    files = dict(contents(body))
    assert files["ppt/media/logo.png"] == PIXEL
    assert places_of("https://example.com/house", body) == ["ppt/slideMasters/_rels/slideMaster1.xml.rels"]
    assert len(places_of("House of Proposals", body)) == 1
    assert len(places_of("jump=nextslide", body)) == 1
    before = dict(contents(saved(Presentation())))
    assert b'<a:latin typeface="Calibri"' in before["ppt/theme/theme1.xml"]
    assert b'<a:latin typeface="Calibri"' in files["ppt/theme/theme1.xml"]
    assert {name for name in before if name.startswith(("ppt/slideLayouts/", "ppt/slideMasters/"))} <= set(files)
    assert faults(body) == []


def test_a_picture_that_is_embedded_and_linked_loses_only_the_link() -> None:
    house = house_with_a_design()
    part = house.slide_layouts[1].part
    logo = add(part, "image", "/ppt/media/own.png", "image/png", PIXEL)
    link = part.relate_to(f"file:///{OLD}.png", parts.OFFICE + "image", is_external=True)
    draw_in(house.slide_layouts[1], parts.picture(f'r:embed="{logo}" r:link="{link}"'))
    body = draw(PROPOSAL, saved(house))
    assert "ppt/media/own.png" in names(body)
    assert places_of(OLD, body) == []
    assert faults(body) == []


def test_an_animation_of_a_layout_goes_with_the_shapes_that_it_moves() -> None:
    house: Any = Presentation()
    layout = house.slide_layouts[1]
    layout._element.cSld.addnext(parse_xml(f"<p:timing {parts.P}><p:tnLst/></p:timing>"))  # noqa: SLF001
    assert places_of("<p:timing", draw(PROPOSAL, saved(house))) == []


def test_a_slide_that_is_related_as_a_picture_makes_the_template_unusable() -> None:
    house: Any = Presentation()
    slide = house.slides.add_slide(house.slide_layouts[1])
    rid = house.slide_layouts[1].part.relate_to(slide.part, parts.OFFICE + "image")
    draw_in(house.slide_layouts[1], parts.picture(f'r:embed="{rid}"'))
    with pytest.raises(UnusableTemplateError, match=r"its image /ppt/slides/slide1\.xml has the content type"):
        draw(PROPOSAL, saved(house))


def test_a_presentation_with_macros_is_unusable() -> None:
    """PowerPoint does not open one under the name of a .pptx file."""
    plain, macros = (
        b"openxmlformats-officedocument.presentationml.presentation",
        b"ms-powerpoint.presentation.macroEnabled",
    )
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as package:
        for name, content in contents(template([])):
            package.writestr(name, content.replace(plain, macros) if name == "[Content_Types].xml" else content)
    with pytest.raises(UnusableTemplateError, match="macroEnabled"):
        draw(PROPOSAL, body.getvalue())


def test_a_reference_that_can_not_be_removed_makes_the_template_unusable() -> None:
    house: Any = Presentation()
    slide = house.slides.add_slide(house.slide_layouts[1])
    rid = house.slide_layouts[1].part.relate_to(slide.part, parts.OFFICE + "slide")
    house.slide_layouts[1]._element.cSld.set(qn("r:id"), rid)  # noqa: SLF001
    with pytest.raises(UnusableTemplateError, match="refers to old content in <cSld>"):
        draw(PROPOSAL, saved(house))


def test_a_presentation_without_a_master_is_unusable() -> None:
    house: Any = Presentation()
    house.part._element.remove(house.part._element.find("{*}sldMasterIdLst"))  # noqa: SLF001
    with pytest.raises(UnusableTemplateError, match="no slide master"):
        draw(PROPOSAL, saved(house))


def test_a_document_type_declaration_makes_the_template_unusable() -> None:
    house: Any = Presentation()
    theme = house.slide_master.part.part_related_by(parts.OFFICE + "theme")
    theme._blob = theme.blob.replace(b"?>", b"?><!DOCTYPE a [<!ENTITY e 'x'>]>", 1)  # noqa: SLF001
    with pytest.raises(UnusableTemplateError, match="document type declaration"):
        draw(PROPOSAL, saved(house))


def test_a_template_with_a_part_in_it_twice_leads_to_a_sound_deck() -> None:
    """A deck that this tool made before it removed old slides had two parts of one name."""
    house: Any = Presentation()
    for _ in range(2):
        house.slides.add_slide(house.slide_layouts[1]).shapes.title.text = OLD
    house.slides[1].part.partname = PackURI("/ppt/slides/slide1.xml")
    with pytest.warns(UserWarning, match="Duplicate name"):
        before = saved(house)
    body = draw(PROPOSAL, before)
    assert places_of(OLD, body) == []
    assert faults(body) == []


@pytest.mark.parametrize("before", [None, template(["core_properties"])], ids=["built-in", "house"])
def test_a_deck_has_properties_of_its_own(before: bytes | None) -> None:
    body = draw(PROPOSAL, before)
    core = Presentation(io.BytesIO(body)).core_properties
    assert core.title == "Shop: proposal for Acme"
    assert (core.subject, core.author, core.last_modified_by, core.revision) == (
        "Proposal",
        "ScopeSmith",
        "ScopeSmith",
        1,
    )
    assert core.created == core.modified
    assert str(core.created).startswith("2026-11-22")
    assert (core.comments, core.keywords, core.category, core.content_status) == ("", "", "", "")
    assert places_of("python-pptx", body) == places_of("Steve Canny", body) == []
    assert b"2013" not in dict(contents(body))["docProps/core.xml"]
