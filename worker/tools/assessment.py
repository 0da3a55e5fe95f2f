"""Reads what the consultant submitted: assessment.json, which the worker writes to the workspace.

The tools get typed values. Nothing is validated again here, because the resolvers have done so.
"""

from typing import Any

from schema.assessment import FIELDS, Assessment
from worker.tools.workbench import MissingInputError
from worker.tools.workspace import ASSESSMENT, Workspace


def read_assessment(workspace: Workspace) -> Assessment:
    """Read the session's assessment.

    Raises:
        MissingInputError: the worker has not written it.
    """
    value = workspace.read_json(ASSESSMENT)
    if value is None:
        raise MissingInputError(
            f"{workspace.key(ASSESSMENT)} is missing: the worker writes it before it calls the agent,"
            " so this session was never started or has expired; submit the assessment again"
        )
    held: dict[str, Any] = {
        field.name: value[field.name] if field.required else _stated(value.get(field.name, field.absent))
        for field in FIELDS
    }
    return Assessment(**held)


def _stated(value: object) -> object:
    """The value of an optional field. A blank text counts as not stated."""
    return value.strip() or None if isinstance(value, str) else value
