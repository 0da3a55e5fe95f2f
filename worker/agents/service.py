"""What both agent adapters know of AWS's services: how a client is set up, what it raises, and how to end a read.

Nothing here knows what an answer holds. `worker.agents.converse` and `worker.agents.bedrock` call it.
"""

from contextlib import suppress
from typing import Any

from botocore.config import Config
from botocore.eventstream import EventStream, ParserError
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

FOREIGN = (ClientError, BotoCoreError, ParserError, ResponseParserError, HTTPError)
"""All that a call and the reading of its stream raise: refused, unreachable, unreadable, cut off."""

UNREACHABLE = frozenset({"EndpointConnectionError", "ConnectTimeoutError"})
"""The errors that come before any request was sent."""


DETAIL_LENGTH = 1_000
"""How many characters of a service's message are kept."""


def client_config(read_timeout: float) -> Config:
    """How a client must be set up whose answers may be silent for as long as `read_timeout`, in seconds.

    The SDK must not retry: the adapters do, and publish a warning about it.
    """
    return Config(
        connect_timeout=10,
        read_timeout=read_timeout,
        retries={"total_max_attempts": 1},
        tcp_keepalive=True,
    )


def code(error: Exception) -> str:
    """The error's code, spelled as at the call; for an error without one, the name of its type.

    The same error has two spellings: `ThrottlingException` when the call is refused, `throttlingException` inside the
    stream.
    """
    if not isinstance(error, ClientError):
        return type(error).__name__
    given = error.response.get("Error", {}).get("Code", "")
    return given[:1].upper() + given[1:] or "Unknown"


def detail(error: Exception) -> str:
    """The service's own message, or what the SDK says, cut to DETAIL_LENGTH.

    It may name accounts, roles and addresses, so it is for logs and decisions, and never for the user.
    """
    if isinstance(error, ClientError):
        return (error.response.get("Error", {}).get("Message") or "no detail given")[:DETAIL_LENGTH]
    return str(error)[:DETAIL_LENGTH]


def wake(stream: "EventStream[Any]") -> None:
    """End a read that blocks in another thread.

    Closing a socket does not wake its reader; shutting it down does. urllib3 offers that on the response that
    botocore's EventStream keeps to itself.
    """
    response = getattr(stream, "_raw_stream", None)
    with suppress(AttributeError, OSError, RuntimeError, ValueError):  # no socket, or one that is closed already
        response.shutdown()  # type: ignore[union-attr] # AttributeError is among those suppressed
