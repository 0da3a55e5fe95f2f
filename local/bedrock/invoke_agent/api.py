"""The HTTP front of the scripted agent: InvokeAgent, answered as an event stream.

It checks what the service checks before it starts, and streams what the agent yields. `local.stack` adds it to the
services' server.
"""

import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from local.bedrock import streaming
from local.bedrock.invoke_agent.wire import AgentRequest
from local.bedrock.streaming import StreamEvent
from local.lambdas.api import error_response

PATH = "/agents/{agent}/agentAliases/{alias}/sessions/{session}/text"

_SESSION_ID = re.compile(r"[0-9a-zA-Z._:-]{2,100}")


@dataclass(frozen=True)
class AgentAddress:
    """The ids of the agent and its alias."""

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
        return await streaming.answer(request, _asked_for(parsed, respond(parsed)), _headers(parsed))

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


def _headers(asked: AgentRequest) -> dict[str, str]:
    return {
        "x-amzn-bedrock-agent-content-type": "application/json",
        "x-amz-bedrock-agent-session-id": asked.session_id,
    }


async def _asked_for(
    asked: AgentRequest, events: AsyncGenerator[StreamEvent, None]
) -> AsyncGenerator[StreamEvent, None]:
    """Leave the traces out unless the caller wants them."""
    async with aclosing(events):
        async for event in events:
            if asked.enable_trace or event.type != "trace":
                yield event
