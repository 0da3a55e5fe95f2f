"""Makes default.pptx, the template of a deck that gets no firm's template.

    uv run python -m worker.tools.deck.make_template

It writes the file beside this module, and a test checks that the file is what this script makes. The master and the
five named layouts have their places, colours and text styles here. Colours and fonts are the theme's, which
`deck.theme` sets from the profile for each deck.
"""
# (python-pptx annotates only some of its functions)

import io
import re
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from worker.tools.deck import template, theme

FILE = Path(__file__).with_name("default.pptx")
WIDTH, HEIGHT = 960, 540
"""16:9, in points."""

_KEPT = {"title": "Title", "secHead": "Section", "obj": "Title and content", "twoObj": "Two columns",
         "titleOnly": "Title only"}  # fmt: skip
"""The types of the layouts that stay of python-pptx's own presentation, with their names here."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Holder:
    """A placeholder: its kind in XML, its number, its place in points, and the look of its text.

    Where size is 0, it takes the look from the master.
    """

    kind: str
    idx: int
    name: str
    place: tuple[float, float, float, float]
    size: float = 0
    bold: bool = False
    colour: str = "tx1"
    anchor: str = "t"
    align: str = "l"
    font: str = "+mn-lt"
    caps: bool = False


@dataclass(frozen=True)
class Block:
    """A filled rectangle that belongs to the layout."""

    name: str
    place: tuple[float, float, float, float]
    colour: str


_KICKER = Holder("body", 20, "Kicker", (44, 26, 760, 18), 12, bold=True, colour="accent1", caps=True)
_MASTER: Sequence[Holder | Block] = (
    Block("Edge", (0, 26, 10, 68), "accent2"),
    Holder("title", 0, "Title", (44, 44, 872, 64), 26, bold=True, colour="tx2", font="+mj-lt"),
    Holder("body", 1, "Text", (44, 118, 872, 374), 18),
    Holder("ftr", 3, "Footer", (44, 508, 700, 18), 10, colour="accent6", anchor="ctr"),
    Holder("sldNum", 4, "Slide number", (856, 508, 60, 18), 10, bold=True, colour="accent1", anchor="ctr", align="r"),
)
_FOOT = tuple(each for each in _MASTER if isinstance(each, Holder) and each.kind in {"ftr", "sldNum"})
_TITLE = Holder("title", 0, "Title", (44, 44, 872, 64))

LAYOUTS: dict[str, Sequence[Holder | Block]] = {
    "Title": (
        Block("Colour block", (0, 0, 620, 540), "tx2"),
        Block("Stripe", (620, 0, 12, 540), "accent2"),
        Block("Square", (470, 0, 150, 150), "accent1"),
        Block("Small square", (545, 75, 75, 75), "accent3"),
        Block("Rule", (56, 346, 96, 6), "accent2"),
        Holder("body", 20, "Kicker", (56, 56, 390, 40), 14, bold=True, colour="bg1", caps=True),
        Holder("ctrTitle", 0, "Title", (56, 164, 510, 166), 44, bold=True, colour="bg1", anchor="b", font="+mj-lt"),
        Holder("subTitle", 1, "Subtitle", (56, 368, 510, 116), 22, colour="bg1"),
        Holder("pic", 21, "Logo", (672, 56, 244, 96)),
        Holder("body", 22, "Facts", (672, 200, 244, 284), 14, anchor="b"),
    ),
    "Section": (
        Block("Colour block", (0, 0, 300, 540), "tx2"),
        Block("Stripe", (300, 0, 8, 540), "accent2"),
        Holder("body", 20, "Kicker", (40, 48, 230, 32), 12, bold=True, colour="bg1", caps=True),
        Block("Square", (0, 420, 120, 120), "accent1"),
        Block("Small square", (60, 420, 60, 60), "accent3"),
        Holder("title", 0, "Title", (40, 88, 230, 310), 28, bold=True, colour="bg1", font="+mj-lt"),
        Holder("body", 1, "Text", (348, 48, 568, 440), 18),
        Holder("ftr", 3, "Footer", (348, 508, 480, 18), 10, colour="accent6", anchor="ctr"),
        _FOOT[1],
    ),
    "Title and content": (_KICKER, _TITLE, Holder("obj", 1, "Content", (44, 118, 872, 374)), *_FOOT),
    "Two columns": (
        Block("Left panel", (44, 122, 424, 370), "bg2"),
        Block("Left edge", (44, 118, 424, 4), "accent1"),
        Block("Right panel", (492, 122, 424, 370), "bg2"),
        Block("Right edge", (492, 118, 424, 4), "accent2"),
        _KICKER,
        _TITLE,
        Holder("obj", 1, "Left content", (58, 136, 396, 344)),
        Holder("obj", 2, "Right content", (506, 136, 396, 344)),
        *_FOOT,
    ),
    "Title only": (_KICKER, _TITLE, *_FOOT),
}


def make() -> bytes:
    """The file's content. It is the same each time, up to the compression."""
    presentation: Any = Presentation()
    template.reduce(presentation)
    presentation.slide_width, presentation.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for layout in list(presentation.slide_layouts):
        name = _KEPT.get(layout._element.get("type"))  # noqa: SLF001 - python-pptx does not show a layout's type
        if name is None:
            presentation.slide_layouts.remove(layout)
            continue
        layout.name = name
        _fill(layout, LAYOUTS[name])
        if name in {"Title", "Section"}:
            layout._element.set("showMasterSp", "0")  # noqa: SLF001 - python-pptx can't hide the master's shapes
    master = presentation.slide_master
    _fill(master, _MASTER)
    _set_styles(master._element)  # noqa: SLF001 - python-pptx has no text styles
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    part._blob = re.sub(rb'name="Office[^"]*"', b'name="ScopeSmith"', part.blob)  # noqa: SLF001 - as in theme.py
    theme.dress(presentation, theme.PLAIN)
    saved = io.BytesIO()
    presentation.save(saved)
    return _dated(saved.getvalue())


