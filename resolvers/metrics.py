"""Counts what happens to sessions, for the dashboard. CloudWatch reads the figures from the log.

`MeasuredStore` wraps another store, because every change of a session goes through the store. It changes nothing
about a write. `cdk.monitoring.metrics` uses the same metric names.
"""

import os
from collections.abc import Collection, Sequence
from datetime import datetime

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from resolvers.activity import ActiveSession, Activity, Admission
from resolvers.session import AgentEvent, Session, SessionSummary, State
from resolvers.storage.store import Position, Store
from schema.assessment import Assessment
from schema.review import Review
from schema.statuses import SessionStatus

NAMESPACE = "ScopeSmith"
"""Used if POWERTOOLS_METRICS_NAMESPACE is not set."""

_ENDS = {
    SessionStatus.COMPLETED: "SessionsCompleted",
    SessionStatus.ERROR: "SessionsFailed",
    SessionStatus.CONFIGURATION_ERROR: "SessionsFailed",
    SessionStatus.CANCELLED: "SessionsCancelled",
}


class MeasuredStore:
    """A `Store` that passes every call on to another store and counts the changes of status it sees."""

    def __init__(self, store: Store, service: str) -> None:
        self._store = store
        self._service = service

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
        was, now = before.state, after.state
        if now.status.ended and not was.status.ended:
            self._count(_ENDS[now.status], MetricUnit.Count, 1)
        elif now.status is not SessionStatus.PENDING and was.status is SessionStatus.PENDING:
            self._count("SessionsStarted", MetricUnit.Count, 1)
            if was.revision == 0:  # not after a retry: its wait did not begin when the session was created
                waited = now.updated_at - now.created_at
                self._count("TimeToFirstProgress", MetricUnit.Seconds, waited.total_seconds())

    def events(self, session_id: str, after: int, limit: int, now: datetime) -> list[AgentEvent]:
        return self._store.events(session_id, after, limit, now)

    def summaries(
        self, owner: str, limit: int, start: Position | None, now: datetime
    ) -> tuple[list[SessionSummary], Position | None]:
        return self._store.summaries(owner, limit, start, now)

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

    def _count(self, name: str, unit: MetricUnit, value: float) -> None:
        namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
        with single_metric(name, unit, value, namespace=namespace) as metric:
            metric.add_dimension("service", self._service)
