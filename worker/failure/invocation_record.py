"""What Lambda tells about an asynchronous event that it gave up: which session it was, and what to say to its user.

Pure. The record is the one that an on-failure destination receives (AWS, "Capturing records of Lambda asynchronous
invocations"); nothing of an exception's own text reaches the user. An event that grew too old before anybody took it
says so and counts no attempt, and its record holds no answer. `worker.failure.handler` reads it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from worker.request import SESSION_ID
from worker.workflow import RETRY

_EXPIRED = "EventAgeExceeded"

_CRASHED = "The worker stopped unexpectedly"

_REASONS: tuple[tuple[str, str], ...] = (
    (r"Sandbox\.Timedout|Task timed out", "The worker was stopped at its time limit"),
    (r"OutOfMemory|signal: killed", "The worker was stopped, most likely because it ran out of memory"),
    (r"Runtime\.ExitError", "The worker's process ended in the middle of the work"),
    (r"Runtime\.ImportModuleError|Runtime\.HandlerNotFound|Sandbox\.Init", "The worker could not start"),
    (r"^LeaseOutlivesRunError:", "The worker's retries ran out of time waiting for an earlier run to be given up"),
    (r"^Publish(Failed|Refused)Error:", "The worker could not report to the API"),
    (_EXPIRED, "The worker failed, and none was free in time to try again"),
)
"""Patterns of `errorType: errorMessage`, the first that is found decides, and what each means to a person."""


class InvocationRecordError(Exception):
    """The message is no record of a failed worker event. It says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class InvocationRecord:
    """A worker event whose every attempt failed, or that had none."""

    session_id: str
    request_id: str
    attempts: int
    error: str
    """`errorType: errorMessage` of the last attempt, or the record's condition when it tells none. For the log."""
    never_taken: bool = False
    """Whether no worker was free for the event before it grew too old: no run has taken the session on its behalf."""

    def message(self) -> str:
        """What the session's user reads: what happened, and what to do."""
        reason = next((reason for pattern, reason in _REASONS if re.search(pattern, self.error)), _CRASHED)
        tried = f" (tried {self.attempts} times)" if self.attempts > 1 else ""
        return f"{reason}{tried}. {RETRY} The log has the details under request {self.request_id}."


def parse(body: str) -> InvocationRecord:
    """The record in a queue message's body.

    Raises:
        InvocationRecordError: it is none, or none of a worker event.
    """
    try:
        record = json.loads(body)
    except ValueError as error:
        raise InvocationRecordError(f"the body is no JSON ({error})") from error
    payload = _object(record, "requestPayload")
    context = _object(record, "requestContext")
    session_id = payload.get("session_id")
    if not isinstance(session_id, str) or not SESSION_ID.fullmatch(session_id):
        raise InvocationRecordError(f"requestPayload.session_id is no session's id: {session_id!r}")
    count = context.get("approximateInvokeCount")
    attempts = count if isinstance(count, int) else 0
    return InvocationRecord(
        session_id=session_id,
        request_id=str(context.get("requestId")),
        attempts=attempts,
        error=_error(context, record.get("responsePayload")),
        never_taken=context.get("condition") == _EXPIRED and attempts == 0,
    )


def _object(record: object, name: str) -> Mapping[str, object]:
    value = record.get(name) if isinstance(record, Mapping) else None
    if not isinstance(value, Mapping):
        raise InvocationRecordError(f"{name} is no object: send this queue nothing but the worker's failed events")
    return value


def _error(context: Mapping[str, object], response: object) -> str:
    if not isinstance(response, Mapping):
        return f"the record tells no error, only {context.get('condition')}"
    return f"{response.get('errorType')}: {response.get('errorMessage')}"