def _fill(place: Any, shapes: Iterable[Holder | Block]) -> None:  # noqa: ANN401 - a master or a layout
    tree = place.shapes._spTree  # noqa: SLF001 - python-pptx adds no shapes to masters and layouts
    for old in list(tree.iterchildren(qn("p:sp"), qn("p:pic"), qn("p:grpSp"))):
        tree.remove(old)
    for number, shape in enumerate(shapes, start=2):
        tree.append(parse_xml(_block(shape, number) if isinstance(shape, Block) else _holder(shape, number)))


def _block(block: Block, number: int) -> str:
    return (
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="{block.name}">{_DECORATIVE}</p:cNvPr>'
        f'<p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>{_transform(block.place)}<a:prstGeom prst="rect">'
        f'<a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="{block.colour}"/></a:solidFill><a:ln><a:noFill/></a:ln>'
        "</p:spPr></p:sp>"
    )


_DECORATIVE = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative xmlns:adec='
    '"http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)
"""Tells a screen reader to pass over a shape."""


def _holder(holder: Holder, number: int) -> str:
    kind = "" if holder.kind == "obj" else f'type="{holder.kind}" '
    ph = f'<p:ph {kind}idx="{holder.idx}"/>' if holder.idx else f'<p:ph type="{holder.kind}"/>'
    shown = {"sldNum": '<a:fld id="{8A1F6B52-6D0B-4C3E-9C59-3F1D5C0E7A11}" type="slidenum"><a:t>1</a:t></a:fld>'}
    text = shown.get(holder.kind, "" if holder.kind == "ftr" else f"<a:r><a:t>{holder.name}</a:t></a:r>")
    return (
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="{holder.name}"/><p:cNvSpPr><a:spLocks '
        f'noGrp="1"/></p:cNvSpPr><p:nvPr>{ph}</p:nvPr></p:nvSpPr><p:spPr>{_transform(holder.place)}'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody>{_body(holder)}<a:p>{text}</a:p>'
        "</p:txBody></p:sp>"
    )


def _body(holder: Holder) -> str:
    if not holder.size:
        return "<a:bodyPr/><a:lstStyle/>"
    caps = ' cap="all" spc="100"' if holder.caps else ""
    style = (
        f'<a:lvl1pPr marL="0" indent="0" algn="{holder.align}"><a:buNone/><a:defRPr sz="{int(holder.size * 100)}" '
        f'b="{int(holder.bold)}"{caps}><a:solidFill><a:schemeClr val="{holder.colour}"/></a:solidFill>'
        f'<a:latin typeface="{holder.font}"/></a:defRPr></a:lvl1pPr>'
    )
    # A body of the master or a section is a list: its markers come from the master's text styles.
    listed = holder.name == "Text"
    return (
        f'<a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{holder.anchor}"><a:normAutofit/></a:bodyPr>'
        f"<a:lstStyle>{'' if listed else style}</a:lstStyle>"
    )


def _transform(place: tuple[float, float, float, float]) -> str:
    left, top, width, height = (int(Pt(length)) for length in place)
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


def _set_styles(master: Any) -> None:  # noqa: ANN401 - an lxml element
    level = master.find(f".//{qn('p:bodyStyle')}/{qn('a:lvl1pPr')}")
    level.set("marL", str(int(Pt(18))))
    level.set("indent", str(int(Pt(-18))))
    level.find(qn("a:buFont")).addprevious(parse_xml(f'<a:buClr {nsdecls("a")}><a:schemeClr val="accent2"/></a:buClr>'))
    level.find(qn("a:defRPr")).set("sz", "1800")


def _dated(body: bytes) -> bytes:
    """The package with one date on all its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()


if __name__ == "__main__":
    sys.exit(FILE.write_bytes(make()) == 0)
