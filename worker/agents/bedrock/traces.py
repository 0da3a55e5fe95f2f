"""Bedrock Agents' completion stream as agent events: a pure translation, fed one stream event at a time.

It calls nothing, and keeps only the bytes of an unfinished character and the tool calls that still wait for their
answer. `agents.bedrock` feeds it, and so does a test with a recorded stream. A kind that no table knows is skipped.
"""

import codecs
import logging
from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from schema.statuses import AgentEventType
from worker.agents.bedrock import kinds
from worker.agents.events import AgentEvent

if TYPE_CHECKING:
    from types_boto3_bedrock_agent_runtime import type_defs as shapes

_log = logging.getLogger(__name__)

_WAITING_CALLS = 64
"""How many unanswered tool calls are remembered. An agent has one or a few; the bound is against a broken one."""


class Translator:
    """Turns one completion stream into agent events. A second attempt at the same answer needs a new one."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._waiting: deque[tuple[str, str]] = deque(maxlen=_WAITING_CALLS)  # trace id and tool, oldest first
        self._by_collaborator = False
        self._steps = {**kinds.ORCHESTRATION, "invocationInput": self._invocation, "observation": self._observation}
        self._traces = {
            **kinds.TRACE,
            "orchestrationTrace": lambda trace: self._each(self._steps, trace),
            "routingClassifierTrace": lambda trace: self._each(self._steps, trace),
            "preProcessingTrace": lambda trace: self._each(kinds.PRE_PROCESSING, trace),
            "postProcessingTrace": lambda trace: self._each(kinds.POST_PROCESSING, trace),
            "customOrchestrationTrace": lambda trace: self._each(kinds.CUSTOM, trace),
        }
        self._stream = {**kinds.STREAM, "chunk": self._chunk, "trace": self._trace}

    def translate(self, event: "shapes.ResponseStreamTypeDef") -> Iterator[AgentEvent]:
        """The agent events that one event of the stream amounts to: none, one or several."""
        return self._each(self._stream, event)

    def finish(self) -> Iterator[AgentEvent]:
        """What is left when the stream has ended: a replacement character, if it ended inside one."""
        return _said(self._decoder.decode(b"", final=True))

    def _each(self, translations: Mapping[str, kinds.Translation], holder: Mapping[str, Any]) -> Iterator[AgentEvent]:
        for kind, body in holder.items():
            translation = translations.get(kind)
            if translation is None:
                _log.debug("Skipped %r, a kind of stream event that is not known here", kind)
            else:
                yield from translation(body)

    def _chunk(self, chunk: "shapes.PayloadPartTypeDef") -> Iterator[AgentEvent]:
        return _said(self._decoder.decode(chunk.get("bytes", b"")))

    def _trace(self, part: "shapes.TracePartTypeDef") -> Iterator[AgentEvent]:
        self._by_collaborator = bool(part.get("collaboratorName"))
        return self._each(self._traces, part.get("trace", {}))

    def _invocation(self, invocation: "shapes.InvocationInputTypeDef") -> Iterator[AgentEvent]:
        if call := invocation.get("actionGroupInvocationInput"):
            tool = call.get("actionGroupName", "")
            self._waiting.append((invocation.get("traceId", ""), tool))
            yield AgentEvent(AgentEventType.TOOL_CALL, kinds.call_text(call), tool)
        if lookup := invocation.get("knowledgeBaseLookupInput"):
            yield from kinds.reasoning(f"Looking up in the knowledge base: {lookup.get('text', '')}")
        if handover := invocation.get("agentCollaboratorInvocationInput"):
            asked = handover.get("input", {}).get("text", "")
            yield from kinds.reasoning(f"Asking the agent {handover.get('agentCollaboratorName', '')}: {asked}")
        if program := invocation.get("codeInterpreterInvocationInput"):
            yield from kinds.reasoning(f"Running code: {program.get('code', '')}")

    def _observation(self, observation: "shapes.ObservationTypeDef") -> Iterator[AgentEvent]:
        output = observation.get("actionGroupInvocationOutput")
        if output is not None:  # an empty one is an answer too
            tool = self._answered(observation.get("traceId", ""))
            yield AgentEvent(AgentEventType.TOOL_RESPONSE, output.get("text", ""), tool)
        if found := observation.get("knowledgeBaseLookupOutput"):
            yield from kinds.reasoning(f"The knowledge base gave {len(found.get('retrievedReferences', []))} passages")
        if answer := observation.get("agentCollaboratorInvocationOutput"):
            said = answer.get("output", {}).get("text", "")
            yield from kinds.reasoning(f"The agent {answer.get('agentCollaboratorName', '')} answered: {said}")
        if ran := observation.get("codeInterpreterInvocationOutput"):
            yield from kinds.reasoning(f"The code gave: {ran.get('executionError') or ran.get('executionOutput', '')}")
        if reprompt := observation.get("repromptResponse"):
            asker = None
            if reprompt.get("source") == "ACTION_GROUP":
                asker = self._answered(observation.get("traceId", ""))
            yield from kinds.warning(f"{asker or 'A check'} asked the agent to try again: {reprompt.get('text', '')}")
        if final := observation.get("finalResponse"):
            yield from self._final(observation.get("type", ""), final.get("text", ""))

    def _final(self, kind: str, text: str) -> Iterator[AgentEvent]:
        if kind == "ASK_USER":
            yield from kinds.warning(f"The agent asked a question, and nobody is there to answer: {text}")
        elif self._by_collaborator:
            yield from kinds.reasoning(text)
        else:
            yield AgentEvent(AgentEventType.FINAL_RESPONSE, text)

    def _answered(self, trace_id: str) -> str | None:
        """The tool that was called first under this trace id, or else the one that was called last."""
        if not self._waiting:
            return None
        call = next((call for call in self._waiting if call[0] == trace_id), self._waiting[-1])
        self._waiting.remove(call)
        return call[1]


def _said(text: str) -> Iterator[AgentEvent]:
    if text:
        yield AgentEvent(AgentEventType.CHUNK, text)
