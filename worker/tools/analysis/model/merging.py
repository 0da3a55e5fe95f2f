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
    """The answer that the model's groups make. An entry that the model did not name stays as it is.

    Raises:
        FaultsError: the groups can't be what the model means.
    """
    if faults := list(_faults(given, found)):
        raise FaultsError(faults)
    packages = {number: package["name"] for package in given["work_packages"] for number in package["members"]}
    same = {group[0]: group[1:] for group in given.get("same", ())}
    repeated = {number for others in same.values() for number in others}
    gone = repeated.union(given.get("answered", ()))
    entries = [
        _joined(entry, [found.entries[other - 1] for other in same.get(number, ())], packages.get(number))
        for number, entry in enumerate(found.entries, start=1)
        if number not in gone
    ]
    return Answer(tuple(entries), _settled(given.get("facts", ()), found))


def _faults(given: Mapping[str, Any], found: Listed) -> Iterator[str]:
    packages = [(f"work_packages[{index}]", one["members"]) for index, one in enumerate(given["work_packages"])]
    same = [(f"same[{index}]", members) for index, members in enumerate(given.get("same", ()))]
    answered = given.get("answered", ())
    for groups in (packages, [*same, ("answered", answered)]):
        yield from _wrong_numbers(groups, len(found.entries))
    for where, members in same:
        yield from _different(where, [number for number in members if number <= len(found.entries)], found.entries)
    for number in answered:
        if number <= len(found.entries) and found.entries[number - 1].kind is not Kind.OPEN_QUESTION:
            yield f"answered: entry {number} is not an {Kind.OPEN_QUESTION}"
    for number in given.get("facts", ()):
        if not 0 < number - len(found.entries) <= len(found.facts):
            yield f"facts: {number} is not the number of a fact"
    left = len(found.entries) - sum(len(members) for _, members in packages)
    if left > len(found.entries) / 2:
        yield f"{left} of {len(found.entries)} entries are in no work package: put each into one"


def _wrong_numbers(groups: Sequence[tuple[str, Sequence[int]]], count: int) -> Iterator[str]:
    """Numbers that are no entry's, or stand twice in these groups."""
    places: dict[int, str] = {}
    for where, members in groups:
        for number in members:
            if number > count:
                yield f"{where}: there is no entry {number}: they are numbered from 1 to {count}"
            elif number in places:
                yield f"{where}: entry {number} is in {places[number]} too: name it once"
            places[number] = where


def _different(where: str, members: Sequence[int], entries: Sequence[Requirement]) -> Iterator[str]:
    """Members of a group that can't ask for the same thing as its first one."""
    for number in members[1:]:
        first, other = entries[members[0] - 1], entries[number - 1]
        if other.kind is not first.kind:
            yield f"{where}: entry {number} is {other.kind}, but entry {members[0]} is {first.kind}: leave them apart"
        elif stems(first.text).isdisjoint(stems(other.text)):
            yield f"{where}: entries {members[0]} and {number} have no word in common: leave them apart"


def _joined(first: Requirement, others: Sequence[Requirement], package: str | None) -> Requirement:
    lines = [number for other in others for number in other.lines]
    name = " ".join(package.split()) if package else first.work_package
    return replace(_with_lines(first, lines), work_package=name)


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
