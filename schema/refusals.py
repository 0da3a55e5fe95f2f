"""Why the API refuses a request: the error types that callers see, and the reasons of a Conflict.

Resolvers raise them, the worker acts on them, and clients read them in `words.json`. Nothing here knows how a
refusal travels.
"""

from enum import StrEnum


class ErrorType(StrEnum):
    """The `errorType` of a GraphQL error that the API itself raises. AppSync has more of its own."""

    INVALID_INPUT = "InvalidInput"
    """An input breaks the API's limits. `errorInfo` lists every faulty field."""
    NOT_FOUND = "NotFound"
    CONFLICT = "Conflict"
    """The session's state does not allow the request. `errorInfo.reason` is a `ConflictReason`."""
    LIMIT_EXCEEDED = "LimitExceeded"
    """The caller has as much as one owner may have, or the deployment runs as many sessions as it may.
    `errorInfo.limit` is an `OwnerLimit`, `errorInfo.most` its value, and `errorInfo.freesAt` the time when it frees, or
    null if that depends on a session's end."""
    UNAUTHORIZED = "Unauthorized"
    INTERNAL = "Internal"
    """The API failed. The same request may succeed later."""


class OwnerLimit(StrEnum):
    """The `errorInfo.limit` of a LimitExceeded."""

    ACTIVE_SESSIONS = "ACTIVE_SESSIONS"
    """How many sessions of one owner may be active at a time. One frees when a session ends."""
    SUBMITS_PER_DAY = "SUBMITS_PER_DAY"
    """How many submits, retries and reviews one owner may make in a day. They free at midnight in UTC."""

    RUNS_AT_ONCE = "RUNS_AT_ONCE"
    """How many sessions of all owners together may run at a time. One frees when any session ends."""


class ConflictReason(StrEnum):
    """The `errorInfo.reason` of a Conflict."""

    LEASED = "LEASED"
    """Another run is at work on the session until `errorInfo.leaseExpiresAt`."""
    ENDED = "ENDED"
    """The session has ended or waits for a review, so its run must stop."""
    SUPERSEDED = "SUPERSEDED"
    """The run no longer holds the session, so it must stop."""
    OUT_OF_ORDER = "OUT_OF_ORDER"
    """The run holds the session, but its revision or sequence is not the next one."""
    RUNNING = "RUNNING"
    """A run is at work on the session or about to start: it can't be retried, reviewed or deleted yet."""
    COMPLETED = "COMPLETED"
    """A completed session can't be retried."""
    AWAITING_REVIEW = "AWAITING_REVIEW"
    """A session that waits for a review goes on by reviewSession, not by retrySession."""
    FAILED = "FAILED"
    """A session that failed or was cancelled can't be reviewed before a retry has priced it."""
    OUTDATED = "OUTDATED"
    """The session has changed since the reviewer read it. `errorInfo.revision` is the newest revision."""
