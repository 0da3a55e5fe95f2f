"""The transitions of a session's life: for each act that is allowed, the state after it.

They take the state before and what the act needs to know, and check nothing: `resolvers.lifecycle.table` says in which
phase each of them counts.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from resolvers.lifecycle.phases import ABANDONED_AFTER, LEASE, START_WITHIN, UNSTARTED_AFTER
from resolvers.session import Lease, State, Update
from schema import statuses
from schema.statuses import SessionStatus


@dataclass(frozen=True)
class Request:
    """What an act needs to know. Only a publish has an `update`, and only a failure to start has a `message`."""

    now: datetime
    update: Update | None = None
    lease: timedelta = LEASE
    message: str | None = None
    revision: int | None = None
    """Which revision's worker was started or failed to start, or which revision a review makes."""

    @property
    def published(self) -> Update:
        if self.update is None:
            raise TypeError("a claim or publish needs an update: pass one to Request")
        return self.update


Transition = Callable[[State, Request], State]


def unchanged(state: State, _: Request) -> State:
    return state


def claimed(state: State, request: Request) -> State:
    return replace(
        published(state, request),
        status=max(state.status, SessionStatus.PROCESSING, key=lambda status: status.rank),
        progress=max(state.progress, statuses.STARTED_PROGRESS),
    )


def renewed(state: State, request: Request) -> State:
    update = request.published
    return replace(state, lease=Lease(update.run_id, request.now + request.lease), version=state.version + 1)


def published(state: State, request: Request) -> State:
    update = request.published
    status = max(state.status, update.status, key=lambda status: status.rank)
    if status is SessionStatus.AWAITING_REVIEW and state.cancel_requested:
        status = SessionStatus.CANCELLED  # the run is over, as the user asked, and nothing is left to wait for
    progress = statuses.COMPLETED_PROGRESS if status is SessionStatus.COMPLETED else update.progress
    revision = state.revision + 1
    return replace(
        state,
        status=status,
        current_stage=update.current_stage or state.current_stage,
        progress=max(state.progress, progress),
        revision=revision,
        last_sequence=state.last_sequence + len(update.events),
        error_message=update.error_message,
        lease=Lease(update.run_id, request.now + request.lease),
        last_update=update.digest,
        results_revision=state.results_revision if update.results is None else revision,
        starting_until=None,
        usage=state.usage if update.usage is None else update.usage,
        proposal_version=max(state.proposal_version, update.proposal_version or 0),
        updated_at=request.now,
        version=state.version + 1,
    )


def cancel_requested(state: State, request: Request) -> State:
    if state.cancel_requested:
        return state
    return replace(state, cancel_requested=True, updated_at=request.now, version=state.version + 1)


def ended(state: State, status: SessionStatus, message: str | None, now: datetime) -> State:
    return replace(
        state,
        status=status,
        error_message=message,
        lease=None,
        starting_until=None,
        revision=state.revision + 1,
        updated_at=now,
        version=state.version + 1,
    )


def cancelled(state: State, request: Request) -> State:
    return replace(ended(state, SessionStatus.CANCELLED, None, request.now), cancel_requested=True)


def failed_to_start(state: State, request: Request) -> State:
    if request.revision != state.revision:
        return state
    return ended(state, SessionStatus.ERROR, request.message, request.now)


def marked_started(state: State, request: Request) -> State:
    if state.starting_until is None or request.revision != state.revision:
        return state
    return replace(state, starting_until=None, version=state.version + 1)


def is_unstarted(state: State, now: datetime) -> bool:
    """Whether the request that was starting the worker has died, or Lambda has lost the event."""
    if state.starting_until is not None:
        return now >= state.starting_until
    return now >= state.updated_at + UNSTARTED_AFTER


def starting_again(state: State, request: Request) -> State:
    if not is_unstarted(state, request.now):
        return state
    until = request.now + START_WITHIN
    return replace(state, starting_until=until, updated_at=request.now, version=state.version + 1)


def settled_unstarted(state: State, request: Request) -> State:
    if not is_unstarted(state, request.now):
        return state
    message = "No worker ever started on this session. Run it again with retrySession."
    return ended(state, SessionStatus.ERROR, message, request.now)


def settled(state: State, request: Request) -> State:
    if state.lease is None or request.now < state.lease.expires_at + ABANDONED_AFTER:
        return state
    message = "The worker stopped unexpectedly and no other took over. Run the session again with retrySession."
    return ended(state, SessionStatus.ERROR, message, request.now)


def started_over(state: State, request: Request) -> State:
    return replace(_starting(state, request), current_stage=statuses.RECEIVED, progress=0)


def reviewed(state: State, request: Request) -> State:
    after = _starting(state, request)
    return replace(
        after,
        current_stage=statuses.REVIEWED,
        progress=statuses.REVIEWED_PROGRESS,
        review_revision=after.revision,
    )


def _starting(state: State, request: Request) -> State:
    """Without a run, and ready for the worker that the caller is about to start."""
    return replace(
        state,
        status=SessionStatus.PENDING,
        revision=state.revision + 1,
        cancel_requested=False,
        error_message=None,
        lease=None,
        starting_until=request.now + START_WITHIN,
        updated_at=request.now,
        version=state.version + 1,
    )


def deleting(state: State, request: Request) -> State:
    """What remains until all else of the session is gone. It holds nothing of what the client told."""
    return replace(
        state,
        client_name="",
        project_name=None,
        assessment_digest="",
        current_stage=None,
        error_message=None,
        lease=None,
        deleting=True,
        updated_at=request.now,
        version=state.version + 1,
    )
