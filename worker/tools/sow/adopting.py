"""Gives a firm's template the styles that it lacks, in its own colours and fonts.

They come from the built-in document and refer to the theme only. A firm's headings stay without numbers if they have
none, so a copied heading gets none either.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.parts.numbering import NumberingPart

from worker.tools.documents.opc import Element
from worker.tools.sow.styles import BUILT_IN, STYLES

_NAMED = tuple(qn(f"w:{name}") for name in ("basedOn", "next", "link"))


def style_ids(document: Document) -> dict[str, str]:
    """The id of each style by its name in small letters. Word in another language uses other ids."""
    return {
        style.find(qn("w:name")).get(qn("w:val")).lower(): style.get(qn("w:styleId"))
        for style in document.styles.element.iter(qn("w:style"))
        if style.find(qn("w:name")) is not None
    }


def adopt(document: Document, source: Document) -> tuple[str, ...]:
    """Copy the styles that a document lacks. Answers the missing ones that every Word has."""
    own, theirs = style_ids(document), style_ids(source)
    names = {value: name for name, value in theirs.items()}
    missing = [name for name in theirs if name not in own and name != "section numbers"]
    taken = set(own.values())
    for name in missing:
        wanted = theirs[name]
        own[name] = wanted if wanted not in taken else f"Proposal{wanted}"
    lists = _Lists(document, source)
    for style in list(source.styles.element.iter(qn("w:style"))):
        name = names[style.get(qn("w:styleId"))]
        if name not in missing:
            continue
        copied = copy.deepcopy(style)
        copied.set(qn("w:styleId"), own[name])
        copied.attrib.pop(qn("w:default"), None)
        for reference in copied.iter(*_NAMED):
            reference.set(qn("w:val"), own[names[reference.get(qn("w:val"))]])
        lists.renumber(copied, keep=not name.startswith("heading "))
        document.styles.element.append(copied)
    lists.name_styles(own, names)
    return tuple(style.name for style in STYLES if style.name.lower() in BUILT_IN.intersection(missing))


def set_right_tab(document: Document, names: Iterable[str], ids: Mapping[str, str], width: float) -> None:
    """Move the right tab stop of these styles to the end of the line."""
    by_id: dict[str, Any] = {style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))}
    for name in names:
        for tab in by_id[ids[name.lower()]].iter(qn("w:tab")):
            if tab.get(qn("w:val")) == "right":
                tab.set(qn("w:pos"), str(round(width * 20)))


class _Lists:
    """Copies the lists that copied styles are numbered by, under numbers that are free."""

    def __init__(self, document: Document, source: Document) -> None:
        self._document = document
        self._source = {
            each.get(qn("w:abstractNumId")): each
            for each in source.part.numbering_part.element.iter(qn("w:abstractNum"))
        }
        self._copied: dict[str, tuple[str, Any]] = {}

    def renumber(self, style: Any, *, keep: bool) -> None:  # noqa: ANN401 - an lxml element
        """Point a copied style to a copied list, or take its number away."""
        for properties in list(style.iter(qn("w:numPr"))):
            number = properties.find(qn("w:numId"))
            if keep:
                number.set(qn("w:val"), self._copy(number.get(qn("w:val"))))
            else:
                properties.getparent().remove(properties)

    def name_styles(self, ids: Mapping[str, str], names: Mapping[str, str]) -> None:
        """Point the copied lists back to the copied styles."""
        for _, abstract in self._copied.values():
            for style in abstract.iter(qn("w:pStyle")):
                style.set(qn("w:val"), ids[names[style.get(qn("w:val"))]])

    def _copy(self, number: str) -> str:
        if number not in self._copied:
            root = _numbering(self._document)
            abstract = copy.deepcopy(self._source[number])
            abstract_id = _free(root, "w:abstractNum", "w:abstractNumId")
            abstract.set(qn("w:abstractNumId"), abstract_id)
            new = _free(root, "w:num", "w:numId")
            used = parse_xml(f'<w:num {nsdecls("w")} w:numId="{new}"><w:abstractNumId w:val="{abstract_id}"/></w:num>')
            first, last = root.find(qn("w:num")), root.findall(qn("w:num"))
            # The schema has all lists before all their uses.
            (first.addprevious if first is not None else root.append)(abstract)
            (last[-1].addnext if last else root.append)(used)
            self._copied[number] = (new, abstract)
        return self._copied[number][0]


def _numbering(document: Document) -> Any:  # noqa: ANN401 - an lxml element
    """The document's lists. A document without any gets the part for them."""
    for rel in document.part.rels.values():
        if rel.reltype == RELATIONSHIP_TYPE.NUMBERING:
            return rel.target_part.element
    root = parse_xml(f"<w:numbering {nsdecls('w')}/>")
    part = NumberingPart(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, root, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    return root


def _free(root: Element, element: str, attribute: str) -> str:
    return str(1 + max((int(each.get(qn(attribute)) or 0) for each in root.iter(qn(element))), default=0))
