"""The result of the analysis: the content of requirements.json as typed values.

RequirementsAnalyzer writes the file, whichever reader has read the notes. The later tools and the results summary
read it. Every requirement and every fact has the lines of the notes that state it, counted from 1 as
`str.splitlines` counts them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from schema.requirements import RequirementKind, RequirementPriority, RequirementSize
from worker.tools.facts import NO_FACTS, Facts, facts_from_json
from worker.tools.workbench import MissingInputError
from worker.tools.workspace import REQUIREMENTS, Workspace

Kind = RequirementKind
Size = RequirementSize
Priority = RequirementPriority

BUILT = (Kind.FUNCTIONAL, Kind.NON_FUNCTIONAL, Kind.INTEGRATION)
"""The kinds that the supplier builds. Only they have a size and a discipline."""

ID_PREFIXES: Mapping[Kind, str] = {
    Kind.FUNCTIONAL: "FR",
    Kind.NON_FUNCTIONAL: "NFR",
    Kind.INTEGRATION: "INT",
    Kind.CONSTRAINT: "CON",
    Kind.OUT_OF_SCOPE: "OUT",
    Kind.OPEN_QUESTION: "Q",
}


class Discipline(StrEnum):
    """The kind of work that a requirement mostly is."""

    EXPERIENCE_DESIGN = "experience design"
    APPLICATION = "application"
    INTEGRATION = "integration"
    DATA = "data"
    INFRASTRUCTURE = "infrastructure"
    SECURITY = "security"
    QUALITY = "quality assurance"
    CHANGE = "training and change"


@dataclass(frozen=True)
class Requirement:
    """One thing that the client asks for, excludes, prescribes or leaves open."""

    id: str
    kind: Kind
    text: str
    """A sentence or phrase of its own, which can be read without the notes."""
    lines: tuple[int, ...]
    """The lines of the notes that state it. What is said twice has the lines of both places."""
    priority: Priority = Priority.MUST
    work_package: str | None = None
    size: Size | None = None
    size_reason: str = ""
    discipline: Discipline | None = None


@dataclass(frozen=True)
class Complexity:
    """How complex the project is, and why."""

    level: str
    points: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Analysis:
    """What a reader understood of the notes."""

    requirements: tuple[Requirement, ...]
    complexity: Complexity
    facts: Facts = NO_FACTS
    confidence: float = 1.0
    """The share of the notes' lines that the reader can account for, from 0 to 1."""
    warnings: tuple[str, ...] = ()
    """What a person should know before relying on the analysis, in sentences."""
    reader: str = "rules"

    def of(self, kind: Kind) -> tuple[Requirement, ...]:
        """The requirements of a kind, in the order of the notes."""
        return tuple(requirement for requirement in self.requirements if requirement.kind is kind)

    def count(self, kind: Kind) -> int:
        """How many requirements of this kind there are."""
        return sum(requirement.kind is kind for requirement in self.requirements)

    def as_json(self) -> dict[str, object]:
        """The content of requirements.json."""
        return {**asdict(self), "facts": self.facts.as_json()}


def from_json(value: Mapping[str, Any]) -> Analysis:
    """Parse what `Analysis.as_json` wrote."""
    complexity = value["complexity"]
    return Analysis(
        requirements=tuple(_requirement(each) for each in value["requirements"]),
        complexity=Complexity(complexity["level"], complexity["points"], tuple(complexity["reasons"])),
        facts=facts_from_json(value["facts"]),
        confidence=value["confidence"],
        warnings=tuple(value["warnings"]),
        reader=value["reader"],
    )


def _requirement(value: Mapping[str, Any]) -> Requirement:
    return Requirement(
        id=value["id"],
        kind=Kind(value["kind"]),
        text=value["text"],
        lines=tuple(value["lines"]),
        priority=Priority(value["priority"]),
        work_package=value["work_package"],
        size=Size(value["size"]) if value["size"] else None,
        size_reason=value["size_reason"],
        discipline=Discipline(value["discipline"]) if value["discipline"] else None,
    )


def read_requirements(workspace: Workspace) -> Analysis:
    """Read the session's analysis.

    Raises:
        MissingInputError: the notes have not been analyzed yet.
    """
    value = workspace.read_json(REQUIREMENTS)
    if value is None:
        raise MissingInputError(f"{REQUIREMENTS} is missing: call RequirementsAnalyzer first")
    return from_json(value)
