"""The local host's description of a Lambda function, and the answer of an invocation.

The host, its HTTP front and the processes share these types. Nothing here runs anything.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

ACCOUNT = "123456789012"
"""The account in every local ARN: the one that AWS's own examples and moto use."""

Destination = Callable[[Mapping[str, object]], Awaitable[None]]
"""Takes the record of an event that failed on every attempt, as a queue would."""


@dataclass(frozen=True)
class Function:
    """One function: its handler, its limits, and what happens to an asynchronous event that it fails."""

    name: str
    handler: str
    """`package.module.function`, as Lambda takes it."""
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float = 3.0
    memory_mb: int = 128
    """The handler can read it, but nothing enforces it."""
    max_concurrency: int = 10
    """How many processes may run at once; further invocations wait."""
    retries: int = 2
    """How often a failed asynchronous event is tried again: 0, 1 or 2."""
    on_failure: str | Destination | None = None
    """Where the record of an event goes that failed on every attempt: another function, by its name, or a callable."""

    def arn(self, region: str) -> str:
        return f"arn:aws:lambda:{region}:{ACCOUNT}:function:{self.name}"


@dataclass(frozen=True)
class Answer:
    """The result of an invocation: the handler's JSON or, with `failed`, the description of its error."""

    payload: bytes
    failed: bool = False

    @classmethod
    def error(cls, error_type: str, message: str) -> "Answer":
        """An error that the host describes, because the handler was stopped or never started."""
        return cls(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), failed=True)


class UnknownFunctionError(LookupError):
    """No function has this name."""

    def __init__(self, arn: str) -> None:
        super().__init__(f"Function not found: {arn}")
