"""Counts failed publishes and what the models cost, for the dashboard. CloudWatch reads the figures from the log.

`worker.appsync.mutation` calls this, and `cdk.monitoring.metrics` uses the same metric name.
"""

import os
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from worker.log import SERVICE

if TYPE_CHECKING:
    from schema.usage import Usage

NAMESPACE = "ScopeSmith"
"""Used if POWERTOOLS_METRICS_NAMESPACE is not set."""


def publish_error() -> None:
    """Count an update that was not accepted after all tries, or that may not have reached the subscribers."""
    _write("PublishErrors", MetricUnit.Count, 1)


def model_usage(before: "Usage", after: "Usage") -> None:
    """Count the tokens of a run that has ended, and their price where it is known."""
    tokens = after.input_tokens + after.output_tokens - before.input_tokens - before.output_tokens
    if tokens <= 0:
        return
    _write("ModelTokens", MetricUnit.Count, tokens)
    if after.model_cost is not None and before.model_cost is not None:
        _write("ModelCost", MetricUnit.NoUnit, after.model_cost - before.model_cost)


def _write(name: str, unit: MetricUnit, value: float) -> None:
    namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
    with single_metric(name, unit, value, namespace=namespace) as metric:
        metric.add_dimension("service", SERVICE)
