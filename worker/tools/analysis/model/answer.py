"""A model's answer as typed values. `parsed` makes them of an input that agrees with the form's schema. Pure.

Lines are numbers of the notes' lines, each once and in order. What the model left out is None.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

PRICED = frozenset({"FUNCTIONAL", "NON_FUNCTIONAL", "INTEGRATION"})
"""The kinds that take effort of their own, and so have a size."""

OPEN_QUESTION = "OPEN_QUESTION"


@dataclass(frozen=True)
class Entry:
    """One thing that the notes ask for, limit, exclude or leave open. The words are the form's."""

    kind: str
    text: str
    lines: tuple[int, ...]
    work_package: str = ""
    size: str | None = None
    size_reason: str = ""
    priority: str = "MUST"
    discipline: str | None = None

    def name(self) -> str:
        """How a fault calls it."""
        return f'"{self.text[:60]}"'


@dataclass(frozen=True)
class Budget:
    """What the project may cost."""

    amount: Decimal
    currency: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Day:
    """A deadline, or the start."""

    date: dt.date
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Duration:
    """How long the project is to take."""

    weeks: int
    at_most_weeks: int | None
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Team:
    """How many people are to work on it."""

    people: int
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Languages:
    """What the solution must speak, as ISO 639-1 codes."""

    codes: tuple[str, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Facts:
    """What the notes state about the project."""

    budget: Budget | None = None
    deadlines: tuple[Day, ...] = ()
    duration: Duration | None = None
    start: Day | None = None
    team: Team | None = None
    languages: Languages | None = None


@dataclass(frozen=True)
class Answer:
    """Everything that was found."""

    entries: tuple[Entry, ...]
    facts: Facts = Facts()


class NoDateError(ValueError):
    """A date has the right form, but no calendar has it."""


def parsed(given: Mapping[str, Any]) -> Answer:
    """The values of an input that has no fault by the schema.

    Raises:
        NoDateError: a date is none, such as 2027-02-30. The message names it.
    """
    return Answer(tuple(map(_entry, given["requirements"])), _facts(given["facts"]))


def lines_of(facts: Facts) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each fact's name and lines."""
    for name, fact in (
        ("budget", facts.budget),
        *((f"deadlines[{index}]", day) for index, day in enumerate(facts.deadlines)),
        ("duration", facts.duration),
        ("start", facts.start),
        ("team_size", facts.team),
        ("languages", facts.languages),
    ):
        if fact is not None:
            yield f"facts.{name}", fact.lines


def _entry(given: Mapping[str, Any]) -> Entry:
    priced = given["kind"] in PRICED
    return Entry(
        kind=given["kind"],
        text=" ".join(given["text"].split()),
        lines=_lines(given["lines"]),
        work_package=" ".join(given.get("work_package", "").split()),
        size=given.get("size") if priced else None,
        size_reason=given.get("size_reason", "").strip() if priced else "",
        priority=given.get("priority", "MUST"),
        discipline=given.get("discipline") if priced else None,
    )


def _facts(given: Mapping[str, Any]) -> Facts:
    budget, duration, start = given.get("budget"), given.get("duration"), given.get("start")
    team, languages = given.get("team_size"), given.get("languages")
    return Facts(
        budget=budget and Budget(Decimal(str(budget["amount"])), budget["currency"], _lines(budget["lines"])),
        deadlines=tuple(map(_day, given.get("deadlines", ()))),
        duration=duration and Duration(duration["weeks"], duration.get("at_most_weeks"), _lines(duration["lines"])),
        start=start and _day(start),
        team=team and Team(team["people"], _lines(team["lines"])),
        languages=languages and Languages(tuple(dict.fromkeys(languages["codes"])), _lines(languages["lines"])),
    )


def _day(given: Mapping[str, Any]) -> Day:
    try:
        date = dt.date.fromisoformat(given["date"])
    except ValueError as error:
        raise NoDateError(f"{given['date']} is no date") from error
    return Day(date, _lines(given["lines"]))


def _lines(given: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(set(given)))
