"""Starts the worker Lambda: the one message that goes from the API to the work.

The event carries the whole assessment, for the worker never reads the table.
"""

import json
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from resolvers.session import Assessment

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_lambda import LambdaClient

ACTION = "PROCESS_AGENT_WORKFLOW"


class NotStartedError(Exception):
    """Lambda did not take the event."""


class Worker(Protocol):
    """Whatever runs the workflow of a session."""

    def invoke_agent_async(self, session_id: str, assessment: Assessment) -> None:
        """Start a run and return at once.

        Raises:
            NotStartedError: it could not be started, for all we know.
        """


class LambdaWorker:
    """The worker as a Lambda function, invoked asynchronously.

    `client` is called when it is first needed: most invocations of the resolvers start no worker.
    """

    def __init__(self, client: "Callable[[], LambdaClient]", function_name: str) -> None:
        self._client = client
        self._function_name = function_name

    def invoke_agent_async(self, session_id: str, assessment: Assessment) -> None:
        event = {
            "action": ACTION,
            "session_id": session_id,
            "client_name": assessment.client_name,
            "project_name": assessment.project_name,
            "industry": assessment.industry,
            "requirements": assessment.requirements,
            "duration": assessment.duration,
            "team_size": assessment.team_size,
        }
        # Not ASCII: escaped, 100,000 characters outside the BMP would pass the 1 MB that an event may have.
        payload = json.dumps(event, ensure_ascii=False).encode()
        try:
            self._client().invoke(FunctionName=self._function_name, InvocationType="Event", Payload=payload)
        except (ClientError, BotoCoreError) as error:
            raise NotStartedError(str(error)) from error
