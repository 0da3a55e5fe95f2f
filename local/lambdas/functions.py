"""What a Lambda function is to the local host, and what an invocation of one answers.

The words that the host, its HTTP front and the processes share. Nothing here runs anything.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

ACCOUNT = "123456789012"
"""The account in every local ARN: the one that AWS's own examples and moto use."""

Destination = Callable[[Mapping[str, object]], Awaitable[None]]
"""Takes the record of an event whose every attempt failed, as a queue would."""


@dataclass(frozen=True)
class Function:
    """One function: what runs, with which limits, and what becomes of an asynchronous event that it fails."""

    name: str
    handler: str
    """`package.module.function`, as Lambda takes it."""
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float = 3.0
    memory_mb: int = 128
    """Told to the handler, not enforced."""
    max_concurrency: int = 10
    """How many processes there may be; what comes beyond that waits."""
    retries: int = 2
    """How often a failed asynchronous event is tried again: 0, 1 or 2."""
    on_failure: str | Destination | None = None
    """Where the record of a finally failed asynchronous event goes: another function by its name, or a callable."""

    def arn(self, region: str) -> str:
        return f"arn:aws:lambda:{region}:{ACCOUNT}:function:{self.name}"


@dataclass(frozen=True)
class Answer:
    """What an invocation came to: the handler's JSON, or with `failed` the description of its error."""

    payload: bytes
    failed: bool = False

    @classmethod
    def error(cls, error_type: str, message: str) -> "Answer":
        """An error that the handler did not describe itself, since it was stopped or never began."""
        return cls(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), failed=True)


class UnknownFunctionError(LookupError):
    """No function has this name."""

    def __init__(self, arn: str) -> None:
        super().__init__(f"Function not found: {arn}")
