"""Writes paragraphs into text frames: sizes, colours, directions and markers.

It builds each paragraph as XML, because python-pptx takes several times as long for the same.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.text.text import TextFrame
from pptx.util import Pt

from worker.tools.deck.direction import straight
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import EMU_PER_POINT
from worker.tools.deck.text import INDENT, Paragraph
from worker.tools.documents.direction import is_right_to_left

_MARKED = '<a:buClr><a:schemeClr val="accent2"/></a:buClr><a:buFont typeface="Arial"/><a:buChar char="\u2022"/>'
_MARKERS = {None: "", True: _MARKED, False: "<a:buNone/>"}


def write(frame: TextFrame, paragraphs: Sequence[Paragraph], *, anchor: MSO_ANCHOR | None = None,
          margins: tuple[float, float] | None = None) -> None:  # fmt: skip
    """Fill a text frame. `margins` are the horizontal and the vertical one; the frame keeps its own without them."""
    if anchor is not None:
        frame.vertical_anchor = anchor
    if margins is not None:
        frame.margin_left = frame.margin_right = Pt(margins[0])
        frame.margin_top = frame.margin_bottom = Pt(margins[1])
    fill(frame._txBody, paragraphs)  # noqa: SLF001 - see above


def fill(body: Any, paragraphs: Sequence[Paragraph]) -> None:  # noqa: ANN401 - an element with paragraphs
    """Replace the paragraphs of a text body."""
    for old in body.p_lst[1 if not paragraphs else 0 :]:  # a body without any paragraph would have to be repaired
        body.remove(old)
    for each in paragraphs:
        left = is_right_to_left(each.runs[-1].text)
        runs = "".join(_run(each.size, run.ink, bold=run.bold) for run in each.runs)
        paragraph = parse_xml(f"<a:p {nsdecls('a')}>{_properties(each, left=left)}{runs}</a:p>")
        for run, piece in zip(paragraph.r_lst, each.runs, strict=True):
            run.text = piece.text if left else straight(piece.text)
        body.append(paragraph)


@cache
def _run(size: float, ink: Ink | None, *, bold: bool) -> str:
    strong = ' b="1"' if bold else ""
    return f'<a:r><a:rPr sz="{int(size * 100)}"{strong}>{ink.xml if ink else ""}</a:rPr><a:t/></a:r>'


def _properties(each: Paragraph, *, left: bool) -> str:
    align = PP_ALIGN.RIGHT if left and each.align is not PP_ALIGN.CENTER else each.align
    attributes = ' rtl="1"' if left else ""
    if align is not None:
        attributes += f' algn="{PP_ALIGN.to_xml(align)}"'
    if each.bullet is not None:
        indent = INDENT * EMU_PER_POINT if each.bullet else 0
        attributes += f' {"marR" if left else "marL"}="{indent}" indent="{-indent}"'
    gap = round(each.gap * 100)
    return (
        f'<a:pPr{attributes}><a:lnSpc><a:spcPct val="100000"/></a:lnSpc><a:spcBef><a:spcPts val="{gap}"/></a:spcBef>'
        f'<a:spcAft><a:spcPts val="0"/></a:spcAft>{_MARKERS[each.bullet]}</a:pPr>'
    )
