"""The operations on sessions: one method for each root field of the API.

An operation reads a session, asks `resolvers.lifecycle` for the new state, writes it to the store, and starts the
worker if need be. `resolvers.handler` calls it with parsed arguments. Nothing here knows GraphQL or DynamoDB.
"""

import itertools
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from resolvers import lifecycle
from resolvers.activity import ActiveSession, Activity, Admission, Limits, admit
from resolvers.api.caller import Caller
from resolvers.api.inputs import Submission, is_session_id
from resolvers.errors import Fault, InternalError, InvalidInputError, NotFoundError
from resolvers.session import AgentEvent, Results, Session, SessionSummary, State, Update
from resolvers.storage.store import LostRaceError, Position, Store
from resolvers.worker import NotStartedError, Worker
from schema.assessment import Assessment
from schema.limits import RESULTS_BYTES
from schema.statuses import SessionStatus

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

_RACES_BEFORE_GIVING_UP = 8
_TOO_MANY_RACES = "Internal error: the session changed too often; try again."

_PAGE_BYTES = 4_000_000
"""The most that one page of events may take as JSON in ASCII.

AppSync accepts 5 MB from a resolver, and a Lambda may return 6 MB. A page of DynamoDB items, 1 MB, can exceed that as
JSON if its texts consist of characters that JSON escapes.
"""

_EVENT_FIELDS_BYTES = 500
"""How many bytes an event takes as JSON in addition to its text, rounded up."""

# The UUID namespace in which an owner and a clientRequestToken always give the same session id. So the table itself
# ensures that a token makes only one session.
_TOKENS = uuid.UUID("5f0c7c0e-6d0b-5a8e-9b0a-7a3f1f9b2c11")


@dataclass(frozen=True)
class Rules:
    """What a deployment may set for its sessions."""

    lease: timedelta = lifecycle.LEASE
    """How long a run holds a session after each of its publishes."""
    limits: Limits = field(default_factory=Limits)


_DEFAULT_RULES = Rules()


@dataclass(frozen=True)
class EventPage:
    items: Sequence[AgentEvent]
    has_more: bool


