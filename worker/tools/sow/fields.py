"""Empties what Word fills in by itself in a header or footer: fields and content controls.

A field shows the result of its last update, such as the title, the file's name or the client of an earlier document.
Page numbers stay as they are, and the text of a link stays without the link.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.oxml.ns import qn

from worker.tools.documents.opc import Element, detach, local_name, unwrap

_PAGE_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES"})
_PROPERTY_FIELDS = frozenset({"TITLE", "SUBJECT", "AUTHOR"})
_COMPUTED_FIELDS = frozenset({"DATE", "TIME", "CREATEDATE", "SAVEDATE", "FILENAME", "STYLEREF"})
"""With the properties, the fields that Word can compute in any document. They stay, without their old result."""
_LINK, _UNUSED = "HYPERLINK", ""
_CORE_PROPERTIES = "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"
"""The store that Word gives a document's core properties. It fills a control that is bound to it on opening."""
_ENTRIES = frozenset({"text", "date", "comboBox", "dropDownList", "dataBinding"})
_TEXT = tuple(qn(f"w:{name}") for name in ("t", "tab", "br", "cr", "sym", "noBreakHyphen"))


def empty_controls(root: Element) -> None:
    """Remove the content controls, and the text of those that are for an entry.

    A control for the title or another core property stays, without its text.
    """
    for control in list(root.iter(qn("w:sdt"))):
        settings = [each for part in control if part.tag == qn("w:sdtPr") for each in part]
        if any(local_name(each) in _ENTRIES for each in settings):
            detach(control.iter(*_TEXT))
        if any(each.get(qn("w:storeItemID")) == _CORE_PROPERTIES for each in settings):
            detach(each for each in settings if local_name(each) in {"alias", "tag", "placeholder"})
            continue
        detach(child for child in control if child.tag != qn("w:sdtContent"))
        unwrap(control)
        unwrap([control])


@dataclass
class _Field:
    """A field that begins, separates its code from its result, and ends in runs of their own."""

    marks: list[Element] = field(default_factory=list)
    code: list[Element] = field(default_factory=list)
    result: list[Element] = field(default_factory=list)
    in_result: bool = False


def empty_fields(root: Element) -> None:
    """Empty the fields, or remove them if another document has no use for them."""
    for simple in list(root.iter(qn("w:fldSimple"))):
        name = _name(simple.get(qn("w:instr")) or "")
        detach(child for child in simple if child.tag == qn("w:fldData"))
        if name not in _PAGE_FIELDS | {_LINK}:
            detach(simple.iter(*_TEXT))
        if name in {_LINK, _UNUSED}:
            unwrap([simple])
    for each in list(_outermost(root)):
        name = _name("".join(element.text or "" for element in each.code))
        if name not in _PAGE_FIELDS | {_LINK}:
            detach(each.result)
        if name in {_LINK, _UNUSED}:
            detach([*each.marks, *each.code])


def _name(code: str) -> str:
    """The name of the field with this code, or `_UNUSED` if another document has no use for the field."""
    name, *arguments = [*code.upper().split(), ""]
    if name in _PROPERTY_FIELDS and arguments[0] and not arguments[0].startswith("\\"):
        return _UNUSED  # such a field sets the property
    return name if name in _PAGE_FIELDS | _PROPERTY_FIELDS | _COMPUTED_FIELDS | {_LINK} else _UNUSED


def _outermost(root: Element) -> Iterator[_Field]:
    """The fields that are not in another field. Their code and result include the fields in them."""
    depth, current = 0, _Field()
    for element in root.iter(qn("w:fldChar"), qn("w:instrText"), *_TEXT):
        kind = element.get(qn("w:fldCharType"))
        depth += kind == "begin"
        if element.tag == qn("w:fldChar"):
            current.marks.append(element)
            current.in_result |= kind == "separate" and depth == 1
        elif depth and current.in_result and element.tag != qn("w:instrText"):
            current.result.append(element)
        elif depth or element.tag == qn("w:instrText"):
            current.code.append(element)
        if kind == "end" and depth:
            depth -= 1
            if not depth:
                yield current
                current = _Field()
    if current.marks or current.code:  # a field that has no end is removed
        yield current
