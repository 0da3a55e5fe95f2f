"""A model's answer as typed values: `parsed` makes them of an input that agrees with the form's schema. Pure.

The form speaks the words of `worker.tools.requirements`. A requirement gets its id later, once all parts are merged.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from worker.tools.facts import NO_FACTS, Budget, Deadline, Facts, Languages, Length, Start, TeamSize
from worker.tools.requirements import BUILT, Discipline, Kind, Priority, Requirement, Size

FACTS = ("budget", "duration", "start", "team_size", "languages")
"""The facts of which a project has one, as the form and `Facts` name them."""


@dataclass(frozen=True)
class Answer:
    """Everything that was found in a text."""

    requirements: tuple[Requirement, ...]
    """Without ids."""
    facts: Facts = NO_FACTS


class NoDateError(ValueError):
    """A date has the right form, but no calendar has it."""


def parsed(given: Mapping[str, Any]) -> Answer:
    """The values of an input that has no fault by the schema.

    Raises:
        NoDateError: a date is none, such as 2027-02-30. The message names it.
    """
    return Answer(tuple(map(_requirement, given["requirements"])), _facts(given["facts"]))


def lines_of(facts: Facts) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each fact's name and lines."""
    for name in FACTS:
        if (fact := getattr(facts, name)) is not None:
            yield f"facts.{name}", fact.lines
    for index, deadline in enumerate(facts.deadlines):
        yield f"facts.deadlines[{index}]", deadline.lines


def _requirement(given: Mapping[str, Any]) -> Requirement:
    kind = Kind(given["kind"])
    built = kind in BUILT
    return Requirement(
        id="",
        kind=kind,
        text=" ".join(given["text"].split()),
        lines=_lines(given["lines"]),
        priority=Priority(given.get("priority", Priority.MUST)),
        work_package=" ".join(given.get("work_package", "").split()) or None,
        size=Size(given["size"]) if built and "size" in given else None,
        size_reason=given.get("size_reason", "").strip() if built else "",
        discipline=Discipline(given["discipline"]) if built and "discipline" in given else None,
    )


def _facts(given: Mapping[str, Any]) -> Facts:
    budget, duration, start = given.get("budget"), given.get("duration"), given.get("start")
    team, languages = given.get("team_size"), given.get("languages")
    return Facts(
        budget=budget and Budget(Decimal(str(budget["amount"])), budget["currency"], _lines(budget["lines"])),
        deadlines=tuple(Deadline(_date(one["date"]), _lines(one["lines"])) for one in given.get("deadlines", ())),
        duration=duration
        and Length(duration["weeks"], _lines(duration["lines"]), at_most_weeks=duration.get("at_most_weeks")),
        start=start and Start(_date(start["date"]), _lines(start["lines"])),
        team_size=team and TeamSize(team["people"], _lines(team["lines"])),
        languages=languages and Languages(tuple(dict.fromkeys(languages["codes"])), _lines(languages["lines"])),
    )


def _date(given: str) -> dt.date:
    try:
        return dt.date.fromisoformat(given)
    except ValueError as error:
        raise NoDateError(f"{given} is no date") from error


def _lines(given: Sequence[int]) -> tuple[int, ...]:
    """Each line once, in order."""
    return tuple(sorted(set(given)))
