"""The function that runs the five tools for a Bedrock agent, and the rights that running them needs.

With the other kinds of agent the worker runs the tools, and gets the same rights.
"""

from collections.abc import Mapping
from dataclasses import replace

from constructs import Construct

from cdk.agent.analysis_model import analysis_environment, grant_analysis
from cdk.buckets import BELOW_WORKSPACES, WORKSPACES, Buckets
from cdk.functions.function import Deployment, Function, Program
from cdk.settings import Settings

PROGRAM = Program("worker.tools.handler.handler", "tools", ("worker", "schema"), 120, 1024)


WITH_MODEL = replace(PROGRAM, timeout_seconds=300)
"""A model needs minutes for long notes. The reader leaves the last one of them to the rules."""


class ToolsFunction(Function):
    """It may read and write workspaces, read the templates, and call the model that reads the notes."""

    def __init__(self, scope: Construct, id_: str, deployment: Deployment, *, buckets: Buckets) -> None:
        settings = deployment.settings
        program = WITH_MODEL if settings.analysis_model else PROGRAM
        super().__init__(scope, id_, deployment, program=program, environment=tools_environment(buckets, settings))
        grant_tools(self, buckets, settings)


def tools_environment(buckets: Buckets, settings: Settings) -> Mapping[str, str]:
    """The variables that a function needs to run the tools."""
    return {
        "ARTIFACTS_BUCKET_NAME": buckets.artifacts.bucket_name,
        "TEMPLATES_BUCKET_NAME": buckets.templates.bucket_name,
        **analysis_environment(settings),
    }


def grant_tools(function: Function, buckets: Buckets, settings: Settings) -> None:
    """Let a function do what the tools do: read and write workspaces, read the templates, and have the notes read."""
    artifacts, templates = buckets.artifacts, buckets.templates
    function.may(["s3:GetObject", "s3:PutObject"], artifacts.arn_for_objects(f"{WORKSPACES}/*"))
    function.may(["s3:ListBucket"], artifacts.bucket_arn, BELOW_WORKSPACES)
    function.may(["s3:GetObject"], templates.arn_for_objects("*"))
    function.may(["s3:ListBucket"], templates.bucket_arn)
    grant_analysis(function, settings)
