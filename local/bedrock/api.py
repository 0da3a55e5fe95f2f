"""The HTTP front of the scripted agent: InvokeAgent, answered as an event stream.

It checks what the service checks before it starts, and encodes what the agent yields. When the caller goes away the
agent is stopped in the middle of its script.
"""

import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from local.bedrock import encoding as eventstream
from local.bedrock.wire import AgentRequest, AgentStreamError, StreamEvent
from local.lambdas.api import error_response

PATH = "/agents/{agent}/agentAliases/{alias}/sessions/{session}/text"

_SESSION_ID = re.compile(r"[0-9a-zA-Z._:-]{2,100}")


@dataclass(frozen=True)
class AgentAddress:
    """Under which ids the agent is found."""

    agent_id: str
    alias_id: str


def add_routes(
    app: web.Application, address: AgentAddress, respond: Callable[[AgentRequest], AsyncGenerator[StreamEvent, None]]
) -> None:
    """Let `app` answer InvokeAgent for the agent at `address`."""

    async def invoke_agent(request: web.Request) -> web.StreamResponse:
        asked = AgentAddress(request.match_info["agent"], request.match_info["alias"])
        if asked != address:
            message = (
                f"Failed to retrieve resource because it doesn't exist: agent {asked.agent_id}, alias {asked.alias_id}"
            )
            return error_response(404, "ResourceNotFoundException", message)
        try:
            parsed = parse(asked, request.match_info["session"], await request.json())
        except (TypeError, ValueError) as error:
            return error_response(400, "ValidationException", str(error))
        return await _stream(request, parsed, respond(parsed))

    app.router.add_post(PATH, invoke_agent)


def parse(address: AgentAddress, session_id: str, body: Mapping[str, Any]) -> AgentRequest:
    """InvokeAgent's body as a request; ValueError or TypeError when the service would refuse it."""
    if not _SESSION_ID.fullmatch(session_id):
        raise ValueError(f"sessionId {session_id!r} must be 2 to 100 letters, digits and any of . _ : -")
    text = body.get("inputText")
    if not isinstance(text, str) or not text:
        raise ValueError("inputText must not be empty")
    state = body.get("sessionState") or {}
    return AgentRequest(
        agent_id=address.agent_id,
        alias_id=address.alias_id,
        session_id=session_id,
        input_text=text,
        session_attributes=dict(state.get("sessionAttributes") or {}),
        prompt_session_attributes=dict(state.get("promptSessionAttributes") or {}),
        enable_trace=bool(body.get("enableTrace")),
        stream_final_response=bool((body.get("streamingConfigurations") or {}).get("streamFinalResponse")),
    )


async def _stream(
    request: web.Request, asked: AgentRequest, events: AsyncGenerator[StreamEvent, None]
) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={
            "content-type": eventstream.CONTENT_TYPE,
            "x-amzn-bedrock-agent-content-type": "application/json",
            "x-amz-bedrock-agent-session-id": asked.session_id,
        }
    )
    response.enable_chunked_encoding()
    await response.prepare(request)
    with suppress(ConnectionResetError):  # the caller may go
        async with aclosing(events):
            await _write(response, events, with_traces=asked.enable_trace)
        await response.write_eof()
    return response


async def _write(response: web.StreamResponse, events: AsyncGenerator[StreamEvent, None], *, with_traces: bool) -> None:
    try:
        async for event in events:
            if with_traces or event.type != "trace":
                await response.write(eventstream.encode_event(event.type, event.payload))
    except AgentStreamError as error:
        await response.write(eventstream.encode_exception(error.exception_type, str(error)))
