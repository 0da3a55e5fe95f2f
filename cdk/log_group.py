"""A log group that keeps its lines for a number of days: every log of the stack is made here."""

from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct


def log_group(scope: Construct, id_: str, *, days: int, keep: bool, name: str | None = None) -> logs.LogGroup:
    """`keep`: the log outlives the stack. `name` is for services that look for their log by its name."""
    group = logs.LogGroup(
        scope, id_, log_group_name=name, removal_policy=RemovalPolicy.RETAIN if keep else RemovalPolicy.DESTROY
    )
    # The library has an enumeration of CloudWatch's numbers of days; the settings know the numbers.
    cast("logs.CfnLogGroup", group.node.default_child).retention_in_days = days
    return group
