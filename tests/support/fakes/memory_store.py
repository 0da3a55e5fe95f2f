"""A store in memory: the hand-written fake of `resolvers.storage.store.Store`, for tests that need no AWS."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from resolvers.session import AgentEvent, Results, Session, SessionSummary, State
from resolvers.storage.store import LostRaceError, Position
from schema.assessment import Assessment


@dataclass
class _Kept:
    state: State
    assessment: Assessment
    results: Results = field(default_factory=Results)
    log: list[AgentEvent] = field(default_factory=list)


class MemoryStore:
    """Keeps sessions in a dictionary."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Kept] = {}

    def create(self, state: State, assessment: Assessment, now: datetime) -> None:
        if self._found(state.session_id, now):
            raise LostRaceError
        self._sessions[state.session_id] = _Kept(state, assessment)

    def read(self, session_id: str, now: datetime, *, with_assessment: bool = False) -> Session | None:
        kept = self._found(session_id, now)
        if kept is None:
            return None
        return Session(kept.state, kept.results, kept.assessment if with_assessment else None)

    def write(self, before: Session, after: Session, events: Sequence[AgentEvent] = ()) -> None:
        kept = self._sessions[after.state.session_id]
        if kept.state.version != before.state.version:
            raise LostRaceError
        kept.state = replace(after.state)
        if after.state.results_revision != before.state.results_revision:
            kept.results = after.results
        kept.log += events

    def events(self, session_id: str, after: int, limit: int, now: datetime) -> list[AgentEvent]:
        kept = self._found(session_id, now)
        return [event for event in kept.log if event.sequence > after][:limit] if kept else []

    def summaries(
        self, owner: str, limit: int, start: Position | None, now: datetime
    ) -> tuple[list[SessionSummary], Position | None]:
        states = [kept.state for kept in self._sessions.values() if kept.state.owner == owner]
        living = sorted((s for s in states if s.expires_at > now), key=lambda s: s.created_at, reverse=True)
        places = [Position(state.session_id, state.created_at) for state in living]
        first = places.index(start) + 1 if start in places else 0
        page = living[first : first + limit]
        end = places[first + limit - 1] if first + limit < len(living) else None
        return [state.summary for state in page], end

    def _found(self, session_id: str, now: datetime) -> _Kept | None:
        kept = self._sessions.get(session_id)
        return kept if kept and kept.state.expires_at > now else None
