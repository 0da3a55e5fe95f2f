"""The metrics: those of AppSync, Lambda and SQS, and those that our functions write to their logs.

`resolvers.metrics` and `worker.metrics` write the latter. `cdk.monitoring.alarms` and `cdk.monitoring.dashboard` use
them all.
"""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

from cdk.functions.failure_path import FailurePath
from cdk.functions.function import Functions

RESOLVERS_SERVICE = "scopesmith-resolvers"
WORKER_SERVICE = "scopesmith-worker"

_PERIOD = Duration.minutes(5)


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

    def first_progress(self, statistic: str) -> cloudwatch.Metric:
        """Seconds from a submit until a worker has claimed the session."""
        return self._metric("TimeToFirstProgress", RESOLVERS_SERVICE, statistic)

    def publish_errors(self) -> cloudwatch.Metric:
        return self._metric("PublishErrors", WORKER_SERVICE, "Sum")

    def model_tokens(self) -> cloudwatch.Metric:
        """Counted when a session ends."""
        return self._metric("ModelTokens", WORKER_SERVICE, "Sum")

    def model_cost(self) -> cloudwatch.Metric:
        """US dollars, counted when a session ends. It is missing for models whose price is not known."""
        return self._metric("ModelCost", WORKER_SERVICE, "Sum")

    def model_cost_of_a_run(self, statistic: str) -> cloudwatch.Metric:
        return self._metric("ModelCost", WORKER_SERVICE, statistic)

    def _metric(self, name: str, service: str, statistic: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=self.namespace,
            metric_name=name,
            dimensions_map={"service": service},
            statistic=statistic,
            period=_PERIOD,
        )


@dataclass(frozen=True)
class ApiMetrics:
    """AppSync's own metrics of the API."""

    api: appsync.GraphqlApi

    def metric(self, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/AppSync",
            metric_name=name,
            dimensions_map={"GraphQLAPIId": self.api.api_id},
            statistic=statistic,
            period=_PERIOD,
        )

    def late_or_lost_messages(self) -> cloudwatch.MathExpression:
        """Messages that AppSync delayed, dropped or failed to send. Clients notice the gap, but later."""
        names = ("InboundMessageDelayed", "InboundMessageDropped", "InboundMessageError", "InboundMessageFailure")
        metrics: dict[str, cloudwatch.IMetric] = {f"m{place}": self.metric(name) for place, name in enumerate(names)}
        return cloudwatch.MathExpression(
            expression=" + ".join(f"FILL({key}, 0)" for key in metrics),
            using_metrics=metrics,
            label="Messages late or lost",
            period=_PERIOD,
        )


@dataclass(frozen=True)
class Sources:
    """All sources of metrics."""

    own: OwnMetrics
    api: ApiMetrics
    functions: Functions
    failures: FailurePath


def errors(function: lambda_.Function) -> cloudwatch.Metric:
    return function.metric_errors(period=_PERIOD)


def throttles(function: lambda_.Function) -> cloudwatch.Metric:
    return function.metric_throttles(period=_PERIOD)


def duration(function: lambda_.Function, statistic: str) -> cloudwatch.Metric:
    return function.metric_duration(period=_PERIOD, statistic=statistic)


def undelivered(function: lambda_.Function) -> cloudwatch.Metric:
    """Failed events that did not reach the function's on-failure destination."""
    return function.metric("DestinationDeliveryFailures", period=_PERIOD, statistic="Sum")
