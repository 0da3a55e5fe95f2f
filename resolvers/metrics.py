"""What happens to sessions, as figures for the dashboard: written to the log, where CloudWatch finds them.

A store that measures what is written to another one: every change of a session passes here, whoever made it. It
decides nothing. `cdk.metrics` names the same figures.
"""

import os
from collections.abc import Sequence
from datetime import datetime

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from resolvers.session import NO_RESULTS, AgentEvent, Assessment, Results, Session, SessionSummary, State
from resolvers.store import Position, Store
from schema.statuses import SessionStatus

NAMESPACE = "ScopeSmith"
"""Where the environment names none."""

_ENDS = {
    SessionStatus.COMPLETED: "SessionsCompleted",
    SessionStatus.ERROR: "SessionsFailed",
    SessionStatus.CONFIGURATION_ERROR: "SessionsFailed",
    SessionStatus.CANCELLED: "SessionsCancelled",
}


class MeasuredStore:
    """A `Store` that keeps everything in another one."""

    def __init__(self, store: Store, service: str) -> None:
        self._store = store
        self._service = service

    def create(self, state: State, assessment: Assessment, now: datetime) -> None:
        self._store.create(state, assessment, now)

    def read(self, session_id: str, now: datetime, *, with_assessment: bool = False) -> Session | None:
        return self._store.read(session_id, now, with_assessment=with_assessment)

    def write(
        self,
        after: State,
        *,
        before: State,
        results: Results | None = None,
        results_before: Results = NO_RESULTS,
        events: Sequence[AgentEvent] = (),
    ) -> None:
        self._store.write(after, before=before, results=results, results_before=results_before, events=events)
        if after.status.ended and not before.status.ended:
            self._count(_ENDS[after.status], MetricUnit.Count, 1)
        elif after.status is not SessionStatus.PENDING and before.status is SessionStatus.PENDING:
            self._count("SessionsStarted", MetricUnit.Count, 1)
            if before.revision == 0:  # a retry's waiting did not begin with the submit
                waited = after.updated_at - after.created_at
                self._count("TimeToFirstProgress", MetricUnit.Seconds, waited.total_seconds())

    def events(self, session_id: str, after: int, limit: int, now: datetime) -> list[AgentEvent]:
        return self._store.events(session_id, after, limit, now)

    def summaries(
        self, owner: str, limit: int, start: Position | None, now: datetime
    ) -> tuple[list[SessionSummary], Position | None]:
        return self._store.summaries(owner, limit, start, now)

    def _count(self, name: str, unit: MetricUnit, value: float) -> None:
        namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
        with single_metric(name, unit, value, namespace=namespace) as metric:
            metric.add_dimension("service", self._service)
