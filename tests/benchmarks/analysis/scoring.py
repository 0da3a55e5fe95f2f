"""Compares an analysis with labels. Pure.

A found item matches a labelled one when their kinds are equal and their lines intersect, one to one; the matching is
the largest possible. Noise is the share of found items of priced kinds whose lines ask for nothing.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from worker.tools.facts import Facts
from worker.tools.requirements import BUILT, Analysis

from .corpus import Brief, Item

_WEEKS_OFF = 1


@dataclass
class Score:
    """Counts over briefs. They can be added."""

    matched: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    labelled: Counter[str] = field(default_factory=Counter)
    facts_right: int = 0
    facts_labelled: int = 0
    facts_found: int = 0
    priced: int = 0
    noisy: int = 0

    def add(self, other: "Score") -> None:
        """Add another score's counts."""
        self.matched += other.matched
        self.found += other.found
        self.labelled += other.labelled
        self.facts_right += other.facts_right
        self.facts_labelled += other.facts_labelled
        self.facts_found += other.facts_found
        self.priced += other.priced
        self.noisy += other.noisy

    def precision(self, *kinds: str) -> float | None:
        """The share of found items that are labelled, in percent; None where none was found."""
        return _percent(sum(self.matched[kind] for kind in kinds), sum(self.found[kind] for kind in kinds))

    def recall(self, *kinds: str) -> float | None:
        """The share of labelled items that are found, in percent; None where none is labelled."""
        return _percent(sum(self.matched[kind] for kind in kinds), sum(self.labelled[kind] for kind in kinds))

    @property
    def noise(self) -> float | None:
        """The share of priced items on lines that ask for nothing, in percent."""
        return _percent(self.noisy, self.priced)


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def score(brief: Brief, analysis: Analysis) -> Score:
    """The counts of one brief."""
    found = [Item(each.kind.value, frozenset(each.lines)) for each in analysis.requirements if each.lines]
    result = Score(found=Counter(item.kind for item in found), labelled=Counter(item.kind for item in brief.items))
    for place, _ in _matching(brief.items, found):
        result.matched[brief.items[place].kind] += 1
    asked = frozenset(line for item in brief.items for line in item.lines)
    priced = [item for item in found if item.kind in {kind.value for kind in BUILT}]
    result.priced, result.noisy = len(priced), sum(not item.lines & asked for item in priced)
    verdicts = list(_facts(brief.facts, analysis.facts))
    result.facts_labelled = len(verdicts)
    result.facts_right = sum(verdicts)
    result.facts_found = len(analysis.facts.as_json())
    return result


def _matching(labelled: Sequence[Item], found: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """The largest one-to-one matching, by augmenting paths."""
    fits = [
        [place for place, item in enumerate(found) if item.kind == label.kind and item.lines & label.lines]
        for label in labelled
    ]
    taken: dict[int, int] = {}

    def place_for(label: int, seen: set[int]) -> bool:
        for place in fits[label]:
            if place not in seen:
                seen.add(place)
                if place not in taken or place_for(taken[place], seen):
                    taken[place] = label
                    return True
        return False

    for label in range(len(labelled)):
        place_for(label, set())
    return ((label, place) for place, label in taken.items())


def missed(labelled: Sequence[Item], found: Sequence[Item]) -> tuple[list[Item], list[int]]:
    """The labelled items that nothing matches, and the places of found items that match nothing."""
    pairs = list(_matching(labelled, found))
    matched, used = {label for label, _ in pairs}, {place for _, place in pairs}
    return [item for place, item in enumerate(labelled) if place not in matched], [
        place for place in range(len(found)) if place not in used
    ]


def _facts(labels: Mapping[str, Any], found: Facts) -> Iterator[bool]:
    """For each labelled fact, whether its value was found."""
    if label := labels.get("budget"):
        budget = found.budget
        yield budget is not None and float(budget.amount) == label["amount"] and budget.currency == label["currency"]
    dates = {deadline.date for deadline in found.deadlines}
    for label in labels.get("deadlines", ()):
        yield dt.date.fromisoformat(label["date"]) in dates
    if label := labels.get("duration"):
        length = found.duration
        yield (
            length is not None
            and abs(length.weeks - label["weeks"]) <= _WEEKS_OFF
            and abs((length.at_most_weeks or 0) - label.get("at_most_weeks", length.at_most_weeks or 0)) <= _WEEKS_OFF
        )
    if label := labels.get("start"):
        yield found.start is not None and found.start.date.isoformat() == label["date"]
    if label := labels.get("team_size"):
        yield found.team_size is not None and found.team_size.people == label["people"]
    if label := labels.get("languages"):
        yield found.languages is not None and set(found.languages.codes) == set(label["codes"])
