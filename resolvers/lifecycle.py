"""The life cycle of a session as a table: which act is allowed in which phase, and what the new state is.

Everything that changes a session's state is in this file, and all of it is pure: it takes a state and an act, and
returns a new state or raises a refusal. A refusal changes nothing. `resolvers.operations` calls it. The table keeps
these rules:

- At most one run holds the session's lease. When the lease expires, the run still holds the session until another
  run claims it, a user cancels it, or a read settles it. Each of these clears or replaces the lease, and the old
  run's next publish is refused.
- Every accepted update and every other change of status raises the revision by one. A cancel request to a running
  session and a renewed lease raise only the version: the run counts revisions, and it did not make this change.
- Only `retry` sets a session's status and progress back, and only `retry` changes a session that has ended.
- The same update sent again by the same run is a replay. It returns the state that the first one made.
- One request at a time starts the worker: the one that wrote `starting_until`. Once Lambda has taken the event, the
  state says so, and no other request starts a worker for this revision. A request that died on the way is replaced
  when its time is over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from resolvers.errors import ConflictError, DomainError
from resolvers.session import Lease, State, Update
from schema import statuses
from schema.assessment import Assessment
from schema.refusals import ConflictReason
from schema.statuses import SessionStatus

LEASE = timedelta(seconds=60)
"""How long a run holds the session after each of its publishes, unless the caller passes another lease."""

ABANDONED_AFTER = timedelta(minutes=15)
"""How long after the end of its lease a session waits for another run before a read marks it ERROR.

It is the longest time that one invocation of a Lambda can last.
"""

START_WITHIN = timedelta(seconds=30)
"""How long a request has to start the worker. It is the resolvers' time limit, so after it that request is over."""

UNSTARTED_AFTER = timedelta(minutes=75)
"""How long a session whose event Lambda has taken waits for its first run before a read marks it ERROR.

Lambda keeps an asynchronous event for up to an hour, and a last invocation of 15 minutes may follow.
"""


class Phase(Enum):
    """Whether a run is working on a session, or how the session ended."""

    WAITING = auto()
    """No run has claimed it yet."""
    RUNNING = auto()
    """A run holds the lease."""
    ABANDONED = auto()
    """The lease has expired and no other run has claimed the session."""
    COMPLETED = auto()
    FAILED = auto()
    """Ended as ERROR, CONFIGURATION_ERROR or CANCELLED. It can be run again."""


class Act(Enum):
    """What can be done to a session."""

    CLAIM = auto()
    CLAIM_AGAIN = auto()
    """A claim from the run that holds the lease already, because it never saw the first answer."""
    PUBLISH = auto()
    REPLAY = auto()
    PUBLISH_OUT_OF_ORDER = auto()
    PUBLISH_WITHOUT_LEASE = auto()
    CANCEL = auto()
    RETRY = auto()
    START_AGAIN = auto()
    STARTED = auto()
    FAIL_TO_START = auto()
    SETTLE = auto()


@dataclass(frozen=True)
class _Request:
    """What an act needs to know. Only a publish has an `update`, and only a failure to start has a `message`."""

    now: datetime
    update: Update | None = None
    lease: timedelta = LEASE
    message: str | None = None
    revision: int | None = None
    """Which revision's worker was started, or failed to start."""

    @property
    def published(self) -> Update:
        if self.update is None:
            raise TypeError("a claim or publish needs an update: pass one to _Request")
        return self.update


def create(
    session_id: str, owner: str, assessment: Assessment, *, digest: str, now: datetime, keep: timedelta
) -> State:
    """The state of a new session, whose worker the caller is about to start. It expires after `keep`."""
    return State(
        session_id=session_id,
        owner=owner,
        client_name=assessment.client_name,
        project_name=assessment.project_name,
        assessment_digest=digest,
        status=SessionStatus.PENDING,
        current_stage=statuses.RECEIVED,
        progress=0,
        revision=0,
        last_sequence=0,
        created_at=now,
        updated_at=now,
        listed_at=now,
        expires_at=now + keep,
        starting_until=now + START_WITHIN,
    )


def publish(state: State, update: Update, now: datetime, lease: timedelta = LEASE) -> State:
    """The state after a run's update. For a replay, this is the very same object as `state`.

    `lease` is how long the run holds the session from now on.

    Raises:
        ConflictError: the run does not hold the session, or the update is not its next one.
    """
    return _apply(state, _act_of(state, update), _Request(now, update, lease))


def cancel(state: State, now: datetime) -> State:
    """Ask a running session to stop, or cancel it at once if no run holds it. An ended one stays as it is."""
    return _apply(state, Act.CANCEL, _Request(now))


def retry(state: State, now: datetime) -> State:
    """Set the session back to PENDING for a new run.

    Raises:
        ConflictError: the session has not ended, or is COMPLETED.
    """
    return _apply(state, Act.RETRY, _Request(now))


