"""What a deck keeps of a firm's template: its design, and nothing of what an earlier deck said."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import presentation_parts as parts
import pytest
from deck_shapes import is_decoration, opened, place_of, tables
from hypothesis import given, settings
from hypothesis import strategies as st
from old_presentations import WAYS, template
from package_search import OLD, PIXEL, contents, faults, names, places_of
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches
from presentation_parts import add, draw_in, saved
from worker_tools_samples import PROPOSALS, SMALL, proposal

from worker.tools.deck import generator, make_template
from worker.tools.deck.theme import colours
from worker.tools.documents.document import UnusableTemplateError
from worker.tools.page.colours import LEGIBLE, WHITE, contrast
from worker.tools.profile.profile import Design
from worker.tools.proposal.content import Proposal

PROPOSAL = proposal(SMALL)
SHOWN = PROPOSALS["sample"]


def draw(shown: Proposal, template: bytes | None) -> bytes:
    return generator.draw(shown, template).body


def slides(body: bytes) -> list[str]:
    return sorted(name for name in names(body) if name.startswith("ppt/slides/slide"))


@pytest.mark.thorough
@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_an_earlier_deck_is_in_the_file(way: str) -> None:
    body = draw(PROPOSAL, template([way]))
    assert places_of(OLD, body) == []
    assert faults(body) == []
    assert len(slides(body)) == len(Presentation(io.BytesIO(body)).slides)


@pytest.mark.thorough
@pytest.mark.parametrize("way", sorted(WAYS))
def test_each_way_by_itself_puts_the_earlier_client_into_a_template(way: str) -> None:
    """Without this, a way that adds nothing would let its test pass."""
    plain = dict(contents(template([])))
    changed = dict(contents(template([way])))
    assert any(plain.get(name) != content for name, content in changed.items())


@pytest.mark.thorough
@given(ways=st.lists(st.sampled_from(sorted(WAYS)), min_size=2, max_size=12, unique=True))
@settings(max_examples=8, deadline=None)
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


@pytest.mark.slow
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
        PROPOSAL.profile.supplier.name,
        PROPOSAL.profile.supplier.name,
        1,
    )
    assert core.created == core.modified
    assert str(core.created).startswith("2026-11-22")
    assert (core.comments, core.keywords, core.category, core.content_status) == ("", "", "", "")
    assert core.language == "en-GB"
    assert places_of("python-pptx", body) == places_of("Steve Canny", body) == []
    assert b"2013" not in dict(contents(body))["docProps/core.xml"]


def house(*, without: Iterable[str] = (), renamed: Mapping[str, str] | None = None) -> bytes:
    """python-pptx's own 4:3 presentation without some layouts, and with other names for others."""
    built: Any = Presentation()
    for layout in list(built.slide_layouts):
        if layout.name in without:
            built.slide_layouts.remove(layout)
        else:
            layout.name = (renamed or {}).get(layout.name, layout.name)
    return saved(built)


def layouts_of(body: bytes) -> set[str]:
    return {slide.slide_layout.name for slide in opened(body).slides}


def test_a_firms_layouts_are_used_by_their_names() -> None:
    drawn = generator.draw(PROPOSAL, house())
    assert drawn.warnings == ()
    assert layouts_of(drawn.body) == {"Title Slide", "Two Content", "Title Only"}
    own = house(renamed={"Title Slide": "TITLE", "Two Content": "Two columns", "Blank": "Title only 2"})
    drawn = generator.draw(PROPOSAL, own)
    assert drawn.warnings == ()
    assert layouts_of(drawn.body) == {"TITLE", "Two columns", "Title Only"}


def test_a_missing_name_is_a_warning_and_the_next_best_layout_is_used() -> None:
    drawn = generator.draw(PROPOSAL, house(renamed={"Title Only": "Nur Titel"}, without=["Section Header"]))
    assert drawn.warnings == (
        "it has no layout named 'Title only': 'Nur Titel' is used instead",
        "it has no layout named 'Section': 'Nur Titel' is used instead",
    )
    assert "Nur Titel" in layouts_of(drawn.body)


