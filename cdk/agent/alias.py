"""An alias of Bedrock Agents, as the worker sees it. `cdk.agent.bedrock` and `cdk.agent.existing` use it."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import aws_iam as iam


@dataclass(frozen=True)
class AgentAlias:
    """One alias of one agent."""

    agent_id: str
    alias_id: str
    arn: str

    @property
    def environment(self) -> Mapping[str, str]:
        return {"BEDROCK_AGENT_ID": self.agent_id, "BEDROCK_AGENT_ALIAS_ID": self.alias_id}

    def grant_invoke(self, role: iam.Role) -> None:
        role.add_to_policy(iam.PolicyStatement(actions=["bedrock:InvokeAgent"], resources=[self.arn]))