def start_again(state: State, now: datetime) -> State:
    """Begin another start of the worker if the last one came to nothing. Otherwise return the very same object.

    Of several requests that try this at once, only one wins the write, and only that one invokes the worker.
    """
    return _apply(state, Act.START_AGAIN, _Request(now))


def started(state: State, revision: int, now: datetime) -> State:
    """Note that Lambda has taken the event for this revision of the session."""
    return _apply(state, Act.STARTED, _Request(now, revision=revision))


def fail_to_start(state: State, revision: int, message: str, now: datetime) -> State:
    """End a session whose worker could not be invoked for this revision.

    If a run has claimed it meanwhile, that run goes on. If it was cancelled and retried, the newer start counts.
    """
    return _apply(state, Act.FAIL_TO_START, _Request(now, message=message, revision=revision))


def settle(state: State, now: datetime) -> State:
    """End a session that has waited too long for a run. Otherwise return the very same object as `state`."""
    return _apply(state, Act.SETTLE, _Request(now))


def phase(state: State, now: datetime) -> Phase:
    """The session's phase at the time `now`."""
    if state.status is SessionStatus.COMPLETED:
        return Phase.COMPLETED
    if state.status.ended:
        return Phase.FAILED
    if state.lease is None:
        return Phase.WAITING
    return Phase.RUNNING if now < state.lease.expires_at else Phase.ABANDONED


def _act_of(state: State, update: Update) -> Act:
    holds = state.lease is not None and state.lease.run_id == update.run_id
    if update.revision == 0:
        return Act.CLAIM_AGAIN if holds else Act.CLAIM
    if not holds:
        return Act.PUBLISH_WITHOUT_LEASE
    if update.revision == state.revision and update.digest == state.last_update:
        return Act.REPLAY
    first_sequence = update.events[0].sequence if update.events else state.last_sequence + 1
    if update.revision == state.revision + 1 and first_sequence == state.last_sequence + 1:
        return Act.PUBLISH
    return Act.PUBLISH_OUT_OF_ORDER


# --- transitions: the state after an act


def _unchanged(state: State, _: _Request) -> State:
    return state


def _claimed(state: State, request: _Request) -> State:
    return replace(
        _published(state, request),
        status=max(state.status, SessionStatus.PROCESSING, key=lambda status: status.rank),
        progress=max(state.progress, statuses.STARTED_PROGRESS),
    )


def _renewed(state: State, request: _Request) -> State:
    update = request.published
    return replace(state, lease=Lease(update.run_id, request.now + request.lease), version=state.version + 1)


def _published(state: State, request: _Request) -> State:
    update = request.published
    status = max(state.status, update.status, key=lambda status: status.rank)
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
        updated_at=request.now,
        version=state.version + 1,
    )


def _cancel_requested(state: State, request: _Request) -> State:
    if state.cancel_requested:
        return state
    return replace(state, cancel_requested=True, updated_at=request.now, version=state.version + 1)


def _ended(state: State, status: SessionStatus, message: str | None, now: datetime) -> State:
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


def _cancelled(state: State, request: _Request) -> State:
    return replace(_ended(state, SessionStatus.CANCELLED, None, request.now), cancel_requested=True)


def _failed_to_start(state: State, request: _Request) -> State:
    if request.revision != state.revision:
        return state
    return _ended(state, SessionStatus.ERROR, request.message, request.now)


def _marked_started(state: State, request: _Request) -> State:
    if state.starting_until is None or request.revision != state.revision:
        return state
    return replace(state, starting_until=None, version=state.version + 1)


def _is_unstarted(state: State, now: datetime) -> bool:
    """Whether the request that was starting the worker has died, or Lambda has lost the event."""
    if state.starting_until is not None:
        return now >= state.starting_until
    return now >= state.updated_at + UNSTARTED_AFTER


def _starting_again(state: State, request: _Request) -> State:
    if not _is_unstarted(state, request.now):
        return state
    until = request.now + START_WITHIN
    return replace(state, starting_until=until, updated_at=request.now, version=state.version + 1)


def _settled_unstarted(state: State, request: _Request) -> State:
    if not _is_unstarted(state, request.now):
        return state
    message = "No worker ever started on this session. Run it again with retrySession."
    return _ended(state, SessionStatus.ERROR, message, request.now)


def _settled(state: State, request: _Request) -> State:
    if state.lease is None or request.now < state.lease.expires_at + ABANDONED_AFTER:
        return state
    message = "The worker stopped unexpectedly and no other took over. Run the session again with retrySession."
    return _ended(state, SessionStatus.ERROR, message, request.now)


def _started_over(state: State, request: _Request) -> State:
    return replace(
        state,
        status=SessionStatus.PENDING,
        current_stage=statuses.RECEIVED,
        progress=0,
        revision=state.revision + 1,
        cancel_requested=False,
        error_message=None,
        lease=None,
        starting_until=request.now + START_WITHIN,
        updated_at=request.now,
        version=state.version + 1,
    )


