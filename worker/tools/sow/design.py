"""Opens the document that a statement of work is written into: a house template, or the built-in look.

`template` reduces a template to its design. If its header or footer is empty, it gets ours, with page numbers. Nothing
here knows what a statement of work says.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.exceptions import OpcError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import _BaseHeaderFooter
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.text.paragraph import Paragraph

from worker.tools.documents.document import UnusableTemplateError
from worker.tools.sow import template as templates

FONT = "Arial"
NAVY, BLUE, GREY = RGBColor(0x12, 0x34, 0x4D), RGBColor(0x0B, 0x6E, 0x99), RGBColor(0x64, 0x74, 0x8B)
RULE = "C3CDD8"
"""The colour of a table's lines, RRGGBB."""
EMU_PER_POINT = 12700

# The built-in look: for each style the size in points, bold, the colour, and the space before and after.
_STYLES: Mapping[str, tuple[float, bool, RGBColor | None, float, float]] = {
    "Normal": (10, False, None, 0, 6),
    "Title": (26, True, NAVY, 0, 4),
    "Subtitle": (13, False, BLUE, 0, 14),
    "Heading 1": (15, True, NAVY, 18, 6),
    "Heading 2": (12, True, BLUE, 12, 4),
    "List Bullet": (10, False, None, 0, 3),
    "Header": (8.5, False, GREY, 0, 0),
    "Footer": (8.5, False, GREY, 0, 0),
}


@dataclass(frozen=True)
class Paper:
    """A document to write into."""

    document: DocumentType
    width: float
    """Points between the margins."""
    head_fill: str
    """The background colour of a table's head, RRGGBB."""
    head_colour: RGBColor | None

    def style(self, *names: str) -> str | None:
        """The first of these styles that the document has, or None for the default style if it has none of them."""
        return next((name for name in names if name in self.document.styles), None)


def open_paper(template: bytes | None, *, header: str, footer: str) -> Paper:
    """Open an empty document from the template, or in the built-in look if there is none.

    Raises:
        UnusableTemplateError: the template is not a Word document.
    """
    document = _blank() if template is None else _opened(template)
    section = document.sections[-1]
    page, left, right = (length or 0 for length in (section.page_width, section.left_margin, section.right_margin))
    width = (page - left - right) / EMU_PER_POINT
    _fill_if_empty(section.header, [header], width)
    _fill_if_empty(section.footer, [footer, "Page ", "PAGE", " of ", "NUMPAGES"], width)
    if template is None:
        return Paper(document, width, "12344D", RGBColor(0xFF, 0xFF, 0xFF))
    return Paper(document, width, "E7E6E6", None)


def _opened(template: bytes) -> DocumentType:
    try:
        document = Document(io.BytesIO(template))
        templates.reduce(document)
    except (OpcError, zipfile.BadZipFile, SyntaxError, KeyError, ValueError) as error:
        raise UnusableTemplateError(f"it is not a Word document: {error}") from error
    return document


def _blank() -> DocumentType:
    document = Document()
    templates.reduce(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    for name, (size, bold, colour, before, after) in _STYLES.items():
        style = document.styles[name]
        if not isinstance(style, ParagraphStyle):
            raise TypeError(f"{name} is {style.type}, not {WD_STYLE_TYPE.PARAGRAPH}")
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = colour or RGBColor(0x1F, 0x29, 0x33)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        _set_font(style)
    _without_border(document.styles["Title"])
    for border in document.styles["Table Grid"].element.find(f".//{qn('w:tblBorders')}"):
        border.set(qn("w:color"), RULE)
    return document


def _set_font(style: ParagraphStyle) -> None:
    """Set the font for every script. python-docx sets only the Latin one, and a theme font would override that."""
    style.font.name = FONT
    fonts = style.element.rPr.rFonts
    for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(attribute), None)
    for attribute in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(attribute), FONT)


def _without_border(style: BaseStyle) -> None:
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _fill_if_empty(part: _BaseHeaderFooter, pieces: Sequence[str], width: float) -> None:
    """Fill a header or footer: the first piece on the left, the others on the right. Pieces in capitals are fields."""
    if part.tables or any(paragraph.text.strip() or len(paragraph._p) > 1 for paragraph in part.paragraphs):  # noqa: SLF001 - a logo has no text but an element
        return
    part.is_linked_to_previous = False
    paragraph = part.paragraphs[0] if part.paragraphs else part.add_paragraph()
    stops = paragraph.paragraph_format.tab_stops
    inherited = paragraph.style.paragraph_format.tab_stops if paragraph.style else ()
    for stop in inherited:
        stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    stops.add_tab_stop(Pt(width), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(pieces[0])
    for place, piece in enumerate(pieces[1:]):
        if place == 0:
            paragraph.add_run("\t")
        if piece.isupper():
            _add_field(paragraph, piece)
        else:
            paragraph.add_run(piece)


def _add_field(paragraph: Paragraph, code: str) -> None:
    """Add a field that Word computes, such as the page number."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields
