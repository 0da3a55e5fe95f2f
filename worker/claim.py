"""Claims the session: a run's first publish. `worker.handler` and `worker.failure.handler` begin with it.

Another run may hold the session's lease, because Lambda delivered an event twice or because that run died. So the
claim waits until the lease ends and tries again. If the other run has renewed its lease by then, it is alive and keeps
the session.
"""

from datetime import datetime

from schema.refusals import ConflictReason
from worker import updates
from worker.log import logger
from worker.publisher import PublishConflictError, Publisher, PublishFailedError
from worker.timing.clock import Timing
from worker.updates import Reply, SessionState

PATIENCE_SECONDS = 60.0
"""How long to try if the API can't be reached. After that Lambda's own retry brings the event again, and nothing is
lost, because the run has not begun yet."""

_MARGIN_SECONDS = 1.0
_JITTER_SECONDS = 4.0
"""The time to wait after the lease's end: the margin, and at random up to the jitter, so that two runs which wait for
the same lease don't claim it at the same moment."""


class LeaseOutlivesRunError(Exception):
    """Another run's lease lasts longer than this run's time. Lambda is to deliver the event again."""


def claim(
    publisher: Publisher,
    session_id: str,
    run_id: str,
    timing: Timing,
    deadline: float,
    *,
    state: SessionState = updates.STARTED,
    review_id: int = 0,
) -> Reply | None:
    """Claim the session and return its state; None if another run is working on it, or it has ended or is gone.

    The claim itself publishes `state`. `review_id` is that of the review in the worker's event, or 0. `deadline` is a
    time of `timing.clock`.

    Raises:
        LeaseOutlivesRunError: another run's lease ends too close to `deadline`, or after it.
        PublishRefusedError, PublishFailedError: the claim could not be published.
    """
    update = updates.claiming(session_id, run_id, review_id, state)
    seen: datetime | None = None
    while True:
        patience = min(deadline, timing.clock() + PATIENCE_SECONDS)
        try:
            return publisher.update_session_status(update, deadline=patience, patient=True)
        except PublishConflictError as conflict:
            ends = _lease_end(conflict)
            if ends is None:
                logger.info("[SESSION] Not claimed: there is nothing to do", reason=str(conflict))
                return None
            if seen is not None and ends > seen:
                logger.info("[SESSION] Not claimed: the run that holds it is alive")
                return None
            seen = ends
        wait = max(0.0, (ends - timing.now()).total_seconds()) + _MARGIN_SECONDS + timing.random() * _JITTER_SECONDS
        if timing.clock() + wait >= deadline:
            raise LeaseOutlivesRunError(
                f"Another run holds session {session_id} until {ends.isoformat()}, longer than this run's time:"
                " Lambda must deliver the event again"
            )
        logger.info("[SESSION] Another run holds it: waiting for its lease to end", seconds=round(wait, 1))
        timing.sleep(wait)


def _lease_end(conflict: PublishConflictError) -> datetime | None:
    """When the other run's lease ends, or None if the claim was refused for another reason."""
    ends = conflict.info.get("leaseExpiresAt")
    if conflict.info.get("reason") != ConflictReason.LEASED or not isinstance(ends, str):
        return None
    try:
        return datetime.fromisoformat(ends)
    except ValueError as error:
        raise PublishFailedError(f"leaseExpiresAt in the API's answer is not a time: {ends!r}") from error