# --- refusals: why an act is not allowed


def _leased(state: State) -> ConflictError:
    expires_at = state.lease.expires_at if state.lease else None
    return ConflictError(
        "Another run is working on this session: wait until its lease ends.", ConflictReason.LEASED, expires_at
    )


def _over(state: State) -> ConflictError:
    return ConflictError(f"The session has ended as {state.status}: this run must stop.", ConflictReason.ENDED)


def _superseded(_: State) -> ConflictError:
    return ConflictError(
        "This run does not hold the session's lease, or has lost it: it must stop.", ConflictReason.SUPERSEDED
    )


def _out_of_order(state: State) -> ConflictError:
    return ConflictError(
        f"The next update must have revision {state.revision + 1}, and its events must start at sequence "
        f"{state.last_sequence + 1}: this run has lost count and must stop.",
        ConflictReason.OUT_OF_ORDER,
    )


def _still_running(state: State) -> ConflictError:
    return ConflictError(
        f"The session is {state.status}: cancel it or wait until it ends, then retry it.", ConflictReason.RUNNING
    )


def _nothing_to_retry(_: State) -> ConflictError:
    return ConflictError(
        "The session is COMPLETED: there is nothing to retry. Submit a new assessment.", ConflictReason.COMPLETED
    )


Transition = Callable[[State, _Request], State]
Refusal = Callable[[State], DomainError]

TRANSITIONS: Mapping[Phase, Mapping[Act, Transition]] = {
    Phase.WAITING: {
        Act.CLAIM: _claimed,
        Act.CANCEL: _cancelled,
        Act.START_AGAIN: _starting_again,
        Act.STARTED: _marked_started,
        Act.FAIL_TO_START: _failed_to_start,
        Act.SETTLE: _settled_unstarted,
    },
    Phase.RUNNING: {
        Act.CLAIM_AGAIN: _renewed,
        Act.PUBLISH: _published,
        Act.REPLAY: _unchanged,
        Act.CANCEL: _cancel_requested,
        Act.START_AGAIN: _unchanged,
        Act.STARTED: _unchanged,
        Act.FAIL_TO_START: _unchanged,
        Act.SETTLE: _unchanged,
    },
    Phase.ABANDONED: {
        Act.CLAIM: _claimed,
        Act.CLAIM_AGAIN: _renewed,
        Act.PUBLISH: _published,
        Act.REPLAY: _unchanged,
        Act.CANCEL: _cancelled,
        Act.START_AGAIN: _unchanged,
        Act.STARTED: _unchanged,
        Act.FAIL_TO_START: _unchanged,
        Act.SETTLE: _settled,
    },
    Phase.COMPLETED: {
        Act.REPLAY: _unchanged,
        Act.CANCEL: _unchanged,
        Act.START_AGAIN: _unchanged,
        Act.STARTED: _unchanged,
        Act.FAIL_TO_START: _unchanged,
        Act.SETTLE: _unchanged,
    },
    Phase.FAILED: {
        Act.REPLAY: _unchanged,
        Act.CANCEL: _unchanged,
        Act.RETRY: _started_over,
        Act.START_AGAIN: _unchanged,
        Act.STARTED: _unchanged,
        Act.FAIL_TO_START: _unchanged,
        Act.SETTLE: _unchanged,
    },
}

# An act that TRANSITIONS does not list for a phase is refused. The entry for the act and the phase says why; if there
# is none, the entry for the act does.
REFUSALS: Mapping[tuple[Act, Phase] | Act, Refusal] = {
    (Act.CLAIM, Phase.RUNNING): _leased,
    (Act.RETRY, Phase.COMPLETED): _nothing_to_retry,
    (Act.PUBLISH_WITHOUT_LEASE, Phase.COMPLETED): _over,
    (Act.PUBLISH_WITHOUT_LEASE, Phase.FAILED): _over,
    (Act.PUBLISH_OUT_OF_ORDER, Phase.COMPLETED): _over,
    (Act.PUBLISH_OUT_OF_ORDER, Phase.FAILED): _over,
    Act.CLAIM: _over,
    Act.CLAIM_AGAIN: _over,
    Act.PUBLISH: _over,
    Act.PUBLISH_WITHOUT_LEASE: _superseded,
    Act.REPLAY: _superseded,
    Act.PUBLISH_OUT_OF_ORDER: _out_of_order,
    Act.RETRY: _still_running,
}


def _apply(state: State, act: Act, request: _Request) -> State:
    current = phase(state, request.now)
    transition = TRANSITIONS[current].get(act)
    if transition is None:
        refusal = REFUSALS.get((act, current)) or REFUSALS[act]
        raise refusal(state)
    after = transition(state, request)
    if (after.status, after.progress) == (state.status, state.progress):
        return after
    return replace(after, listed_at=request.now)
