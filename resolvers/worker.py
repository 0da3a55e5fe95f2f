"""Starts the worker Lambda for a session. `resolvers.operations` calls it.

The event carries the whole assessment and the newest review, because the worker never reads the table.
"""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from schema.assessment import WORKER_ACTION, Assessment
from schema.review import Review

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_lambda import LambdaClient


class NotStartedError(Exception):
    """Lambda did not take the event."""


@dataclass(frozen=True)
class Start:
    """What a run starts from."""

    session_id: str
    assessment: Assessment
    revision: int
    """The session's, when the worker is started."""
    review: Review | None = None
    """The newest review; None if there is none."""
    proposal_version: int = 0
    """The newest version of the proposal, or 0 if there is none yet."""

    def event(self) -> dict[str, object]:
        """The worker's event. `review` in it is the assessment's own field, so what was reviewed has another name."""
        return {
            "action": WORKER_ACTION,
            "session_id": self.session_id,
            "revision": self.revision,
            "proposal_version": self.proposal_version,
            "reviewed": None if self.review is None else self.review.as_api(),
            **asdict(self.assessment),
        }


class Worker(Protocol):
    """Starts the workflow of a session. Tests have their own."""

    def invoke_agent_async(self, start: Start) -> None:
        """Start a run and return at once.

        Raises:
            NotStartedError: Lambda gave no sign that it took the event. The run may have been started all the same,
                if only Lambda's answer was lost.
        """


class LambdaWorker:
    """The worker as a Lambda function, invoked asynchronously.

    `client` is called when it is first needed, because most requests start no worker.
    """

    def __init__(self, client: "Callable[[], LambdaClient]", function_name: str) -> None:
        self._client = client
        self._function_name = function_name

    def invoke_agent_async(self, start: Start) -> None:
        # Not as ASCII: with escapes, 100,000 characters outside the BMP would exceed Lambda's 1 MB for an event.
        payload = json.dumps(start.event(), ensure_ascii=False).encode()
        try:
            self._client().invoke(FunctionName=self._function_name, InvocationType="Event", Payload=payload)
        except (ClientError, BotoCoreError) as error:
            raise NotStartedError(str(error)) from error
