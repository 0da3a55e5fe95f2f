"""The metrics that our functions write to their logs, those of AppSync, and where all others come from.

`resolvers.metrics` and `worker.metrics` write ours. `cdk.monitoring.alarms` and `cdk.monitoring.dashboard` use them,
beside those of `cdk.monitoring.service_metrics`.
"""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk.firewall import Firewall
from cdk.functions.failure_path import FailurePath
from cdk.functions.function import Functions
from cdk.monitoring.service_metrics import PERIOD
from cdk.sessions_table import SessionsTable
from cdk.settings import Settings

RESOLVERS_SERVICE = "scopesmith-resolvers"
WORKER_SERVICE = "scopesmith-worker"

HOUR = Duration.hours(1)


@dataclass(frozen=True)
class OwnMetrics:
    """The metrics that our functions write, in the namespace that they are given."""

    namespace: str

    def started(self) -> cloudwatch.Metric:
        return self._metric("SessionsStarted", RESOLVERS_SERVICE, "Sum")

    def completed(self) -> cloudwatch.Metric:
        return self._metric("SessionsCompleted", RESOLVERS_SERVICE, "Sum")

    def failed(self) -> cloudwatch.Metric:
        return self._metric("SessionsFailed", RESOLVERS_SERVICE, "Sum")

    def cancelled(self) -> cloudwatch.Metric:
        return self._metric("SessionsCancelled", RESOLVERS_SERVICE, "Sum")

    def failure_ratio(self) -> cloudwatch.Metric:
        """The share of the sessions that ended by themselves which failed, in an hour. Each counts as 0 or 1."""
        return self._metric("SessionFailure", RESOLVERS_SERVICE, "Average", HOUR)

    def first_progress(self, statistic: str) -> cloudwatch.Metric:
        """Seconds from a submit until a worker has claimed the session."""
        return self._metric("TimeToFirstProgress", RESOLVERS_SERVICE, statistic)

    def publish_errors(self) -> cloudwatch.Metric:
        return self._metric("PublishErrors", WORKER_SERVICE, "Sum")

    def configuration_errors(self) -> cloudwatch.Metric:
        """What could not work because something is not configured, or because AWS refused the access."""
        return self._metric("ConfigurationErrors", WORKER_SERVICE, "Sum")

    def aged_out_events(self) -> cloudwatch.Metric:
        """Events that no worker took in time. Their sessions end when they are next read."""
        return self._metric("AgedOutEvents", WORKER_SERVICE, "Sum")

    def model_tokens(self) -> cloudwatch.Metric:
        """Counted when a session ends."""
        return self._metric("ModelTokens", WORKER_SERVICE, "Sum")

    def model_cost(self) -> cloudwatch.Metric:
        """US dollars, counted when a session ends. It is missing for models whose price is not known."""
        return self._metric("ModelCost", WORKER_SERVICE, "Sum")

    def model_cost_of_a_run(self, statistic: str) -> cloudwatch.Metric:
        return self._metric("ModelCost", WORKER_SERVICE, statistic)

    def _metric(self, name: str, service: str, statistic: str, period: Duration = PERIOD) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=self.namespace,
            metric_name=name,
            dimensions_map={"service": service},
            statistic=statistic,
            period=period,
        )


@dataclass(frozen=True)
class ApiMetrics:
    """AppSync's own metrics of the API."""

    api: appsync.GraphqlApi

    def metric(self, name: str, statistic: str = "Sum", period: Duration = PERIOD) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/AppSync",
            metric_name=name,
            dimensions_map={"GraphQLAPIId": self.api.api_id},
            statistic=statistic,
            period=period,
        )

    def late_or_lost_messages(self) -> cloudwatch.MathExpression:
        """Messages that AppSync delayed, dropped or failed to send. Clients notice the gap, but later."""
        names = ("InboundMessageDelayed", "InboundMessageDropped", "InboundMessageError", "InboundMessageFailure")
        metrics: dict[str, cloudwatch.IMetric] = {f"m{place}": self.metric(name) for place, name in enumerate(names)}
        return cloudwatch.MathExpression(
            expression=" + ".join(f"FILL({key}, 0)" for key in metrics),
            using_metrics=metrics,
            label="Messages late or lost",
            period=PERIOD,
        )

    def failure_ratio(self) -> cloudwatch.MathExpression:
        """The share of an hour's requests that AppSync failed to answer. It has no value in an hour without errors."""
        return cloudwatch.MathExpression(
            expression="errors / requests",
            using_metrics={
                "errors": self.metric("5XXError", period=HOUR),
                "requests": self.metric("Requests", period=HOUR),
            },
            label="Share of requests that failed",
            period=HOUR,
        )


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All sources of metrics."""

    own: OwnMetrics
    api: ApiMetrics
    functions: Functions
    failures: FailurePath
    table: SessionsTable
    firewall: Firewall
    settings: Settings
