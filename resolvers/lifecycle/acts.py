"""What can be asked of a session: one function for each act. `resolvers.operations` calls them.

Each returns the state after the act, or raises the refusal that the table has for it.
"""

from datetime import datetime, timedelta

from resolvers.lifecycle.phases import LEASE, START_WITHIN
from resolvers.lifecycle.table import Act, apply
from resolvers.lifecycle.transitions import Request
from resolvers.session import State, Update
from schema import statuses
from schema.assessment import Assessment
from schema.statuses import SessionStatus


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
    return apply(state, _act_of(state, update), Request(now, update, lease))


def cancel(state: State, now: datetime) -> State:
    """Ask a running session to stop, or cancel it at once if no run holds it. An ended one stays as it is."""
    return apply(state, Act.CANCEL, Request(now))


def retry(state: State, now: datetime) -> State:
    """Set the session back to PENDING for a new run.

    Raises:
        ConflictError: the session has not ended, or is COMPLETED.
    """
    return apply(state, Act.RETRY, Request(now))


def review(state: State, review_id: int, now: datetime) -> State:
    """Set a priced session back to PENDING for a run that works on a review.

    `review_id` is the revision that the review makes: the one that the reviewer saw, plus one.

    Raises:
        ConflictError: the session is neither waiting for a review nor COMPLETED, or has changed since.
    """
    act = Act.REVIEW if review_id == state.revision + 1 else Act.REVIEW_OUTDATED
    return apply(state, act, Request(now, revision=review_id))


def delete(state: State, now: datetime) -> State:
    """Mark a session as being deleted.

    Raises:
        ConflictError: a run is at work on it or about to start.
    """
    return apply(state, Act.DELETE, Request(now))


def start_again(state: State, now: datetime) -> State:
    """Begin another start of the worker if the last one came to nothing. Otherwise return the very same object.

    Of several requests that try this at once, only one wins the write, and only that one invokes the worker.
    """
    return apply(state, Act.START_AGAIN, Request(now))


def started(state: State, revision: int, now: datetime) -> State:
    """Note that Lambda has taken the event for this revision of the session."""
    return apply(state, Act.STARTED, Request(now, revision=revision))


def fail_to_start(state: State, revision: int, message: str, now: datetime) -> State:
    """End a session whose worker could not be invoked for this revision.

    If a run has claimed it meanwhile, that run goes on. If it was cancelled and retried, the newer start counts.
    """
    return apply(state, Act.FAIL_TO_START, Request(now, message=message, revision=revision))


def settle(state: State, now: datetime) -> State:
    """End a session that has waited too long for a run. Otherwise return the very same object as `state`."""
    return apply(state, Act.SETTLE, Request(now))


def _act_of(state: State, update: Update) -> Act:
    holds = state.lease is not None and state.lease.run_id == update.run_id
    if update.revision == 0:
        if holds:
            return Act.CLAIM_AGAIN
        return Act.CLAIM if update.review_id in {None, state.review_revision} else Act.CLAIM_BEFORE_REVIEW
    if not holds:
        return Act.PUBLISH_WITHOUT_LEASE
    if update.revision == state.revision and update.digest == state.last_update:
        return Act.REPLAY
    first_sequence = update.events[0].sequence if update.events else state.last_sequence + 1
    if update.revision == state.revision + 1 and first_sequence == state.last_sequence + 1:
        return Act.PUBLISH
    return Act.PUBLISH_OUT_OF_ORDER
