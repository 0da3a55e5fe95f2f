"""List items with what stands below them: a parent and its details are one, the head of a list is none.

`outline` adds the lines; this module decides what belongs together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.text.roles import role_of

_FEW_WORDS = 3
_CLAUSE_WORDS = 5
_WRAPPED = 40
"""A line of at least this length may go on in the next one, whatever that begins with."""
_MARGIN = 60
"""A list item of at least this length may go on in a line that is not indented and begins with a capital letter."""
_LABEL = re.compile(r"[^\s:]{1,20}(?: [^\s:]{1,20}){0,3}:(?!//)")
_ENDS = (".", "!", "?", "\u2026")


@dataclass
class Node:
    """A list item."""

    text: str
    numbers: list[int]
    indent: int
    children: list["Node"] = field(default_factory=list)

    def lines(self) -> Iterator[int]:
        """The lines of the item and of everything below it."""
        yield from self.numbers
        for child in self.children:
            yield from child.lines()

    def details(self) -> Iterator[str]:
        """The texts of everything below it."""
        for child in self.children:
            yield child.text
            yield from child.details()

    def whole(self) -> str:
        """The item's text; that of a label with the texts below it."""
        if not (self.children and self.text.endswith(":")):
            return self.text
        return f"{self.text} {'; '.join(child.text.rstrip('.;') for child in self.children)}"


def add(nodes: list[Node], node: Node) -> None:
    """Put an item below the last one that is less indented."""
    while nodes and node.indent > nodes[-1].indent:
        nodes = nodes[-1].children
    nodes.append(node)


def last_of(nodes: list[Node]) -> Node:
    """The item that was added last."""
    last = nodes[-1]
    while last.children:
        last = last.children[-1]
    return last


def goes_on(last: Node, text: str, indent: int, *, blank: bool) -> bool:
    """Whether a line without a mark belongs to the item before it; `blank` says that a blank line is between."""
    if blank:
        return indent > last.indent and not text.endswith(":")
    if indent > last.indent:
        return True
    if text[0].islower():
        return wrapped(last.text, text)
    return len(last.text) >= _MARGIN and not last.text.endswith((*_ENDS, ":", ";")) and not _LABEL.match(text)


def is_head(node: Node, lexicon: Lexicon) -> bool:
    """Whether an item is the head of the items below it rather than a requirement with details."""
    title = node.text.rstrip(": ")
    if role_of(title, lexicon, strict=True) is not None:
        return True
    if node.text.endswith(":") and lexicon.words("need").search(plain(title)):
        return True
    clauses = sum(len(child.text.split()) >= _CLAUSE_WORDS for child in node.children)
    short = len(title.split()) <= _FEW_WORDS or node.text.endswith(":")
    return short and len(node.children) > 1 and clauses * 2 >= len(node.children)


def wrapped(before: str, text: str) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    if not before or not text:
        return False
    if before.endswith((*_ENDS, ":", ";")) and not text[0].islower():
        return before.endswith(_ENDS) and len(before) >= _WRAPPED
    if before.endswith(_ENDS) and _LABEL.match(text):
        return False
    if text[0].islower() or before.endswith((",", "-", "(", "/", "&")):
        return True
    return len(before) >= _WRAPPED


def joined(before: str, text: str) -> str:
    """Two lines as one text. A word that was hyphenated is whole again."""
    if before.endswith("-") and before[-2:-1].isalpha() and text[:1].islower():
        return before[:-1] + text
    return f"{before} {text}"
