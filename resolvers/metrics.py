"""Counts what happens to sessions, for the dashboard. CloudWatch reads the figures from the log.

`MeasuredStore` wraps another store, because every change of a session goes through the store. It changes nothing
about a write. `cdk.monitoring.metrics` uses the same metric names.
"""

import os
from collections.abc import Sequence

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from resolvers.activity import Admission
from resolvers.session import AgentEvent, Session
from resolvers.storage.store import Store
from resolvers.storage.wrapped import WrappedStore
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


class MeasuredStore(WrappedStore):
    """A `Store` that passes every call on to another store and counts the changes of status it sees.

    `SessionFailure` is 0 or 1 for each session that ends by itself, so that its average is the share that failed.
    """

    def __init__(self, store: Store, service: str) -> None:
        super().__init__(store)
        self._service = service

    def write(
        self,
        before: Session,
        after: Session,
        events: Sequence[AgentEvent] = (),
        admission: Admission | None = None,
        review: Review | None = None,
    ) -> None:
        super().write(before, after, events, admission, review)
        was, now = before.state, after.state
        if now.status.ended and not was.status.ended:
            self._count(_ENDS[now.status], MetricUnit.Count, 1)
            if now.status is not SessionStatus.CANCELLED:
                self._count("SessionFailure", MetricUnit.Count, 0 if now.status is SessionStatus.COMPLETED else 1)
        elif now.status is not SessionStatus.PENDING and was.status is SessionStatus.PENDING:
            self._count("SessionsStarted", MetricUnit.Count, 1)
            if was.revision == 0:  # not after a retry: its wait did not begin when the session was created
                waited = now.updated_at - now.created_at
                self._count("TimeToFirstProgress", MetricUnit.Seconds, waited.total_seconds())

    def _count(self, name: str, unit: MetricUnit, value: float) -> None:
        namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
        with single_metric(name, unit, value, namespace=namespace) as metric:
            metric.add_dimension("service", self._service)
