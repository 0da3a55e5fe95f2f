"""The errors that a caller may see: a stable type, a message that says what to do, and details by field.

A `DomainError` is the caller's mistake or a lost race. It becomes a GraphQL error, and the Lambda itself succeeds.
An `InternalError` is our fault: the Lambda fails, so its own error metric counts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from resolvers.times import iso
from schema.refusals import ConflictReason, ErrorType, OwnerLimit

_SHOWN_LENGTH = 100
"""How many characters of an unknown id are answered and logged. A real id has 36, but a caller may send a megabyte."""


class DomainError(Exception):
    """A request was refused. `error_type` is the GraphQL `errorType`, which is part of the API."""

    error_type: ClassVar[ErrorType]

    def __init__(self, message: str, info: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.info = info

    def answer(self) -> dict[str, object]:
        """The Lambda's answer. resolver.js turns it into a GraphQL error."""
        return {"error": {"type": self.error_type.value, "message": self.message, "info": self.info}}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of an input. `field` is its path, such as `events.3.text`."""

    field: str
    message: str


class InvalidInputError(DomainError):
    """An input breaks the API's limits. `errorInfo` lists every faulty field."""

    error_type = ErrorType.INVALID_INPUT

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "; ".join(f"{fault.field}: {fault.message}" for fault in faults),
            [{"field": fault.field, "message": fault.message} for fault in faults],
        )


class NotFoundError(DomainError):
    """The session does not exist, has expired, or belongs to another caller. The error does not say which."""

    error_type = ErrorType.NOT_FOUND

    def __init__(self, session_id: str) -> None:
        super().__init__(f"No session {session_id[:_SHOWN_LENGTH]!r}: check the id, or list your sessions.")


class UnauthorizedError(DomainError):
    """Callers with this authorization mode may not use this field."""

    error_type = ErrorType.UNAUTHORIZED


class ConflictError(DomainError):
    """The session's state does not allow this. `errorInfo.reason` tells programs why."""

    error_type = ErrorType.CONFLICT

    def __init__(
        self,
        message: str,
        reason: ConflictReason,
        lease_expires_at: datetime | None = None,
        revision: int | None = None,
    ) -> None:
        info: dict[str, object] = {"reason": reason.value}
        if lease_expires_at is not None:
            info["leaseExpiresAt"] = iso(lease_expires_at)
        if revision is not None:
            info["revision"] = revision
        super().__init__(message, info)


class LimitExceededError(DomainError):
    """The caller has as much as one owner may have. `errorInfo` has the limit and when it frees."""

    error_type = ErrorType.LIMIT_EXCEEDED

    def __init__(self, message: str, limit: OwnerLimit, most: int, frees_at: datetime | None = None) -> None:
        frees = None if frees_at is None else iso(frees_at)
        super().__init__(message, {"limit": limit.value, "most": most, "freesAt": frees})


class InternalError(Exception):
    """Something failed on our side. The caller sees the message.

    It must start with "Internal error", because resolver.js passes on no other message of a failed Lambda. It holds
    a request id or says what to do, and never shows a detail of the failure.
    """
