"""The log of the library's function that empties a bucket before the bucket is deleted.

The library creates one such function for all buckets with `auto_delete_objects`. Without this module, Lambda would
create its log, which would never expire and would outlive the stack. `cdk.stack` calls this after all buckets exist.
"""

from typing import cast

from aws_cdk import CfnResource, Stack

from cdk.monitoring.log_group import log_group
from cdk.settings import Settings

_PROVIDER = "Custom::S3AutoDeleteObjectsCustomResourceProvider"


def emptying_log(stack: Stack, *, settings: Settings) -> None:
    """Let the function write to a log of the stack. Does nothing if the stack empties no bucket."""
    provider = stack.node.try_find_child(_PROVIDER)
    if provider is not None:
        function = cast("CfnResource", provider.node.find_child("Handler"))
        log = log_group(stack, "EmptyingLog", settings=settings)
        function.add_property_override("LoggingConfig", {"LogGroup": log.log_group_name})
