"""Counts failed publishes, for the dashboard. CloudWatch reads the figures from the log.

`worker.appsync.mutation` calls this, and `cdk.monitoring.metrics` uses the same metric name.
"""

import os

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from worker.log import SERVICE

NAMESPACE = "ScopeSmith"
"""Used if POWERTOOLS_METRICS_NAMESPACE is not set."""


def publish_error() -> None:
    """Count an update that was not accepted after all tries, or that may not have reached the subscribers."""
    namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
    with single_metric("PublishErrors", MetricUnit.Count, 1, namespace=namespace) as metric:
        metric.add_dimension("service", SERVICE)
