"""A model that the worker calls itself, through Bedrock's Converse. It is the default, and needs no resource.

A guardrail of this account and region may check what the model reads and writes.
"""

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk.agent.model_access import model_access
from cdk.settings import Settings


class ConverseAgent(Construct):
    """One model, or one inference profile. The worker leads the conversation and runs the tools."""

    worker_runs_tools = True

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self._model = settings.agent_model
        self._guardrail = settings.guardrail_id
        self.environment: Mapping[str, str] = {"AGENT_MODEL_ID": self._model, **_guardrail_variables(settings)}

    def grant_invoke(self, role: iam.Role) -> None:
        stack = Stack.of(self)
        for statement in model_access(stack, self._model):
            role.add_to_policy(statement)
        if self._guardrail:
            arn = stack.format_arn(service="bedrock", resource="guardrail", resource_name=self._guardrail)
            role.add_to_policy(iam.PolicyStatement(actions=["bedrock:ApplyGuardrail"], resources=[arn]))


def _guardrail_variables(settings: Settings) -> Mapping[str, str]:
    if not settings.guardrail_id:
        return {}
    return {
        "AGENT_GUARDRAIL_ID": settings.guardrail_id,
        "AGENT_GUARDRAIL_VERSION": settings.guardrail_version,
    }
