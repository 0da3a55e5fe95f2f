"""The agent on one machine: it goes through the five tools in the order of the workflow and streams its answer.

It replaces a Bedrock agent: it reasons from what the tools answer, calls them as Bedrock calls an action group's
Lambda, and reports every step in Bedrock's shapes. It uses no model. `api` serves it.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from local.bedrock import script
from local.bedrock.answer_text import fields, reason
from local.bedrock.invoke_agent import wire
from local.bedrock.invoke_agent.wire import AgentRequest, ToolAnswer
from local.bedrock.streaming import StreamEvent
from local.lambdas.functions import Answer
from schema.statuses import Tool

CHUNK_BYTES = 48


@dataclass(frozen=True)
class ScriptedAgent:
    """An agent whose action groups call one Lambda."""

    functions: Mapping[Tool, str]
    """The function of each tool's action group."""
    call_tool: Callable[[bytes], Awaitable[Answer]]
    """Invokes the action groups' Lambda with an event."""
    pace: float
    """Seconds for a tool's part of the work, half of it thinking; the same for the final answer."""
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    def respond(self, request: AgentRequest) -> AsyncGenerator[StreamEvent, None]:
        """The completion stream; StreamError ends it, as an exception within the stream would."""
        return _Run(self, request).events()


class _Run:
    """One request, from the first tool to the final answer."""

    def __init__(self, agent: ScriptedAgent, request: AgentRequest) -> None:
        self._agent = agent
        self._request = request
        self._answers: dict[Tool, Mapping[str, object]] = {}
        self._refusal = ""
        self._steps = itertools.count()

    async def events(self) -> AsyncGenerator[StreamEvent, None]:
        for tool in self._agent.functions:
            async with aclosing(self._stage(tool)) as stage:
                async for event in stage:
                    yield event
            if tool not in self._answers:
                closing = script.giving_up(tool, self._refusal)
                break
        else:
            closing = script.closing(self._answers, self._request.prompt_session_attributes)
        async with aclosing(self._finish(closing)) as finish:
            async for event in finish:
                yield event

    async def _stage(self, tool: Tool) -> AsyncGenerator[StreamEvent, None]:
        """Think, call the tool, look at its answer; once more when it asks for a correction."""
        self._refusal = ""
        for _ in range(script.TRIES):
            trace_id = self._next_trace_id()
            thoughts = script.thoughts(tool, self._answers, self._refusal)
            for thought in thoughts:
                await self._agent.sleep(self._agent.pace / 2 / len(thoughts))
                yield self._trace(wire.rationale(trace_id, thought))
            yield self._trace(wire.invocation_input(trace_id, tool, self._agent.functions[tool]))
            await self._agent.sleep(self._agent.pace / 2)
            answer = await self._call(tool)
            yield self._trace(wire.observation(trace_id, answer))
            if answer.state is None:
                self._answers[tool] = fields(answer.text)
                return
            self._refusal = reason(answer.text)

    async def _call(self, tool: Tool) -> ToolAnswer:
        function = self._agent.functions[tool]
        event = wire.action_group_event(self._request, tool, function)
        answer = wire.tool_answer(await self._agent.call_tool(json.dumps(event).encode()), function)
        self._request = self._request.with_session_attributes(answer.session_attributes)
        return answer

    async def _finish(self, text: str) -> AsyncGenerator[StreamEvent, None]:
        final = self._trace(wire.final_response(self._next_trace_id(), text))
        if not self._request.stream_final_response:
            await self._agent.sleep(self._agent.pace)
            yield final
            yield wire.chunk(text.encode())
            return
        chunks = list(wire.pieces(text, CHUNK_BYTES))
        for data in chunks:
            await self._agent.sleep(self._agent.pace / len(chunks))
            yield wire.chunk(data)
        yield final

    def _next_trace_id(self) -> str:
        return f"step-{next(self._steps)}"

    def _trace(self, step: Mapping[str, object]) -> StreamEvent:
        return wire.trace(self._request, step, self._agent.now().isoformat())