@pytest.mark.parametrize("layout", ["Title Only", "Two Content", "Comparison", "Title Slide"])
def test_a_deck_from_a_poorer_template_is_laid_out_well(layout: str) -> None:
    poorer = house(without=[layout, "Comparison", "Section Header", "Picture with Caption"])
    drawn = generator.draw(PROPOSAL, poorer)
    assert faults(drawn.body) == []
    deck = opened(drawn.body)
    for slide in deck.slides:
        places = [place_of(shape) for shape in slide.shapes if not is_decoration(shape)]
        assert [pair for pair in combinations(places, 2) if pair[0].overlaps(pair[1])] == []
        assert all(place.right <= deck.slide_width and place.bottom <= deck.slide_height for place in places)
        empty = [each.name for each in slide.placeholders if each.has_text_frame and not each.text_frame.text]
        assert empty == []


def test_a_table_that_does_not_fit_goes_on_with_its_head_repeated() -> None:
    small: Any = Presentation()
    for layout in small.slide_layouts:
        for holder in layout.placeholders:
            if holder.placeholder_format.type in {PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY}:
                holder.left, holder.top, holder.width, holder.height = map(Inches, (1, 2, 6, 3.3))
    deck = opened(draw(SHOWN, saved(small)))
    parts = [table for slide in deck.slides for table in tables(slide) if table[0][1] == "What they do"]
    assert len(parts) > 1
    roles = [row[0] for rows in parts for row in rows[1:]]
    assert roles == [*(line.role for line in SHOWN.costs.lines), "Total"]


@pytest.mark.parametrize("broken", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_a_template_that_is_no_presentation_is_refused(broken: bytes) -> None:
    with pytest.raises(UnusableTemplateError, match="not a PowerPoint presentation"):
        draw(PROPOSAL, broken)


def test_a_template_without_room_is_refused() -> None:
    names = [layout.name for layout in Presentation().slide_layouts if layout.name != "Blank"]
    with pytest.raises(UnusableTemplateError, match="no layout with a title"):
        draw(PROPOSAL, house(without=names))


def test_the_default_template_is_what_its_script_makes() -> None:
    made, kept = dict(contents(make_template.make())), dict(contents(make_template.FILE.read_bytes()))
    assert made == kept


def test_the_default_template_has_the_named_layouts() -> None:
    deck = opened(make_template.FILE.read_bytes())
    names = ["Title", "Title and content", "Section", "Two columns", "Title only"]
    assert sorted(layout.name for layout in deck.slide_layouts) == sorted(names)
    drawn = generator.draw(SHOWN, None)
    assert drawn.warnings == ()
    assert layouts_of(drawn.body) == {"Title", "Section", "Two columns", "Title only"}


def test_the_default_template_takes_the_profiles_colours_and_fonts() -> None:
    design = Design("7A1F3D", "FFD166", "06D6A0", 'Georgia "Pro"', "Verdana", "")
    shown = replace(PROPOSAL, profile=replace(PROPOSAL.profile, design=design))
    theme = dict(contents(draw(shown, None)))["ppt/theme/theme1.xml"].decode()
    assert re.search(r'<a:dk2><a:srgbClr val="7A1F3D"', theme)
    assert re.search(r'<a:accent2><a:srgbClr val="06D6A0"', theme)
    assert re.search(r'<a:minorFont>\s*<a:latin typeface="Verdana"', theme)
    assert "Georgia &quot;Pro&quot;" in theme


@given(st.text("0123456789ABCDEF", min_size=6, max_size=6), st.text("0123456789ABCDEF", min_size=6, max_size=6))
def test_white_text_can_be_read_on_the_primary_and_the_secondary_colour(primary: str, secondary: str) -> None:
    found = colours(Design(primary, secondary, "E07A1F", "Arial", "Arial", ""))
    for name in ("dk2", "accent1"):
        channels = (int(found[name][:2], 16), int(found[name][2:4], 16), int(found[name][4:], 16))
        assert contrast(channels, WHITE) >= LEGIBLE
