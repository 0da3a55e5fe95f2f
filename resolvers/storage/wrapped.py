"""A store that passes every call on to another one, for stores that add something to a few of the calls."""

from collections.abc import Collection, Sequence
from datetime import datetime

from resolvers.activity import ActiveSession, Activity, Admission
from resolvers.session import AgentEvent, Session, SessionSummary, State
from resolvers.storage.store import Position, Store
from schema.assessment import Assessment
from schema.review import Review


class WrappedStore:
    """A `Store` that adds nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, state: State, assessment: Assessment, now: datetime, admission: Admission | None = None) -> None:
        self._store.create(state, assessment, now, admission)

    def read(self, session_id: str, now: datetime, *, with_assessment: bool = False) -> Session | None:
        return self._store.read(session_id, now, with_assessment=with_assessment)

    def write(
        self,
        before: Session,
        after: Session,
        events: Sequence[AgentEvent] = (),
        admission: Admission | None = None,
        review: Review | None = None,
    ) -> None:
        self._store.write(before, after, events, admission, review)

    def review(self, session_id: str, now: datetime) -> Review | None:
        return self._store.review(session_id, now)

    def deleting(self, session_id: str, now: datetime) -> State | None:
        return self._store.deleting(session_id, now)

    def remove(self, session_id: str) -> None:
        self._store.remove(session_id)

    def activity(self, owner: str) -> Activity:
        return self._store.activity(owner)

    def begin_check(self, owner: str, seen: Activity, now: datetime) -> None:
        self._store.begin_check(owner, seen, now)

    def forget(self, owner: str, sessions: Collection[ActiveSession], now: datetime) -> None:
        self._store.forget(owner, sessions, now)

    def release(self, owner: str, state: State) -> None:
        self._store.release(owner, state)

    def events(self, session_id: str, after: int, limit: int, now: datetime) -> list[AgentEvent]:
        return self._store.events(session_id, after, limit, now)

    def summaries(
        self, owner: str, limit: int, start: Position | None, now: datetime
    ) -> tuple[list[SessionSummary], Position | None]:
        return self._store.summaries(owner, limit, start, now)
