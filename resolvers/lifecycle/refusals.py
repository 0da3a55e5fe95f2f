"""Why an act is not allowed: the errors that `resolvers.lifecycle.table` raises. Each names what to do instead."""

from collections.abc import Callable

from resolvers.errors import ConflictError, DomainError
from resolvers.session import State
from schema.refusals import ConflictReason

Refusal = Callable[[State], DomainError]


def leased(state: State) -> ConflictError:
    expires_at = state.lease.expires_at if state.lease else None
    return ConflictError(
        "Another run is working on this session: wait until its lease ends.", ConflictReason.LEASED, expires_at
    )


def over(state: State) -> ConflictError:
    return ConflictError(f"The session is {state.status} already: this run must stop.", ConflictReason.ENDED)


def reviewed_since(_: State) -> ConflictError:
    return ConflictError(
        "This run was started before the session's newest review: it must leave the session to that review's run.",
        ConflictReason.SUPERSEDED,
    )


def superseded(_: State) -> ConflictError:
    return ConflictError(
        "This run does not hold the session's lease, or has lost it: it must stop.", ConflictReason.SUPERSEDED
    )


def out_of_order(state: State) -> ConflictError:
    return ConflictError(
        f"The next update must have revision {state.revision + 1}, and its events must start at sequence "
        f"{state.last_sequence + 1}: this run has lost count and must stop.",
        ConflictReason.OUT_OF_ORDER,
    )


def still_running(state: State) -> ConflictError:
    return ConflictError(
        f"The session is {state.status}: cancel it or wait until it ends, then retry it.", ConflictReason.RUNNING
    )


def nothing_to_retry(_: State) -> ConflictError:
    return ConflictError(
        "The session is COMPLETED: there is nothing to retry. Submit a new assessment.", ConflictReason.COMPLETED
    )


def retried_instead_of_reviewed(_: State) -> ConflictError:
    return ConflictError(
        "The session waits for a review: it goes on with reviewSession.", ConflictReason.AWAITING_REVIEW
    )


def reviewed_while_running(state: State) -> ConflictError:
    return ConflictError(
        f"The session is {state.status}: wait until it waits for a review or is COMPLETED, and read it again before"
        " you review it.",
        ConflictReason.RUNNING,
        revision=state.revision,
    )


def nothing_to_review(state: State) -> ConflictError:
    return ConflictError(
        f"The session is {state.status}: run it again with retrySession before you review it.",
        ConflictReason.FAILED,
        revision=state.revision,
    )


def outdated(state: State) -> ConflictError:
    return ConflictError(
        f"The session has changed since you read it: read it again and review revision {state.revision}.",
        ConflictReason.OUTDATED,
        revision=state.revision,
    )


def deleted_while_running(state: State) -> ConflictError:
    return ConflictError(
        f"The session is {state.status}: cancel it or wait until it ends, then delete it.", ConflictReason.RUNNING
    )
