"""The function that runs the agent. It writes by publishing to the API, and has no access to the sessions table."""

from collections.abc import Mapping

from constructs import Construct

from cdk.agent.agent import Agent
from cdk.api import Api
from cdk.buckets import BELOW_WORKSPACES, WORKSPACES, Buckets
from cdk.functions.function import Deployment, Function, Program
from cdk.functions.tools import grant_tools, tools_environment
from cdk.settings import Settings

PROGRAM = Program("worker.handler.handler", "worker", ("worker", "schema"), 900, 1024)

ASSESSMENTS = f"{WORKSPACES}/*/assessment.json"


class WorkerFunction(Function):
    """It may publish, invoke one agent, and use the workspaces.

    Where the worker runs the tools, it also stores their documents and the conversation, and reads the templates. That
    is the case with Converse, and with an existing agent, because that one may return control to the worker. An agent
    that the stack creates calls a Lambda with the tools instead. The worker then writes only the assessment.
    """

    def __init__(
        self, scope: Construct, id_: str, deployment: Deployment, *, api: Api, agent: Agent, buckets: Buckets
    ) -> None:
        super().__init__(
            scope,
            id_,
            deployment,
            program=PROGRAM,
            environment={
                "GRAPHQL_URL": api.api.graphql_url,
                **_tools_environment(agent, buckets, deployment.settings),
                **agent.environment,
            },
            reserved_concurrency=deployment.settings.worker_concurrency,
        )
        api.grant_publish(self.role)
        agent.grant_invoke(self.role)
        if agent.worker_runs_tools:
            grant_tools(self, buckets, deployment.settings)
        else:
            self._grant_assessments(buckets)

    def _grant_assessments(self, buckets: Buckets) -> None:
        artifacts = buckets.artifacts
        self.may(["s3:GetObject"], artifacts.arn_for_objects(f"{WORKSPACES}/*"))
        self.may(["s3:PutObject"], artifacts.arn_for_objects(ASSESSMENTS))
        self.may(["s3:ListBucket"], artifacts.bucket_arn, BELOW_WORKSPACES)


def _tools_environment(agent: Agent, buckets: Buckets, settings: Settings) -> Mapping[str, str]:
    if agent.worker_runs_tools:
        return tools_environment(buckets, settings)
    return {"ARTIFACTS_BUCKET_NAME": buckets.artifacts.bucket_name}
