"""What python-pptx and python-docx have in common: packages of parts that relationships connect.

Both libraries store a document in this form, the Open Packaging Conventions (ECMA-376, part 2). The protocols name only
what `documents.cleaning` needs of them, so that it imports neither library.
"""

from collections.abc import Iterable, Iterator, MutableMapping
from typing import Protocol

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""The namespace of the attributes in which a part's XML names its relationships."""
VML_REFERENCE = "{urn:schemas-microsoft-com:office:office}relid"
"""The attribute that does the same in VML, the drawings of older versions of Office."""


class Element(Protocol):
    """An XML element, as lxml has it."""

    tag: str
    text: str | None

    @property
    def attrib(self) -> MutableMapping[str, str]: ...
    def getparent(self) -> "Element | None": ...
    def getroottree(self) -> "Tree": ...
    def iter(self, *tags: str) -> "Iterator[Element]": ...
    def remove(self, child: "Element") -> None: ...
    def insert(self, index: int, element: "Element", /) -> None: ...
    def addprevious(self, sibling: "Element") -> None: ...
    def get(self, name: str) -> str | None: ...
    def xpath(self, path: str, /) -> "Iterable[Element]": ...
    def __iter__(self) -> "Iterator[Element]": ...


class DocumentInfo(Protocol):
    """What an XML file says before its first element."""

    @property
    def doctype(self) -> str: ...


class Tree(Protocol):
    """A whole XML file."""

    @property
    def docinfo(self) -> DocumentInfo: ...


class Relationship(Protocol):
    """A relationship from a part, or from the package, to a part or an address outside."""

    @property
    def reltype(self) -> str: ...
    @property
    def is_external(self) -> bool: ...
    @property
    def target_ref(self) -> str: ...
    @property
    def target_part(self) -> "Part": ...


class Relationships(Protocol):
    """The relationships of one part by their id."""

    def __iter__(self) -> Iterator[str]: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __getitem__(self, key: str) -> Relationship: ...
    def pop(self, key: str) -> Relationship: ...


class Part(Protocol):
    """One file of the package."""

    @property
    def partname(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def blob(self) -> bytes: ...
    @property
    def rels(self) -> Relationships: ...


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def references(element: Element) -> dict[str, str]:
    """The attributes in which an element names relationships, each with the id. An empty id names none."""
    return {
        name: value
        for name, value in element.attrib.items()
        if value and (name.startswith(f"{{{RELATIONSHIPS}}}") or name == VML_REFERENCE)
    }


def detach(elements: Iterable[Element]) -> None:
    """Remove each element from its parent, unless it was removed before."""
    for element in list(elements):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def unwrap(elements: Iterable[Element]) -> None:
    """Put the children of each element in its place."""
    found = list(elements)
    for element in found:
        for child in list(element):
            element.addprevious(child)
    detach(found)
