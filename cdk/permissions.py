"""Who may do what: every right that a function has beyond writing its own log and traces.

The resolvers alone touch the table. The worker writes by publishing, and has no right to the table.
"""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from cdk.agent import Agent
from cdk.api import Api
from cdk.buckets import WORKSPACES
from cdk.functions import Function
from cdk.sessions_table import SessionsTable

ASSESSMENTS = f"{WORKSPACES}/*/assessment.json"


def resolvers_may(resolvers: Function, *, table: SessionsTable, worker: Function, artifacts: s3.IBucket) -> None:
    """Keep sessions, start the worker, and sign links to documents."""
    # A transaction of puts needs the right to put, and no other.
    _allow(resolvers, ["dynamodb:Query", "dynamodb:PutItem"], table.table.table_arn)
    _allow(resolvers, ["dynamodb:Query"], table.owner_index_arn)
    _allow(resolvers, ["lambda:InvokeFunction"], worker.function.function_arn)
    _allow(resolvers, ["s3:GetObject"], artifacts.arn_for_objects(f"{WORKSPACES}/*"))


def worker_may(worker: Function, *, api: Api, agent: Agent, artifacts: s3.IBucket) -> None:
    """Publish, run this one agent, lay the assessment into a workspace and read what the tools put there."""
    api.grant_publish(worker.role)
    agent.grant_invoke(worker.role)
    _allow(worker, ["s3:GetObject"], artifacts.arn_for_objects(f"{WORKSPACES}/*"))
    _allow(worker, ["s3:PutObject"], artifacts.arn_for_objects(ASSESSMENTS))
    _allow_listing(worker, artifacts)


def tools_may(tools: Function, *, artifacts: s3.IBucket, templates: s3.IBucket) -> None:
    """Read and write workspaces, read the templates."""
    _allow(tools, ["s3:GetObject", "s3:PutObject"], artifacts.arn_for_objects(f"{WORKSPACES}/*"))
    _allow_listing(tools, artifacts)
    _allow(tools, ["s3:GetObject"], templates.arn_for_objects("*"))
    _allow(tools, ["s3:ListBucket"], templates.bucket_arn)


def failure_may(failure: Function, *, api: Api) -> None:
    """Publish how a session ended. The right to consume its queue comes with the queue."""
    api.grant_publish(failure.role)


def _allow_listing(function: Function, artifacts: s3.IBucket) -> None:
    function.role.add_to_policy(
        iam.PolicyStatement(
            actions=["s3:ListBucket"],
            resources=[artifacts.bucket_arn],
            # "If it exists": S3 asks for this right, without a prefix, before it says that an object is absent.
            conditions={"StringLikeIfExists": {"s3:prefix": f"{WORKSPACES}/*"}},
        )
    )


def _allow(function: Function, actions: list[str], resource: str) -> None:
    function.role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
