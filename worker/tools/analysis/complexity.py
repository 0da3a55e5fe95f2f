"""Rates the complexity of the requirements: points, a level, and the reasons in words.

Each requirement has points by its kind. Each difficulty that a requirement mentions adds its points once. More
requirements never mean fewer points.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.tools.requirements import Complexity, Kind

POINTS: Mapping[Kind, int] = {
    Kind.FUNCTIONAL: 2,
    Kind.NON_FUNCTIONAL: 3,
    Kind.INTEGRATION: 5,
    Kind.CONSTRAINT: 1,
    Kind.OPEN_QUESTION: 1,
}

LEVELS: Sequence[tuple[int, str]] = ((0, "Low"), (30, "Medium"), (90, "High"), (200, "Very High"))
"""Each level with the points from which it begins.

"Medium" begins at about 15 features, "High" at 25 with some integrations and qualities, and "Very High" at 50 with
many of both.
"""

_NOUNS: Mapping[Kind, tuple[str, str]] = {
    Kind.FUNCTIONAL: ("functional requirement", "functional requirements"),
    Kind.NON_FUNCTIONAL: ("non-functional requirement", "non-functional requirements"),
    Kind.INTEGRATION: ("integration", "integrations"),
    Kind.CONSTRAINT: ("constraint", "constraints"),
    Kind.OPEN_QUESTION: ("open question", "open questions"),
}


@dataclass(frozen=True)
class Difficulty:
    """Something that makes the whole project harder, whichever requirement mentions it."""

    name: str
    points: int
    words: re.Pattern[str]


def _difficulty(name: str, points: int, words: str) -> Difficulty:
    return Difficulty(name, points, re.compile(rf"\b(?:{words})", re.IGNORECASE))


DIFFICULTIES: Sequence[Difficulty] = (
    _difficulty("regulation or audits", 6, r"gdpr|hipaa|pci\b|iso.?27001|soc.?2\b|dora\b|nis.?2\b|regulat|audit"),
    _difficulty("data migration", 6, r"migrat|legacy data|data conversion"),
    _difficulty("real-time data", 5, r"(?:near )?real.?time|streaming|live (?:data|position|track)"),
    _difficulty("high availability or load", 5, r"99[.,]\d|24\s?[x/]\s?7|high availab|concurrent|peak"),
    _difficulty("several languages", 3, r"multi-?lingual|languages|locali[sz]ation|translat"),
    _difficulty("work without a connection", 5, r"offline"),
    _difficulty("machine learning", 6, r"machine learning|artificial intelligence|\bai\b|chat-?bot|forecast|predict"),
)


def weigh(counts: Mapping[Kind, int], texts: Sequence[str]) -> Complexity:
    """The complexity of a project with `counts` requirements of each kind, whose texts are `texts`."""
    found = [difficulty for difficulty in DIFFICULTIES if any(difficulty.words.search(text) for text in texts)]
    points = sum(POINTS[kind] * counts.get(kind, 0) for kind in POINTS) + sum(each.points for each in found)
    level = next(name for least, name in reversed(LEVELS) if points >= least)
    return Complexity(level, points, tuple(_reasons(counts, found)))


def _reasons(counts: Mapping[Kind, int], found: Sequence[Difficulty]) -> Iterator[str]:
    for kind, points in POINTS.items():
        if count := counts.get(kind, 0):
            yield f"{count} {_NOUNS[kind][count > 1]} ({count * points} points)"
    for difficulty in found:
        yield f"{difficulty.name} ({difficulty.points} points)"
    if not found and not any(counts.get(kind, 0) for kind in POINTS):
        yield "the notes state no requirement"
