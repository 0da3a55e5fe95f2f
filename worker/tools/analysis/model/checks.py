"""Finds the faults of a model's answer about a part of the notes: one rule for each way in which it can be wrong.

A rule looks at one entry, at one fact, or at all of them, and yields each fault in words that the model can act on.
Pure. The schema has been checked before; `asking` sends the faults back.
"""

import datetime as dt
import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from worker.tools.analysis.model.answer import Answer, lines_of
from worker.tools.analysis.model.evidence import (
    Evidence,
    capitalises_nouns,
    comes_from_an_order,
    gives_orders,
    plain,
    stems,
)
from worker.tools.analysis.model.notes import Part
from worker.tools.facts import Deadline, Start
from worker.tools.requirements import BUILT, Requirement

_YEARS_BACK = 1
_YEARS_AHEAD = 15
"""A deadline further away than that was misread."""

_SHOWN = 60

_FIRST_YEAR, _LAST_YEAR = 2000, 2099


@dataclass(frozen=True)
class Shown:
    """What the model was shown, and when."""

    part: Part
    today: dt.date

    @functools.cached_property
    def lines(self) -> dict[int, str]:
        """The text of each line, by its number."""
        found: dict[int, str] = {}
        for piece in self.part:
            found[piece.number] = f"{found[piece.number]} {piece.text}" if piece.number in found else piece.text
        return found

    @functools.cached_property
    def capital_nouns(self) -> bool:
        return capitalises_nouns("\n".join(self.lines.values()))

    def evidence(self, lines: Sequence[int]) -> Evidence:
        """What the lines say; empty for lines that don't exist."""
        return Evidence("\n".join(self.lines.get(number, "") for number in lines))


def faults(answer: Answer, shown: Shown) -> Iterator[str]:
    """What is wrong with the answer, and where."""
    for index, entry in enumerate(answer.requirements):
        where = f"requirements[{index}] {_named(entry)}"
        wrong = list(_wrong_lines(entry.lines, shown))
        evidence = shown.evidence(entry.lines)
        wrong = wrong or [fault for rule in _ENTRY_RULES for fault in rule(entry, evidence, shown)]
        yield from (f"{where}: {fault}" for fault in wrong)
    for name, lines in lines_of(answer.facts):
        yield from (f"{name}: {fault}" for fault in _wrong_lines(lines, shown))
        if all(gives_orders(shown.lines.get(number, "")) for number in lines):
            yield f"{name}: its lines only give orders to their reader, and are no fact about the project"
    for rule in _ANSWER_RULES:
        yield from rule(answer, shown)


def alike(one: Requirement, other: Requirement) -> bool:
    """Whether two entries say the same in the same words, be they inflected or in another order.

    Other figures make another requirement, and so does another word of some length: "parcels" for "orders".
    """
    first, second = _wording(one.text), _wording(other.text)
    if one.kind is not other.kind or not first.stems:
        return first.plain == second.plain
    return first.stems == second.stems and first.figures == second.figures


def _wrong_lines(lines: Sequence[int], shown: Shown) -> Iterator[str]:
    first, last = min(shown.lines, default=0), max(shown.lines, default=0)
    absent = [number for number in lines if number not in shown.lines]
    if absent:
        yield f"there is no line {', '.join(map(str, absent))}: you were given the lines {first} to {last}"
    elif not any(shown.lines[number].strip() for number in lines):
        yield "its lines are empty"


def _invented_numbers(entry: Requirement, evidence: Evidence, _: Shown) -> Iterator[str]:
    for number in evidence.missing_numbers(entry.text):
        yield f"the number {number} is not in its lines: write it as they do, or name the line that has it"


def _invented_names(entry: Requirement, evidence: Evidence, shown: Shown) -> Iterator[str]:
    for name in evidence.missing_names(entry.text, nouns_are_capital=shown.capital_nouns):
        yield f"the name {name} is not in its lines: leave it out, or name the line that has it"


def _unrelated_lines(entry: Requirement, evidence: Evidence, _: Shown) -> Iterator[str]:
    if not evidence.shares_a_word(entry.text):
        yield "its lines say nothing of the kind: name the lines that do, and use their words"


