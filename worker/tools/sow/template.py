"""Reduces a Word document to its design: styles, numbering, fonts, theme, page set-up, headers and footers.

`sow.design` calls it for a firm's template, and for the document that the built-in look starts from. Text, comments,
notes, revisions, custom XML, variables, properties and the preview go, with all that refers to them.
"""

from docx.document import Document
from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from worker.tools.documents import cleaning
from worker.tools.documents.cleaning import Kind, Rules
from worker.tools.documents.document import UnusableTemplateError
from worker.tools.documents.opc import Element, detach, local_name
from worker.tools.sow import fields, revisions

_WORDPROCESSINGML = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PICTURES = frozenset({"image", "hdphoto"})

_KEPT_SETTINGS = frozenset({
    "mirrorMargins", "alignBordersAndEdges", "bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter", "gutterAtTop",
    "embedTrueTypeFonts", "embedSystemFonts", "saveSubsetFonts", "defaultTabStop", "autoHyphenation",
    "consecutiveHyphenLimit", "hyphenationZone", "doNotHyphenateCaps", "defaultTableStyle", "evenAndOddHeaders",
    "bookFoldRevPrinting", "bookFoldPrinting", "displayBackgroundShape", "characterSpacingControl",
    "strictFirstAndLastChars", "noLineBreaksAfter", "noLineBreaksBefore", "compat", "mathPr", "themeFontLang",
    "clrSchemeMapping", "decimalSymbol", "listSeparator",
})  # fmt: skip
"""What stays of settings.xml: what changes how text is set. Variables, the attached template, the data source of a
form letter, protection and the ids of editing sessions are not in it."""


def reduce(document: Document) -> None:
    """Remove all but the design.

    Raises:
        UnusableTemplateError: the document can't be cleaned, or it has no page set-up.
    """
    cleaning.clean(document.part.package.rels, RULES)
    if not len(document.sections):
        raise UnusableTemplateError("it has no page set-up")


def _clean_document(root: Element) -> None:
    """Leave the page set-up of the last section, with the headers and footers that it takes from earlier ones."""
    revisions.accept(root)
    last: Element | None = None
    for body in root.iter(qn("w:body")):
        last = next((child for child in body if child.tag == qn("w:sectPr")), None)
        if last is not None:
            _inherit(last, [each for each in body.iter(qn("w:sectPr")) if each is not last])
        detach(child for child in body if child is not last)


def _inherit(last: Element, earlier: list[Element]) -> None:
    """Copy the references that a section without its own takes over. They come first in it."""
    names = (qn("w:headerReference"), qn("w:footerReference"))
    found = {(each.tag, each.get(qn("w:type"))): each for section in earlier for each in section.iter(*names)}
    own = {(each.tag, each.get(qn("w:type"))) for each in last.iter(*names)}
    for key, reference in found.items():
        if key not in own:
            last.insert(0, reference)


def _clean_header(root: Element) -> None:
    """Clean a header or footer. Its own text is design, but what Word fills in is not."""
    revisions.accept(root)
    fields.empty_controls(root)
    fields.empty_fields(root)


def _clean_settings(root: Element) -> None:
    detach(child for child in root if local_name(child) not in _KEPT_SETTINGS)


_HEADER_KEEPS = _PICTURES | {"hyperlink"}

RULES = Rules(
    kinds={
        cleaning.PACKAGE: Kind((), implied=frozenset({"officeDocument"})),
        "officeDocument": Kind(
            (f"{_WORDPROCESSINGML}document.main+xml",),
            implied=frozenset({"styles", "numbering", "settings", "fontTable", "theme"}),
            named=_PICTURES | {"header", "footer"},
            clean=_clean_document,
        ),
        "header": Kind((f"{_WORDPROCESSINGML}header+xml",), named=_HEADER_KEEPS, clean=_clean_header),
        "footer": Kind((f"{_WORDPROCESSINGML}footer+xml",), named=_HEADER_KEEPS, clean=_clean_header),
        "styles": Kind((f"{_WORDPROCESSINGML}styles+xml",), clean=revisions.accept),
        "numbering": Kind((f"{_WORDPROCESSINGML}numbering+xml",), named=_PICTURES, clean=revisions.accept),
        "settings": Kind((f"{_WORDPROCESSINGML}settings+xml",), clean=_clean_settings),
        "fontTable": Kind((f"{_WORDPROCESSINGML}fontTable+xml",), named=frozenset({"font"})),
        "theme": Kind((f"{_OFFICE}theme+xml",), named=_PICTURES),
        "image": Kind(("image/",)),
        "hdphoto": Kind(("image/",)),
        "font": Kind((f"{_OFFICE}obfuscatedFont", "application/x-font", "font/")),
    },
    removed=frozenset({
        "drawing", "pict", "object", "hlinkClick", "hlinkHover", "printerSettings", "background", "altChunk", "subDoc",
        "control", "headerReference", "footerReference", "embedRegular", "embedBold", "embedItalic", "embedBoldItalic",
    }),
    unwrapped=frozenset({"hyperlink"}),
    parse=parse_xml,
    serialize=serialize_part_xml,
)  # fmt: skip
