"""The worker's event, parsed once: which session to work on, and the whole assessment.

Pure. The event is the worker's only input about a session (it never reads the table), so it is also what the
workspace's assessment.json and the agent's prompt are made of.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

ACTION = "PROCESS_AGENT_WORKFLOW"

SESSION_ID = re.compile(r"[0-9A-Za-z-]{1,61}")
"""With a run's uuid, an attempt's number and two hyphens: no more than the 100 characters of Bedrock's session ids."""


class InvalidEventError(Exception):
    """The event is not one that the resolvers send. The message lists every fault."""


@dataclass(frozen=True, slots=True)
class Request:
    """One assessment to work on; None is what the consultant left open."""

    session_id: str
    client_name: str
    project_name: str | None
    industry: str | None
    requirements: str
    duration: str | None
    team_size: int | None

    def assessment(self) -> dict[str, object]:
        """What assessment.json holds: everything but the session's id."""
        return {
            "client_name": self.client_name,
            "project_name": self.project_name,
            "industry": self.industry,
            "requirements": self.requirements,
            "duration": self.duration,
            "team_size": self.team_size,
        }


def parse(event: object) -> Request:
    """The request that a worker event makes.

    Raises:
        InvalidEventError: it is no such event.
    """
    if not isinstance(event, Mapping):
        raise InvalidEventError(f"The worker's event must be a JSON object, not {type(event).__name__}")
    fields = _Fields(event)
    if event.get("action") != ACTION:
        fields.faults.append(f"action must be {ACTION!r}, not {event.get('action')!r}")
    request = Request(
        session_id=fields.required_text("session_id"),
        client_name=fields.required_text("client_name"),
        project_name=fields.text("project_name"),
        industry=fields.text("industry"),
        requirements=fields.required_text("requirements"),
        duration=fields.text("duration"),
        team_size=fields.whole_number("team_size"),
    )
    if request.session_id and not SESSION_ID.fullmatch(request.session_id):
        fields.faults.append(f"session_id must be 1 to 61 letters, digits or '-', not {request.session_id!r}")
    if fields.faults:
        raise InvalidEventError(f"Not an event of the resolvers: {'; '.join(fields.faults)}")
    return request


class _Fields:
    """Reads the event's fields and gathers what is wrong with them."""

    def __init__(self, event: Mapping[object, object]) -> None:
        self._event = event
        self.faults: list[str] = []

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
