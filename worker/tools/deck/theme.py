"""The built-in look of a deck: its size, colours, fonts and layouts.

It starts from python-pptx's default presentation, widens it to 16:9, and replaces the theme's colours and fonts, the
master and the title layout. What other modules draw refers to theme colours only, so that it takes a house template's
colours.
"""
# (python-pptx annotates only some of its functions)

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.oxml.xmlchemy import BaseOxmlElement
from pptx.presentation import Presentation as PresentationType
from pptx.slide import SlideLayout, SlideMaster
from pptx.util import Inches

from worker.tools.deck import template

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
FONT = "Arial"
COLOURS: Mapping[str, str] = {
    "dk1": "1F2933", "lt1": "FFFFFF", "dk2": "12344D", "lt2": "EDF2F7", "accent1": "0B6E99", "accent2": "E08E0B",
    "accent3": "3A8F6B", "accent4": "7256A8", "accent5": "C2543D", "accent6": "64748B", "hlink": "0B6E99",
    "folHlink": "7256A8",
}  # fmt: skip
KEPT_LAYOUTS = frozenset({"Title Slide", "Title and Content", "Title Only"})

# The places of the placeholders in inches: left, top, width, height. The layouts inherit them from the master.
_MASTER_PLACES = {
    "title": (0.6, 0.4, 12.13, 0.85),
    "body": (0.6, 1.55, 12.13, 5.2),
    "ftr": (0.6, 6.95, 10.5, 0.35),
    "sldNum": (11.53, 6.95, 1.2, 0.35),
}
_TITLE_PLACES = {"ctrTitle": (0.9, 1.7, 11.3, 2.2), "subTitle": (0.9, 4.25, 11.3, 1.7)}

# The style of level 1 text in each kind of placeholder: alignment, size in points, bold, theme colour.
_STYLES = {
    "title": ("l", 28, True, "tx2"),
    "ctrTitle": ("l", 40, True, "bg1"),
    "subTitle": ("l", 20, False, "bg2"),
    "ftr": ("l", 10, False, "accent6"),
    "sldNum": ("r", 10, False, "accent6"),
}


def blank() -> PresentationType:
    """An empty presentation in the built-in look."""
    presentation = Presentation()
    template.reduce(presentation)
    presentation.slide_width, presentation.slide_height = WIDTH, HEIGHT
    master = presentation.slide_master
    _recolour(master)
    for layout in list(presentation.slide_layouts):
        if layout.name not in KEPT_LAYOUTS:
            presentation.slide_layouts.remove(layout)
        else:
            _without_date(layout)
            _lay_out(layout, {})
    _without_date(master)
    _lay_out(master, _MASTER_PLACES)
    _set_bullets(master)
    _bar(master, "Rule", 0.7, 1.27, 0.9, 0.04)
    title = presentation.slide_layouts.get_by_name("Title Slide") or presentation.slide_layouts[0]
    _lay_out(title, _TITLE_PLACES)
    title.background.fill.solid()
    title.background.fill.fore_color.theme_color = MSO_THEME_COLOR.TEXT_2
    title._element.set("showMasterSp", "0")  # noqa: SLF001 - python-pptx can't hide the master's rule, which is for content slides only
    _bar(title, "Rule", 1.0, 4.05, 1.4, 0.06, colour="accent2")
    return presentation


def placeholders(place: SlideMaster | SlideLayout) -> Sequence[Any]:
    """The placeholders of a master or layout, as a sequence that does not change when you remove one of them."""
    holders: Any = place.placeholders  # python-pptx's annotations lack the iterator
    return tuple(holders)


def _recolour(master: SlideMaster) -> None:
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    xml = theme.blob.decode("utf-8")
    for name, colour in COLOURS.items():
        xml = re.sub(rf"(<a:{name}>).*?(</a:{name}>)", rf'\g<1><a:srgbClr val="{colour}"/>\g<2>', xml, flags=re.DOTALL)
    xml = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{FONT}", xml)
    theme._blob = xml.encode("utf-8")  # noqa: SLF001 - python-pptx has no public way to change a theme


def _without_date(place: SlideMaster | SlideLayout) -> None:
    for shape in placeholders(place):
        if _kind(shape.element) == "dt":
            shape.element.getparent().remove(shape.element)


def _lay_out(place: SlideMaster | SlideLayout, places: Mapping[str, tuple[float, float, float, float]]) -> None:
    for shape in placeholders(place):
        kind = _kind(shape.element)
        if kind in places:
            shape.left, shape.top, shape.width, shape.height = map(Inches, places[kind])
        if kind in _STYLES:
            _set_style(shape.element, *_STYLES[kind])
        shape.element.find(".//" + qn("a:bodyPr")).set("anchor", "t" if kind in {"body", "subTitle"} else "b")


def _kind(element: BaseOxmlElement) -> str:
    return str(element.find(".//" + qn("p:ph")).get("type", "body"))


def _set_style(element: BaseOxmlElement, align: str, size: int, bold: bool, colour: str) -> None:  # noqa: FBT001 - a row of _STYLES
    style = element.find(".//" + qn("a:lstStyle"))
    style.clear()
    style.append(
        parse_xml(
            f'<a:lvl1pPr {nsdecls("a")} marL="0" indent="0" algn="{align}"><a:spcBef><a:spcPts val="600"/></a:spcBef>'
            f'<a:buNone/><a:defRPr sz="{size * 100}" b="{int(bold)}"><a:solidFill><a:schemeClr val="{colour}"/>'
            '</a:solidFill><a:latin typeface="+mn-lt"/></a:defRPr></a:lvl1pPr>'
        )
    )


def _set_bullets(master: SlideMaster) -> None:
    level = master.element.find(f".//{qn('p:bodyStyle')}/{qn('a:lvl1pPr')}")
    level.set("marL", "228600")
    level.set("indent", "-228600")
    level.find(qn("a:buFont")).addprevious(parse_xml(f'<a:buClr {nsdecls("a")}><a:schemeClr val="accent1"/></a:buClr>'))
    level.find(qn("a:defRPr")).set("sz", "1600")


def _bar(
    place: SlideMaster | SlideLayout, name: str, left: float, top: float, width: float, height: float, *,
    colour: str = "accent1",
) -> None:  # fmt: skip
    """Add a filled rectangle, in inches. python-pptx has no public way to add one to a master or layout."""
    x, y, cx, cy = (int(Inches(length)) for length in (left, top, width, height))
    place.shapes._spTree.append(  # noqa: SLF001 - see above
        parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name="{name}"/><p:cNvSpPr/>'
            f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{cx}" cy="{cy}"/>'
            f'</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="{colour}"/>'
            "</a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
        )
    )
