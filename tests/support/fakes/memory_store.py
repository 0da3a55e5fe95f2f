"""A store in memory: the hand-written fake of `resolvers.storage.store.Store`, for tests that need no AWS."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from resolvers.activity import ALL_OWNERS, ActiveSession, Activity, Admission
from resolvers.session import AgentEvent, Results, Session, SessionSummary, State
from resolvers.storage.store import LostRaceError, Position
from schema.assessment import Assessment
from schema.review import Review


@dataclass
class _Kept:
    state: State
    assessment: Assessment
    results: Results = field(default_factory=Results)
    review: Review | None = None
    log: list[AgentEvent] = field(default_factory=list)


class MemoryStore:
    """Keeps sessions and their owners' activity in dictionaries."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Kept] = {}
        self._activities: dict[str, Activity] = {}

    def create(self, state: State, assessment: Assessment, now: datetime, admission: Admission | None = None) -> None:
        kept = self._sessions.get(state.session_id)
        if kept and kept.state.expires_at > now:
            raise LostRaceError
        self._admit(state, admission)
        self._sessions[state.session_id] = _Kept(state, assessment)

    def read(self, session_id: str, now: datetime, *, with_assessment: bool = False) -> Session | None:
        kept = self._found(session_id, now)
        if kept is None:
            return None
        return Session(kept.state, kept.results, kept.assessment if with_assessment else None)

    def write(
        self,
        before: Session,
        after: Session,
        events: Sequence[AgentEvent] = (),
        admission: Admission | None = None,
        review: Review | None = None,
    ) -> None:
        kept = self._sessions.get(after.state.session_id)
        if kept is None or kept.state.version != before.state.version:
            raise LostRaceError
        self._admit(after.state, admission)
        if before.state.active and not after.state.active:
            for owner in (after.state.owner, ALL_OWNERS):
                self.forget(owner, [ActiveSession.of(after.state)], after.state.updated_at)
        kept.state = replace(after.state)
        if after.state.results_revision != before.state.results_revision:
            kept.results = after.results
        kept.log += events
        kept.review = review or kept.review

    def events(self, session_id: str, after: int, limit: int, now: datetime) -> list[AgentEvent]:
        kept = self._found(session_id, now)
        return [event for event in kept.log if event.sequence > after][:limit] if kept else []

    def summaries(
        self, owner: str, limit: int, start: Position | None, now: datetime
    ) -> tuple[list[SessionSummary], Position | None]:
        states = [kept.state for kept in self._sessions.values() if self._found(kept.state.session_id, now)]
        living = sorted((s for s in states if s.owner == owner), key=lambda s: s.created_at, reverse=True)
        places = [Position(state.session_id, state.created_at) for state in living]
        first = places.index(start) + 1 if start in places else 0
        page = living[first : first + limit]
        end = places[first + limit - 1] if first + limit < len(living) else None
        return [state.summary for state in page], end

    def review(self, session_id: str, now: datetime) -> Review | None:
        kept = self._found(session_id, now)
        return kept.review if kept else None

    def deleting(self, session_id: str, now: datetime) -> State | None:
        kept = self._sessions.get(session_id)
        return kept.state if kept and kept.state.deleting and kept.state.expires_at > now else None

    def remove(self, session_id: str) -> None:
        kept = self._sessions.get(session_id)
        if kept is None or not kept.state.deleting:
            raise LostRaceError
        del self._sessions[session_id]

    def activity(self, owner: str) -> Activity:
        return self._activities.get(owner, Activity())

    def begin_check(self, owner: str, seen: Activity, now: datetime) -> None:
        activity = self.activity(owner)
        if activity.checked_at != seen.checked_at:
            raise LostRaceError
        self._activities[owner] = replace(activity, checked_at=now)

    def forget(self, owner: str, sessions: Collection[ActiveSession], now: datetime) -> None:
        activity = self.activity(owner)
        self._activities[owner] = replace(activity, active=activity.active - set(sessions))

    def release(self, owner: str, state: State) -> None:
        if self._sessions[state.session_id].state.version != state.version:
            raise LostRaceError
        self.forget(owner, [ActiveSession.of(state)], state.updated_at)

    def _admit(self, state: State, admission: Admission | None) -> None:
        if admission is None:
            return
        activity, limits = self.activity(state.owner), admission.limits
        is_first = activity.day is None or activity.day < admission.day
        is_next = activity.day == admission.day and activity.submits < limits.submits_per_day
        if not (is_first if admission.is_first_of_day else is_next) or len(activity.active) >= limits.active_sessions:
            raise LostRaceError
        one = {ActiveSession.of(state)}
        everyones, most = self.activity(ALL_OWNERS), admission.runs_at_once
        if most is not None:
            if len(everyones.active) >= most:
                raise LostRaceError
            self._activities[ALL_OWNERS] = replace(everyones, active=everyones.active | one)
        self._activities[state.owner] = replace(
            activity,
            active=activity.active | one,
            day=admission.day,
            submits=1 if is_first else activity.submits + 1,
        )

    def _found(self, session_id: str, now: datetime) -> _Kept | None:
        kept = self._sessions.get(session_id)
        return kept if kept and kept.state.expires_at > now and not kept.state.deleting else None
