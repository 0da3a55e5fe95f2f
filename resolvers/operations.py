"""The operations on sessions: one method for each root field of the API.

An operation reads a session, asks `resolvers.lifecycle` for the new state, writes it to the store, and starts the
worker if need be. `resolvers.handler` calls it with parsed arguments. Nothing here knows GraphQL or DynamoDB.
"""

import itertools
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from resolvers import lifecycle
from resolvers.api.caller import Caller
from resolvers.api.inputs import Submission
from resolvers.deletion import Deletion
from resolvers.errors import Fault, InternalError, InvalidInputError, NotFoundError
from resolvers.session import AgentEvent, Results, Session, SessionSummary, State, Update
from resolvers.sessions import DEFAULT_RULES, RACES_BEFORE_GIVING_UP, TOO_MANY_RACES, Rules, Sessions
from resolvers.storage.store import LostRaceError, Position, Store
from resolvers.worker import NotStartedError, Start, Worker
from resolvers.workspaces import Workspaces
from schema.assessment import Assessment
from schema.limits import RESULTS_BYTES
from schema.review import Review
from schema.statuses import SessionStatus

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

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
class EventPage:
    items: Sequence[AgentEvent]
    has_more: bool


class SessionOperations:
    """All operations on the sessions of one store."""

    def __init__(
        self,
        store: Store,
        worker: Worker,
        workspaces: Workspaces,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
        random: Callable[[], float],
        new_id: Callable[[], str],
        log: "Logger",
        rules: Rules = DEFAULT_RULES,
    ) -> None:
        """`now` returns an aware UTC datetime, `random` a number in [0, 1) and `new_id` an unused session id."""
        self._store = store
        self._worker = worker
        self._workspaces = workspaces
        self._now = now
        self._new_id = new_id
        self._log = log
        self._rules = rules
        self._sessions = sessions = Sessions(store, now=now, sleep=sleep, random=random, rules=rules, log=log)
        self._deletion = Deletion(sessions, store, workspaces, now, log)

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
        for attempt in range(RACES_BEFORE_GIVING_UP):
            now = self._now()
            # It is answered however much the owner has: nothing new begins.
            if token is not None and (earlier := self._store.read(session_id, now)):
                return self._submitted_before(earlier, submission)
            state = lifecycle.create(
                session_id, owner, submission.assessment, digest=submission.digest, now=now, keep=self._rules.keep
            )
            try:
                self._store.create(state, submission.assessment, now, self._sessions.admission(owner))
            except LostRaceError:
                # Another submit has the same token, has taken the last place, or is under way. Or the token's session
                # is being deleted, and whoever began that has stopped on the way.
                self._sessions.pause(attempt)
                if token is not None:
                    self._deletion.finish(session_id)
                continue
            return self._start(Session(state, assessment=submission.assessment), submission.assessment)
        raise InternalError(TOO_MANY_RACES)

    def get_session_status(self, caller: Caller, session_id: str, *, with_assessment: bool) -> Session | None:
        """The session, or None if the caller has no such session."""
        return self._sessions.visible(caller, session_id, with_assessment=with_assessment)

    def list_sessions(
        self, caller: Caller, limit: int, start: Position | None
    ) -> tuple[Sequence[SessionSummary], Position | None]:
        """A page of the caller's sessions, newest first, and where the next page starts.

        As in every other read, a session that has waited too long for a run is marked ERROR first.
        """
        summaries, end = self._store.summaries(caller.required_owner(), limit, start, self._now())
        return [self._settled(caller, summary) for summary in summaries], end

    def _settled(self, caller: Caller, summary: SessionSummary) -> SessionSummary:
        if summary.status.resting or self._now() < summary.updated_at + lifecycle.ABANDONED_AFTER:
            return summary
        session = self._sessions.visible(caller, summary.session_id)
        return session.state.summary if session else summary

    def read_events(self, caller: Caller, session_id: str, after: int, limit: int) -> EventPage | None:
        """The events with a sequence above `after`, or None if the caller has no such session."""
        session = self._sessions.visible(caller, session_id)
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
        for attempt in range(RACES_BEFORE_GIVING_UP):
            session = self._sessions.read(update.session_id)
            after = lifecycle.publish(session.state, update, self._now(), self._rules.lease)
            if after is session.state:
                return after, session.results
            results = _joined(session.results, update.results)
            try:
                self._store.write(session, Session(after, results), update.events)
            except LostRaceError:
                self._sessions.pause(attempt)
                continue
            return after, results
        raise InternalError(TOO_MANY_RACES)

    def cancel_session(self, caller: Caller, session_id: str) -> Session:
        """Ask the session's run to stop, or cancel the session at once if no run holds it.

        Raises:
            NotFoundError: the caller has no such session.
        """
        session = self._sessions.required(caller, session_id)
        return self._sessions.change(session, lambda state: lifecycle.cancel(state, self._now()))

    def retry_session(self, caller: Caller, session_id: str) -> Session:
        """Start a session again that ended without completing. Tools reuse what they finished in the run before.

        Raises:
            NotFoundError: the caller has no such session.
            ConflictError: the session has not ended, or is COMPLETED.
            LimitExceededError: the caller has as many sessions, or has submitted as often, as an owner may.
            InternalError: the worker could not be started. The session is in ERROR then.
        """
        session = self._sessions.required(caller, session_id)
        session = self._sessions.change(session, lambda state: lifecycle.retry(state, self._now()))
        return self._start(session, _assessment_of(session))

    def review_session(self, caller: Caller, session_id: str, review: Review) -> Session:
        """Accept a review, and start a run that works on it. The review is kept until the next one.

        Raises:
            NotFoundError: the caller has no such session.
            ConflictError: the session can't be reviewed, or has changed since the reviewer read it.
            LimitExceededError: the caller has as many sessions, or has submitted as often, as an owner may.
            InternalError: the worker could not be started. The session is in ERROR then, and retrySession starts it
                with this review.
        """
        session = self._sessions.required(caller, session_id)
        session = self._sessions.change(
            session, lambda state: lifecycle.review(state, review.id, self._now()), review=review
        )
        return self._start(session, _assessment_of(session))

    def read_proposal(self, caller: Caller, session_id: str, version: int | None) -> Mapping[str, Any] | None:
        """A version of the proposal as the worker wrote it, the newest if `version` is None.

        None if the caller has no such session, or the session no such version.

        Raises:
            InternalError: the proposal is too large to be answered.
        """
        session = self._sessions.visible(caller, session_id)
        if session is None:
            return None
        newest = session.state.proposal_version
        wanted = newest if version is None else version
        if not 1 <= wanted <= newest:
            return None
        proposal = self._workspaces.proposal(session_id, wanted)
        if proposal is None:
            extra = {"session_id": session_id, "version": wanted}
            self._log.warning("[SESSION] the proposal's file is missing or must not be read", extra=extra)
        return proposal

    def delete_session(self, caller: Caller, session_id: str) -> None:
        """Delete a session's files and records. If an earlier call stopped halfway, this one goes on.

        Raises:
            NotFoundError: the caller has no such session.
            ConflictError: a run is at work on it or about to start.
        """
        self._deletion.delete(caller, session_id)

    def check_subscription(self, caller: Caller, session_id: str) -> None:
        """Raise NotFoundError unless the caller may subscribe to this session."""
        if self._sessions.visible(caller, session_id) is None:
            raise NotFoundError(session_id)

    def _submitted_before(self, session: Session, submission: Submission) -> Session:
        """The session that an earlier submit with this token made. If no worker was started for it, start one."""
        if session.state.assessment_digest != submission.digest:
            message = "was used for another assessment: use a new token for a new assessment"
            raise InvalidInputError([Fault("clientRequestToken", message)])
        session = replace(session, assessment=submission.assessment)
        session, begun = self._sessions.changed(session, self._start_if_needed)
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
            self._worker.invoke_agent_async(self._start_of(session, assessment))
        except NotStartedError as error:
            self._log.exception("[SESSION] the worker could not be invoked", extra={"session_id": session_id})
            message = f"The worker could not be started. Run session {session_id} again with retrySession."
            self._sessions.change(session, lambda state: lifecycle.fail_to_start(state, revision, message, self._now()))
            raise InternalError(f"Internal error: {message}") from error
        self._sessions.change(session, lambda state: lifecycle.started(state, revision, self._now()))
        self._log.info("[SESSION] started", extra={"session_id": session_id})
        return session

    def _start_of(self, session: Session, assessment: Assessment) -> Start:
        state = session.state
        review = self._store.review(state.session_id, self._now()) if state.review_revision else None
        if state.review_revision != (review.id if review else 0):
            raise RuntimeError(f"session {state.session_id}: the table holds another review than its newest")
        return Start(state.session_id, assessment, state.revision, review, state.proposal_version)


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
