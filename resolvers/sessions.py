"""Reads and changes single sessions in the store: what the operations have in common.

A change is repeated when another write came first. A session that has waited too long for a run is marked ERROR by
whoever reads it. A session that starts needs its owner's admission. `resolvers.operations` decides what is asked.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from resolvers import lifecycle
from resolvers.activity import ALL_OWNERS, ActiveSession, Activity, Admission, Limits, admit, admit_among_all
from resolvers.api.caller import Caller
from resolvers.api.inputs import is_session_id
from resolvers.errors import InternalError, NotFoundError
from resolvers.session import Session, State
from resolvers.storage.store import LostRaceError, Store
from schema.review import Review

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

RACES_BEFORE_GIVING_UP = 8
TOO_MANY_RACES = "Internal error: the session changed too often; try again."


@dataclass(frozen=True)
class Rules:
    """What a deployment may set for its sessions."""

    lease: timedelta = lifecycle.LEASE
    """How long a run holds a session after each of its publishes."""
    limits: Limits = field(default_factory=Limits)
    """How much an owner may have, and all of them together."""
    keep: timedelta = timedelta(days=30)
    """How long a session is kept."""


DEFAULT_RULES = Rules()


class Sessions:
    """The sessions of one store, one at a time."""

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
        random: Callable[[], float],
        rules: Rules,
        log: "Logger",
    ) -> None:
        """`now` returns an aware UTC datetime, and `random` a number in [0, 1)."""
        self._store = store
        self._now = now
        self._sleep = sleep
        self._random = random
        self._rules = rules
        self._log = log

    def change(self, session: Session, act: Callable[[State], State], review: Review | None = None) -> Session:
        """The session after `act`, as `changed` makes it."""
        return self.changed(session, act, review)[0]

    def changed(
        self, session: Session, act: Callable[[State], State], review: Review | None = None
    ) -> tuple[Session, bool]:
        """Write the state that `act` makes, and the review. If another write came first, read again and repeat.

        A review also takes the documents out of the results, because they show what was offered before it. `proposal`
        still has them.

        `session` is the newest version that the caller has read. Also says whether this call changed the state.

        Raises:
            LimitExceededError: `act` starts the session again, and its owner's limits don't allow it.
            NotFoundError: the session was deleted meanwhile.
        """
        for attempt in range(RACES_BEFORE_GIVING_UP):
            after = act(session.state)
            if after is session.state:
                return session, False
            changed = replace(session, state=after) if review is None else _reviewed(session, after)
            starts = after.active and not session.state.active
            admission = self.admission(after.owner) if starts else None
            try:
                self._store.write(session, changed, admission=admission, review=review)
            except LostRaceError:
                self.pause(attempt)
                session = replace(self.read(session.state.session_id), assessment=session.assessment)
                continue
            return changed, True
        raise InternalError(TOO_MANY_RACES)

    def admission(self, owner: str) -> Admission:
        """Permit the owner to start one more session.

        Raises:
            LimitExceededError: the owner, or all owners together, have as many as the limits allow.
        """
        limits, now = self._rules.limits, self._now()
        own = limits.of(owner)
        admission = admit(self._activity(owner, own.active_sessions, now), own, now, self._rules.keep)
        if limits.runs_at_once is None:
            return admission
        everyones = self._activity(ALL_OWNERS, limits.runs_at_once, now)
        return admit_among_all(admission, everyones, limits.runs_at_once)

    def _activity(self, owner: str, most: int, now: datetime) -> Activity:
        """What an owner has going on. If that is as much as is allowed, see first whether it is true."""
        activity = self._store.activity(owner)
        if not activity.needs_check(most, now):
            return activity
        self._check(owner, activity, now)
        return self._store.activity(owner)

    def _check(self, owner: str, activity: Activity, now: datetime) -> None:
        """Free the places of sessions that are over without a record of it. If another request does so, don't."""
        try:
            self._store.begin_check(owner, activity, now)
            gone = [one for one in activity.active if not self._is_there(owner, one)]
            if gone:
                self._store.forget(owner, gone, now)
        except (LostRaceError, NotFoundError):  # another check has begun, or a session has just expired
            return

    def _is_there(self, owner: str, active: ActiveSession) -> bool:
        """Whether the session still exists. If it has waited too long for a run, it is settled, which frees its place.

        One that rests has freed its place itself, or has been ended by a version of this code that knew no such record.
        """
        session = self._store.read(active.session_id, self._now())
        if session is None or ActiveSession.of(session.state) != active:
            return False
        if session.state.active:
            self.settle(session)
        else:
            with suppress(LostRaceError):  # it has just been started again
                self._store.release(owner, session.state)
        return True

    def settle(self, session: Session) -> Session:
        """Mark a session ERROR that has waited too long for a run."""
        settled, changed = self.changed(session, lambda state: lifecycle.settle(state, self._now()))
        if changed:
            extra = {"session_id": session.state.session_id}
            self._log.warning("[SESSION] marked ERROR: no run is working on it", extra=extra)
        return settled

    def pause(self, attempt: int) -> None:
        """Wait after a lost race: up to 20 ms after the first, and up to twice as long after each further one."""
        self._sleep(self._random() * 0.02 * 2**attempt)

    def read(self, session_id: str) -> Session:
        session = self._store.read(session_id, self._now()) if is_session_id(session_id) else None
        if session is None:
            raise NotFoundError(session_id)
        return session

    def visible(self, caller: Caller, session_id: str, *, with_assessment: bool = False) -> Session | None:
        """The session, or None if the caller has no such session.

        One that has waited too long for a run is marked ERROR first.
        """
        if not is_session_id(session_id):
            return None
        session = self._store.read(session_id, self._now(), with_assessment=with_assessment)
        if session is None or not caller.may_see(session.state.owner):
            return None
        try:
            return self.settle(session)
        except NotFoundError:  # it has been deleted since it was read
            return None

    def required(self, caller: Caller, session_id: str) -> Session:
        session = self.visible(caller, session_id, with_assessment=True)
        if session is None:
            raise NotFoundError(session_id)
        return session


def _reviewed(session: Session, after: State) -> Session:
    """The session with the state after a review, and with results that hold no document of the version before."""
    results = session.results.without_documents()
    if results == session.results:
        return replace(session, state=after)
    return replace(session, state=replace(after, results_revision=after.revision), results=results)
