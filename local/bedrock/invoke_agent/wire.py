"""The events of InvokeAgent's completion stream in the service's shapes, and the events of its action groups.

Pure builders, one for each kind of event. They know the service's JSON, not what the agent says.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from local.bedrock.streaming import StreamError, StreamEvent
from local.lambdas.functions import Answer

_CONTINUATION = range(0x80, 0xC0)
"""The bytes inside a character's UTF-8."""


@dataclass(frozen=True)
class AgentRequest:
    """What InvokeAgent was asked."""

    agent_id: str
    alias_id: str
    session_id: str
    input_text: str
    session_attributes: Mapping[str, str]
    prompt_session_attributes: Mapping[str, str]
    enable_trace: bool
    stream_final_response: bool

    def with_session_attributes(self, attributes: Mapping[str, str]) -> "AgentRequest":
        """The same request after a tool has changed the session's attributes."""
        return replace(self, session_attributes=attributes)


@dataclass(frozen=True)
class ToolAnswer:
    """What an action group's Lambda answered."""

    text: str
    state: str | None
    """None, FAILURE or REPROMPT."""
    session_attributes: Mapping[str, str]


def trace(request: AgentRequest, step: Mapping[str, object], event_time: str) -> StreamEvent:
    """A step of the orchestration; `event_time` is ISO 8601."""
    return StreamEvent(
        "trace",
        {
            "agentId": request.agent_id,
            "agentAliasId": request.alias_id,
            "agentVersion": "1",
            "sessionId": request.session_id,
            "eventTime": event_time,
            "callerChain": [],
            "trace": {"orchestrationTrace": step},
        },
    )


def rationale(trace_id: str, text: str) -> dict[str, object]:
    return {"rationale": {"traceId": trace_id, "text": text}}


def invocation_input(trace_id: str, action_group: str, function: str) -> dict[str, object]:
    call = {"actionGroupName": action_group, "executionType": "LAMBDA", "function": function, "parameters": []}
    return {
        "invocationInput": {
            "traceId": trace_id,
            "invocationType": "ACTION_GROUP",
            "actionGroupInvocationInput": call,
        }
    }


def observation(trace_id: str, answer: ToolAnswer) -> dict[str, object]:
    """A tool's answer as the agent sees it."""
    if answer.state == "REPROMPT":
        response = {"source": "ACTION_GROUP", "text": answer.text}
        return {"observation": {"traceId": trace_id, "type": "REPROMPT", "repromptResponse": response}}
    output = {"text": answer.text}
    return {"observation": {"traceId": trace_id, "type": "ACTION_GROUP", "actionGroupInvocationOutput": output}}


def final_response(trace_id: str, text: str) -> dict[str, object]:
    return {"observation": {"traceId": trace_id, "type": "FINISH", "finalResponse": {"text": text}}}


def chunk(data: bytes) -> StreamEvent:
    return StreamEvent("chunk", {"bytes": base64.b64encode(data).decode()})


def pieces(text: str, size: int) -> Iterator[bytes]:
    """The text's UTF-8 in pieces of about `size` bytes, cut inside a character wherever one of several bytes is near.

    The service may cut anywhere, so a reader of the local stream must decode as carefully as in the cloud.
    """
    data = text.encode()
    start = 0
    while start < len(data):
        near = range(start + size, min(start + size + size // 2, len(data)))
        end = next((cut for cut in near if data[cut] in _CONTINUATION), start + size)
        yield data[start:end]
        start = end


def action_group_event(request: AgentRequest, action_group: str, function: str) -> dict[str, object]:
    """The event of a function-style action group, as its Lambda receives it."""
    return {
        "messageVersion": "1.0",
        "agent": {"name": "scripted", "id": request.agent_id, "alias": request.alias_id, "version": "1"},
        "inputText": request.input_text,
        "sessionId": request.session_id,
        "actionGroup": action_group,
        "function": function,
        "parameters": [],
        "sessionAttributes": dict(request.session_attributes),
        "promptSessionAttributes": dict(request.prompt_session_attributes),
    }


def tool_answer(answer: Answer, function: str) -> ToolAnswer:
    """The Lambda's answer, read as strictly as the service reads it.

    FAILURE, a failed invocation and an answer of another shape all end the stream (AWS, "Lambda functions for
    action groups": FAILURE makes the agent throw a DependencyFailedException for the session).
    """
    try:
        if answer.failed:
            raise TypeError(json.loads(answer.payload)["errorMessage"])
        body = json.loads(answer.payload)
        called = body["response"]["functionResponse"]
        text = called["responseBody"]["TEXT"]["body"]
        if not isinstance(text, str):
            raise TypeError("responseBody.TEXT.body is no string")
    except (KeyError, TypeError, ValueError) as error:
        message = f"The server encountered an error processing the Lambda response of {function}: {error}"
        raise StreamError("dependencyFailedException", message) from error
    if called.get("responseState") == "FAILURE":
        raise StreamError("dependencyFailedException", f"{function} answered FAILURE: {text}")
    return ToolAnswer(text, called.get("responseState"), body.get("sessionAttributes") or {})
