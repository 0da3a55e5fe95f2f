"""The pieces of a presentation that python-pptx can't add: parts, and shapes on layouts and masters."""

import io
from typing import Any

from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MICROSOFT = "http://schemas.microsoft.com/office/2018/10/relationships/"
PRESENTATIONML = "application/vnd.openxmlformats-officedocument.presentationml."
P = nsdecls("p", "a", "r")
P14 = 'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"'


def add(source: Any, kind: str, name: str, content_type: str, content: str | bytes, office: str = OFFICE) -> str:  # noqa: ANN401
    """Add a part, and return the id of the relationship to it."""
    blob = content if isinstance(content, bytes) else content.encode()
    package = getattr(source, "package", source)
    part = Part(PackURI(name), content_type, package, blob)
    return str(source.relate_to(part, kind if "://" in kind else office + kind))


def draw_in(place: Any, xml: str) -> None:  # noqa: ANN401
    """Add a shape to a slide, layout or master."""
    place.shapes._spTree.append(parse_xml(xml))  # noqa: SLF001 - python-pptx adds few kinds of shapes, and only to slides


def box(inside: str = "", text: str = "", link: str = "") -> str:
    return (
        f'<p:sp {P}><p:nvSpPr><p:cNvPr id="901" name="Box">{inside}</p:cNvPr><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>'
        '<a:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"</p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:rPr>{link}</a:rPr><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def picture(blip: str, inside: str = "") -> str:
    return (
        f'<p:pic {P}><p:nvPicPr><p:cNvPr id="902" name="Picture">{inside}</p:cNvPr><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
        f"<p:blipFill><a:blip {blip}/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm>"
        '<a:off x="0" y="0"/><a:ext cx="9" cy="9"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        "</p:pic>"
    )


def frame(inside: str, uri: str) -> str:
    return (
        f'<p:graphicFrame {P}><p:nvGraphicFramePr><p:cNvPr id="903" name="Frame"/><p:cNvGraphicFramePr/><p:nvPr/>'
        '</p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></p:xfrm><a:graphic>'
        f'<a:graphicData uri="{uri}">{inside}</a:graphicData></a:graphic></p:graphicFrame>'
    )


def saved(house: Any) -> bytes:  # noqa: ANN401
    body = io.BytesIO()
    house.save(body)
    return body.getvalue()
