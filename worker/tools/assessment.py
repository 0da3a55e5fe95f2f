"""What the consultant submitted, as the worker left it in the workspace.

Parsed here once; the tools see typed values. Nothing is validated again: the resolvers did that.
"""

from dataclasses import dataclass

from worker.tools.workbench import MissingInputError
from worker.tools.workspace import ASSESSMENT, Workspace


@dataclass(frozen=True)
class Assessment:
    """One submitted assessment; None is what the consultant left open."""

    client_name: str
    project_name: str | None
    industry: str | None
    requirements: str
    duration: str | None
    team_size: int | None


def read_assessment(workspace: Workspace) -> Assessment:
    """The session's assessment; MissingInputError when the worker has not written it."""
    value = workspace.read_json(ASSESSMENT)
    if value is None:
        raise MissingInputError(
            f"{workspace.key(ASSESSMENT)} is missing: the worker writes it before it calls the agent,"
            " so this session was never started or has expired; submit the assessment again"
        )
    size = value.get("team_size")
    return Assessment(
        client_name=str(value["client_name"]),
        project_name=_text(value.get("project_name")),
        industry=_text(value.get("industry")),
        requirements=str(value["requirements"]),
        duration=_text(value.get("duration")),
        team_size=size if isinstance(size, int) else None,
    )


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
