"""What goes wrong in publishing, as a figure for the dashboard: written to the log, where CloudWatch finds it.

`worker.appsync.mutation` counts here; `cdk.monitoring.metrics` names the same figure.
"""

import os

from aws_lambda_powertools.metrics import MetricUnit, single_metric

NAMESPACE = "ScopeSmith"
"""Where the environment names none."""


def publish_error() -> None:
    """An update was not accepted after all tries, or may not have reached the subscribers."""
    namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
    with single_metric("PublishErrors", MetricUnit.Count, 1, namespace=namespace) as metric:
        metric.add_dimension("service", "scopesmith-worker")
