"""The function that runs the agent. It writes by publishing to the API, and has no access to the sessions table."""

from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.agent.agents import Agent
from cdk.api import Api
from cdk.buckets import BELOW_WORKSPACES, WORKSPACES
from cdk.functions.function import Deployment, Function, Program

PROGRAM = Program("worker.handler.handler", "worker", ("worker", "schema"), 900, 1024)

ASSESSMENTS = f"{WORKSPACES}/*/assessment.json"


class WorkerFunction(Function):
    """It may publish, invoke one agent, put the assessment into a workspace, and read what the tools wrote there."""

    def __init__(
        self, scope: Construct, id_: str, deployment: Deployment, *, api: Api, agent: Agent, artifacts: s3.IBucket
    ) -> None:
        super().__init__(
            scope,
            id_,
            deployment,
            program=PROGRAM,
            environment={
                "GRAPHQL_URL": api.api.graphql_url,
                "ARTIFACTS_BUCKET_NAME": artifacts.bucket_name,
                **agent.environment,
            },
            reserved_concurrency=deployment.settings.worker_concurrency,
        )
        api.grant_publish(self.role)
        agent.grant_invoke(self.role)
        self.may(["s3:GetObject"], artifacts.arn_for_objects(f"{WORKSPACES}/*"))
        self.may(["s3:PutObject"], artifacts.arn_for_objects(ASSESSMENTS))
        self.may(["s3:ListBucket"], artifacts.bucket_arn, BELOW_WORKSPACES)
