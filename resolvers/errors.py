"""The errors that a caller may see: a stable type, a message that says what to do, and details by field.

A domain error is somebody's mistake or a lost race, answered as a GraphQL error; the Lambda itself succeeds.
`InternalError` is our fault: the Lambda fails, so that its own error metric counts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from resolvers.times import iso

_SHOWN = 100
"""Characters of an unknown id that are answered and logged: a true one has 36, a caller may send a megabyte."""


class DomainError(Exception):
    """A refusal. `error_type` is the GraphQL `errorType`, which is part of the API."""

    error_type: ClassVar[str]

    def __init__(self, message: str, info: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.info = info

    def answer(self) -> dict[str, object]:
        """The Lambda's answer, which resolver.js turns into a GraphQL error."""
        return {"error": {"type": self.error_type, "message": self.message, "info": self.info}}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of an input. `field` is its path, such as `events.3.text`."""

    field: str
    message: str


class InvalidInputError(DomainError):
    """An input breaks its limits; `errorInfo` lists every faulty field."""

    error_type = "InvalidInput"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "; ".join(f"{fault.field}: {fault.message}" for fault in faults),
            [{"field": fault.field, "message": fault.message} for fault in faults],
        )


class NotFoundError(DomainError):
    """The session does not exist, has expired, or belongs to somebody else: which one is not told."""

    error_type = "NotFound"

    def __init__(self, session_id: str) -> None:
        super().__init__(f"No session {session_id[:_SHOWN]!r}: check the id, or list your sessions.")


class UnauthorizedError(DomainError):
    """The caller's kind may not use this field."""

    error_type = "Unauthorized"


class ConflictError(DomainError):
    """The session's state does not allow this. `errorInfo.reason` says why, for programs:

    LEASED (another run is at work, until `leaseExpiresAt`), ENDED (the session is over), SUPERSEDED (the run no
    longer holds the session), OUT_OF_ORDER (wrong revision or sequence), RUNNING or COMPLETED (nothing to retry).
    """

    error_type = "Conflict"

    def __init__(self, message: str, reason: str, lease_expires_at: datetime | None = None) -> None:
        info = {"reason": reason}
        if lease_expires_at is not None:
            info["leaseExpiresAt"] = iso(lease_expires_at)
        super().__init__(message, info)


class InternalError(Exception):
    """Our fault. The caller sees the message: it starts with "Internal error" (resolver.js lets nothing else
    through) and carries a request id or an advice, never a detail.
    """
