"""The function that runs the five tools; a Bedrock agent calls it."""

from constructs import Construct

from cdk.buckets import BELOW_WORKSPACES, WORKSPACES, Buckets
from cdk.functions.function import Deployment, Function, Program

PROGRAM = Program("worker.tools.handler.handler", "tools", ("worker", "schema"), 120, 1024)


class ToolsFunction(Function):
    """It may read and write workspaces, and read the templates."""

    def __init__(self, scope: Construct, id_: str, deployment: Deployment, *, buckets: Buckets) -> None:
        artifacts, templates = buckets.artifacts, buckets.templates
        environment = {
            "ARTIFACTS_BUCKET_NAME": artifacts.bucket_name,
            "TEMPLATES_BUCKET_NAME": templates.bucket_name,
        }
        super().__init__(scope, id_, deployment, program=PROGRAM, environment=environment)
        self.may(["s3:GetObject", "s3:PutObject"], artifacts.arn_for_objects(f"{WORKSPACES}/*"))
        self.may(["s3:ListBucket"], artifacts.bucket_arn, BELOW_WORKSPACES)
        self.may(["s3:GetObject"], templates.arn_for_objects("*"))
        self.may(["s3:ListBucket"], templates.bucket_arn)
