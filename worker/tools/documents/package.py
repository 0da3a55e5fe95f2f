"""Checks a document that was made from a template, as the bytes that are about to be handed out.

It finds what Office would repair or show: two parts of one name, a relationship without a target, and a part that
nothing refers to. `deck.generator` and `sow.generator` call it before they return a document.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from worker.tools.documents.document import UnusableTemplateError
from worker.tools.documents.opc import RELATIONSHIPS, VML_REFERENCE

_CONTENT_TYPES = "[content_types].xml"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True)
class _Relationship:
    source: str
    id: str
    target: str | None
    """The part, or None for an address outside."""


def check(body: bytes) -> tuple[str, ...]:
    """The names of the package's parts in lower case, if the package is sound.

    Raises:
        UnusableTemplateError: it is not. The message says what is wrong with it.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        names = [name.lower() for name in package.namelist()]
        contents = {name.lower(): package.read(name) for name in package.namelist()}
    relationships = [each for name in contents if name.endswith(".rels") for each in _relationships(name, contents)]
    faults = [
        *(f"{name} is in it more than once" for name in sorted(set(names)) if names.count(name) > 1),
        *_dangling(contents, relationships),
    ]
    parts = [name for name in contents if name != _CONTENT_TYPES and not name.endswith(".rels")]
    targets = {each.target for each in relationships}
    faults += [f"nothing refers to {part}" for part in parts if part not in targets]
    if faults:
        raise UnusableTemplateError("a document made from it is not sound: " + "; ".join(faults))
    return tuple(parts)


def _relationships(name: str, contents: dict[str, bytes]) -> Iterator[_Relationship]:
    """The relationships in one .rels file. The file for `a/b.xml` is `a/_rels/b.xml.rels`."""
    folder, _, file = name.rpartition("_rels/")
    for element in ET.fromstring(contents[name]).iter(_RELATIONSHIP):  # noqa: S314 - the libraries wrote it
        target = None
        if element.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/").lower()
        yield _Relationship(folder + file.removesuffix(".rels"), element.get("Id", ""), target)


def _dangling(contents: dict[str, bytes], relationships: list[_Relationship]) -> Iterator[str]:
    ids: dict[str, set[str]] = {}
    for each in relationships:
        ids.setdefault(each.source, set()).add(each.id)
        if each.target is not None and each.target not in contents:
            yield f"{each.source or 'the package'} refers to {each.target}, which is not in it"
    for name, content in contents.items():
        if name.endswith(".xml") and name != _CONTENT_TYPES:
            for value in _references(content) - ids.get(name, set()):
                yield f"{name} refers to the relationship {value}, which it does not have"


def _references(content: bytes) -> set[str]:
    root = ET.fromstring(content)  # noqa: S314 - `cleaning` has parsed it with lxml and refused entities
    return {
        value
        for element in root.iter()
        for name, value in element.attrib.items()
        if value and (name.startswith(f"{{{RELATIONSHIPS}}}") or name == VML_REFERENCE)
    }
