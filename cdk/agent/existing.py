"""An agent of Bedrock Agents that was created outside this stack."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk.agent.alias import AgentAlias
from cdk.settings import Settings


class ExistingAgent(Construct):
    """An agent in this account and region.

    Its action groups call Lambdas of its own, or return control to the worker. The template can't know which, and an
    agent that returns control needs the worker to run the tools.
    """

    worker_runs_tools = True

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        agent_id, alias_id = settings.agent_id, settings.agent_alias_id
        arn = Stack.of(self).format_arn(
            service="bedrock", resource="agent-alias", resource_name=f"{agent_id}/{alias_id}"
        )
        self._alias = AgentAlias(agent_id, alias_id, arn)
        self.environment = self._alias.environment

    def grant_invoke(self, role: iam.Role) -> None:
        self._alias.grant_invoke(role)
