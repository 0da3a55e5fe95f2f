"""What Bedrock's errors mean to a person: one table from an error code to what happened and what to do.

Pure. The same error has two spellings, `ThrottlingException` when the call is refused and `throttlingException`
inside the stream; both are looked up here. `agents.bedrock` calls it where it catches.
"""

from collections.abc import Mapping

from botocore.eventstream import ParserError
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from worker.agents.events import AgentError

FOREIGN = (ClientError, BotoCoreError, ParserError, ResponseParserError, HTTPError)
"""All that calling InvokeAgent and reading its stream raise: refused, unreachable, unreadable, cut off."""

UNREACHABLE = frozenset({"EndpointConnectionError", "ConnectTimeoutError"})
"""The errors before any request was sent."""

_PASSING = UNREACHABLE | {"ThrottlingException", "TooManyRequestsException"}

_CREDENTIALS = (
    "the worker's AWS credentials were not accepted",
    "check the credentials of the worker's role, then retry the session",
)
_SERVICE = ("the agent service had a fault of its own", "retry the session; finished stages are not run again")

_MEANINGS: Mapping[str, tuple[str, str]] = {
    "AccessDeniedException": (
        "the worker may not use the agent",
        "allow its role bedrock:InvokeAgent on the agent's alias, then retry the session",
    ),
    "ResourceNotFoundException": (
        "there is no such agent or alias in this region",
        "check BEDROCK_AGENT_ID and BEDROCK_AGENT_ALIAS_ID, then retry the session",
    ),
    "ValidationException": (
        "the agent service took the request for invalid",
        "check that BEDROCK_AGENT_ID and BEDROCK_AGENT_ALIAS_ID belong together and that the agent is prepared",
    ),
    "ServiceQuotaExceededException": (
        "the account reached a quota of the agent service",
        "raise it in Service Quotas or wait, then retry the session",
    ),
    "DependencyFailedException": (
        "something the agent depends on failed: its tools' Lambda, its model or its knowledge base",
        "look into that dependency's log and permissions, then retry the session",
    ),
    "BadGatewayException": (
        "the agent's tools' Lambda or another dependency gave no usable answer",
        "look into that dependency's log, then retry the session",
    ),
    "ConflictException": (
        "the agent was busy with another request of the same conversation",
        "wait a minute, then retry the session",
    ),
    "ModelNotReadyException": ("the agent's model is not ready", "wait a few minutes, then retry the session"),
    "InternalServerException": _SERVICE,
    "ServiceUnavailableException": _SERVICE,
    "ThrottlingException": (
        "the agent service throttled every attempt",
        "wait a few minutes or ask for a higher quota, then retry the session",
    ),
    "ExpiredTokenException": _CREDENTIALS,
    "InvalidSignatureException": _CREDENTIALS,
    "UnrecognizedClientException": _CREDENTIALS,
}


def code(error: Exception) -> str:
    """The error's code, spelled as at the call; for an error without one, the name of its type."""
    if not isinstance(error, ClientError):
        return type(error).__name__
    given = error.response.get("Error", {}).get("Code", "")
    return given[:1].upper() + given[1:] or "Unknown"


def passing(error: Exception) -> bool:
    """Whether the same request may succeed a little later."""
    return code(error) in _PASSING


def failure(error: Exception) -> AgentError:
    """The error as a person should read it."""
    if isinstance(error, ClientError):
        what, remedy = _MEANINGS.get(code(error), ("the agent service refused or broke off", _SERVICE[1]))
        detail = error.response.get("Error", {}).get("Message") or "no detail given"
    else:
        what, remedy = "the connection to the agent service failed or broke off", _SERVICE[1]
        detail = str(error)
    return AgentError(f"The agent failed: {what} ({code(error)}: {detail}). What to do: {remedy}.", code(error))
