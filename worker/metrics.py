"""Counts what goes wrong and what the models cost, for alarms and dashboard. CloudWatch reads the figures from the log.

The rooms of the worker call this where it happens. `cdk.monitoring.metrics` uses the same names.
"""

import os
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from worker.log import SERVICE

if TYPE_CHECKING:
    from schema.usage import Usage

NAMESPACE = "ScopeSmith"
"""Used if POWERTOOLS_METRICS_NAMESPACE is not set."""


_ACCESS_REFUSED = frozenset(
    {
        "AccessDenied",  # S3's spelling
        "AccessDeniedException",
        "ExpiredTokenException",
        "InvalidSignatureException",
        "UnrecognizedClientException",
    }
)


def configuration_error() -> None:
    """Count a run or a tool that could not work because something is not configured."""
    _write("ConfigurationErrors", MetricUnit.Count, 1)


def refusal(code: str) -> None:
    """Count this error of AWS, if AWS refused the access of a run or of a tool: also a fault of the setup."""
    if code in _ACCESS_REFUSED:
        configuration_error()


def aged_out_event() -> None:
    """Count an event that no worker took in time."""
    _write("AgedOutEvents", MetricUnit.Count, 1)


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
