"""Which settings each local function gets, and which agent the worker talks to.

Pure: from the developer's environment and the addresses of the local services to the functions' variables. A
function's own code finds everything in these, as it does in the cloud. `local.stack` calls it.
"""

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from local.bedrock.converse.model import MODEL_ID as SCRIPTED_MODEL_ID
from local.errors import StartError

RESOLVERS = "scopesmith-resolvers"
WORKER = "scopesmith-worker"
TOOLS = "scopesmith-tools"
FAILURE = "scopesmith-failure"

FAILURE_QUEUE = "scopesmith-failed-workers"
SESSIONS_TABLE = "scopesmith-sessions"
ARTIFACTS_BUCKET = "scopesmith-artifacts"
TEMPLATES_BUCKET = "scopesmith-templates"

SCRIPTED_AGENT_ID = "LOCALAGENT"
SCRIPTED_ALIAS_ID = "LOCALALIAS"

DEFAULT_REGION = "us-east-1"

_PLACEHOLDER = "PLACEHOLDER_"
"""How a deployment that has no agent yet fills in its id."""

_TEMPLATES = {"TEMPLATES_BUCKET_NAME": TEMPLATES_BUCKET}

_GENEROUS = {
    f"{prefix}{name}": limit
    for prefix in ("", "API_KEY_")
    for name, limit in {"ACTIVE_SESSIONS": "1000", "SUBMITS_PER_DAY": "1000000"}.items()
}
"""How much a user and the API key's callers may have here: more than one machine can work on."""

_KEY_ALPHABET = string.ascii_lowercase + string.digits


class SettingsError(StartError):
    """The developer's environment asks for something that it does not describe. The message names the variables."""


@dataclass(frozen=True)
class Credentials:
    """AWS credentials, which the functions sign their requests with."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)

    @classmethod
    def random(cls) -> "Credentials":
        """Credentials that only this stack accepts."""
        return cls("LOCAL" + "".join(secrets.choice(string.ascii_uppercase) for _ in range(15)), secrets.token_hex(20))

    def variables(self) -> dict[str, str]:
        named = {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_SESSION_TOKEN": self.session_token,
        }
        return {name: value for name, value in named.items() if value}


class Scripted(StrEnum):
    """The scripted agent, by the service whose protocol it speaks."""

    CONVERSE = "converse"
    BEDROCK = "bedrock"


DEFAULT_AGENT = Scripted.CONVERSE
"""The agent without any option: it speaks Converse, which every AWS account can use."""


@dataclass(frozen=True)
class RealModel:
    """A model of Amazon Bedrock. The worker runs its tools, so the documents stay in the local bucket."""

    model_id: str
    region: str
    credentials: Credentials
    """The worker's credentials. No other function gets them."""
    endpoint: str = ""
    """Bedrock's address, if it is not the region's public one: a VPC endpoint, for example."""


@dataclass(frozen=True)
class DeployedAgent:
    """A real agent. Its tools' Lambda is the deployed one, so the documents are in the deployed bucket."""

    agent_id: str
    alias_id: str
    artifacts_bucket: str
    region: str
    credentials: Credentials


Agent = Scripted | RealModel | DeployedAgent


@dataclass(frozen=True)
class Addresses:
    """Where the local services listen: URLs."""

    graphql: str
    services: str
    """The Lambda API and the scripted agent, in both protocols."""
    aws: str
    """DynamoDB and S3."""


def random_api_key() -> str:
    """A key in AppSync's form."""
    return "da2-" + "".join(secrets.choice(_KEY_ALPHABET) for _ in range(26))


def named_model(environ: Mapping[str, str], asked: str | None) -> str | None:
    """The id of the real model to use: `asked` on the command line, or AGENT_MODEL_ID.

    Raises:
        SettingsError: The environment names a Bedrock agent as well.
    """
    model_id = asked or _named(environ, "AGENT_MODEL_ID")
    if not model_id:
        return None
    if agent_id := _named(environ, "BEDROCK_AGENT_ID"):
        raise SettingsError(
            f"{'--model' if asked else 'AGENT_MODEL_ID'} names the model {model_id} and BEDROCK_AGENT_ID the deployed "
            f"agent {agent_id}, but only one of them can answer: unset BEDROCK_AGENT_ID to use the model, or leave the "
            "model out to use the agent"
        )
    return model_id


