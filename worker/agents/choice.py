"""Which agent service a deployment uses, by the worker's settings.

Pure. Two services are possible: a model through Converse, or an agent of Bedrock Agents. `worker.agents.start` asks.
"""

from dataclasses import dataclass

from worker.agents.converse.stream import Model
from worker.agents.events import AgentNotConfiguredError
from worker.settings import PLACEHOLDER, Settings

_FIX = "on the worker's Lambda, then retry the session"


@dataclass(frozen=True, slots=True)
class BedrockAgent:
    """A prepared agent of Bedrock Agents, and the alias to call."""

    agent_id: str
    alias_id: str


def chosen(settings: Settings) -> Model | BedrockAgent:
    """The service that the settings select.

    Raises:
        AgentNotConfiguredError: they select none, or both, or hold a deployment's placeholder.
    """
    if settings.agent_model_id and _given(settings.agent_id):
        raise AgentNotConfiguredError(
            f"Two agents are configured: AGENT_MODEL_ID and BEDROCK_AGENT_ID are both set. Remove one of them {_FIX}."
        )
    if settings.agent_model_id:
        model_id = _configured("AGENT_MODEL_ID", settings.agent_model_id, "the id of a model or inference profile")
        return Model(model_id, settings.agent_guardrail_id, settings.agent_guardrail_version)
    if not settings.agent_id:
        raise AgentNotConfiguredError(
            "No agent is configured: neither AGENT_MODEL_ID nor BEDROCK_AGENT_ID is set. Set AGENT_MODEL_ID to the id "
            "of a model or inference profile, or BEDROCK_AGENT_ID and BEDROCK_AGENT_ALIAS_ID to those of a prepared "
            f"Bedrock agent, {_FIX}."
        )
    return BedrockAgent(
        _configured("BEDROCK_AGENT_ID", settings.agent_id, "the id of a prepared Bedrock agent"),
        _configured("BEDROCK_AGENT_ALIAS_ID", settings.agent_alias_id, "the id of an alias of that agent"),
    )


def _given(value: str) -> bool:
    return bool(value) and not value.startswith(PLACEHOLDER)


def _configured(variable: str, value: str, what: str) -> str:
    if not _given(value):
        raise AgentNotConfiguredError(
            f"No agent is configured: {variable} is {value or 'not set'}. Set {variable} to {what} {_FIX}."
        )
    return value
