"""Word documents that say something about an earlier client, each in a way of its own.

A way is a function that adds `OLD` to a document. `template` makes a .docx file with some ways.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from package_search import OLD

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
WORDPROCESSINGML = "application/vnd.openxmlformats-officedocument.wordprocessingml."
W = nsdecls("w", "r", "a", "wp", "pic")
_MARK = f'w:id="7" w:author="{OLD}" w:date="2024-01-01T00:00:00Z"'
CORE_PROPERTIES = "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"


def add(source: Any, kind: str, name: str, content_type: str, content: str | bytes) -> str:  # noqa: ANN401
    """Add a part, and return the id of the relationship to it."""
    blob = content if isinstance(content, bytes) else content.encode()
    package = getattr(source, "package", source)
    related = source.relate_to(
        Part(PackURI(name), content_type, blob, package), kind if "://" in kind else OFFICE + kind
    )
    return str(related)


def header(house: Any) -> Any:  # noqa: ANN401
    return house.sections[-1].header


def in_header(house: Any, *inside: str) -> None:  # noqa: ANN401
    """Add a paragraph to the header, which also has text of the house."""
    paragraph = f"<w:p {W}><w:r><w:t>House</w:t></w:r>{''.join(inside)}</w:p>"
    header(house)._element.append(parse_xml(paragraph))  # noqa: SLF001 - python-docx can't add most of this


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def field(code: str, result: str) -> str:
    """A field of several runs."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def control(settings: str, inside: str) -> str:
    return f"<w:sdt><w:sdtPr>{settings}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def bound(store: str) -> str:
    return f'<w:dataBinding w:xpath="/a" w:storeItemID="{store}"/><w:text/>'


def drawing(graphic: str, uri: str) -> str:
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="9" name="Drawing"/><a:graphic>'
        f'<a:graphicData uri="{uri}">{graphic}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def comments(house: Any) -> None:  # noqa: ANN401
    said = house.add_paragraph("Price")
    house.add_comment(said.runs, text=f"{OLD} pays less", author=OLD)
    in_header(house, '<w:commentRangeStart w:id="0"/>', '<w:r><w:commentReference w:id="0"/></w:r>')
    people = f'<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">{OLD}</w15:people>'
    reltype = "http://schemas.microsoft.com/office/2011/relationships/people"
    add(house.part, reltype, "/word/people.xml", f"{WORDPROCESSINGML}people+xml", people)


def notes(house: Any) -> None:  # noqa: ANN401
    for kind in ("footnote", "endnote"):
        said = f"<w:{kind}s {W}><w:{kind} w:id='2'><w:p>{run(OLD)}</w:p></w:{kind}></w:{kind}s>"
        add(house.part, f"{kind}s", f"/word/{kind}s.xml", f"{WORDPROCESSINGML}{kind}s+xml", said)
        kept = f'<w:{kind}Pr {W}><w:{kind} w:id="-1"/></w:{kind}Pr>'
        house.settings.element.append(parse_xml(kept))
        house.add_paragraph()._p.append(parse_xml(f'<w:r {W}><w:{kind}Reference w:id="2"/></w:r>'))  # noqa: SLF001


def revisions_in_the_text(house: Any) -> None:  # noqa: ANN401
    body = house.element.body
    body.insert(0, parse_xml(f"<w:p {W}><w:ins {_MARK}>{run(OLD)}</w:ins></w:p>"))
    body.sectPr.append(parse_xml(f"<w:sectPrChange {W} {_MARK}><w:sectPr/></w:sectPrChange>"))


def revisions_in_the_header(house: Any) -> None:  # noqa: ANN401
    in_header(
        house,
        f"<w:ins {_MARK}>{run('Inserted')}</w:ins>",
        f"<w:del {_MARK}><w:r><w:delText>{OLD}</w:delText></w:r></w:del>",
        f"<w:moveFrom {_MARK}>{run(OLD)}</w:moveFrom><w:moveTo {_MARK}>{run('Moved')}</w:moveTo>",
        f"<w:r><w:rPr><w:b/><w:rPrChange {_MARK}><w:rPr/></w:rPrChange></w:rPr><w:t>Bold</w:t></w:r>",
    )
    row = f"<w:tr><w:trPr><w:del {_MARK}/></w:trPr><w:tc><w:p>{run(OLD)}</w:p></w:tc></w:tr>"
    kept = "<w:tr><w:tc><w:p/></w:tc></w:tr>"
    header(house)._element.append(parse_xml(f"<w:tbl {W}><w:tblPr/><w:tblGrid/>{row}{kept}</w:tbl>"))  # noqa: SLF001


