"""The result of the analysis: the content of requirements.json as typed values.

RequirementsAnalyzer writes the file. The later tools and the results summary read it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from worker.tools.workbench import MissingInputError
from worker.tools.workspace import REQUIREMENTS, Workspace


class Kind(StrEnum):
    """The kinds of statement in the notes. NOTE is context that asks for nothing."""

    FUNCTIONAL = "functional"
    NON_FUNCTIONAL = "non_functional"
    INTEGRATION = "integrations"
    CONSTRAINT = "constraints"
    EXCLUDED = "out_of_scope"
    QUESTION = "open_questions"
    NOTE = "notes"


ID_PREFIXES: Mapping[Kind, str] = {
    Kind.FUNCTIONAL: "FR",
    Kind.NON_FUNCTIONAL: "NFR",
    Kind.INTEGRATION: "INT",
    Kind.CONSTRAINT: "CON",
    Kind.EXCLUDED: "OUT",
    Kind.QUESTION: "Q",
    Kind.NOTE: "N",
}


@dataclass(frozen=True)
class Item:
    """One statement of the notes."""

    id: str
    text: str
    lines: tuple[int, ...]
    """The lines of the notes that state it, counted from 1. A repeated statement has all its lines."""


@dataclass(frozen=True)
class Complexity:
    """How complex the project is, and why."""

    level: str
    points: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Requirements:
    """The statements of the notes, by kind."""

    items: Mapping[Kind, Sequence[Item]]
    complexity: Complexity
    left_out: int
    """The number of statements that are greetings or small talk. They are not kept."""

    def count(self, kind: Kind) -> int:
        """How many items of this kind there are."""
        return len(self.items.get(kind, ()))

    def as_json(self) -> dict[str, object]:
        """The content of requirements.json."""
        return {
            "complexity": asdict(self.complexity),
            "left_out": self.left_out,
            **{kind.value: [asdict(item) for item in self.items.get(kind, ())] for kind in Kind},
        }


def from_json(value: Mapping[str, Any]) -> Requirements:
    """Parse what `Requirements.as_json` wrote."""
    complexity = value["complexity"]
    return Requirements(
        items={
            kind: tuple(Item(item["id"], item["text"], tuple(item["lines"])) for item in value[kind.value])
            for kind in Kind
        },
        complexity=Complexity(complexity["level"], complexity["points"], tuple(complexity["reasons"])),
        left_out=value["left_out"],
    )


def read_requirements(workspace: Workspace) -> Requirements:
    """Read the session's requirements.

    Raises:
        MissingInputError: the notes have not been analyzed yet.
    """
    value = workspace.read_json(REQUIREMENTS)
    if value is None:
        raise MissingInputError(f"{REQUIREMENTS} is missing: call RequirementsAnalyzer first")
    return from_json(value)
