"""The facts that the notes state about the project: budget, deadlines, duration, start, team and languages.

A reader finds them, `worker.tools.requirements` keeps them in requirements.json, and the estimate uses them. Each fact
has the lines of the notes that state it. A fact that the notes don't state is None or empty, never a guess.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Budget:
    """What the client can spend on this project at most."""

    amount: Decimal
    currency: str | None
    """ISO 4217; None when the notes name no currency."""
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Deadline:
    """The last day by which something has to be finished."""

    date: dt.date
    lines: tuple[int, ...]
    assumed: str = ""
    """The words of the notes where they don't state the whole date: "1 March", "before Christmas"."""


@dataclass(frozen=True)
class Length:
    """How long the project may take."""

    weeks: int
    """The target, or the longer end of a range."""
    lines: tuple[int, ...]
    at_most_weeks: int | None = None
    """The maximum, where the notes state one beside the target."""
    longer_end: bool = False
    """Whether the notes give a range, of which `weeks` is the longer end."""
    stated: str = ""
    """The words of the notes: "6-8 months"."""


@dataclass(frozen=True)
class Start:
    """The first day of the work."""

    date: dt.date
    lines: tuple[int, ...]


@dataclass(frozen=True)
class TeamSize:
    """How many people of the supplier the client expects."""

    people: int
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Languages:
    """The languages that the solution must speak, as ISO 639-1 codes."""

    codes: tuple[str, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Facts:
    """All facts of the notes."""

    budget: Budget | None = None
    deadlines: tuple[Deadline, ...] = ()
    duration: Length | None = None
    start: Start | None = None
    team_size: TeamSize | None = None
    languages: Languages | None = None

    def as_json(self) -> dict[str, object]:
        """The facts that are stated, as JSON. Dates are ISO dates, amounts are strings."""
        stated = {name: value for name in _FIELDS if (value := getattr(self, name))}
        return {
            name: [_plain(each) for each in value] if isinstance(value, tuple) else _plain(value)
            for name, value in stated.items()
        }


_FIELDS = ("budget", "deadlines", "duration", "start", "team_size", "languages")

NO_FACTS = Facts()


def _plain(fact: object) -> dict[str, object]:
    return {
        name: str(value) if isinstance(value, dt.date | Decimal) else list(value) if isinstance(value, tuple) else value
        for name, value in vars(fact).items()
    }


def facts_from_json(value: Mapping[str, Any]) -> Facts:
    """Parse what `Facts.as_json` wrote."""
    budget, duration, start = value.get("budget"), value.get("duration"), value.get("start")
    team, languages = value.get("team_size"), value.get("languages")
    return Facts(
        budget=budget and Budget(Decimal(budget["amount"]), budget["currency"], tuple(budget["lines"])),
        deadlines=tuple(
            Deadline(dt.date.fromisoformat(each["date"]), tuple(each["lines"]), each.get("assumed", ""))
            for each in value.get("deadlines", ())
        ),
        duration=duration and Length(**{**duration, "lines": tuple(duration["lines"])}),
        start=start and Start(dt.date.fromisoformat(start["date"]), tuple(start["lines"])),
        team_size=team and TeamSize(team["people"], tuple(team["lines"])),
        languages=languages and Languages(tuple(languages["codes"]), tuple(languages["lines"])),
    )