def revisions_of_a_style(house: Any) -> None:  # noqa: ANN401
    properties = house.styles["Heading 1"].element.get_or_add_pPr()
    properties.append(parse_xml(f"<w:pPrChange {W} {_MARK}><w:pPr/></w:pPrChange>"))


def custom_xml(house: Any) -> None:  # noqa: ANN401
    add(house.part, "customXml", "/customXml/item9.xml", "application/xml", f"<client>{OLD}</client>")
    in_header(house, control(bound("{0}"), run(OLD)))


def custom_xml_in_the_header(house: Any) -> None:  # noqa: ANN401
    in_header(
        house,
        f'<w:customXml w:element="client"><w:customXmlPr><w:attr w:name="n" w:val="{OLD}"/></w:customXmlPr>'
        f"{run('Text')}</w:customXml>",
        f'<w:smartTag w:element="client"><w:smartTagPr><w:attr w:name="n" w:val="{OLD}"/></w:smartTagPr></w:smartTag>',
    )


def settings(house: Any) -> None:  # noqa: ANN401
    for xml in (
        f'<w:docVars {W}><w:docVar w:name="client" w:val="{OLD}"/></w:docVars>',
        f'<w:documentProtection {W} w:edit="readOnly"/>',
    ):
        house.settings.element.append(parse_xml(xml))


def attached_template(house: Any) -> None:  # noqa: ANN401
    part = house.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS)
    rid = part.relate_to(f"file:///S:/{OLD}.dotx", OFFICE + "attachedTemplate", is_external=True)
    house.settings.element.append(parse_xml(f'<w:attachedTemplate {W} r:id="{rid}"/>'))


def form_letter(house: Any) -> None:  # noqa: ANN401
    part = house.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS)
    rid = part.relate_to(f"file:///S:/{OLD}.xlsx", OFFICE + "mailMergeSource", is_external=True)
    query = f'<w:query w:val="{OLD}"/><w:dataSource r:id="{rid}"/>'
    house.settings.element.append(parse_xml(f"<w:mailMerge {W}>{query}</w:mailMerge>"))


def core_properties(house: Any) -> None:  # noqa: ANN401
    core = house.core_properties
    core.title = core.author = core.comments = core.keywords = core.subject = core.last_modified_by = OLD
    core.category = core.content_status = core.identifier = core.language = core.version = OLD


def other_properties(house: Any) -> None:  # noqa: ANN401
    package = house.part.package
    package.part_related_by(OFFICE + "extended-properties")._blob = f"<Properties>{OLD}</Properties>".encode()  # noqa: SLF001
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    add(package, "custom-properties", "/docProps/custom.xml", kind, f"<Properties>{OLD}</Properties>")


def preview(house: Any) -> None:  # noqa: ANN401
    for rel in house.part.package.rels.values():
        if rel.reltype.endswith("thumbnail"):
            rel.target_part._blob = b"\xff\xd8\xff\xe0" + OLD.encode()  # noqa: SLF001


def glossary(house: Any) -> None:  # noqa: ANN401
    said = (
        f"<w:glossaryDocument {W}><w:docParts><w:docPart><w:docPartBody>{OLD}</w:docPartBody></w:docPart></w:docParts>"
    )
    said += "</w:glossaryDocument>"
    kind = f"{WORDPROCESSINGML}document.glossary+xml"
    add(house.part, "glossaryDocument", "/word/glossary/document.xml", kind, said)


def embedded_text(house: Any) -> None:  # noqa: ANN401
    rid = add(house.part, "aFChunk", "/word/afchunk.htm", "text/html", f"<p>{OLD}</p>")
    house.element.body.insert(0, parse_xml(f'<w:altChunk {W} r:id="{rid}"/>'))


def macros(house: Any) -> None:  # noqa: ANN401
    reltype = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    add(house.part, reltype, "/word/vbaProject.bin", "application/vnd.ms-office.vbaProject", OLD)


def printer_settings(house: Any) -> None:  # noqa: ANN401
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.printerSettings"
    rid = add(house.part, "printerSettings", "/word/printerSettings1.bin", kind, OLD.encode("utf-16-le"))
    house.element.body.sectPr.append(parse_xml(f'<w:printerSettings {W} r:id="{rid}"/>'))


def object_in_the_header(house: Any) -> None:  # noqa: ANN401
    part = header(house).part
    kind = "application/vnd.openxmlformats-officedocument.oleObject"
    rid = add(part, "oleObject", "/word/embeddings/oleObject1.bin", kind, OLD)
    o = 'xmlns:o="urn:schemas-microsoft-com:office:office"'
    in_header(house, f'<w:r><w:object><o:OLEObject {o} Type="Embed" ProgID="{OLD}" r:id="{rid}"/></w:object></w:r>')


