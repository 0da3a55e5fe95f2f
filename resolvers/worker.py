"""Starts the worker Lambda for a session. `resolvers.operations` calls it.

The event carries the whole assessment, because the worker never reads the table.
"""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from schema.assessment import WORKER_ACTION, Assessment

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_lambda import LambdaClient


class NotStartedError(Exception):
    """Lambda did not take the event."""


class Worker(Protocol):
    """Starts the workflow of a session. Tests have their own."""

    def invoke_agent_async(self, session_id: str, assessment: Assessment, revision: int) -> None:
        """Start a run and return at once. `revision` is the session's, from which the run starts.

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

    def invoke_agent_async(self, session_id: str, assessment: Assessment, revision: int) -> None:
        event = {"action": WORKER_ACTION, "session_id": session_id, "revision": revision, **asdict(assessment)}
        # Not as ASCII: with escapes, 100,000 characters outside the BMP would exceed Lambda's 1 MB for an event.
        payload = json.dumps(event, ensure_ascii=False).encode()
        try:
            self._client().invoke(FunctionName=self._function_name, InvocationType="Event", Payload=payload)
        except (ClientError, BotoCoreError) as error:
            raise NotStartedError(str(error)) from error
