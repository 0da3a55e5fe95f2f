"""What the session manager asks of its storage, in one narrow doorway.

Every change of a state is conditional on the `version` that was read; whoever loses that race gets `LostRaceError` and
reads again. Only `resolvers.operations` calls a store. `resolvers.storage.dynamodb` is the real one; a test keeps
another
in memory, and both pass the same tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from resolvers.session import AgentEvent, Assessment, Session, SessionSummary, State


class LostRaceError(Exception):
    """Somebody else changed the session between our read and our write."""


@dataclass(frozen=True)
class Position:
    """The place of a session in its owner's list: a page ends at one, the next page starts after it."""

    session_id: str
    created_at: datetime


class Store(Protocol):
    """Sessions, each until it expires: what has expired at the time `now` is not found, deleted or not."""

    def create(self, state: State, assessment: Assessment, now: datetime) -> None:
        """Write a new session.

        Raises:
            LostRaceError: the id is taken by a session that has not expired.
        """

    def read(self, session_id: str, now: datetime, *, with_assessment: bool = False) -> Session | None:
        """A session as it stands, or None when there is none; strongly consistent."""

    def write(self, before: Session, after: Session, events: Sequence[AgentEvent] = ()) -> None:
        """Replace the state `before` by that of `after`, and write the events that came with it: all or nothing.

        The results are written with it if the state's `results_revision` has changed.

        Raises:
            LostRaceError: the stored state is not that of `before` any more.
        """

    def events(self, session_id: str, after: int, limit: int, now: datetime) -> list[AgentEvent]:
        """Up to `limit` events with a sequence above `after`, in order; fewer than there are if they are large."""

    def summaries(
        self, owner: str, limit: int, start: Position | None, now: datetime
    ) -> tuple[list[SessionSummary], Position | None]:
        """A page of an owner's sessions, newest first, and where the next page starts."""
