"""The phases of a session's life, and how long a session stays in those that wait for a run.

A phase is told from the state and the time alone. The other modules of `resolvers.lifecycle` ask for it.
"""

from datetime import datetime, timedelta
from enum import Enum, auto

from resolvers.session import State
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
    IN_REVIEW = auto()
    """Its run has priced it and is over. It waits for a person, for as long as it is kept."""
    COMPLETED = auto()
    FAILED = auto()
    """Ended as ERROR, CONFIGURATION_ERROR or CANCELLED. It can be run again."""


def phase(state: State, now: datetime) -> Phase:
    """The session's phase at the time `now`."""
    if state.status is SessionStatus.AWAITING_REVIEW:
        return Phase.IN_REVIEW
    if state.status is SessionStatus.COMPLETED:
        return Phase.COMPLETED
    if state.status.ended:
        return Phase.FAILED
    if state.lease is None:
        return Phase.WAITING
    return Phase.RUNNING if now < state.lease.expires_at else Phase.ABANDONED
