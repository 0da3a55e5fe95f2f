"""Rates the complexity of the requirements: points, a level, and the reasons in words.

Each requirement has points by its kind. Each difficulty that something to build or a constraint mentions adds its
points once: what is out of scope or only asked about makes nothing harder. More requirements never mean fewer points.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.tools.requirements import BUILT, Complexity, Kind, Requirement

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


def weigh(requirements: Sequence[Requirement]) -> Complexity:
    """The complexity of a project with these requirements."""
    counts = Counter(each.kind for each in requirements)
    texts = [each.text for each in requirements if each.kind in (*BUILT, Kind.CONSTRAINT)]
    found = [difficulty for difficulty in DIFFICULTIES if any(difficulty.words.search(text) for text in texts)]
    points = sum(POINTS[kind] * counts[kind] for kind in POINTS) + sum(each.points for each in found)
    level = next(name for least, name in reversed(LEVELS) if points >= least)
    return Complexity(level, points, tuple(_reasons(counts, found)))


def _reasons(counts: Counter[Kind], found: Sequence[Difficulty]) -> Iterator[str]:
    for kind, points in POINTS.items():
        if count := counts[kind]:
            yield f"{count} {_NOUNS[kind][count > 1]} ({_points(count * points)})"
    for difficulty in found:
        yield f"{difficulty.name} ({_points(difficulty.points)})"
    if not found and not any(counts[kind] for kind in POINTS):
        yield "the notes state no requirement"


def _points(number: int) -> str:
    return "1 point" if number == 1 else f"{number} points"
