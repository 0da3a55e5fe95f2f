"""A log group that keeps its lines for a number of days: every log of the stack is made here."""

from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.settings import Settings


def log_group(scope: Construct, id_: str, *, settings: Settings, name: str | None = None) -> logs.LogGroup:
    """In production the log outlives the stack. `name` is for services that look for their log by its name."""
    policy = RemovalPolicy.RETAIN if settings.production else RemovalPolicy.DESTROY
    group = logs.LogGroup(scope, id_, log_group_name=name, removal_policy=policy)
    # The library has an enumeration of CloudWatch's numbers of days; the settings know the numbers.
    cast("logs.CfnLogGroup", group.node.default_child).retention_in_days = settings.log_days
    return group
