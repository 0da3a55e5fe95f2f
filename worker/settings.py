"""The environment of the worker's Lambdas, read once into typed values.

A missing variable that every run needs raises an error that names it. A missing agent is not an error here: the run
ends the session with CONFIGURATION_ERROR, so that its user sees the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PLACEHOLDER = "PLACEHOLDER_"
"""How a deployment that has no agent yet fills in an id."""


class SettingsError(Exception):
    """A variable is missing in the Lambda's environment. The message names it."""


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Where the API is: all that a Lambda needs in order to publish."""

    graphql_url: str
    region: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "ApiSettings":
        """Read the settings from an environment.

        Raises:
            SettingsError: GRAPHQL_URL or the region is not set.
        """
        return cls(
            graphql_url=_required(environment, "GRAPHQL_URL"),
            region=environment.get("AWS_REGION") or _required(environment, "AWS_DEFAULT_REGION"),
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """The worker's settings. boto3 finds the endpoints of AWS by itself (AWS_ENDPOINT_URL_...)."""

    api: ApiSettings
    artifacts_bucket: str
    templates_bucket: str | None
    """None if there are no house templates."""
    agent_model_id: str
    agent_guardrail_id: str
    agent_guardrail_version: str
    agent_id: str
    agent_alias_id: str
    analysis_model_id: str
    """Empty lets the rules read the notes."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings from an environment.

        Raises:
            SettingsError: GRAPHQL_URL, ARTIFACTS_BUCKET_NAME or the region is not set.
        """
        return cls(
            api=ApiSettings.of(environment),
            artifacts_bucket=_required(environment, "ARTIFACTS_BUCKET_NAME"),
            templates_bucket=environment.get("TEMPLATES_BUCKET_NAME") or None,
            agent_model_id=environment.get("AGENT_MODEL_ID", ""),
            agent_guardrail_id=environment.get("AGENT_GUARDRAIL_ID", ""),
            agent_guardrail_version=environment.get("AGENT_GUARDRAIL_VERSION", ""),
            agent_id=environment.get("BEDROCK_AGENT_ID", ""),
            agent_alias_id=environment.get("BEDROCK_AGENT_ALIAS_ID", ""),
            analysis_model_id=_model(environment, "ANALYSIS_MODEL_ID", environment.get("AGENT_MODEL_ID", "")),
        )


@dataclass(frozen=True, slots=True)
class ToolsSettings:
    """The settings of the action-group Lambda, which runs the tools for a Bedrock agent."""

    artifacts_bucket: str
    templates_bucket: str | None
    """None if there are no house templates. The documents then get the built-in design."""
    analysis_model_id: str
    """Empty lets the rules read the notes."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "ToolsSettings":
        """Read the settings from an environment.

        Raises:
            SettingsError: ARTIFACTS_BUCKET_NAME is not set.
        """
        return cls(
            artifacts_bucket=_required(environment, "ARTIFACTS_BUCKET_NAME"),
            templates_bucket=environment.get("TEMPLATES_BUCKET_NAME") or None,
            analysis_model_id=_model(environment, "ANALYSIS_MODEL_ID", ""),
        )


def _model(environment: Mapping[str, str], name: str, default: str) -> str:
    """The id of a model; empty for a deployment's placeholder, too. A variable that is set to nothing means none."""
    model_id = environment.get(name, default)
    return "" if model_id.startswith(PLACEHOLDER) else model_id


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SettingsError(f"{name} is not set: set it in the environment of this Lambda")
    return value
