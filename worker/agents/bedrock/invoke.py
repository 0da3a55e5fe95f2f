"""The adapter for Bedrock Agents: InvokeAgent in, agent events out.

It makes the call, tries again when it is throttled, at the call or in the middle of the stream, and puts every
other error into a person's words. It reads no trace itself (`worker.agents.bedrock.traces` does) and knows no session
status. `worker.handler` builds one for each run.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from schema.statuses import AgentEventType, Tool
from worker.agents.attempts import repeated
from worker.agents.bedrock.errors import failure, passing
from worker.agents.bedrock.return_control import ReturnControl
from worker.agents.bedrock.traces import Translator
from worker.agents.events import AgentEvent, AgentItem, AgentRequest, AgentStream, ModelUsage
from worker.agents.service import DETAIL_LENGTH, FOREIGN, wake
from worker.log import logger
from worker.tools.call import LAST_TOOL
from worker.tools.toolbox import ToolBox

if TYPE_CHECKING:
    from botocore.eventstream import EventStream
    from types_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient
    from types_boto3_bedrock_agent_runtime.type_defs import ResponseStreamTypeDef


def invoke_bedrock_agent(
    client: "AgentsforBedrockRuntimeClient",
    request: AgentRequest,
    *,
    agent_id: str,
    alias_id: str,
    tools: ToolBox,
    random: Callable[[], float],
    sleep: Callable[[float], object] | None = None,
    spent: Callable[[], Sequence[ModelUsage]] = tuple,
) -> AgentStream:
    """A run of the agent, which starts when it is iterated.

    `tools` serve an agent that returns control instead of calling a Lambda. `random` gives numbers of [0, 1) for the
    backoff's jitter. `sleep` takes seconds; without one the stream waits in a way that `close` ends. `spent` reads what
    the tools' own Lambda has spent on a model in this run.
    """
    return _BedrockStream(client, request, agent_id, alias_id, tools, random, sleep, spent)


class _BedrockStream:
    def __init__(
        self,
        client: "AgentsforBedrockRuntimeClient",
        request: AgentRequest,
        agent_id: str,
        alias_id: str,
        tools: ToolBox,
        random: Callable[[], float],
        sleep: Callable[[float], object] | None,
        spent: Callable[[], Sequence[ModelUsage]],
    ) -> None:
        self._client = client
        self._request = request
        self._agent_id = agent_id
        self._alias_id = alias_id
        self._tools = tools
        self._random = random
        self._closed = threading.Event()
        self._pause = sleep or self._closed.wait
        self._spent = spent
        self._counted = False
        self._completion: EventStream[ResponseStreamTypeDef] | None = None

    def __iter__(self) -> Iterator[AgentItem]:
        try:
            yield from repeated(self._answer, passing, what="the answer", random=self._random, sleep=self._pause)
        except FOREIGN as error:
            if not self._closed.is_set():
                raise failure(error) from error

    def close(self) -> None:
        self._closed.set()
        if self._completion is not None:
            wake(self._completion)

    def _answer(self, attempt: int) -> Iterator[AgentItem]:
        """One whole answer of the agent. It ends early, and without an error, once the stream is closed."""
        translator = Translator()
        asked: dict[str, Any] = {"inputText": self._request.prompt}
        while asked:
            control = ReturnControl(self._tools, translator)
            yield from self._part(attempt, asked, translator, control)
            if self._closed.is_set():
                return
            asked = control.results()
        yield from translator.finish()

    def _part(
        self, attempt: int, asked: dict[str, Any], translator: Translator, control: ReturnControl
    ) -> Iterator[AgentItem]:
        """The answer up to its end, or up to where the agent returns control."""
        if self._closed.is_set():
            return
        state = {
            "sessionAttributes": self._session_attributes(),
            "promptSessionAttributes": dict(self._request.attributes),
            **asked.get("sessionState", {}),
        }
        response = self._client.invoke_agent(
            agentId=self._agent_id,
            agentAliasId=self._alias_id,
            sessionId=self._request.conversation_id(attempt),
            enableTrace=True,
            streamingConfigurations={"streamFinalResponse": True},
            **{**asked, "sessionState": state},
        )
        with closing(response["completion"]) as completion:
            self._completion = completion
            if self._closed.is_set():
                return
            for event in completion:
                _log_failure(event)
                for item in translator.translate(event):
                    yield item
                    if isinstance(item, AgentEvent) and item.type is AgentEventType.TOOL_RESPONSE:
                        yield from self._spent_by_tools(item)
                if "returnControl" in event:
                    yield from control.serve(event["returnControl"])
                if self._closed.is_set():
                    return

    def _session_attributes(self) -> dict[str, str]:
        """What the tools' Lambda must know of the run."""
        attributes = {"session_id": self._request.session_id}
        last = self._tools.offered[-1]
        return attributes if last is tuple(Tool)[-1] else {**attributes, LAST_TOOL: last.value}

    def _spent_by_tools(self, response: AgentEvent) -> Sequence[ModelUsage]:
        """What the analysis has spent in its own Lambda, once for the run."""
        if response.tool != Tool.REQUIREMENTS_ANALYZER or self._counted:
            return ()
        try:
            usage = self._spent()
        except FOREIGN:
            logger.exception("[BEDROCK AGENT] What the analysis has spent could not be read")
            return ()
        self._counted = bool(usage)
        return usage


def _log_failure(event: "ResponseStreamTypeDef") -> None:
    """Log why a step failed: the service's text may name accounts and roles, so the event leaves it out."""
    failed = event.get("trace", {}).get("trace", {}).get("failureTrace")
    if failed:
        reason = failed.get("failureReason", "")[:DETAIL_LENGTH]
        logger.warning("[BEDROCK AGENT] A step failed", code=failed.get("failureCode"), detail=reason)
