"""Reduces a firm's template to its design, so that no document shows what an earlier one said.

The rules list what stays, not what goes: a part stays only if relationships that they name lead to it. What refers to
anything else is removed with it. If that can't be done, the template is refused. `deck.template` and `sow.template`
have the rules of their kind of document.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from worker.tools.documents.document import UnusableTemplateError
from worker.tools.documents.opc import Element, Part, Relationships, detach, local_name, references, unwrap

PACKAGE = "package"
"""The kind of the package itself, from which the walk starts."""
_WEB = re.compile(r"(?i)(https?|mailto):")
_ALTERNATIVES = frozenset({"Choice", "Fallback"})


@dataclass(frozen=True)
class Kind:
    """A kind of part that stays. It is called as the relationships that lead to it are, such as `slideLayout`."""

    content_types: tuple[str, ...]
    """What its content type begins with. A part of another type under this name is no design."""
    implied: frozenset[str] = frozenset()
    """The relationships that it keeps though its XML does not name them."""
    named: frozenset[str] = frozenset()
    """The relationships that it keeps if its XML names them."""
    clean: Callable[[Element], None] = lambda _: None
    """Removes old content from the part's XML itself."""


@dataclass(frozen=True)
class Rules:
    """What a template of one kind of document keeps."""

    kinds: Mapping[str, Kind]
    removed: frozenset[str]
    """The elements that are removed if they, or something in them, refer to what does not stay."""
    parse: Callable[[bytes], Element]
    serialize: Callable[[Element], bytes]
    unwrapped: frozenset[str] = field(default=frozenset())
    """The elements that then lose their tag and keep their content."""


def clean(package: Relationships, rules: Rules) -> None:
    """Reduce the package with these relationships to its design.

    Raises:
        UnusableTemplateError: something refers to old content in a way that the rules don't know.
    """
    _drop(package, rules.kinds[PACKAGE], frozenset())
    visited: set[str] = set()
    waiting = list(_targets(package))
    while waiting:
        name, part = waiting.pop()
        if part.partname in visited:
            continue
        visited.add(part.partname)
        kind = rules.kinds.get(name)
        if kind is None or not part.content_type.startswith(kind.content_types):
            raise UnusableTemplateError(f"its {name} {part.partname} has the content type {part.content_type}")
        _clean_part(part, kind, rules)
        waiting += _targets(part.rels)


def _targets(rels: Relationships) -> Iterator[tuple[str, Part]]:
    for key in rels:
        if not rels[key].is_external:
            yield _name(rels[key].reltype), rels[key].target_part


def _name(reltype: str) -> str:
    """The last part of a relationship's type. Microsoft's extensions differ from the standard's types before it."""
    return reltype.rpartition("/")[2]


def _clean_part(part: Part, kind: Kind, rules: Rules) -> None:
    if not part.content_type.endswith("xml") or part.content_type.startswith("image/"):
        _drop(part.rels, kind, frozenset())
        return
    known: Element | None = getattr(part, "_element", None)
    element = rules.parse(part.blob) if known is None else known
    if element.getroottree().docinfo.doctype:
        raise UnusableTemplateError(f"{part.partname} has a document type declaration, which no Office file has")
    detach(element.xpath("//comment() | //processing-instruction()"))
    kind.clean(element)
    # An element that goes may have named further parts, and these then go too.
    _drop(part.rels, kind, _named(element))
    _remove_broken(part, element, rules)
    _drop(part.rels, kind, _named(element))
    if known is None:
        part._blob = rules.serialize(element)  # type: ignore[attr-defined] # noqa: SLF001 - neither library can set it


def _named(element: Element) -> frozenset[str]:
    return frozenset(value for each in element.iter() for value in references(each).values())


def _drop(rels: Relationships, kind: Kind, named: frozenset[str]) -> None:
    for key in list(rels):
        name = _name(rels[key].reltype)
        kept = name in kind.implied or (name in kind.named and key in named)
        link = name == "hyperlink" and _WEB.match(rels[key].target_ref) is not None
        if not kept or rels[key].is_external != link:
            rels.pop(key)


def _remove_broken(part: Part, element: Element, rules: Rules) -> None:
    """Remove what refers to a relationship that the part does not have, or does not have any more."""
    for each in list(element.iter()):
        found = references(each)
        broken = [name for name, value in found.items() if value not in part.rels]
        if not broken or not _is_in(each, element):
            continue
        if len(broken) < len(found):  # such as a picture that is linked and embedded
            for name in broken:
                del each.attrib[name]
            continue
        holder = _holder(each, rules)
        if holder is None:
            raise UnusableTemplateError(f"{part.partname} refers to old content in <{local_name(each)}>")
        (unwrap if local_name(holder) in rules.unwrapped else detach)([holder])


def _is_in(element: Element, root: Element) -> bool:
    above: Element | None = element
    while above is not None and above is not root:
        above = above.getparent()
    return above is root


def _holder(element: Element, rules: Rules) -> Element | None:
    """The nearest element around a reference that may go, with all its alternatives for other versions of Office."""
    above: Element | None = element
    while above is not None and local_name(above) not in rules.removed | rules.unwrapped:
        above = above.getparent()
    parent = above.getparent() if above is not None else None
    if parent is not None and local_name(parent) in _ALTERNATIVES:
        return parent.getparent()
    return above
