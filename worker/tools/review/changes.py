"""Applies a reviewer's list to an analysis, and says what it changed. Pure.

An id stays with its requirement from version to version. A new requirement gets the next number that no requirement
of its kind has ever had. A requirement of another kind gets a new id, because the prefix is the kind's. A requirement
keeps its lines of the notes unless the reviewer names others.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from schema.review import ReviewedRequirement
from worker.tools.analysis.complexity import weigh
from worker.tools.analysis.rules.result.topics import discipline
from worker.tools.requirements import BUILT, ID_PREFIXES, Analysis, Kind, Priority, Requirement, Size

_ID = re.compile(r"([A-Z]+)-(\d{1,6})")
_REVIEWED = ", reviewed"
"""Ends the name of the reader whose list a person has gone through."""

_BY_REVIEWER = "set by the reviewer"
_ASSUMED = "no size was given: the usual one is assumed"


@dataclass(frozen=True)
class Changes:
    """What a version has changed of the one before, by the ids of the requirements."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: Mapping[str, str] | None = None
    """From the id before to the new one, of those whose kind has changed."""
    numbers: Mapping[str, int] | None = None
    """By prefix: the highest number that was ever given."""

    @property
    def any(self) -> bool:
        """Whether the list is another one."""
        return bool(self.added or self.removed or self.changed or self.renamed)


def numbers_of(requirements: Iterable[Requirement], before: Mapping[str, int] | None = None) -> dict[str, int]:
    """The highest number of each prefix, so far and among the requirements."""
    highest = dict(before or {})
    for each in requirements:
        if found := _ID.fullmatch(each.id):
            highest[found[1]] = max(highest.get(found[1], 0), int(found[2]))
    return highest


def reviewed(
    analysis: Analysis, listed: Sequence[ReviewedRequirement], numbers: Mapping[str, int] | None = None
) -> tuple[Analysis, Changes]:
    """The analysis with the reviewer's list, and what is different.

    `numbers` are the highest numbers of earlier versions. An id that the analysis does not have, or that the list
    names twice, counts as a new requirement.
    """
    counter = numbers_of(analysis.requirements, numbers)
    left = {each.id: each for each in analysis.requirements}
    kept: list[Requirement] = []
    added: list[str] = []
    changed: list[str] = []
    renamed: dict[str, str] = {}
    for given in listed:
        before = left.pop(given.id, None) if given.id else None
        after = _after(given, before, counter)
        kept.append(after)
        if before is None:
            added.append(after.id)
        elif after.id != before.id:
            renamed[before.id] = after.id
        elif _shown(after) != _shown(before):
            changed.append(after.id)
    changes = Changes(tuple(added), tuple(left), tuple(changed), renamed, counter)
    if not changes.any and [each.id for each in kept] == [each.id for each in analysis.requirements]:
        return analysis, changes
    return (
        replace(
            analysis,
            requirements=tuple(kept),
            complexity=weigh(kept),
            confidence=1.0,  # a person vouches for the whole list
            warnings=(),
            reader=f"{analysis.reader.removesuffix(_REVIEWED)}{_REVIEWED}",
        ),
        changes,
    )


def _after(given: ReviewedRequirement, before: Requirement | None, counter: dict[str, int]) -> Requirement:
    kind, text = Kind(given.kind), " ".join(given.text.split())
    if before is None or before.kind is not kind:
        prefix = ID_PREFIXES[kind]
        counter[prefix] = counter.get(prefix, 0) + 1
        name = f"{prefix}-{counter[prefix]}"
    else:
        name = before.id
    size, reason = _size(given, before, kind)
    same_text = before is not None and before.text == text and before.kind is kind
    return Requirement(
        id=name,
        kind=kind,
        text=text,
        lines=given.lines if given.lines is not None else before.lines if before else (),
        priority=Priority(given.priority) if given.priority else before.priority if before else Priority.MUST,
        work_package=(given.work_package or (before.work_package if before else None)) if kind in BUILT else None,
        size=size,
        size_reason=reason,
        discipline=before.discipline if before and same_text else discipline(kind, text),
    )


def _size(given: ReviewedRequirement, before: Requirement | None, kind: Kind) -> tuple[Size | None, str]:
    if kind not in BUILT:
        return None, ""
    if before and before.size and given.size in (None, before.size):
        return before.size, before.size_reason
    return (Size(given.size), _BY_REVIEWER) if given.size else (Size.M, _ASSUMED)


def _shown(each: Requirement) -> tuple[object, ...]:
    return each.kind, each.text, each.work_package, each.size, each.priority, each.lines
