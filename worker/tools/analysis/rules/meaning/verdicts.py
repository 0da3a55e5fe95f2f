"""What is decided about a statement, and what a decision needs to know of the notes as a whole."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.outline.statements import Statement
from worker.tools.requirements import Kind


class Reason(Enum):
    """Why a statement asks for nothing."""

    ORDER = auto()
    """It gives orders to whoever reads the notes."""
    TALK = auto()
    """Small talk, or about the meeting or the tender itself."""
    CONTEXT = auto()
    """It tells how things are."""
    FACT = auto()
    """A bare fact such as "Budget: EUR 900,000", which the facts hold."""
    UNDECIDED = auto()
    """Nothing shows what it is."""


@dataclass(frozen=True)
class Verdict:
    """A statement and its kind, or the reason why it has none."""

    statement: Statement
    kind: Kind | None
    reason: Reason | None = None
    question: bool = False
    """Whether it is a question that an answer may settle."""


@dataclass(frozen=True)
class Notes:
    """What is known of the notes as a whole."""

    lexicon: Lexicon
    systems: re.Pattern[str]
    """Matches the names of other systems."""
    limits: frozenset[tuple[int, ...]] = frozenset()
    """The lines of the facts that limit the project: budget and deadlines."""
    people: frozenset[str] = frozenset()
    """The words of the names of persons."""
    figures: frozenset[tuple[int, ...]] = frozenset()
    """The lines of its other facts: duration, start, team."""
    beside: frozenset[tuple[tuple[int, ...], str]] = frozenset()
    """The lines and texts of the statements that share the lines of a fact and do not state it."""
