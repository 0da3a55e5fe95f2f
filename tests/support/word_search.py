"""Searches a Word document for what a reader of its XML would complain about. It shares no code with the product."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

_HEADING = re.compile(r"(?:Heading|heading) (\d)|Appendix Heading")

ALLOWED = {"pStyle", "bidi", "rtl"}
"""The formatting that a paragraph or a run may have of its own: its style, and the direction of what it says."""


def formatted_directly(document: Any) -> list[str]:  # noqa: ANN401 - python-docx types a part of itself
    """The paragraphs' and runs' own formatting in the body, headers and footers, beside what is allowed."""
    section = document.sections[-1]
    roots = [document.element.body, section.header._element, section.footer._element]  # noqa: SLF001 - the XML is what counts
    properties = [each for root in roots for each in root.iter(qn("w:pPr"), qn("w:rPr"))]
    return [name for each in properties for child in each if (name := child.tag.rpartition("}")[2]) not in ALLOWED]


def style_names(document: Any) -> dict[str, str]:  # noqa: ANN401
    return {style.style_id: style.name for style in document.styles}


def undefined_styles(document: Any) -> set[str]:  # noqa: ANN401
    """The styles that the body names and the document does not have. Word shows them as its default."""
    tags = (qn("w:pStyle"), qn("w:rStyle"), qn("w:tblStyle"))
    named = {each.get(qn("w:val")) for each in document.element.body.iter(*tags)}
    own = {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:basedOn"), qn("w:next"))}
    return (named | own) - set(style_names(document))


def fields(root: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Each innermost field: its code and its result."""
    code = result = ""
    in_result = False
    for element in root.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:t")):
        kind = element.get(qn("w:fldCharType"))
        if kind == "begin":
            code = result = ""
            in_result = False
        elif kind == "separate":
            in_result = True
        elif kind == "end":
            if code:
                yield code.strip(), result
            code = ""
        elif element.tag == qn("w:instrText"):
            code += element.text
        elif in_result:
            result += element.text or ""


def bookmarks(document: Any) -> dict[str, str]:  # noqa: ANN401
    """The text of each bookmark by its name."""
    found = {}
    for paragraph in document.element.body.iter(qn("w:p")):
        for start in paragraph.iter(qn("w:bookmarkStart")):
            found[start.get(qn("w:name"))] = "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
    return found


def compatibility(body: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        settings = package.read("word/settings.xml").decode()
    return re.findall(r'compatibilityMode"[^>]*w:val="(\d+)"', settings)


def dangling_references(document: Any) -> set[str]:  # noqa: ANN401
    """What fields and links refer to and no bookmark is called by."""
    body = document.element.body
    fields_to = {code.split()[1] for code, _ in fields(body) if code.startswith(("REF", "PAGEREF"))}
    links_to = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    return (fields_to | links_to) - bookmarks(document).keys()


def headings_without_content(document: Any) -> list[str]:  # noqa: ANN401
    """The headings that nothing follows, or only a heading of the same or a higher level."""
    names = style_names(document)
    found: list[tuple[int | None, str]] = []
    for element in document.element.body.iterchildren(qn("w:p"), qn("w:tbl"), qn("w:sdt")):
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        match = _HEADING.match("" if style is None else names[style.get(qn("w:val"))])
        text = "".join(part.text or "" for part in element.iter(qn("w:t")))
        found.append((int(match[1] or 1) if match else None, text))
    following = [level for level, _ in found[1:]] + [1]
    return [
        text
        for (level, text), after in zip(found, following, strict=True)
        if level is not None and after is not None and after <= level
    ]
