"""Creates every log group of the stack, with the retention of the settings."""

from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.settings import Settings


def log_group(scope: Construct, id_: str, *, settings: Settings, name: str | None = None) -> logs.LogGroup:
    """A log group. Destroying a production stack keeps it; a creation that fails does not.

    `name` is for services that find their log by its name.
    """
    policy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if settings.production else RemovalPolicy.DESTROY
    group = logs.LogGroup(scope, id_, log_group_name=name, removal_policy=policy)
    # The library takes an enumeration; the settings have CloudWatch's numbers of days.
    cast("logs.CfnLogGroup", group.node.default_child).retention_in_days = settings.log_days
    return group
