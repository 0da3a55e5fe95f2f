"""The statements of the notes: sentences, list items and table rows, each with its section and its speaker."""

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from worker.tools.analysis.rules.text.roles import Role
from worker.tools.requirements import Kind


class Asked(Enum):
    """What the question before a statement is about."""

    NOTHING = auto()
    WISHES = auto()
    TODAY = auto()
    EXCLUSIONS = auto()
    OTHER = auto()


class Shape(Enum):
    """The form in which something is stated."""

    SENTENCE = auto()
    ITEM = auto()
    ROW = auto()


@dataclass(frozen=True)
class Section:
    """Where a statement stands."""

    role: Role | None = None
    title: str = ""
    level: int = 0
    named: bool = False
    """Whether the title is a topic of the project, which can name a work package."""
    priority: str = ""
    """The word for the priority in the title: "Must have"."""
    preamble: bool = False
    """Whether it stands before the first of several headings."""


@dataclass(frozen=True)
class Hints:
    """What the columns of a table or the labels of a block say about a statement."""

    kind: str = ""
    priority: str = ""
    points: str = ""
    package: str = ""
    status: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Statement:
    """One statement."""

    text: str
    lines: tuple[int, ...]
    section: Section
    shape: Shape = Shape.SENTENCE
    speaker: str = ""
    turn: int = 0
    """The number of the speaker's turn; 0 for what nobody speaks."""
    hints: Hints = field(default_factory=Hints)
    details: tuple[str, ...] = ()
    """What stands below it and belongs to it: the children of a list item, acceptance criteria."""
    signed: bool = False
    """Whether it has an id of its own, as requirements in a specification have."""
    interviewer: bool = False
    """Whether its speaker is the one who asks the questions."""
    asked: Asked = Asked.NOTHING
    """What the question before it, in the same talk, was about."""
    about: Kind | None = None
    """The kind that this question's words show."""
    background: str = ""
    """What the speaker says before it, in the same sentence, to explain it."""
    of_person: bool = False
    """Whether it begins with a person, by name or as "she"."""
    demanding: float = 0.0
    """The share of its neighbours that demand something in so many words: those of its section and its form."""

    @property
    def alone(self) -> bool:
        """Whether it is a line without a full stop that nobody speaks, as in a list without marks."""
        return self.shape is Shape.SENTENCE and not self.speaker and self.text[-1:].isalnum() and len(self.lines) == 1

    @property
    def spoken(self) -> bool:
        """Whether it is part of a talk, with or without the names of those who speak."""
        return self.turn > 0

    @property
    def told(self) -> bool:
        """Whether somebody tells it, in a talk or in prose below no heading that asks for something."""
        prose = self.shape is Shape.SENTENCE and self.section.role in {None, Role.CONTEXT}
        return prose or (self.spoken and not self.listed)

    @property
    def listed(self) -> bool:
        """Whether it stands in a list or a table."""
        return self.shape is not Shape.SENTENCE

    def under(self, title: str, role: Role | None) -> "Statement":
        """The statement in a section below its own."""
        return replace(self, section=replace(self.section, title=title, role=role))
