"""What Converse's errors mean to a person: whether the turn may be repeated, and what to do about the rest.

Pure. Three kinds of failure: one that passes, so that the turn is asked for again; one of the deployment's
configuration, which only its operator can mend; and any other, which ends the run.
"""

import re
from collections.abc import Mapping

from botocore.eventstream import ParserError
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from worker.agents.events import AgentError, AgentNotConfiguredError
from worker.agents.service import UNREACHABLE, code, detail


class BrokenTurnError(Exception):
    """The model's turn can't be used: cut off, empty, or malformed. The same turn is worth another try."""


_THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "ServiceQuotaExceededException"})

_BROKEN = frozenset(
    {
        "InternalServerException",
        "ServiceUnavailableException",
        "ModelStreamErrorException",
        "ModelTimeoutException",
        "ModelNotReadyException",
        "ModelErrorException",
    }
)
"""Faults of the service or the model. A turn has no side effects, so each is worth another try."""

_CONNECTION = (HTTPClientError, HTTPError, ParserError, ResponseParserError)

_MODEL = "set AGENT_MODEL_ID to a model or inference profile that this region offers"
_ACCESS = (
    "allow the worker's role bedrock:InvokeModelWithResponseStream on the model's inference profile and its foundation "
    "models. Anthropic's models also need a one-time form in each account: open Bedrock's model catalog in the "
    "console, or call PutUseCaseForModelAccess"
)
_CREDENTIALS = "check the worker's credentials: its role's, or those that its environment or profile gives"
_NO_CREDENTIALS = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    TokenRetrievalError,
    SSOError,
)

_CONFIGURATION: Mapping[str, tuple[str, str]] = {
    "AccessDeniedException": ("the model may not be used", _ACCESS),
    "ResourceNotFoundException": ("the model was not found, or the account may not use it yet", f"{_MODEL}; {_ACCESS}"),
    "UnrecognizedClientException": ("AWS did not accept the worker's credentials", _CREDENTIALS),
    "InvalidSignatureException": ("AWS did not accept the worker's credentials", _CREDENTIALS),
    "ExpiredTokenException": ("the worker's credentials have expired", _CREDENTIALS),
}

_INVALID: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"on-demand throughput", re.IGNORECASE),
        "the model can be called through an inference profile only",
        "set AGENT_MODEL_ID to one of its profiles, such as us., eu. or global. and the model's id",
    ),
    (
        re.compile(r"guardrail", re.IGNORECASE),
        "the guardrail can't be used",
        "check AGENT_GUARDRAIL_ID and AGENT_GUARDRAIL_VERSION",
    ),
    (
        re.compile(r"tool", re.IGNORECASE),
        "the model does not take tools in a stream",
        "set AGENT_MODEL_ID to a model that supports tool use with ConverseStream",
    ),
    (
        re.compile(r"model identifier|provided model|model that you provided|invalid model", re.IGNORECASE),
        "the model is not known here",
        _MODEL,
    ),
)
"""What a ValidationException says when the configuration is at fault. The wording is the service's and may change;
then the error is an ordinary one, and the log has the service's text."""

_MALFORMED_TOOLS = re.compile(r"toolUse|toolResult|tool_use|tool_result")
"""A complaint about our messages rather than about the model."""


def passing(error: BaseException) -> str | None:
    """What the service did, if the same turn may succeed a little later; otherwise None."""
    if isinstance(error, BrokenTurnError):
        return f"gave no usable answer ({error}) in"
    if isinstance(error, ClientError):
        return "throttled" if code(error) in _THROTTLED else "failed in" if code(error) in _BROKEN else None
    if isinstance(error, BotoCoreError) and code(error) in UNREACHABLE:
        return "could not be reached in"
    return "broke off in" if isinstance(error, _CONNECTION) else None


def failure(error: Exception) -> AgentError:
    """The error as a person should read it: an AgentNotConfiguredError where only the operator can mend it.

    The message has the service's code and never its text.
    """
    said = f"{code(error)}: {error}" if isinstance(error, BrokenTurnError) else code(error)
    what, remedy = _configuration(error) or ("", "")
    if what:
        message = f"The agent can't start: {what} ({said}). What to do: {remedy}; then retry."
        return AgentNotConfiguredError(message, code(error), detail(error))
    if code(error) in UNREACHABLE:
        what, remedy = "Bedrock can't be reached", "check that the worker's region has Bedrock, then retry the session"
    elif isinstance(error, ClientError) and code(error) in _THROTTLED:
        what, remedy = "Bedrock throttled every attempt", "wait a few minutes or ask for a higher quota, then retry"
    elif isinstance(error, (ClientError, BrokenTurnError)):
        what, remedy = "Bedrock or its model failed", "retry the session; finished stages are not run again"
    else:
        what, remedy = "the connection to Bedrock failed", "retry the session; finished stages are not run again"
    return AgentError(f"The agent failed: {what} ({said}). What to do: {remedy}.", code(error), detail(error))


def _configuration(error: Exception) -> tuple[str, str] | None:
    if isinstance(error, _NO_CREDENTIALS):
        return "there are no usable AWS credentials", _CREDENTIALS
    if not isinstance(error, ClientError):
        return None
    if code(error) == "ValidationException" and not _MALFORMED_TOOLS.search(detail(error)):
        return next(((what, remedy) for words, what, remedy in _INVALID if words.search(detail(error))), None)
    return _CONFIGURATION.get(code(error))