def chart_in_the_header(house: Any) -> None:  # noqa: ANN401
    c = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    kind = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
    rid = add(header(house).part, "chart", "/word/charts/chart1.xml", kind, f"<c:chart xmlns:c='{c}'>{OLD}</c:chart>")
    shape = drawing(f'<c:chart xmlns:c="{c}" r:id="{rid}"/>', c)
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    inside = shape.removeprefix("<w:r>").removesuffix("</w:r>")
    in_header(
        house,
        f'<w:r><mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="c">{inside}</mc:Choice><mc:Fallback><w:t>{OLD}'
        "</w:t></mc:Fallback></mc:AlternateContent></w:r>",
    )


def picture_in_a_file(house: Any) -> None:  # noqa: ANN401
    rid = header(house).part.relate_to(f"file:///S:/{OLD}/logo.png", OFFICE + "image", is_external=True)
    uri = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    blip = f'<pic:pic><pic:blipFill><a:blip r:link="{rid}"/></pic:blipFill></pic:pic>'
    in_header(house, drawing(blip, uri))


def link_to_a_file(house: Any) -> None:  # noqa: ANN401
    rid = header(house).part.relate_to(f"file:///S:/{OLD}.docx", OFFICE + "hyperlink", is_external=True)
    in_header(house, f'<w:hyperlink r:id="{rid}" w:tooltip="{OLD}">{run("Linked")}</w:hyperlink>')


def simple_fields(house: Any) -> None:  # noqa: ANN401
    codes = ("TITLE", f"DOCPROPERTY {OLD}", "FILENAME \\p", f'SUBJECT "{OLD}"')
    fields = [f"<w:fldSimple w:instr='{code}'>{run(OLD)}</w:fldSimple>" for code in codes]
    in_header(house, *fields)


def fields_of_several_runs(house: Any) -> None:  # noqa: ANN401
    nested = field(f'IF {OLD} = "', field(" PAGE ", run("1")) + run(OLD))
    in_header(house, field(" TITLE ", run(OLD)), field(f" DOCVARIABLE {OLD} ", run(OLD)), nested)
    in_header(house, field(f'HYPERLINK "file:///{OLD}"', run("Linked")))


def controls(house: Any) -> None:  # noqa: ANN401
    entry = '<w:placeholder><w:docPart w:val="1"/></w:placeholder>'
    for inside in (
        control(f'<w:alias w:val="{OLD}"/>{bound(CORE_PROPERTIES)}{entry}', run(OLD)),
        control(f'<w:tag w:val="{OLD}"/><w:date/>', run(OLD)),
        control("<w:dropDownList/>", run(OLD)),
        control(f'<w:tag w:val="{OLD}"/>', run("Kept")),
    ):
        in_header(house, inside)


def bookmarks(house: Any) -> None:  # noqa: ANN401
    name = OLD.replace(" ", "_")
    in_header(house, f'<w:bookmarkStart w:id="3" w:name="{name} {OLD}"/><w:bookmarkEnd w:id="3"/>')


def header_of_an_earlier_section(house: Any) -> None:  # noqa: ANN401
    header(house).paragraphs[0].text = f"Only for {OLD}"
    last = house.add_section(WD_SECTION.NEW_PAGE)
    last.header.is_linked_to_previous = False
    last.header.paragraphs[0].text = "House"


def xml_comments(house: Any) -> None:  # noqa: ANN401
    for root in (house.element, header(house)._element, house.styles.element):  # noqa: SLF001
        root.append(parse_xml(f"<a><!-- {OLD} --><?old {OLD}?></a>")[0])


WAYS: Mapping[str, Callable[[Any], None]] = {
    way.__name__: way
    for way in (
        comments, notes, revisions_in_the_text, revisions_in_the_header, revisions_of_a_style, custom_xml,
        custom_xml_in_the_header, settings, attached_template, form_letter, core_properties, other_properties, preview,
        glossary, embedded_text, macros, printer_settings, object_in_the_header, chart_in_the_header,
        picture_in_a_file, link_to_a_file, simple_fields, fields_of_several_runs, controls, bookmarks,
        header_of_an_earlier_section, xml_comments,
    )
}  # fmt: skip


def template(ways: Iterable[str]) -> bytes:
    """A .docx file with a text and a table about the earlier client, and these ways."""
    house: Any = Document()
    house.add_paragraph(f"Offer to {OLD}")
    house.add_table(1, 1).cell(0, 0).text = OLD
    for way in ways:
        WAYS[way](house)
    return saved(house)


def saved(house: Any) -> bytes:  # noqa: ANN401
    body = io.BytesIO()
    house.save(body)
    return body.getvalue()
