"""The function behind every root field of the API. It is the only one with access to the sessions table."""

from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.api import Api
from cdk.buckets import WORKSPACES
from cdk.functions.function import Deployment, Function, Program
from cdk.sessions_table import SessionsTable

PROGRAM = Program("resolvers.handler.handler", "resolvers", ("resolvers", "schema"), 30, 512)


class ResolversFunction(Function):
    """It may read, write and delete sessions, start the worker, and read and delete the files of sessions."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        deployment: Deployment,
        *,
        api: Api,
        table: SessionsTable,
        worker: Function,
        artifacts: s3.IBucket,
    ) -> None:
        settings = deployment.settings
        environment = {
            "ARTIFACTS_BUCKET_NAME": artifacts.bucket_name,
            "GRAPHQL_URL": api.api.graphql_url,
            "SESSIONS_TABLE_NAME": table.table.table_name,
            "WORKER_FUNCTION_NAME": worker.function.function_name,
            "SESSION_DAYS": str(settings.session_days),
            "ACTIVE_SESSIONS": str(settings.sessions_of_a_user),
            "SUBMITS_PER_DAY": str(settings.submits_per_day),
            "API_KEY_ACTIVE_SESSIONS": str(settings.sessions_of_the_api_key),
            "API_KEY_SUBMITS_PER_DAY": str(settings.api_key_submits_per_day),
            **({} if settings.runs_bound is None else {"RUNS_AT_ONCE": str(settings.runs_bound)}),
        }
        super().__init__(scope, id_, deployment, program=PROGRAM, environment=environment)
        # A transaction needs no right besides those of its parts. An owner's record is updated. A deleted session's
        # records are deleted, as long as a check finds its state.
        actions = ["Query", "GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"]
        self.may([f"dynamodb:{action}" for action in actions], table.table.table_arn)
        self.may(["dynamodb:Query"], table.owner_index_arn)
        self.may(["lambda:InvokeFunction"], worker.function.function_arn)
        # A link to a document works with the rights of this role, which signed it.
        self.may(["s3:GetObject", "s3:DeleteObjectVersion"], artifacts.arn_for_objects(f"{WORKSPACES}/*"))
        self.may(["s3:ListBucketVersions"], artifacts.bucket_arn, {"StringLike": {"s3:prefix": f"{WORKSPACES}/*"}})