def _order(entry: Requirement, evidence: Evidence, _: Shown) -> Iterator[str]:
    if comes_from_an_order(entry.text, evidence.text):
        yield "it comes only from an order to the notes' reader, which asks the supplier for nothing: leave it out"


def _no_size(entry: Requirement, _: Evidence, __: Shown) -> Iterator[str]:
    if entry.kind in BUILT and entry.size is None:
        yield f"it has no size, which every {entry.kind} entry needs"


def _said_twice(answer: Answer, _: Shown) -> Iterator[str]:
    for index, entry in enumerate(answer.requirements):
        for before, other in enumerate(answer.requirements[:index]):
            if alike(entry, other):
                yield (
                    f"requirements[{index}] {_named(entry)}: it says the same as requirements[{before}]: make one entry"
                    " of them, with the lines of both"
                )


def _budget(answer: Answer, shown: Shown) -> Iterator[str]:
    budget = answer.facts.budget
    if budget is None:
        return
    evidence = shown.evidence(budget.lines)
    if not evidence.has_amount(budget.amount):
        yield f"facts.budget: its lines don't state the amount {budget.amount}"
    if budget.currency and not evidence.has_currency(budget.currency):
        yield f"facts.budget: its lines don't name the currency {budget.currency}"


def _dates(answer: Answer, shown: Shown) -> Iterator[str]:
    start = answer.facts.start
    days: list[tuple[str, Deadline | Start]] = [("start", start)] if start else []
    days += [(f"deadlines[{index}]", day) for index, day in enumerate(answer.facts.deadlines)]
    for name, day in days:
        if not shown.today.year - _YEARS_BACK <= day.date.year <= shown.today.year + _YEARS_AHEAD:
            yield f"facts.{name}: {day.date} is not plausible for this project, for today is {shown.today}"
        elif not _year_fits(day, shown.evidence(day.lines)):
            yield f"facts.{name}: its lines don't name the year {day.date.year}, but another one"
    if start and any(day.date < start.date for day in answer.facts.deadlines):
        yield f"facts.start: {start.date} is after a deadline"


def _duration(answer: Answer, _: Shown) -> Iterator[str]:
    duration = answer.facts.duration
    if duration and duration.at_most_weeks is not None and duration.at_most_weeks < duration.weeks:
        yield f"facts.duration: at most {duration.at_most_weeks} weeks is less than the target of {duration.weeks}"


def _team(answer: Answer, shown: Shown) -> Iterator[str]:
    team = answer.facts.team_size
    if team is None:
        return
    stated = shown.evidence(team.lines).numbers
    if team.people not in stated and len(stated) < 2:  # noqa: PLR2004 - of two numbers the team may be the sum
        yield f"facts.team_size: its lines don't state {team.people} people"


_ENTRY_RULES: Sequence[Callable[[Requirement, Evidence, Shown], Iterator[str]]] = (
    _order,
    _unrelated_lines,
    _invented_numbers,
    _invented_names,
    _no_size,
)

_ANSWER_RULES: Sequence[Callable[[Answer, Shown], Iterator[str]]] = (_said_twice, _budget, _dates, _duration, _team)


def _named(entry: Requirement) -> str:
    """How a fault calls it."""
    return f'"{entry.text[:_SHOWN]}"'


def _year_fits(day: Deadline | Start, evidence: Evidence) -> bool:
    """Whether the lines name this year or none at all: "by the end of September"."""
    years = {number for number in evidence.numbers if _FIRST_YEAR <= number <= _LAST_YEAR}
    return not years or day.date.year in years or day.date.year % 100 in evidence.numbers


@dataclass(frozen=True)
class _Wording:
    """A text in the form in which it is compared."""

    plain: str
    stems: frozenset[str]
    figures: frozenset[str]


@functools.lru_cache(maxsize=2048)
def _wording(text: str) -> _Wording:
    words = map(plain, text.split())
    figures = frozenset(word for word in words if any(character.isdigit() for character in word))
    return _Wording(plain(text), stems(text), figures)
