"""Parses Lambda's record of an asynchronous event that failed: which session it was for, and what to tell its user.

Pure; `worker.failure.handler` calls it. An on-failure destination receives these records (AWS, "Capturing records of
Lambda asynchronous invocations"). The message for the user holds nothing of an exception's own text. If the event grew
too old before a worker was free, the record says so, counts no attempt and holds no response.
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
    (
        r"^LeaseOutlivesRunError:",
        "The worker's retries ran out of time waiting for an earlier run's lease to end",
    ),
    (r"^Publish(Failed|Refused)Error:", "The worker could not report to the API"),
    (_EXPIRED, "The worker failed, and no other was free in time to try again"),
)
"""Patterns for `errorType: errorMessage`, and what each means for the user. The first that matches counts."""


class InvocationRecordError(Exception):
    """The message is not the record of a failed worker event. The error says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class InvocationRecord:
    """A worker event that failed on every attempt, or that Lambda never attempted."""

    session_id: str
    request_id: str
    attempts: int
    error: str
    """`errorType: errorMessage` of the last attempt, or the record's condition if there is no error. For the log."""
    never_taken: bool = False
    """Whether the event grew too old before a worker was free. Then no run has claimed the session because of it."""
    review_id: int = 0
    """The review that the event carried, or 0 for none."""

    def message(self) -> str:
        """The session's error message: what happened, and what to do."""
        reason = next((reason for pattern, reason in _REASONS if re.search(pattern, self.error)), _CRASHED)
        tried = f" (tried {self.attempts} times)" if self.attempts > 1 else ""
        return f"{reason}{tried}. {RETRY} The log has the details under request {self.request_id}."


def parse(body: str) -> InvocationRecord:
    """Parse the record in a queue message's body.

    Raises:
        InvocationRecordError: the body is not such a record, or its event is not one for the worker.
    """
    try:
        record = json.loads(body)
    except ValueError as error:
        raise InvocationRecordError(f"the body is not JSON ({error})") from error
    payload = _object(record, "requestPayload")
    context = _object(record, "requestContext")
    session_id = payload.get("session_id")
    if not isinstance(session_id, str) or not SESSION_ID.fullmatch(session_id):
        raise InvocationRecordError(f"requestPayload.session_id is not a session id: {session_id!r}")
    count = context.get("approximateInvokeCount")
    attempts = count if isinstance(count, int) else 0
    return InvocationRecord(
        session_id=session_id,
        request_id=str(context.get("requestId")),
        attempts=attempts,
        error=_error(context, record.get("responsePayload")),
        never_taken=context.get("condition") == _EXPIRED and attempts == 0,
        review_id=_review_id(payload),
    )


def _object(record: object, name: str) -> Mapping[str, object]:
    value = record.get(name) if isinstance(record, Mapping) else None
    if not isinstance(value, Mapping):
        raise InvocationRecordError(f"{name} is not an object: send only the worker's failed events to this queue")
    return value


def _error(context: Mapping[str, object], response: object) -> str:
    if not isinstance(response, Mapping):
        return f"the record holds no error, only the condition {context.get('condition')}"
    return f"{response.get('errorType')}: {response.get('errorMessage')}"


def _review_id(payload: Mapping[str, object]) -> int:
    """The id of the review in the event. With it, a late record does not end a session that was reviewed since."""
    reviewed = payload.get("reviewed")
    given = reviewed.get("id") if isinstance(reviewed, Mapping) else None
    return given if isinstance(given, int) else 0