class SessionOperations:
    """All operations on the sessions of one store."""

    def __init__(
        self,
        store: Store,
        worker: Worker,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
        random: Callable[[], float],
        new_id: Callable[[], str],
        keep: timedelta,
        log: "Logger",
        rules: Rules = _DEFAULT_RULES,
    ) -> None:
        """`now` returns an aware UTC datetime, `random` a number in [0, 1) and `new_id` an unused session id.

        Sessions expire after `keep`.
        """
        self._store = store
        self._worker = worker
        self._now = now
        self._sleep = sleep
        self._random = random
        self._new_id = new_id
        self._keep = keep
        self._log = log
        self._lease = rules.lease
        self._limits = rules.limits

    def create_session(self, caller: Caller, submission: Submission) -> Session:
        """Store a new session and start its worker. The same token with the same assessment returns the same session.

        Raises:
            InvalidInputError: the token was used with another assessment.
            LimitExceededError: the caller has as many sessions, or has submitted as often, as an owner may.
            InternalError: the worker could not be started. The session is in ERROR then.
        """
        owner = caller.required_owner()
        token = submission.client_request_token
        session_id = self._new_id() if token is None else str(uuid.uuid5(_TOKENS, f"{owner}\n{token}"))
        for attempt in range(_RACES_BEFORE_GIVING_UP):
            now = self._now()
            # It is answered however much the owner has: nothing new begins.
            if token is not None and (earlier := self._store.read(session_id, now)):
                return self._submitted_before(earlier, submission)
            state = lifecycle.create(
                session_id, owner, submission.assessment, digest=submission.digest, now=now, keep=self._keep
            )
            try:
                self._store.create(state, submission.assessment, now, self._admission(owner))
            except LostRaceError:
                self._pause(attempt)  # another submit has the same token, has taken the last place, or is under way
                continue
            return self._start(Session(state, assessment=submission.assessment), submission.assessment)
        raise InternalError(_TOO_MANY_RACES)

    def get_session_status(self, caller: Caller, session_id: str, *, with_assessment: bool) -> Session | None:
        """The session, or None if the caller has no such session."""
        return self._visible(caller, session_id, with_assessment=with_assessment)

    def list_sessions(
        self, caller: Caller, limit: int, start: Position | None
    ) -> tuple[Sequence[SessionSummary], Position | None]:
        """A page of the caller's sessions, newest first, and where the next page starts.

        As in every other read, a session that has waited too long for a run is marked ERROR first.
        """
        summaries, end = self._store.summaries(caller.required_owner(), limit, start, self._now())
        return [self._settled(caller, summary) for summary in summaries], end

    def _settled(self, caller: Caller, summary: SessionSummary) -> SessionSummary:
        if summary.status.ended or self._now() < summary.updated_at + lifecycle.ABANDONED_AFTER:
            return summary
        session = self._visible(caller, summary.session_id)
        return session.state.summary if session else summary

    def read_events(self, caller: Caller, session_id: str, after: int, limit: int) -> EventPage | None:
        """The events with a sequence above `after`, or None if the caller has no such session."""
        session = self._visible(caller, session_id)
        if session is None:
            return None
        last_sequence = session.state.last_sequence
        if after >= last_sequence:
            return EventPage((), has_more=False)
        events = _answerable(self._store.events(session_id, after, limit, self._now()))
        # Even after an empty page there can be more: if the events of a transaction become readable after its state,
        # the state already counts events that the query has not found.
        return EventPage(events, has_more=(events[-1].sequence if events else after) < last_sequence)

    def update_session_status(self, update: Update) -> tuple[State, Results]:
        """Apply a run's update, and return the state and the results after it.

        Raises:
            NotFoundError: there is no such session.
            ConflictError: the run does not hold the session, or the update is not its next one.
            InvalidInputError: the results would be too large together with those of earlier updates.
        """
        for attempt in range(_RACES_BEFORE_GIVING_UP):
            session = self._read(update.session_id)
            after = lifecycle.publish(session.state, update, self._now(), self._lease)
            if after is session.state:
                return after, session.results
            results = _joined(session.results, update.results)
            try:
                self._store.write(session, Session(after, results), update.events)
            except LostRaceError:
                self._pause(attempt)
                continue
            return after, results
        raise InternalError(_TOO_MANY_RACES)

    def cancel_session(self, caller: Caller, session_id: str) -> Session:
        """Ask the session's run to stop, or cancel the session at once if no run holds it.

        Raises:
            NotFoundError: the caller has no such session.
        """
        return self._change(self._required(caller, session_id), lambda state: lifecycle.cancel(state, self._now()))

    def retry_session(self, caller: Caller, session_id: str) -> Session:
        """Start a session again that ended without completing. Tools reuse what they finished in the run before.

        Raises:
            NotFoundError: the caller has no such session.
            ConflictError: the session has not ended, or is COMPLETED.
            LimitExceededError: the caller has as many sessions, or has submitted as often, as an owner may.
            InternalError: the worker could not be started. The session is in ERROR then.
        """
        session = self._required(caller, session_id)
        session = self._change(session, lambda state: lifecycle.retry(state, self._now()))
        return self._start(session, _assessment_of(session))

    def check_subscription(self, caller: Caller, session_id: str) -> None:
        """Raise NotFoundError unless the caller may subscribe to this session."""
        if self._visible(caller, session_id) is None:
            raise NotFoundError(session_id)

    def _submitted_before(self, session: Session, submission: Submission) -> Session:
        """The session that an earlier submit with this token made. If no worker was started for it, start one."""
        if session.state.assessment_digest != submission.digest:
            message = "was used for another assessment: use a new token for a new assessment"
            raise InvalidInputError([Fault("clientRequestToken", message)])
        session = replace(session, assessment=submission.assessment)
        session, begun = self._changed(session, self._start_if_needed)
        return self._start(session, submission.assessment) if begun else session

    def _start_if_needed(self, state: State) -> State:
        """Begin another start if the last one came to nothing. Otherwise return the very same object."""
        if state.status is SessionStatus.ERROR and state.progress == 0:  # it ended before any run claimed it
            return lifecycle.retry(state, self._now())
        return lifecycle.start_again(state, self._now())

    def _start(self, session: Session, assessment: Assessment) -> Session:
        """Start the worker. No other request does so meanwhile: `session` is the state with our `starting_until`."""
        session_id, revision = session.state.session_id, session.state.revision
        try:
            self._worker.invoke_agent_async(session_id, assessment, revision)
        except NotStartedError as error:
            self._log.exception("[SESSION] the worker could not be invoked", extra={"session_id": session_id})
            message = f"The worker could not be started. Run session {session_id} again with retrySession."
            self._change(session, lambda state: lifecycle.fail_to_start(state, revision, message, self._now()))
            raise InternalError(f"Internal error: {message}") from error
        self._change(session, lambda state: lifecycle.started(state, revision, self._now()))
        self._log.info("[SESSION] started", extra={"session_id": session_id})
        return session

    def _change(self, session: Session, act: Callable[[State], State]) -> Session:
        return self._changed(session, act)[0]

    def _changed(self, session: Session, act: Callable[[State], State]) -> tuple[Session, bool]:
        """Write the state that `act` makes. If another write came first, read the session again and repeat.

        `session` is the newest version that the caller has read. Also says whether this call changed the state.

        Raises:
            LimitExceededError: `act` starts the session again, and its owner's limits don't allow it.
        """
        for attempt in range(_RACES_BEFORE_GIVING_UP):
            after = act(session.state)
            if after is session.state:
                return session, False
            changed = replace(session, state=after)
            starts = after.active and not session.state.active
            try:
                self._store.write(session, changed, admission=self._admission(after.owner) if starts else None)
            except LostRaceError:
                self._pause(attempt)
                session = replace(self._read(session.state.session_id), assessment=session.assessment)
                continue
            return changed, True
        raise InternalError(_TOO_MANY_RACES)

    def _admission(self, owner: str) -> Admission:
        """Permit the owner to start one more session.

        Raises:
            LimitExceededError: the owner has as many as the limits allow.
        """
        limits, now = self._limits.of(owner), self._now()
        activity = self._store.activity(owner)
        if activity.needs_check(limits, now):
            self._check(owner, activity, now)
            activity = self._store.activity(owner)
        return admit(activity, limits, now, self._keep)

    def _check(self, owner: str, activity: Activity, now: datetime) -> None:
        """Free the places of sessions that are over without a record of it. If another request does so, don't."""
        try:
            self._store.begin_check(owner, activity, now)
            gone = [one for one in activity.active if not self._is_there(one)]
            if gone:
                self._store.forget(owner, gone, now)
        except (LostRaceError, NotFoundError):  # another check has begun, or a session has just expired
            return

    def _is_there(self, active: ActiveSession) -> bool:
        """Whether the session still exists. If it has waited too long for a run, it is settled, which frees its place.

        One that has ended since its owner's record was read has freed its place itself.
        """
        session = self._store.read(active.session_id, self._now())
        if session is None or ActiveSession.of(session.state) != active:
            return False
        self._settle(session)
        return True

    def _settle(self, session: Session) -> Session:
        """Mark a session ERROR that has waited too long for a run."""
        settled, changed = self._changed(session, lambda state: lifecycle.settle(state, self._now()))
        if changed:
            extra = {"session_id": session.state.session_id}
            self._log.warning("[SESSION] marked ERROR: no run is working on it", extra=extra)
        return settled

    def _pause(self, attempt: int) -> None:
        """Wait after a lost race: up to 20 ms after the first, and up to twice as long after each further one."""
        self._sleep(self._random() * 0.02 * 2**attempt)

    def _read(self, session_id: str) -> Session:
        session = self._store.read(session_id, self._now()) if is_session_id(session_id) else None
        if session is None:
            raise NotFoundError(session_id)
        return session

    def _visible(self, caller: Caller, session_id: str, *, with_assessment: bool = False) -> Session | None:
        """The session, or None if the caller has no such session.

        One that has waited too long for a run is marked ERROR first.
        """
        if not is_session_id(session_id):
            return None
        session = self._store.read(session_id, self._now(), with_assessment=with_assessment)
        if session is None or not caller.may_see(session.state.owner):
            return None
        return self._settle(session)

    def _required(self, caller: Caller, session_id: str) -> Session:
        session = self._visible(caller, session_id, with_assessment=True)
        if session is None:
            raise NotFoundError(session_id)
        return session


def _joined(results: Results, newer: Results | None) -> Results:
    """The results after an update that brought `newer` ones."""
    if newer is None:
        return results
    joined = results.updated(newer)
    if joined.json_bytes > RESULTS_BYTES:
        message = (
            f"must take at most {RESULTS_BYTES} bytes as JSON;"
            f" together with those of earlier updates they take {joined.json_bytes}"
        )
        raise InvalidInputError([Fault("results", message)])
    return joined


def _answerable(events: Sequence[AgentEvent]) -> Sequence[AgentEvent]:
    """The first of these events, as many as fit into one answer."""
    sizes = itertools.accumulate(len(json.dumps(event.text)) + _EVENT_FIELDS_BYTES for event in events)
    return [event for event, size in zip(events, sizes, strict=True) if size <= _PAGE_BYTES]


def _assessment_of(session: Session) -> Assessment:
    if session.assessment is None:
        raise RuntimeError(f"session {session.state.session_id}: the table holds no complete assessment for it")
    return session.assessment
