"""Builds the XML of paragraphs, fields, bookmarks and tables. It knows no styles and no content.

python-docx has no fields and bookmarks, and adds a table cell by cell in a time that grows with the table's size.
"""

from collections.abc import Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from worker.tools.documents.direction import is_right_to_left

Node = Any
"""An lxml element, which python-docx does not annotate."""

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def node(tag: str, /, *children: Node, **attributes: str) -> Node:
    """An element of WordprocessingML, such as `node("pStyle", val="Title")`."""
    element = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    element.extend(children)
    return element


def paragraph(style: str, *content: Node, right_to_left: bool = False) -> Node:
    """A paragraph in a style."""
    properties = node("pPr", node("pStyle", val=style))
    if right_to_left:
        properties.append(node("bidi"))
    return node("p", properties, *content)


def run(text: str) -> Node:
    """A piece of text, marked as right to left where it is."""
    written = node("t")
    written.text = text
    written.set(_SPACE, "preserve")
    return node("r", node("rPr", node("rtl")), written) if is_right_to_left(text) else node("r", written)


def tab() -> Node:
    """A step to the next tab stop."""
    return node("r", node("tab"))


def page_break() -> Node:
    """The end of a page."""
    return node("r", node("br", type="page"))


def field_begin(code: str) -> list[Node]:
    """The beginning of a field, up to its result."""
    instruction = node("instrText")
    instruction.text = f" {code} "
    instruction.set(_SPACE, "preserve")
    marks = [node("r", node("fldChar", fldCharType=kind)) for kind in ("begin", "separate")]
    return [marks[0], node("r", instruction), marks[1]]


def field_end() -> Node:
    """The end of a field, after its result."""
    return node("r", node("fldChar", fldCharType="end"))


def field(code: str, result: str) -> list[Node]:
    """A field that Word computes. `result` is what it shows until then."""
    return [*field_begin(code), run(result), field_end()]


def bookmarked(name: str, number: int, *content: Node) -> list[Node]:
    """Content that fields refer to by a name. The number is the bookmark's own in the document."""
    return [node("bookmarkStart", id=str(number), name=name), *content, node("bookmarkEnd", id=str(number))]


def link(bookmark: str, *content: Node) -> Node:
    """Content that leads to a bookmark."""
    return node("hyperlink", *content, anchor=bookmark, history="1")


def table(style: str, widths: Sequence[float], *, total: bool) -> Node:
    """A table without rows, whose columns have these widths in points. `total` marks its last row as one."""
    twips = [str(round(width * 20)) for width in widths]
    look = node("tblLook", val="0660" if total else "0620", firstRow="1", lastRow=str(int(total)), firstColumn="0",
                lastColumn="0", noHBand="1", noVBand="1")  # fmt: skip
    properties = node(
        "tblPr",
        node("tblStyle", val=style),
        node("tblW", w=str(sum(map(int, twips))), type="dxa"),
        node("tblLayout", type="fixed"),
        look,
    )
    return node("tbl", properties, node("tblGrid", *(node("gridCol", w=width) for width in twips)))


def row(widths: Sequence[float], cells: Sequence[Node], *, head: bool = False) -> Node:
    """A row that never breaks across pages. A table's head is repeated on each page."""
    properties = node("trPr", node("cantSplit"), *([node("tblHeader")] if head else []))
    return node(
        "tr",
        properties,
        *(
            node("tc", node("tcPr", node("tcW", w=str(round(width * 20)), type="dxa")), cell)
            for width, cell in zip(widths, cells, strict=True)
        ),
    )
