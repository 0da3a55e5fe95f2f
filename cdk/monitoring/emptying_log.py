"""The log of the library's function that empties a bucket before it goes.

The library makes one for all buckets with `auto_delete_objects` and names it itself; left alone, it would write to a
log that Lambda makes, keeps for ever and leaves behind. `cdk.stack` calls this when all buckets are there.
"""

from typing import cast

from aws_cdk import CfnResource, Stack

from cdk.monitoring.log_group import log_group
from cdk.settings import Settings

_PROVIDER = "Custom::S3AutoDeleteObjectsCustomResourceProvider"


def emptying_log(stack: Stack, *, settings: Settings) -> None:
    """Let the function write to a log of the stack; nothing where no bucket is emptied."""
    provider = stack.node.try_find_child(_PROVIDER)
    if provider is not None:
        function = cast("CfnResource", provider.node.find_child("Handler"))
        log = log_group(stack, "EmptyingLog", settings=settings)
        function.add_property_override("LoggingConfig", {"LogGroup": log.log_group_name})
