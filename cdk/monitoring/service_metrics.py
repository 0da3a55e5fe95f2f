"""AWS's own metrics of the parts: Lambda, DynamoDB, the firewall and Bedrock.

`cdk.monitoring.alarms` and `cdk.monitoring.dashboard` use them. Each is a single metric: an expression over metrics of
which one never had a value may have no value either, and then raises no alarm.
"""

from collections.abc import Mapping

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

from cdk.firewall import Firewall
from cdk.sessions_table import OWNER_INDEX, SessionsTable

PERIOD = Duration.minutes(5)


def errors(function: lambda_.Function) -> cloudwatch.Metric:
    return function.metric_errors(period=PERIOD)


def throttles(function: lambda_.Function) -> cloudwatch.Metric:
    return function.metric_throttles(period=PERIOD)


def duration(function: lambda_.Function, statistic: str) -> cloudwatch.Metric:
    return function.metric_duration(period=PERIOD, statistic=statistic)


def undelivered(function: lambda_.Function) -> cloudwatch.Metric:
    """Failed events that did not reach the function's on-failure destination."""
    return function.metric("DestinationDeliveryFailures", period=PERIOD, statistic="Sum")


def event_age(function: lambda_.Function) -> cloudwatch.Metric:
    """Milliseconds that the oldest asynchronous event had waited when the function took it, retries included."""
    return function.metric("AsyncEventAge", period=PERIOD, statistic="Maximum")


def table_throttles(table: SessionsTable, kind: str) -> cloudwatch.Metric:
    """Reads or writes (`kind`) of the table that DynamoDB throttled."""
    return table.table.metric(f"{kind}ThrottleEvents", period=PERIOD, statistic="Sum")


def index_throttles(table: SessionsTable) -> cloudwatch.Metric:
    """Writes that DynamoDB throttled because of the owners' index."""
    return _sum(
        "AWS/DynamoDB",
        "WriteThrottleEvents",
        {"TableName": table.table.table_name, "GlobalSecondaryIndexName": OWNER_INDEX},
    )


def blocked(firewall: Firewall) -> cloudwatch.Metric:
    """Requests that any rule of the firewall refused."""
    region = Stack.of(firewall).region
    return _sum("AWS/WAFV2", "BlockedRequests", {"WebACL": firewall.metric_name, "Region": region, "Rule": "ALL"})


def model_throttles(model: str) -> cloudwatch.Metric:
    """Calls of a model that Bedrock throttled, in the whole account and region."""
    return _sum("AWS/Bedrock", "InvocationThrottles", {"ModelId": model})


def agent_throttles(metric: str) -> cloudwatch.Metric:
    """Calls of Bedrock's agents that were throttled, in the whole account and region."""
    return _sum("AWS/Bedrock/Agents", metric, {"Operation": "InvokeAgent"})


def _sum(namespace: str, name: str, dimensions: Mapping[str, str]) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace, metric_name=name, dimensions_map=dimensions, statistic="Sum", period=PERIOD
    )
