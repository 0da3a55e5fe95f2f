"""Parses the worker's event once: which session to run, the whole assessment, and the newest review if there is one.

The worker never reads the table, so this event is all that it knows of a session. The workspace's assessment.json and
the agent's prompt are made from it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schema.assessment import FIELDS, WORKER_ACTION, Assessment, Field, Flag, WholeNumber
from schema.review import Review

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
    review: Review | None = None
    """The newest review, which this run works on; None if there is none. The event has it as `reviewed`, because the
    assessment has a field `review`."""
    proposal_version: int = 0
    """The newest version of the session's proposal when the worker was started, or 0 if there was none."""


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
    proposal_version = fields.whole_number("proposal_version")
    review = fields.review("reviewed")
    values: dict[str, Any] = {field.name: fields.held(field) for field in FIELDS}
    if session_id and not SESSION_ID.fullmatch(session_id):
        fields.faults.append(f"session_id must be 1 to 61 letters, digits or '-', not {session_id!r}")
    if fields.faults:
        raise InvalidEventError(f"Not an event of the resolvers: {'; '.join(fields.faults)}")
    return Request(session_id, Assessment(**values), revision or 0, review, proposal_version or 0)


class _Fields:
    """Reads the fields of an event and collects every fault."""

    def __init__(self, event: Mapping[object, object]) -> None:
        self._event = event
        self.faults: list[str] = []

    def held(self, field: Field) -> str | int | bool | None:
        if isinstance(field.holds, WholeNumber):
            return self.whole_number(field.name)
        if isinstance(field.holds, Flag):
            return self.flag(field.name)
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

    def flag(self, name: str) -> bool:
        value = self._event.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.faults.append(f"{name} must be true or false, not {value!r}")
        return False

    def review(self, name: str) -> Review | None:
        value = self._event.get(name)
        if value is None:
            return None
        try:
            return Review.from_api(value)  # type: ignore[arg-type]  # whatever else it is, it has no such fields
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self.faults.append(f"{name} is no review: {error!r}")
            return None
