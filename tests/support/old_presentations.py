"""Presentations that say something about an earlier client, each in a way of its own.

A way is a function that adds `OLD` to a presentation of two slides. `template` makes a .pptx file with some ways.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from package_search import OLD, PIXEL
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.util import Inches
from presentation_parts import (
    MICROSOFT,
    OFFICE,
    P14,
    PRESENTATIONML,
    P,
    add,
    box,
    draw_in,
    frame,
    picture,
    saved,
)


def extension(house: Any, xml: str) -> None:  # noqa: ANN401
    house.part._element.append(parse_xml(f"<p:extLst {P}>{xml}</p:extLst>"))  # noqa: SLF001


def custom_show(house: Any) -> None:  # noqa: ANN401
    rid = house.slides._sldIdLst[0].rId  # noqa: SLF001
    house.part._element.find(".//{*}notesSz").addnext(  # noqa: SLF001
        parse_xml(
            f'<p:custShowLst {P}><p:custShow name="For {OLD}" id="0"><p:sldLst><p:sld r:id="{rid}"/></p:sldLst>'
            "</p:custShow></p:custShowLst>"
        )
    )


def sections(house: Any) -> None:  # noqa: ANN401
    first = house.slides._sldIdLst[0].get("id")  # noqa: SLF001
    extension(
        house,
        f'<p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"><p14:sectionLst {P14}><p14:section name="{OLD}"'
        f' id="{{7F0B3A2E-0000-4000-8000-000000000001}}"><p14:sldIdLst><p14:sldId id="{first}"/></p14:sldIdLst>'
        "</p14:section></p14:sectionLst></p:ext>",
    )


def _jump(place: Any, house: Any) -> str:  # noqa: ANN401
    rid = place.part.relate_to(house.slides[0].part, OFFICE + "slide")
    return f'<a:hlinkClick r:id="{rid}" action="ppaction://hlinksldjump" tooltip="To {OLD}"/>'


def link_on_layout(house: Any) -> None:  # noqa: ANN401
    layout = house.slide_layouts[1]
    draw_in(layout, box(_jump(layout, house)))


def link_on_master(house: Any) -> None:  # noqa: ANN401
    draw_in(house.slide_master, box(link=_jump(house.slide_master, house)))


def link_on_unused_layout(house: Any) -> None:  # noqa: ANN401
    layout = house.slide_layouts[10]
    hover = _jump(layout, house).replace("hlinkClick", "hlinkHover")
    draw_in(layout, box(hover))


def link_between_slides(house: Any) -> None:  # noqa: ANN401
    draw_in(house.slides[1], box(_jump(house.slides[1], house)))


def link_to_a_custom_show(house: Any) -> None:  # noqa: ANN401
    link = f'<a:hlinkClick r:id="" action="ppaction://customshow?id=0" tooltip="{OLD}"/>'
    draw_in(house.slide_layouts[1], box(link))


def link_to_a_file(house: Any) -> None:  # noqa: ANN401
    part = house.slide_layouts[1].part
    rid = part.relate_to(f"file:///S:/Clients/{OLD}/offer.pptx", OFFICE + "hyperlink", is_external=True)
    draw_in(house.slide_layouts[1], box(f'<a:hlinkClick r:id="{rid}"/>'))


def notes(house: Any) -> None:  # noqa: ANN401
    house.slides[0].notes_slide.notes_text_frame.text = f"Tell {OLD} the price"
    master = house.notes_master
    draw_in(master, box(text=f"{OLD}, confidential"))


def handout_master(house: Any) -> None:  # noqa: ANN401
    xml = f'<p:handoutMaster {P}><p:cSld name="{OLD}"><p:spTree/></p:cSld></p:handoutMaster>'
    rid = add(
        house.part,
        "handoutMaster",
        "/ppt/handoutMasters/handoutMaster1.xml",
        f"{PRESENTATIONML}handoutMaster+xml",
        xml,
    )
    listed = f'<p:handoutMasterIdLst {P}><p:handoutMasterId r:id="{rid}"/></p:handoutMasterIdLst>'
    house.part._element.find(".//{*}sldIdLst").addprevious(parse_xml(listed))  # noqa: SLF001


def comments(house: Any) -> None:  # noqa: ANN401
    authors = (
        f'<p:cmAuthorLst {P}><p:cmAuthor id="0" name="{OLD}" initials="O" lastIdx="1" clrIdx="0"/></p:cmAuthorLst>'
    )
    add(house.part, "commentAuthors", "/ppt/commentAuthors.xml", f"{PRESENTATIONML}commentAuthors+xml", authors)
    said = f'<p:cmLst {P}><p:cm authorId="0" idx="1"><p:pos x="0" y="0"/><p:text>{OLD}?</p:text></p:cm></p:cmLst>'
    for source, number in ((house.slides[0].part, 1), (house.slide_layouts[0].part, 2)):
        add(source, "comments", f"/ppt/comments/comment{number}.xml", f"{PRESENTATIONML}comments+xml", said)


def threaded_comments(house: Any) -> None:  # noqa: ANN401
    p188 = 'xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main"'
    people = f'<p188:authorLst {p188}><p188:author id="{{1}}" name="{OLD}"/></p188:authorLst>'
    add(house.part, "authors", "/ppt/authors.xml", "application/vnd.ms-powerpoint.authors+xml", people, MICROSOFT)
    said = f'<p188:cmLst {p188} {P}><p188:cm id="{{2}}" authorId="{{1}}"><a:t>{OLD}</a:t></p188:cm></p188:cmLst>'
    name = "/ppt/comments/modernComment_100_0.xml"
    kind = "application/vnd.ms-powerpoint.comments+xml"
    rid = add(house.slides[0].part, "comments", name, kind, said, MICROSOFT)
    house.slides[0]._element.append(  # noqa: SLF001
        parse_xml(
            f'<p:extLst {P}><p:ext uri="{{6950BFC3-D8DA-4A85-94F7-54DA5524770B}}"><p188:commentRel {p188}'
            f' r:id="{rid}"/></p:ext></p:extLst>'
        )
    )


def tags(house: Any) -> None:  # noqa: ANN401
    places = (house.slides[0], house.slide_layouts[1], house.slide_master)
    said = f'<p:tagLst {P}><p:tag name="CLIENT" val="{OLD}"/></p:tagLst>'
    for number, place in enumerate(places):
        rid = add(place.part, "tags", f"/ppt/tags/tag{number}.xml", f"{PRESENTATIONML}tags+xml", said)
        place._element.cSld.append(parse_xml(f'<p:custDataLst {P}><p:tags r:id="{rid}"/></p:custDataLst>'))  # noqa: SLF001
    rid = add(house.part, "tags", "/ppt/tags/tag9.xml", f"{PRESENTATIONML}tags+xml", said)
    listed = parse_xml(f'<p:custDataLst {P}><p:tags r:id="{rid}"/></p:custDataLst>')
    house.part._element.find(".//{*}notesSz").addnext(listed)  # noqa: SLF001


def custom_xml(house: Any) -> None:  # noqa: ANN401
    for source, number in ((house.part, 1), (house.slides[0].part, 2), (house.slide_layouts[1].part, 3)):
        add(source, "customXml", f"/customXml/item{number}.xml", "application/xml", f"<client>{OLD}</client>")


def _ole(place: Any, number: int) -> None:  # noqa: ANN401
    kind = "application/vnd.openxmlformats-officedocument.oleObject"
    rid = add(place.part, "oleObject", f"/ppt/embeddings/oleObject{number}.bin", kind, OLD.encode("utf-16-le"))
    vml = f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape alt="{OLD}"/></xml>'
    drawing = "application/vnd.openxmlformats-officedocument.vmlDrawing"
    add(place.part, "vmlDrawing", f"/ppt/drawings/vmlDrawing{number}.vml", drawing, vml)
    old, new = f'<p:oleObj name="{OLD}" r:id="{rid}" progId="Excel.Sheet.8"><p:embed/>', "</p:oleObj>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    draw_in(
        place,
        frame(
            f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice xmlns:v="urn:schemas-microsoft-com:vml" Requires="v">'
            f"{old}{new}</mc:Choice><mc:Fallback>{old}{new}</mc:Fallback></mc:AlternateContent>",
            "http://schemas.openxmlformats.org/presentationml/2006/ole",
        ),
    )


def ole_object_on_slide(house: Any) -> None:  # noqa: ANN401
    _ole(house.slides[0], 1)


def ole_object_on_layout(house: Any) -> None:  # noqa: ANN401
    _ole(house.slide_layouts[1], 2)


def media(house: Any) -> None:  # noqa: ANN401
    film, left = io.BytesIO(OLD.encode()), Inches(1)
    house.slides[0].shapes.add_movie(film, left, left, left, left, poster_frame_image=None, mime_type="video/mp4")


def sound_of_a_layouts_transition(house: Any) -> None:  # noqa: ANN401
    layout = house.slide_layouts[1]
    rid = add(layout.part, "audio", "/ppt/media/audio1.wav", "audio/x-wav", OLD)
    sound = f'<p:sndAc><p:stSnd><p:snd r:embed="{rid}" name="{OLD}.wav"/></p:stSnd></p:sndAc>'
    layout._element.cSld.addnext(parse_xml(f"<p:transition {P}><p:fade/>{sound}</p:transition>"))  # noqa: SLF001


def chart(house: Any) -> None:  # noqa: ANN401
    data: Any = CategoryChartData()
    data.categories = [f"{OLD} {year}" for year in (2024, 2025)]
    data.add_series(OLD, (1, 2))
    at = Inches(1)
    shape = house.slides[0].shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, at, at, at, at, data)
    layout = house.slide_layouts[2]
    rid = layout.part.relate_to(shape.chart.part, OFFICE + "chart")
    c = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    draw_in(layout, frame(f'<c:chart xmlns:c="{c}" r:id="{rid}"/>', c))


def preview(house: Any) -> None:  # noqa: ANN401
    package = house.part.package
    for rel in package._rels.values():  # noqa: SLF001
        if rel.reltype.endswith("thumbnail"):
            rel.target_part.blob = b"\xff\xd8\xff\xe0" + OLD.encode()


def application_properties(house: Any) -> None:  # noqa: ANN401
    part = house.part.package.part_related_by(OFFICE + "extended-properties")
    part.blob = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Company>{OLD}</Company><TitlesOfParts>{OLD}</TitlesOfParts></Properties>"
    ).encode()


def core_properties(house: Any) -> None:  # noqa: ANN401
    core = house.core_properties
    core.title = core.author = core.comments = core.keywords = core.subject = core.last_modified_by = OLD
    core.category = core.content_status = core.identifier = core.language = core.version = OLD


def custom_properties(house: Any) -> None:  # noqa: ANN401
    xml = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"><property'
        f' name="Client" pid="2" fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}">{OLD}</property></Properties>'
    )
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    add(house.part.package, "custom-properties", "/docProps/custom.xml", kind, xml)


def shown_range(house: Any) -> None:  # noqa: ANN401
    part = house.part.part_related_by(OFFICE + "presProps")
    show = f'<p:showPr><p:custShow id="0"/></p:showPr><!-- {OLD} -->'
    part.blob = f"<p:presentationPr {P}>{show}</p:presentationPr>".encode()
    part.relate_to(house.slides[0].part, OFFICE + "slide")


def outline_view(house: Any) -> None:  # noqa: ANN401
    part = house.part.part_related_by(OFFICE + "viewProps")
    rid = part.relate_to(house.slides[0].part, OFFICE + "slide")
    part.blob = (
        f'<p:viewPr {P}><p:outlineViewPr><p:cViewPr/><p:sldLst><p:sld r:id="{rid}"/></p:sldLst></p:outlineViewPr>'
        "</p:viewPr>"
    ).encode()


def footer_of_the_layouts(house: Any) -> None:  # noqa: ANN401
    for place in (house.slide_master, *house.slide_layouts):
        for holder in place.placeholders:
            if "Footer" in holder.name or "Date" in holder.name:
                holder.text_frame.text = f"Offer to {OLD}"


def change_history(house: Any) -> None:  # noqa: ANN401
    reltype = "http://schemas.microsoft.com/office/2016/11/relationships/changesInfo"
    kind = "application/vnd.ms-powerpoint.changesinfo+xml"
    add(house.part, reltype, "/ppt/changesInfos/changesInfo1.xml", kind, f"<pc:chgInfo xmlns:pc='x'>{OLD}</pc:chgInfo>")


def macros(house: Any) -> None:  # noqa: ANN401
    reltype = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    add(house.part, reltype, "/ppt/vbaProject.bin", "application/vnd.ms-office.vbaProject", OLD)


def printer_settings(house: Any) -> None:  # noqa: ANN401
    house.part.part_related_by(OFFICE + "printerSettings").blob = OLD.encode("utf-16-le")


def picture_that_no_layout_shows(house: Any) -> None:  # noqa: ANN401
    add(house.slide_layouts[1].part, "image", "/ppt/media/image77.png", "image/png", PIXEL + OLD.encode())


def picture_in_a_file(house: Any) -> None:  # noqa: ANN401
    part = house.slide_layouts[1].part
    rid = part.relate_to(f"file:///S:/Clients/{OLD}/logo.png", OFFICE + "image", is_external=True)
    draw_in(house.slide_layouts[1], picture(f'r:link="{rid}"'))


def xml_comments(house: Any) -> None:  # noqa: ANN401
    for place in (house.part, house.slide_layouts[1].part):
        root = place._element  # noqa: SLF001
        root.append(parse_xml(f"<a><!-- {OLD} --><?old {OLD}?></a>")[0])


WAYS: Mapping[str, Callable[[Any], None]] = {
    way.__name__: way
    for way in (
        custom_show, sections, link_on_layout, link_on_master, link_on_unused_layout, link_between_slides,
        link_to_a_custom_show, link_to_a_file, notes, handout_master, comments, threaded_comments, tags, custom_xml,
        ole_object_on_slide, ole_object_on_layout, media, sound_of_a_layouts_transition, chart, preview,
        application_properties, core_properties, custom_properties, shown_range, outline_view, footer_of_the_layouts,
        change_history, macros, printer_settings, picture_that_no_layout_shows, picture_in_a_file, xml_comments,
    )
}  # fmt: skip


def template(ways: Iterable[str]) -> bytes:
    """A .pptx file of two slides about the earlier client, with these ways."""
    house: Any = Presentation()
    for number in (1, 2):
        slide = house.slides.add_slide(house.slide_layouts[1])
        slide.shapes.title.text = f"{OLD}, slide {number}"
    for way in ways:
        WAYS[way](house)
    return saved(house)
