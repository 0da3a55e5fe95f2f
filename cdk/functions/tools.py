"""The function that runs the five tools for a Bedrock agent, and the rights that running them needs.

With the other kinds of agent the worker runs the tools, and gets the same rights.
"""

from collections.abc import Mapping

from constructs import Construct

from cdk.buckets import BELOW_WORKSPACES, WORKSPACES, Buckets
from cdk.functions.function import Deployment, Function, Program

PROGRAM = Program("worker.tools.handler.handler", "tools", ("worker", "schema"), 120, 1024)


class ToolsFunction(Function):
    """It may read and write workspaces, and read the templates."""

    def __init__(self, scope: Construct, id_: str, deployment: Deployment, *, buckets: Buckets) -> None:
        super().__init__(scope, id_, deployment, program=PROGRAM, environment=tools_environment(buckets))
        grant_tools(self, buckets)


def tools_environment(buckets: Buckets) -> Mapping[str, str]:
    """The variables that a function needs to run the tools."""
    return {
        "ARTIFACTS_BUCKET_NAME": buckets.artifacts.bucket_name,
        "TEMPLATES_BUCKET_NAME": buckets.templates.bucket_name,
    }


def grant_tools(function: Function, buckets: Buckets) -> None:
    """Let a function do what the tools do: read and write workspaces, and read the templates."""
    artifacts, templates = buckets.artifacts, buckets.templates
    function.may(["s3:GetObject", "s3:PutObject"], artifacts.arn_for_objects(f"{WORKSPACES}/*"))
    function.may(["s3:ListBucket"], artifacts.bucket_arn, BELOW_WORKSPACES)
    function.may(["s3:GetObject"], templates.arn_for_objects("*"))
    function.may(["s3:ListBucket"], templates.bucket_arn)
