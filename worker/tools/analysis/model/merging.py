"""Joins what the model found in the parts of long notes. Pure, but for the one call that `reader` makes for it.

What two overlapping parts found alike is joined without asking. Then the model says which of the numbered entries are
the same, and what their work packages are. It can't change a word of them: it only names numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from worker.tools.analysis.model.answer import FACTS, Answer
from worker.tools.analysis.model.asking import FaultsError
from worker.tools.analysis.model.checks import alike
from worker.tools.analysis.model.evidence import stems
from worker.tools.analysis.model.notes import Piece, fenced
from worker.tools.facts import Deadline, Facts, Languages
from worker.tools.requirements import Kind, Requirement

Fact = TypeVar("Fact")

_JOINED = "languages"
"""The fact that is what all parts say together; of the others one counts."""


@dataclass(frozen=True)
class Listed:
    """The entries and facts of all parts, in the order in which they are numbered from 1."""

    entries: tuple[Requirement, ...]
    facts: tuple[tuple[str, Any], ...]
    """Each single fact with its name; only those of which the parts found different ones."""
    agreed: Facts
    """What is certain without asking."""

    def shown(self) -> str:
        """What the model is asked about."""
        lines = [
            f"[{entry.kind}] {entry.text} (lines {_listed(entry.lines)}; work package {entry.work_package or 'none'})"
            for entry in self.entries
        ]
        lines += [f"[fact: {name}] {_said(fact)} (lines {_listed(fact.lines)})" for name, fact in self.facts]
        return fenced([Piece(number, line) for number, line in enumerate(lines, start=1)])


def listed(answers: Sequence[Answer]) -> Listed:
    """The entries of all parts, those joined that say the same in nearly the same words."""
    joined: list[Requirement] = []
    for entry in (entry for answer in answers for entry in answer.requirements):
        place = next((place for place, other in enumerate(joined) if alike(entry, other)), None)
        if place is None:
            joined.append(entry)
        else:
            joined[place] = _with_lines(joined[place], entry.lines)
    disputed: list[tuple[str, Any]] = []
    agreed: dict[str, Any] = {}
    for name in FACTS:
        if name == _JOINED:
            continue
        found = _distinct([fact for answer in answers if (fact := getattr(answer.facts, name)) is not None])
        if len(found) == 1:
            agreed[name] = found[0]
        disputed += [(name, fact) for fact in found if len(found) > 1]
    facts = Facts(**agreed, deadlines=_deadlines(answers), languages=_languages(answers))
    return Listed(tuple(joined), tuple(disputed), facts)


def merged(given: Mapping[str, Any], found: Listed) -> Answer:
    """The answer that the model's groups make. An entry that is in no group stays as it is.

    Raises:
        FaultsError: the groups can't be what the model means.
    """
    if faults := list(_faults(given, found)):
        raise FaultsError(faults)
    answered = set(given.get("answered", ()))
    groups = {min(group["members"]): _joined(group, found.entries) for group in given["groups"]}
    grouped = {number for group in given["groups"] for number in group["members"]}
    entries = [
        groups.get(number, entry)
        for number, entry in enumerate(found.entries, start=1)
        if number not in answered and (number in groups or number not in grouped)
    ]
    return Answer(tuple(entries), _settled(given.get("facts", ()), found))


def _faults(given: Mapping[str, Any], found: Listed) -> Iterator[str]:
    places: dict[int, str] = {}
    for index, group in enumerate(given["groups"]):
        for number in group["members"]:
            if number in places:
                yield f"groups[{index}]: entry {number} is in {places[number]} too: put it into one group only"
            places[number] = f"groups[{index}]"
        yield from _wrong_group(f"groups[{index}]", group["members"], found.entries)
    for number in given.get("answered", ()):
        if not 0 < number <= len(found.entries) or found.entries[number - 1].kind is not Kind.OPEN_QUESTION:
            yield f"answered: entry {number} is not an {Kind.OPEN_QUESTION}"
        elif number in places:
            yield f"answered: entry {number} is in {places[number]} too"
    for number in given.get("facts", ()):
        if not 0 < number - len(found.entries) <= len(found.facts):
            yield f"facts: {number} is not the number of a fact"
    left = len(found.entries) - len(places) - len(given.get("answered", ()))
    if left > len(found.entries) / 2:
        yield f"{left} of {len(found.entries)} entries are in no group: put each into one"


def _wrong_group(where: str, members: Sequence[int], entries: Sequence[Requirement]) -> Iterator[str]:
    if absent := [number for number in members if number > len(entries)]:
        yield f"{where}: there is no entry {', '.join(map(str, absent))}: they are numbered from 1 to {len(entries)}"
        return
    first, *others = (entries[number - 1] for number in members)
    for number, other in zip(members[1:], others, strict=True):
        if other.kind != first.kind:
            yield f"{where}: entry {number} is {other.kind}, but entry {members[0]} is {first.kind}: leave them apart"
        elif stems(first.text).isdisjoint(stems(other.text)):
            yield f"{where}: entries {members[0]} and {number} have no word in common: leave them apart"


def _joined(group: Mapping[str, Any], entries: Sequence[Requirement]) -> Requirement:
    first, *others = (entries[number - 1] for number in group["members"])
    lines = [number for other in others for number in other.lines]
    return replace(_with_lines(first, lines), work_package=" ".join(group["work_package"].split()))


def _settled(chosen: Sequence[int], found: Listed) -> Facts:
    """The facts that count: the chosen ones, and the first of a name where none was chosen."""
    settled: dict[str, Any] = {}
    for name, fact in [found.facts[number - len(found.entries) - 1] for number in chosen] + list(found.facts):
        settled.setdefault(name, fact)
    return replace(found.agreed, **settled)


def _with_lines(entry: Requirement, lines: Sequence[int]) -> Requirement:
    return replace(entry, lines=tuple(sorted({*entry.lines, *lines})))


def _distinct(facts: Sequence[Fact]) -> list[Fact]:
    """The facts that differ in more than their lines; equal ones get all lines."""
    found: list[Any] = []
    for fact in facts:
        place = next((place for place, other in enumerate(found) if _value(other) == _value(fact)), None)
        if place is None:
            found.append(fact)
        else:
            found[place] = _both(found[place], fact)
    return found


def _deadlines(answers: Sequence[Answer]) -> tuple[Deadline, ...]:
    days: dict[object, Deadline] = {}
    for day in (day for answer in answers for day in answer.facts.deadlines):
        days[day.date] = _both(days[day.date], day) if day.date in days else day
    return tuple(sorted(days.values(), key=lambda day: day.date))


def _languages(answers: Sequence[Answer]) -> Languages | None:
    found = [answer.facts.languages for answer in answers if answer.facts.languages is not None]
    if not found:
        return None
    codes = dict.fromkeys(code for one in found for code in one.codes)
    return Languages(tuple(codes), tuple(sorted({number for one in found for number in one.lines})))


def _both(one: Any, other: Any) -> Any:  # noqa: ANN401 - two facts of one type
    return replace(one, lines=tuple(sorted({*one.lines, *other.lines})))


def _value(fact: Any) -> object:  # noqa: ANN401 - any fact
    return replace(fact, lines=())


def _said(fact: object) -> str:
    held = {name: getattr(fact, name) for name in type(fact).__match_args__ if name != "lines"}  # type: ignore[attr-defined]
    return ", ".join(f"{name} {value}" for name, value in held.items() if value)


def _listed(lines: Sequence[int]) -> str:
    return ", ".join(map(str, lines))
