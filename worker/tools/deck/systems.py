"""Finds the systems that a solution connects to, for its diagram: their names, and which way the data flows. Pure.

The names come from the texts of the integrations. One that names no system is shown by its number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from worker.tools.requirements import Requirement

_LONGEST_NAME = 36
_IN = re.compile(
    r"\b(from|imports?|imported|reads?|receives?|comes? in|pulls?|fetch\w*)\b|\bin\b(?=[,;.]|$)", re.IGNORECASE
)
_OUT = re.compile(
    r"\b(to|exports?|exported|sends?|pushes|publish\w*|writes?|notif\w+)\b|\bout\b(?=[,;.]|$)", re.IGNORECASE
)
_WORD = r"(?:[A-Z][\w/&.+-]*[\w&+]|[A-Z]{2,})"
_KIND = r"(?:gateway|system|provider|platform|database|portal|feed|service|interface|server|directory)"
_NAME = re.compile(rf"{_WORD}(?: (?:{_WORD}|\d+))*(?: {_KIND}\b)?")
_PARTS = re.compile(r"[(,;:.!?] |[(,;:.!?]$|: ")
_NOT_NAMES = frozenset({
    "A", "Access", "All", "An", "And", "Any", "Both", "Customers", "Data", "Each", "Every", "For", "From", "I", "If",
    "In", "It", "Its", "My", "No", "On", "One", "Our", "Some", "That", "The", "Their", "These", "They", "This", "Those",
    "To", "Two", "Users", "We", "When", "Your",
})  # fmt: skip


@dataclass(frozen=True)
class System:
    """One system of the client, or of a third party."""

    name: str
    """Empty where the integrations name none."""
    requirements: tuple[Requirement, ...]
    reads: bool
    """Whether the solution gets data from it."""
    writes: bool
    """Whether the solution gives data to it."""

    @property
    def ids(self) -> str:
        """The numbers of the integrations, such as "INT-1, INT-7"."""
        return ", ".join(each.id for each in self.requirements)


def systems(integrations: Iterable[Requirement]) -> tuple[System, ...]:
    """The systems in the order of the notes. Integrations that name the same system are one."""
    found = [(each, named(each.text)) for each in integrations]
    names = [name for _, name in found if name]
    grouped: dict[str, list[Requirement]] = {}
    for each, own in found:
        name = own or next((known for known in names if known.casefold() in each.text.casefold()), "")
        key = next((known for known in grouped if name and _same(known, name)), name or each.id)
        grouped.setdefault(key, []).append(each)
    return tuple(_system(key, members) for key, members in grouped.items())


def named(text: str) -> str:
    """The name of the system in an integration's text, as in "Kompass (TMS): bookings in"; empty if it names none."""
    head, colon, _ = text.partition(":")
    if colon and len(head) <= _LONGEST_NAME:
        return head
    for part in _PARTS.split(text):
        for found in _NAME.finditer(part):
            words = found[0].split()
            while words and (words[0] in _NOT_NAMES or (found.start() == 0 and _common(words[0]))):
                words.pop(0)
            if words and len(" ".join(words)) <= _LONGEST_NAME:
                return " ".join(words)
    return ""


def _common(word: str) -> bool:
    """Whether the first word of a sentence may have its capital only for standing there."""
    return word[1:].islower()


def _same(one: str, other: str) -> bool:
    first, second = (re.findall(r"\w+", name.casefold()) for name in (one, other))
    shorter, longer = sorted((first, second), key=len)
    return bool(shorter) and longer[: len(shorter)] == shorter


def _system(key: str, members: list[Requirement]) -> System:
    text = " ".join(each.text for each in members)
    reads, writes = bool(_IN.search(text)), bool(_OUT.search(text))
    both = reads == writes
    return System("" if key == members[0].id else key, tuple(members), reads or both, writes or both)
