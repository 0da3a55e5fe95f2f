"""Bedrock Agents' completion stream as agent events: a pure translation, fed one stream event at a time.

It calls nothing, and keeps only the bytes of an unfinished character and the tool calls that still wait for their
answer. `worker.agents.bedrock.invoke` feeds it, and so does a test with a recorded stream. It skips kinds that no table
knows.
"""

import codecs
import logging
from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from schema.statuses import AgentEventType
from worker.agents.bedrock import kinds
from worker.agents.events import AgentEvent, AgentItem, ModelUsage

if TYPE_CHECKING:
    from types_boto3_bedrock_agent_runtime import type_defs as shapes

    from worker.tools.call import Called

_log = logging.getLogger(__name__)

_WAITING_CALLS = 64
"""How many unanswered tool calls are remembered. An agent has one or a few; the bound is against a broken one."""


class Translator:
    """Turns one completion stream into agent events. A second attempt at the same answer needs a new one."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._waiting: deque[tuple[str, str]] = deque(maxlen=_WAITING_CALLS)  # trace id and tool, oldest first
        self._by_collaborator = False
        self._served: list[str] = []
        """Ids of calls that were answered by return of control: a trace may tell their answers once more."""
        self._chunks: list[str] = []
        self._final_told = False
        self._model_id = ""
        self._steps: dict[str, kinds.Translation] = {
            **kinds.ORCHESTRATION,
            "invocationInput": self._invocation,
            "observation": self._observation,
            "modelInvocationInput": self._model_input,
            "modelInvocationOutput": self._model_output,
        }
        self._traces: dict[str, kinds.Translation] = {
            **kinds.TRACE,
            "orchestrationTrace": lambda trace: self._each(self._steps, trace),
            "routingClassifierTrace": lambda trace: self._each(self._steps, trace),
            "preProcessingTrace": lambda trace: self._each(kinds.PRE_PROCESSING, trace),
            "postProcessingTrace": lambda trace: self._each(kinds.POST_PROCESSING, trace),
            "customOrchestrationTrace": lambda trace: self._each(kinds.CUSTOM, trace),
        }
        self._stream: dict[str, kinds.Translation] = {**kinds.STREAM, "chunk": self._chunk, "trace": self._trace}

    def translate(self, event: "shapes.ResponseStreamTypeDef") -> Iterator[AgentItem]:
        """The items that one event of the stream amounts to: none, one or several."""
        return self._each(self._stream, event)

    def finish(self) -> Iterator[AgentItem]:
        """What is left when the stream has ended.

        A replacement character, if it ended inside one; and the final response, if the agent gave it in chunks only.
        Custom orchestration does so, and an agent whose last trace is a collaborator's.
        """
        yield from self._said(self._decoder.decode(b"", final=True))
        text = "".join(self._chunks).strip()
        if text and not self._final_told:
            yield AgentEvent(AgentEventType.FINAL_RESPONSE, text)

    def handed_over(self, call_id: str, tool: str, function: str) -> Iterator[AgentEvent]:
        """The call that the agent hands to its caller, unless a trace has told it."""
        if not any(waiting == tool for _, waiting in self._waiting):
            self._waiting.append((call_id, tool))
            yield AgentEvent(AgentEventType.TOOL_CALL, f"{function}()", tool, call_id=call_id)

    def served(self, call_id: str, tool: str, called: "Called") -> Iterator[AgentEvent]:
        """The answer that its caller gives the agent."""
        found = next((call for call in self._waiting if call[1] == tool), (call_id, tool))
        if found in self._waiting:
            self._waiting.remove(found)
        self._served.append(tool)
        yield AgentEvent(AgentEventType.TOOL_RESPONSE, called.text(), tool, call_id=found[0])

    def _each(self, translations: Mapping[str, kinds.Translation], holder: Mapping[str, Any]) -> Iterator[AgentItem]:
        for kind, body in holder.items():
            translation = translations.get(kind)
            if translation is None:
                _log.debug("Skipped %r, a kind of stream event that is not known here", kind)
            else:
                yield from translation(body)

    def _chunk(self, chunk: "shapes.PayloadPartTypeDef") -> Iterator[AgentEvent]:
        return self._said(self._decoder.decode(chunk.get("bytes", b"")))

    def _trace(self, part: "shapes.TracePartTypeDef") -> Iterator[AgentItem]:
        self._by_collaborator = bool(part.get("collaboratorName"))
        return self._each(self._traces, part.get("trace", {}))

    def _invocation(self, invocation: "shapes.InvocationInputTypeDef") -> Iterator[AgentEvent]:
        if call := invocation.get("actionGroupInvocationInput"):
            tool = call.get("actionGroupName", "")
            call_id = invocation.get("traceId", "")
            self._waiting.append((call_id, tool))
            yield AgentEvent(AgentEventType.TOOL_CALL, kinds.call_text(call), tool, call_id=call_id or None)
        if lookup := invocation.get("knowledgeBaseLookupInput"):
            yield from kinds.reasoning(f"Looking up in the knowledge base: {lookup.get('text', '')}")
        if handover := invocation.get("agentCollaboratorInvocationInput"):
            asked = handover.get("input", {}).get("text", "")
            yield from kinds.reasoning(f"Asking the agent {handover.get('agentCollaboratorName', '')}: {asked}")
        if program := invocation.get("codeInterpreterInvocationInput"):
            yield from kinds.reasoning(f"Running code: {program.get('code', '')}")

    def _observation(self, observation: "shapes.ObservationTypeDef") -> Iterator[AgentEvent]:
        output = observation.get("actionGroupInvocationOutput")
        if output is not None and not self._told_before():  # an empty one is an answer too
            call_id, tool = self._answered(observation.get("traceId", "")) or ("", None)
            yield AgentEvent(AgentEventType.TOOL_RESPONSE, output.get("text", ""), tool, call_id=call_id or None)
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
                _, asker = self._answered(observation.get("traceId", "")) or ("", None)
            yield from kinds.warning(f"{asker or 'A check'} asked the agent to try again: {reprompt.get('text', '')}")
        if final := observation.get("finalResponse"):
            yield from self._final(observation.get("type", ""), final.get("text", ""))

    def _final(self, kind: str, text: str) -> Iterator[AgentEvent]:
        if kind == "ASK_USER":
            self._final_told = True  # its question came in chunks too: that is no answer
            yield from kinds.warning(f"The agent asked a question, and nobody is there to answer: {text}")
        elif self._by_collaborator:
            yield from kinds.reasoning(text)
        else:
            self._final_told = True
            yield AgentEvent(AgentEventType.FINAL_RESPONSE, text)

    def _model_input(self, given: "shapes.ModelInvocationInputTypeDef") -> Iterator[AgentItem]:
        self._model_id = given.get("foundationModel", "")
        return iter(())

    def _model_output(self, output: "shapes.OrchestrationModelInvocationOutputTypeDef") -> Iterator[AgentItem]:
        yield from kinds.model_output(output)
        usage = output.get("metadata", {}).get("usage", {})
        if usage:
            yield ModelUsage(self._model_id, usage.get("inputTokens", 0), usage.get("outputTokens", 0))

    def _told_before(self) -> bool:
        """Whether the trace tells an answer that was given by return of control."""
        if self._waiting or not self._served:
            return False
        self._served.pop(0)
        return True

    def _answered(self, trace_id: str) -> tuple[str, str] | None:
        """The call that was made first under this trace id, or else the one that was made last: its id and tool."""
        if not self._waiting:
            return None
        call = next((call for call in self._waiting if call[0] == trace_id), self._waiting[-1])
        self._waiting.remove(call)
        return call

    def _said(self, text: str) -> Iterator[AgentEvent]:
        if text:
            self._chunks.append(text)
            yield AgentEvent(AgentEventType.CHUNK, text)
