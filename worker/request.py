"""Parses the worker's event once: which session to run, and the whole assessment.

The worker never reads the table, so this event is all that it knows of a session. The workspace's assessment.json and
the agent's prompt are made from it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schema.assessment import FIELDS, WORKER_ACTION, Assessment, Field, WholeNumber

SESSION_ID = re.compile(r"[0-9A-Za-z-]{1,61}")
"""Bedrock's session ids have at most 100 characters. This leaves room for a run's UUID, the number of an attempt and
two hyphens."""


class InvalidEventError(Exception):
    """The event did not come from the resolvers. The message lists every fault."""


@dataclass(frozen=True, slots=True)
class Request:
    """One assessment to work on, and the session that it belongs to."""

    session_id: str
    assessment: Assessment
    revision: int = 0
    """The session's revision when the worker was started: each start of a session has its own."""


def parse(event: object) -> Request:
    """Parse a worker event.

    Raises:
        InvalidEventError: the event did not come from the resolvers.
    """
    if not isinstance(event, Mapping):
        raise InvalidEventError(f"The worker's event must be a JSON object, not {type(event).__name__}")
    fields = _Fields(event)
    if event.get("action") != WORKER_ACTION:
        fields.faults.append(f"action must be {WORKER_ACTION!r}, not {event.get('action')!r}")
    session_id = fields.required_text("session_id")
    revision = fields.whole_number("revision")
    values: dict[str, Any] = {field.name: fields.held(field) for field in FIELDS}
    if session_id and not SESSION_ID.fullmatch(session_id):
        fields.faults.append(f"session_id must be 1 to 61 letters, digits or '-', not {session_id!r}")
    if fields.faults:
        raise InvalidEventError(f"Not an event of the resolvers: {'; '.join(fields.faults)}")
    return Request(session_id, Assessment(**values), revision or 0)


class _Fields:
    """Reads the fields of an event and collects every fault."""

    def __init__(self, event: Mapping[object, object]) -> None:
        self._event = event
        self.faults: list[str] = []

    def held(self, field: Field) -> str | int | None:
        if isinstance(field.holds, WholeNumber):
            return self.whole_number(field.name)
        return self.required_text(field.name) if field.required else self.text(field.name)

    def text(self, name: str) -> str | None:
        value = self._event.get(name)
        if value is None or isinstance(value, str):
            return value or None
        self.faults.append(f"{name} must be a text, not {value!r}")
        return None

    def required_text(self, name: str) -> str:
        text = self.text(name)
        if not text and self._event.get(name) in (None, ""):
            self.faults.append(f"{name} is missing")
        return text or ""

    def whole_number(self, name: str) -> int | None:
        value = self._event.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.faults.append(f"{name} must be a whole number, not {value!r}")
        return None
