"""Accepts the tracked changes in a part of a Word document, and removes the marks of comments, notes and bookmarks.

What somebody deleted or changed, and when, is old content. The result is what a reader of the template sees.
"""

from docx.oxml.ns import qn

from worker.tools.documents.opc import Element, detach, unwrap


def _names(*names: str) -> tuple[str, ...]:
    return tuple(qn(f"w:{name}") for name in names)


_GONE = _names(
    "del", "moveFrom", "delText", "delInstrText", "cellIns", "cellDel", "cellMerge",
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "tblPrExChange", "trPrChange",
    "tcPrChange", "numberingChange",
    "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd",
    "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd",
    "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd",
    "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef",
    "footnoteReference", "endnoteReference", "bookmarkStart", "bookmarkEnd", "permStart", "permEnd", "proofErr",
    "customXmlPr", "smartTagPr",
)  # fmt: skip
_UNWRAPPED = _names("ins", "moveTo", "smartTag", "customXml")


def accept(root: Element) -> None:
    """Accept all changes in a part, and remove all marks."""
    for properties in list(root.iter(qn("w:trPr"))):
        row = properties.getparent()
        if row is not None and any(child.tag == qn("w:del") for child in properties):
            detach([row])
    detach(root.iter(*_GONE))
    unwrap(root.iter(*_UNWRAPPED))
