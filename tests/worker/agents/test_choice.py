"""Which agent the worker's settings select, and what a deployment is told that selects none."""

import pytest

from worker.agents.choice import BedrockAgent, chosen
from worker.agents.converse.stream import Model
from worker.agents.events import AgentNotConfiguredError
from worker.settings import Settings

ENVIRONMENT = {"GRAPHQL_URL": "https://api", "AWS_REGION": "eu-west-1", "ARTIFACTS_BUCKET_NAME": "artifacts"}
AGENT = {"BEDROCK_AGENT_ID": "AGENT12345", "BEDROCK_AGENT_ALIAS_ID": "ALIAS12345"}
MODEL = {"AGENT_MODEL_ID": "eu.anthropic.claude-sonnet-4-6"}
PLACEHOLDER = {"BEDROCK_AGENT_ID": "PLACEHOLDER_AGENT_ID", "BEDROCK_AGENT_ALIAS_ID": "PLACEHOLDER_ALIAS_ID"}


def settings(**variables: str) -> Settings:
    return Settings.of({**ENVIRONMENT, **variables})


def test_a_model_is_asked_through_converse_with_its_guardrail() -> None:
    guarded = settings(**MODEL, AGENT_GUARDRAIL_ID="gr-1", AGENT_GUARDRAIL_VERSION="2")
    assert chosen(settings(**MODEL)) == Model("eu.anthropic.claude-sonnet-4-6")
    assert chosen(guarded) == Model("eu.anthropic.claude-sonnet-4-6", "gr-1", "2")


def test_an_agent_of_bedrock_agents_is_called_by_its_alias() -> None:
    assert chosen(settings(**AGENT)) == BedrockAgent("AGENT12345", "ALIAS12345")


def test_a_model_counts_where_a_placeholder_stands_for_an_agent() -> None:
    assert chosen(settings(**MODEL, **PLACEHOLDER)) == Model("eu.anthropic.claude-sonnet-4-6")


def test_no_agent_names_both_ways_to_configure_one() -> None:
    with pytest.raises(AgentNotConfiguredError, match=r"Set AGENT_MODEL_ID .* or BEDROCK_AGENT_ID and"):
        chosen(settings())


def test_two_agents_are_one_too_many() -> None:
    with pytest.raises(AgentNotConfiguredError, match=r"AGENT_MODEL_ID and BEDROCK_AGENT_ID are both set"):
        chosen(settings(**MODEL, **AGENT))


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        (PLACEHOLDER, "BEDROCK_AGENT_ID is PLACEHOLDER_AGENT_ID"),
        ({**AGENT, "BEDROCK_AGENT_ALIAS_ID": ""}, "BEDROCK_AGENT_ALIAS_ID is not set"),
        ({"AGENT_MODEL_ID": "PLACEHOLDER_MODEL"}, "AGENT_MODEL_ID is PLACEHOLDER_MODEL"),
    ],
)
def test_a_placeholder_or_a_missing_alias_is_named_with_its_variable(variables: dict[str, str], named: str) -> None:
    with pytest.raises(AgentNotConfiguredError, match=rf"{named}\. Set \w+ .* on the worker's Lambda"):
        chosen(settings(**variables))
