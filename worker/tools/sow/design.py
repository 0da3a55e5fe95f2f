"""Opens the document that a statement of work is written into: a firm's template, or default.docx.

The profile's colours and fonts go into the theme of default.docx. A firm's template keeps its own, and gets the styles
that it lacks. Nothing here knows what a statement of work says.
"""

import functools
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.opc.exceptions import OpcError
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml

from worker.tools.documents.document import UnusableTemplateError
from worker.tools.documents.opc import detach, local_name
from worker.tools.profile.profile import Design
from worker.tools.sow import adopting, theme
from worker.tools.sow import template as templates

_FILE = Path(__file__).with_name("default.docx")
_EMU_PER_POINT = 12700
_TABBED = ("Running Header", "Running Footer")
_CONTENTS = ("TOC 1", "TOC 2", "TOC 3")
_AFTER_UPDATE = frozenset({
    "hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids", "mathPr", "attachedSchema",
    "themeFontLang", "clrSchemeMapping", "decimalSymbol", "listSeparator",
})  # fmt: skip
"""What comes after `w:updateFields` in the settings. Word requires the order of its schema."""
_MODE = "compatibilityMode"
_WORD = "http://schemas.microsoft.com/office/word"


@dataclass(frozen=True)
class Paper:
    """A document to write into."""

    document: DocumentType
    width: float
    """Points between the margins."""
    height: float
    """Points between the header's margin and the footer's."""
    styles: Mapping[str, str]
    """The id of each style by its name in small letters."""
    numbered: bool
    """Whether the style of a heading numbers it."""
    missing: tuple[str, ...] = ()
    """The styles that the template lacks, as Word calls them."""

    def style(self, name: str) -> str:
        """The id of a style."""
        return self.styles[name.lower()]


def open_paper(template: bytes | None, design: Design, language: str) -> Paper:
    """Open an empty document from the template, or in the built-in look if there is none.

    `language` is that of the text (BCP 47), whatever the template was written in.

    Raises:
        UnusableTemplateError: the template is not a Word document.
    """
    built_in = Document(io.BytesIO(_built_in()))
    document = built_in
    missing: tuple[str, ...] = ()
    tabbed: tuple[str, ...] = (*_TABBED, *_CONTENTS)
    if template is None:
        theme.set_design(document, design)
    else:
        document = _opened(template)
        own = adopting.style_ids(document)
        tabbed = tuple(name for name in tabbed if name.lower() not in own)
        missing = adopting.adopt(document, built_in)
    styles = adopting.style_ids(document)
    width, height = _room(document)
    adopting.set_right_tab(document, tabbed, styles, width)
    colours = theme.colours_of(document) or theme.colours_of(built_in)
    theme.fill_in(document.styles.element, colours)
    theme.fill_in(document.part.numbering_part.element, colours)
    _set_mode(document)
    _set_language(document, language)
    return Paper(document, width, height, styles, _is_numbered(document, styles["heading 1"]), missing)


@functools.cache
def _built_in() -> bytes:
    return _FILE.read_bytes()


def _opened(template: bytes) -> DocumentType:
    try:
        document = Document(io.BytesIO(template))
        templates.reduce(document)
    except (OpcError, zipfile.BadZipFile, SyntaxError, KeyError, ValueError) as error:
        raise UnusableTemplateError(f"it is not a Word document: {error}") from error
    return document


def _room(document: DocumentType) -> tuple[float, float]:
    """The width and height between the margins, in points."""
    section = document.sections[-1]
    across = (section.page_width, section.left_margin, section.right_margin)
    along = (section.page_height, section.top_margin, section.bottom_margin)
    (wide, left, right), (high, top, bottom) = ([length or 0 for length in lengths] for lengths in (across, along))
    return (wide - left - right) / _EMU_PER_POINT, (high - top - bottom) / _EMU_PER_POINT


def _is_numbered(document: DocumentType, style_id: str) -> bool:
    """Whether this style, or one that it is based on, belongs to a list."""
    by_id = {style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))}
    seen: set[str] = set()
    while style_id in by_id and style_id not in seen:
        seen.add(style_id)
        style = by_id[style_id]
        number = style.find(f".//{qn('w:numId')}")
        if number is not None:
            return bool(number.get(qn("w:val")) != "0")
        based = style.find(qn("w:basedOn"))
        style_id = "" if based is None else based.get(qn("w:val"))
    return False


def _set_language(document: DocumentType, language: str) -> None:
    """Set what spelling checks and screen readers take the text for."""
    for properties in document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr"):
        found = properties.find(qn("w:lang"))
        if found is None:
            properties.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{language}"/>'))
        else:
            found.set(qn("w:val"), language)


def _set_mode(document: DocumentType) -> None:
    """Have Word update the fields on opening, and lay the document out as its newest versions do."""
    settings = document.settings.element
    detach(settings.findall(qn("w:updateFields")))
    after = next((child for child in settings if local_name(child) in _AFTER_UPDATE), None)
    update = parse_xml(f'<w:updateFields {nsdecls("w")} w:val="1"/>')
    settings.append(update) if after is None else after.addprevious(update)
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = parse_xml(f"<w:compat {nsdecls('w')}/>")
        update.addnext(compat)
    detach(each for each in compat if each.get(qn("w:name")) == _MODE)
    compat.append(parse_xml(f'<w:compatSetting {nsdecls("w")} w:name="{_MODE}" w:uri="{_WORD}" w:val="15"/>'))
