"""The protocol of a store of sessions: all that `resolvers.operations` needs of its storage.

Every change of a state is conditional on the `version` that was read. If another write came first, the caller gets
`LostRaceError` and reads again. `resolvers.storage.dynamodb` is the real store. Tests also have one in memory, and
both pass the same tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from resolvers.session import AgentEvent, Session, SessionSummary, State
from schema.assessment import Assessment


class LostRaceError(Exception):
    """Another request changed the session between our read and our write. Read it again and repeat the change."""


@dataclass(frozen=True)
class Position:
    """The place of a session in its owner's list. A page ends at one, and the next page starts after it."""

    session_id: str
    created_at: datetime


class Store(Protocol):
    """Stores each session until it expires. A session that has expired at the time `now` is not found, even if it has
    not been deleted yet.
    """

    def create(self, state: State, assessment: Assessment, now: datetime) -> None:
        """Write a new session.

        Raises:
            LostRaceError: a session that has not expired has this id, or another write of it is under way.
        """

    def read(self, session_id: str, now: datetime, *, with_assessment: bool = False) -> Session | None:
        """The session as of the latest write, or None if there is none."""

    def write(self, before: Session, after: Session, events: Sequence[AgentEvent] = ()) -> None:
        """Replace the state of `before` by that of `after` and add the events. All of it is written, or nothing.

        The results are written too if the state's `results_revision` has changed.

        Raises:
            LostRaceError: the stored state is no longer that of `before`.
        """

    def events(self, session_id: str, after: int, limit: int, now: datetime) -> list[AgentEvent]:
        """Up to `limit` events with a sequence above `after`, in order.

        Large events may come in smaller pages: fewer than `limit` does not mean that these are all.
        """

    def summaries(
        self, owner: str, limit: int, start: Position | None, now: datetime
    ) -> tuple[list[SessionSummary], Position | None]:
        """A page of an owner's sessions, newest first, and where the next page starts."""