def deployed_agent(environ: Mapping[str, str]) -> DeployedAgent | None:
    """The agent that the environment names; None when it names none or a placeholder.

    SettingsError lists what else must be set for a deployed agent.
    """
    agent_id = _named(environ, "BEDROCK_AGENT_ID")
    if not agent_id:
        return None
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or ""
    needed = {
        "BEDROCK_AGENT_ALIAS_ID": environ.get("BEDROCK_AGENT_ALIAS_ID", ""),
        "ARTIFACTS_BUCKET_NAME": environ.get("ARTIFACTS_BUCKET_NAME", ""),
        "AWS_REGION": region,
        "AWS_ACCESS_KEY_ID": environ.get("AWS_ACCESS_KEY_ID", ""),
        "AWS_SECRET_ACCESS_KEY": environ.get("AWS_SECRET_ACCESS_KEY", ""),
    }
    missing = [name for name, value in needed.items() if not value or value.startswith(_PLACEHOLDER)]
    if missing:
        raise SettingsError(
            f"BEDROCK_AGENT_ID names the deployed agent {agent_id}, which also needs {', '.join(missing)}: "
            "set them (credentials of a profile: `aws configure export-credentials --format env`), "
            "or unset BEDROCK_AGENT_ID to use the scripted agent"
        )
    return DeployedAgent(
        agent_id=agent_id,
        alias_id=needed["BEDROCK_AGENT_ALIAS_ID"],
        artifacts_bucket=needed["ARTIFACTS_BUCKET_NAME"],
        region=region,
        credentials=Credentials(
            needed["AWS_ACCESS_KEY_ID"], needed["AWS_SECRET_ACCESS_KEY"], environ.get("AWS_SESSION_TOKEN") or None
        ),
    )


def function_environments(addresses: Addresses, credentials: Credentials, agent: Agent) -> dict[str, dict[str, str]]:
    """The variables of each function by its name. Only the resolvers get the sessions table; the failure function
    gets only the API.

    There is a function for the tools only with the scripted Bedrock agent: a deployed agent calls its own deployed
    tools, and with Converse they run in the worker.
    """
    deployed = agent if isinstance(agent, DeployedAgent) else None
    plain = {**credentials.variables(), "POWERTOOLS_TRACE_DISABLED": "true"}
    common = {**plain, "ARTIFACTS_BUCKET_NAME": deployed.artifacts_bucket if deployed else ARTIFACTS_BUCKET}
    storage = {} if deployed else {"AWS_ENDPOINT_URL_S3": addresses.aws}
    environments = {
        RESOLVERS: {
            **common,
            **storage,
            **_GENEROUS,
            "SESSIONS_TABLE_NAME": SESSIONS_TABLE,
            "WORKER_FUNCTION_NAME": WORKER,
            "AWS_ENDPOINT_URL_DYNAMODB": addresses.aws,
            "AWS_ENDPOINT_URL_LAMBDA": addresses.services,
            "GRAPHQL_URL": addresses.graphql,
        },
        WORKER: {**common, **storage, "GRAPHQL_URL": addresses.graphql, **_agents_variables(addresses, agent)},
        FAILURE: {**plain, "GRAPHQL_URL": addresses.graphql},
    }
    if agent is Scripted.BEDROCK:
        environments[TOOLS] = {**common, **storage, **_TEMPLATES}
    return environments


def _agents_variables(addresses: Addresses, agent: Agent) -> dict[str, str]:
    """The worker's variables that select this agent."""
    match agent:
        case Scripted.BEDROCK:
            return {
                "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME": addresses.services,
                "BEDROCK_AGENT_ID": SCRIPTED_AGENT_ID,
                "BEDROCK_AGENT_ALIAS_ID": SCRIPTED_ALIAS_ID,
            }
        case Scripted.CONVERSE:
            return {
                "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": addresses.services,
                "AGENT_MODEL_ID": SCRIPTED_MODEL_ID,
                "ANALYSIS_MODEL_ID": "",  # the scripted model reads nothing: the rules do
                **_TEMPLATES,
            }
        case RealModel():
            endpoint = {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": agent.endpoint} if agent.endpoint else {}
            return {**agent.credentials.variables(), **endpoint, "AGENT_MODEL_ID": agent.model_id, **_TEMPLATES}
        case DeployedAgent():
            return {"BEDROCK_AGENT_ID": agent.agent_id, "BEDROCK_AGENT_ALIAS_ID": agent.alias_id}


def _named(environ: Mapping[str, str], variable: str) -> str:
    """The id that a variable holds; empty for a placeholder."""
    value = environ.get(variable, "")
    return "" if value.startswith(_PLACEHOLDER) else value
