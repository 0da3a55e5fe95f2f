"""What a consultant submits: the one list of an assessment's fields that resolvers, worker and tools go by.

The annotation of a field says what it may hold. `FIELDS` has the same list for code that handles every field alike,
so a new field is added to `Assessment`, to the API's two types in `schema.types`, and to the clients.
"""

from dataclasses import MISSING, dataclass, fields
from types import NoneType
from typing import Annotated, get_args

from schema.limits import REQUIREMENTS_LENGTH

WORKER_ACTION = "PROCESS_AGENT_WORKFLOW"
"""The `action` of the event with which the resolvers start the worker. The assessment's fields are beside it."""


@dataclass(frozen=True)
class Text:
    """A field that holds a text of at most `longest` characters."""

    longest: int


@dataclass(frozen=True)
class WholeNumber:
    """A field that holds a whole number from `least` to `most`."""

    least: int
    most: int

    @property
    def allowed(self) -> range:
        return range(self.least, self.most + 1)


@dataclass(frozen=True)
class Day:
    """A field that holds a date: YYYY-MM-DD."""


@dataclass(frozen=True)
class CurrencyCode:
    """A field that holds the three letters of an ISO 4217 code."""


@dataclass(frozen=True)
class Flag:
    """A field that holds true or false, and is false when left out."""


Holds = Text | WholeNumber | Day | CurrencyCode | Flag

DURATION = Text(100)
TEAM_SIZE = WholeNumber(1, 1000)


@dataclass(frozen=True)
class Assessment:
    """One submitted assessment, which never changes; None is what the consultant left open."""

    client_name: Annotated[str, Text(200)]
    project_name: Annotated[str | None, Text(200)]
    industry: Annotated[str | None, Text(100)]
    requirements: Annotated[str, Text(REQUIREMENTS_LENGTH)]
    """The meeting's notes."""
    duration: Annotated[str | None, DURATION]
    """As a person writes it: "6 months"."""
    team_size: Annotated[int | None, TEAM_SIZE]
    start_date: Annotated[str | None, Day()] = None
    """When the work may begin."""
    currency: Annotated[str | None, CurrencyCode()] = None
    review: Annotated[bool, Flag()] = False
    """Whether the session waits for a person once it is priced."""


@dataclass(frozen=True)
class Field:
    """One field of an assessment."""

    name: str
    api_name: str
    """The field's name in GraphQL."""
    required: bool
    """Whether a submit must give it."""
    holds: Holds
    absent: object
    """What the assessment holds if a submit leaves it out."""


def _field(name: str, annotation: object, default: object) -> Field:
    kind, holds = get_args(annotation)
    head, *rest = name.split("_")
    required = default is MISSING and NoneType not in get_args(kind)
    absent = None if default is MISSING else default
    return Field(name, head + "".join(map(str.capitalize, rest)), required, holds, absent)


FIELDS = tuple(_field(field.name, field.type, field.default) for field in fields(Assessment))
"""The fields in their order."""
