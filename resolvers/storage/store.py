"""The protocol of a store of sessions: all that `resolvers.operations` needs of its storage.

Every change of a state is conditional on the `version` that was read. If another write came first, the caller gets
`LostRaceError` and reads again. `resolvers.storage.dynamodb` is the real store. Tests also have one in memory, and
both pass the same tests.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from resolvers.activity import ActiveSession, Activity, Admission
from resolvers.session import AgentEvent, Session, SessionSummary, State
from schema.assessment import Assessment
from schema.review import Review


class LostRaceError(Exception):
    """Another request changed the session between our read and our write. Read it again and repeat the change."""


@dataclass(frozen=True)
class Position:
    """The place of a session in its owner's list. A page ends at one, and the next page starts after it."""

    session_id: str
    created_at: datetime


class Store(Protocol):
    """Stores each session until it expires. A session that has expired at the time `now`, or is being deleted, is not
    found, even if it is still there.
    """

    def create(self, state: State, assessment: Assessment, now: datetime, admission: Admission | None = None) -> None:
        """Write a new session, and add it to its owner's activity. Without an admission nobody's limits count it.

        It is added to the activity of all owners too if the admission limits that one.

        Raises:
            LostRaceError: a session that has not expired has this id, the admission does not hold any more, or another
                write of either is under way.
        """

    def read(self, session_id: str, now: datetime, *, with_assessment: bool = False) -> Session | None:
        """The session as of the latest write, or None if there is none."""

    def write(
        self,
        before: Session,
        after: Session,
        events: Sequence[AgentEvent] = (),
        admission: Admission | None = None,
        review: Review | None = None,
    ) -> None:
        """Replace the state of `before` by that of `after` and add the events. All of it is written, or nothing.

        The results are written too if the state's `results_revision` has changed. A `review` replaces the session's
        earlier one. A session that rests is removed from its owner's activity and from that of all owners. One
        that starts again needs an admission, and is added.

        Raises:
            LostRaceError: the stored state is no longer that of `before`, or the admission does not hold any more.
        """

    def review(self, session_id: str, now: datetime) -> Review | None:
        """The newest review of the session, or None if there is none."""

    def deleting(self, session_id: str, now: datetime) -> State | None:
        """The state of a session that is being deleted, or None if this one is not."""

    def remove(self, session_id: str) -> None:
        """Remove all records of a session that is being deleted, its state last. Repeating it does no harm.

        Raises:
            LostRaceError: the session is not being deleted any more, or another request is removing it right now.
        """

    def activity(self, owner: str) -> Activity:
        """The owner's activity as of the latest write. `ALL_OWNERS` have one too, here and below."""

    def begin_check(self, owner: str, seen: Activity, now: datetime) -> None:
        """Note that the owner's active sessions are being checked.

        Raises:
            LostRaceError: another request has begun a check since `seen` was read.
        """

    def forget(self, owner: str, sessions: Collection[ActiveSession], now: datetime) -> None:
        """Remove sessions that are gone from the owner's activity."""

    def release(self, owner: str, state: State) -> None:
        """Remove a session that rests from the owner's activity.

        Raises:
            LostRaceError: the stored state is no longer this one.
        """

    def events(self, session_id: str, after: int, limit: int, now: datetime) -> list[AgentEvent]:
        """Up to `limit` events with a sequence above `after`, in order.

        Large events may come in smaller pages: fewer than `limit` does not mean that these are all.
        """

    def summaries(
        self, owner: str, limit: int, start: Position | None, now: datetime
    ) -> tuple[list[SessionSummary], Position | None]:
        """A page of an owner's sessions, newest first, and where the next page starts."""
