"""The adapter for Bedrock Agents: InvokeAgent in, agent events out.

It makes the call, tries again when it is throttled, at the call or in the middle of the stream, and puts every
other error into a person's words. It reads no trace itself (`agents.bedrock_traces` does) and knows no session
status. `worker.handler` builds one for each run.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from botocore.config import Config
from tenacity import Retrying, retry_if_exception, stop_after_attempt

from schema.statuses import AgentEventType
from worker.agents.bedrock.errors import FOREIGN, UNREACHABLE, code, failure, passing
from worker.agents.bedrock.traces import Translator
from worker.agents.events import AgentEvent, AgentNotConfiguredError, AgentRequest, AgentStream
from worker.timing.backoff import equal_jitter

if TYPE_CHECKING:
    from botocore.eventstream import EventStream
    from types_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient
    from types_boto3_bedrock_agent_runtime.type_defs import ResponseStreamTypeDef

ATTEMPTS = 6
"""The pauses between them last 25 to 50 s together: a model's quota is one of tokens a minute."""
FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 20.0

_PLACEHOLDER = "PLACEHOLDER_"


def client_config(budget_seconds: float) -> Config:
    """How the Bedrock client must be set up for a run that may take `budget_seconds`.

    An agent's step may be silent for minutes, so the read time-out is the whole budget; and the SDK must not retry,
    because its retry would run the agent a second time unseen.
    """
    return Config(
        connect_timeout=10,
        read_timeout=budget_seconds,
        retries={"total_max_attempts": 1},
        tcp_keepalive=True,
    )


def configured(variable: str, value: str) -> str:
    """The value, unless it is empty or a deployment's placeholder."""
    if not value or value.startswith(_PLACEHOLDER):
        raise AgentNotConfiguredError(
            f"No agent is configured: {variable} is {value or 'not set'}. "
            f"Set {variable} on the worker's Lambda to the id of a prepared Bedrock agent, then retry the session."
        )
    return value


def invoke_bedrock_agent(
    client: "AgentsforBedrockRuntimeClient",
    request: AgentRequest,
    *,
    agent_id: str,
    alias_id: str,
    random: Callable[[], float],
    sleep: Callable[[float], object] | None = None,
) -> AgentStream:
    """A run of the agent, which starts when it is iterated.

    `random` gives numbers of [0, 1) for the backoff's jitter. `sleep` takes seconds; without one the stream waits
    in a way that `close` ends.
    """
    return _BedrockStream(client, request, agent_id, alias_id, random, sleep)


class _BedrockStream:
    def __init__(
        self,
        client: "AgentsforBedrockRuntimeClient",
        request: AgentRequest,
        agent_id: str,
        alias_id: str,
        random: Callable[[], float],
        sleep: Callable[[float], object] | None,
    ) -> None:
        self._client = client
        self._request = request
        self._agent_id = agent_id
        self._alias_id = alias_id
        self._random = random
        self._closed = threading.Event()
        self._pause = sleep or self._closed.wait
        self._completion: EventStream[ResponseStreamTypeDef] | None = None

    def __iter__(self) -> Iterator[AgentEvent]:
        retrying = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, FOREIGN) and passing(error)),
            stop=stop_after_attempt(ATTEMPTS),
            wait=equal_jitter(FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, self._random),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            for number, attempt in enumerate(retrying, start=1):
                with attempt:
                    yield from self._attempt(number)
        except FOREIGN as error:
            if not self._closed.is_set():
                raise failure(error) from error

    def _sleep(self, seconds: float) -> None:
        self._pause(seconds)

    def close(self) -> None:
        self._closed.set()
        if self._completion is not None:
            _wake(self._completion)

    def _attempt(self, number: int) -> Iterator[AgentEvent]:
        said_something = False
        try:
            for event in self._answer(number):
                said_something = True
                yield event
        except FOREIGN as error:
            if passing(error):
                yield _warning(code(error), number, said_something=said_something)
            raise

    def _answer(self, attempt: int) -> Iterator[AgentEvent]:
        """One whole answer of the agent. Ends early, and without an error, once the stream is closed."""
        if self._closed.is_set():
            return
        translator = Translator()
        response = self._client.invoke_agent(
            agentId=self._agent_id,
            agentAliasId=self._alias_id,
            sessionId=self._request.conversation_id(attempt),
            inputText=self._request.prompt,
            enableTrace=True,
            sessionState={
                "sessionAttributes": {"session_id": self._request.session_id},
                "promptSessionAttributes": dict(self._request.attributes),
            },
            streamingConfigurations={"streamFinalResponse": True},
        )
        with closing(response["completion"]) as completion:
            self._completion = completion
            if self._closed.is_set():
                return
            for event in completion:
                yield from translator.translate(event)
                if self._closed.is_set():
                    return
        yield from translator.finish()


def _warning(code: str, number: int, *, said_something: bool) -> AgentEvent:
    outlook = "giving up" if number == ATTEMPTS else "trying again after a pause"
    what = "could not be reached in" if code in UNREACHABLE else "throttled"
    again = "; what it said so far no longer counts, the answer starts again" if said_something else ""
    return AgentEvent(
        AgentEventType.WARNING,
        f"The agent service {what} attempt {number} of {ATTEMPTS}: {outlook}{again if number < ATTEMPTS else ''}.",
    )


def _wake(completion: "EventStream[ResponseStreamTypeDef]") -> None:
    """End a read that blocks in another thread.

    Closing a socket does not wake its reader; shutting it down does, which urllib3 offers on the response that
    botocore's EventStream keeps to itself.
    """
    response = getattr(completion, "_raw_stream", None)
    with suppress(AttributeError, OSError, RuntimeError, ValueError):  # no socket, or one that is closed already
        response.shutdown()  # type: ignore[union-attr] # AttributeError is among those suppressed
