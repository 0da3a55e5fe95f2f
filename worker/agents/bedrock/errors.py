"""What Bedrock Agents' errors mean to a person: one table from an error code to what happened and what to do.

Pure. `worker.agents.bedrock.invoke` calls it where it catches.
"""

import re
from collections.abc import Mapping

from botocore.exceptions import ClientError

from worker.agents.events import AgentError
from worker.agents.service import FOREIGN, UNREACHABLE, code, detail

_THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException"})

_BROKEN = frozenset({"InternalServerException", "ModelNotReadyException"})
"""Faults inside the stream that users report as passing, like throttling."""

_THROTTLED_DEPENDENCY = re.compile(r"throttl|rate exceeded|too many (requests|tokens)", re.IGNORECASE)
"""How DependencyFailedException says that the agent's model was throttled."""

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


_QUOTING = frozenset({"BadGatewayException", "DependencyFailedException"})
"""The service quotes the tools' Lambda, and a tool may quote the client, which our log must not."""


def passing(error: BaseException) -> str | None:
    """What the service did, if the same request may succeed a little later; otherwise None."""
    if not isinstance(error, FOREIGN):
        return None
    found = code(error)
    if found in UNREACHABLE:
        return "could not be reached in"
    if found in _THROTTLED or (found == "DependencyFailedException" and _THROTTLED_DEPENDENCY.search(detail(error))):
        return "throttled"
    return "failed in" if found in _BROKEN else None


def failure(error: Exception) -> AgentError:
    """The error as a person should read it: with the service's code, and never its text."""
    if isinstance(error, ClientError):
        what, remedy = _MEANINGS.get(code(error), ("the agent service refused or broke off", _SERVICE[1]))
    else:
        what, remedy = "the connection to the agent service failed or broke off", _SERVICE[1]
    message = f"The agent failed: {what} ({code(error)}). What to do: {remedy}."
    return AgentError(message, code(error), "" if code(error) in _QUOTING else detail(error))
