"""The function behind every root field of the API. It is the only one with access to the sessions table."""

from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.buckets import WORKSPACES
from cdk.functions.function import Deployment, Function, Program
from cdk.sessions_table import SessionsTable

PROGRAM = Program("resolvers.handler.handler", "resolvers", ("resolvers", "schema"), 30, 512)


class ResolversFunction(Function):
    """It may read and write sessions, start the worker, and sign download links."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        deployment: Deployment,
        *,
        table: SessionsTable,
        worker: Function,
        artifacts: s3.IBucket,
    ) -> None:
        environment = {
            "ARTIFACTS_BUCKET_NAME": artifacts.bucket_name,
            "SESSIONS_TABLE_NAME": table.table.table_name,
            "WORKER_FUNCTION_NAME": worker.function.function_name,
            "SESSION_DAYS": str(deployment.settings.session_days),
        }
        super().__init__(scope, id_, deployment, program=PROGRAM, environment=environment)
        # A transaction that only puts items needs no right besides PutItem.
        self.may(["dynamodb:Query", "dynamodb:PutItem"], table.table.table_arn)
        self.may(["dynamodb:Query"], table.owner_index_arn)
        self.may(["lambda:InvokeFunction"], worker.function.function_arn)
        self.may(["s3:GetObject"], artifacts.arn_for_objects(f"{WORKSPACES}/*"))
