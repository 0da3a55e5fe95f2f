"""Which settings each local function gets, and which agent the worker talks to.

Pure: from the developer's environment and the addresses of the local services to the functions' variables. A
function's own code finds everything in these, as it does in the cloud. `local.stack` calls it.
"""

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field

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

_KEY_ALPHABET = string.ascii_lowercase + string.digits


class SettingsError(StartError):
    """The developer's environment asks for something that it does not describe. The message names the variables."""


@dataclass(frozen=True)
class Credentials:
    """What the functions sign with."""

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


@dataclass(frozen=True)
class DeployedAgent:
    """A real agent. Its tools' Lambda is the deployed one, so the documents are in the deployed bucket."""

    agent_id: str
    alias_id: str
    artifacts_bucket: str
    region: str
    credentials: Credentials


@dataclass(frozen=True)
class Addresses:
    """Where the local services listen: URLs."""

    graphql: str
    services: str
    """The Lambda API and the scripted agent."""
    aws: str
    """DynamoDB and S3."""


def random_api_key() -> str:
    """A key in AppSync's form."""
    return "da2-" + "".join(secrets.choice(_KEY_ALPHABET) for _ in range(26))


def deployed_agent(environ: Mapping[str, str]) -> DeployedAgent | None:
    """The agent that the environment names; None, hence the scripted one, when it names none or a placeholder.

    SettingsError lists what else must be set for a deployed agent.
    """
    agent_id = environ.get("BEDROCK_AGENT_ID", "")
    if not agent_id or agent_id.startswith(_PLACEHOLDER):
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


def function_environments(
    addresses: Addresses, credentials: Credentials, agent: DeployedAgent | None
) -> dict[str, dict[str, str]]:
    """The variables of each function by its name. Only the resolvers are told of the sessions table; the failure
    function is told of the API alone.

    A deployed agent calls its own deployed tools, so there is no local function for them then.
    """
    plain = {**credentials.variables(), "POWERTOOLS_TRACE_DISABLED": "true"}
    common = {**plain, "ARTIFACTS_BUCKET_NAME": agent.artifacts_bucket if agent else ARTIFACTS_BUCKET}
    local_s3 = {"AWS_ENDPOINT_URL_S3": addresses.aws}
    local_agent = {"AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME": addresses.services}
    environments = {
        RESOLVERS: {
            **common,
            **({} if agent else local_s3),
            "SESSIONS_TABLE_NAME": SESSIONS_TABLE,
            "WORKER_FUNCTION_NAME": WORKER,
            "AWS_ENDPOINT_URL_DYNAMODB": addresses.aws,
            "AWS_ENDPOINT_URL_LAMBDA": addresses.services,
        },
        WORKER: {
            **common,
            **({} if agent else local_s3 | local_agent),
            "GRAPHQL_URL": addresses.graphql,
            "BEDROCK_AGENT_ID": agent.agent_id if agent else SCRIPTED_AGENT_ID,
            "BEDROCK_AGENT_ALIAS_ID": agent.alias_id if agent else SCRIPTED_ALIAS_ID,
        },
        FAILURE: {**plain, "GRAPHQL_URL": addresses.graphql},
    }
    if agent is None:
        environments[TOOLS] = {**common, **local_s3, "TEMPLATES_BUCKET_NAME": TEMPLATES_BUCKET}
    return environments
