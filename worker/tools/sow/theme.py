"""The colours and fonts of a document's theme: puts a profile's into it, and into the styles that name them.

Word takes a colour from the theme, and other programs the value beside its name. `look` therefore fills in the values.
"""

from collections.abc import Mapping

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from worker.tools.documents.opc import Element, local_name
from worker.tools.profile.profile import Design

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_NAMES = {"dk1": "text1", "lt1": "background1", "dk2": "text2", "lt2": "background2"}
"""A colour of the theme is called otherwise in a text than in the theme."""
_COLOURED = ((qn("w:themeColor"), qn("w:color")), (qn("w:themeFill"), qn("w:fill")))
"""Where an element names a colour, and where it has its value."""
_COLOUR, _VALUE = qn("w:color"), qn("w:val")
_READABLE = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3)."""


def set_design(document: Document, design: Design) -> None:
    """Put a profile's colours and fonts into the theme."""
    part = document.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = parse_xml(part.blob)
    colours = {
        "dk2": _darkened(design.primary), "accent1": _darkened(design.secondary), "accent2": design.accent.upper()
    }  # fmt: skip
    for name, value in colours.items():
        for colour in root.iter(f"{_A}{name}"):
            colour[0].set("val", value)
    for kind, font in (("majorFont", design.heading_font), ("minorFont", design.body_font)):
        for latin in root.iter(f"{_A}{kind}"):
            latin.find(f"{_A}latin").set("typeface", font)
    part._blob = serialize_part_xml(root)  # noqa: SLF001 - python-docx has no way to change a theme


def colours_of(document: Document) -> Mapping[str, str]:
    """The theme's colours as RRGGBB, by the names that a text calls them. Empty if there is no theme."""
    themes = [rel for rel in document.part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.THEME]
    if not themes:
        return {}
    scheme = parse_xml(themes[0].target_part.blob).find(f".//{_A}clrScheme")
    return {
        _NAMES.get(local_name(each), local_name(each)): each[0].get("lastClr") or each[0].get("val", "")
        for each in ([] if scheme is None else scheme)
        if len(each)
    }


def fill_in(root: Element, colours: Mapping[str, str]) -> None:
    """Set the value of each colour that has only a name. One with a value of its own may be a tint or a shade."""
    for element in root.iter():
        for name, value in _COLOURED:
            if name in element.attrib:
                own = _VALUE if element.tag == _COLOUR else value
                colour = colours.get(element.attrib[name], "")
                if colour and element.attrib.get(own) == "auto":
                    element.attrib[own] = colour


def _darkened(colour: str) -> str:
    """The colour, or a darker one that can be read on white and below white text."""
    parts = [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
    while 1.05 / (_luminance(parts) + 0.05) < _READABLE:
        parts = [part * 9 // 10 for part in parts]
    return "".join(f"{part:02X}" for part in parts)


def _luminance(parts: list[int]) -> float:
    """The relative luminance of a colour, from 0 to 1, as WCAG defines it."""
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004 - 0.04045 of 255
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
