"""A run's first publish: taking the session, or finding out that it is not this run's to take.

Another run may hold the session's lease, because Lambda delivers an event twice or because that run died. So it
waits for the lease to end and asks again; whoever renews a lease is alive. `worker.handler` and
`worker.failure.handler`
begin with it.
"""

from datetime import datetime

from schema.refusals import ConflictReason
from worker import updates
from worker.log import logger
from worker.publisher import PublishConflictError, Publisher, PublishFailedError
from worker.timing.clock import Timing
from worker.updates import Reply, SessionState

PATIENCE_SECONDS = 60.0
"""How long an unreachable API is tried. Nothing has begun yet: after that, Lambda's own retry comes later."""

_MARGIN_SECONDS = 1.0
_JITTER_SECONDS = 4.0


class LeaseOutlivesRunError(Exception):
    """Another run's lease ends after this one's time: raised so that Lambda brings the event again."""


def claim(
    publisher: Publisher,
    session_id: str,
    run_id: str,
    timing: Timing,
    deadline: float,
    *,
    state: SessionState = updates.STARTED,
) -> Reply | None:
    """Take the session and tell where it stands; None when another run is at work on it or it has ended.

    `state` is what the claim itself shows of the run.

    Raises:
        LeaseOutlivesRunError: there is no time to wait for the lease's end.
        PublishRefusedError, PublishFailedError: the API can't be told at all.
    """
    update = updates.claiming(session_id, run_id, state)
    seen: datetime | None = None
    while True:
        patience = min(deadline, timing.clock() + PATIENCE_SECONDS)
        try:
            return publisher.update_session_status(update, deadline=patience, patient=True)
        except PublishConflictError as conflict:
            ends = _lease_end(conflict)
            if ends is None:
                logger.info("[SESSION] Not taken: there is nothing to do", reason=str(conflict))
                return None
            if seen is not None and ends > seen:
                logger.info("[SESSION] Not taken: the run that holds it is alive")
                return None
            seen = ends
        wait = max(0.0, (ends - timing.now()).total_seconds()) + _MARGIN_SECONDS + timing.random() * _JITTER_SECONDS
        if timing.clock() + wait >= deadline:
            raise LeaseOutlivesRunError(
                f"Another run holds session {session_id} until {ends.isoformat()}, beyond this run's time"
            )
        logger.info("[SESSION] Another run holds it: waiting for its lease to end", seconds=round(wait, 1))
        timing.sleep(wait)


def _lease_end(conflict: PublishConflictError) -> datetime | None:
    """When the lease in the way ends; None when no lease is in the way."""
    ends = conflict.info.get("leaseExpiresAt")
    if conflict.info.get("reason") != ConflictReason.LEASED or not isinstance(ends, str):
        return None
    try:
        return datetime.fromisoformat(ends)
    except ValueError as error:
        raise PublishFailedError(f"The API gave no time as the lease's end: {ends!r}") from error
