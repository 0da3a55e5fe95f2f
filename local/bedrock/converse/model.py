"""The scripted model: it asks for the five tools in the order of the workflow, then sums up what they answered.

It keeps nothing between two calls: a turn follows from the request's messages. It uses no model of a language, and
runs no tool: its caller does. `api` serves it.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from local.bedrock import script
from local.bedrock.answer_text import fields, reason
from local.bedrock.converse.request import (
    ConverseRequest,
    Message,
    OtherBlock,
    Reasoning,
    ToolUse,
    ValidationError,
)
from local.bedrock.converse.turn import Call, Closing, Turn, signature_of, steps
from local.bedrock.converse.wire import Usage
from local.bedrock.streaming import StreamEvent
from schema.statuses import Tool

MODEL_ID = "scopesmith.scripted-v1"

CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class ScriptedModel:
    """A model that knows the tools by the names of their functions."""

    functions: Mapping[Tool, str]
    pace: float
    """Seconds for a turn."""
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    def respond(self, request: ConverseRequest) -> AsyncGenerator[StreamEvent, None]:
        """The next turn's stream; ValidationError when the model's own reasoning did not come back as it was."""
        check_reasoning(request.messages)
        turn = next_turn(request, self.functions)
        return self._events(turn, usage(request, turn))

    async def _events(self, turn: Turn, tokens: Usage) -> AsyncGenerator[StreamEvent, None]:
        for step in steps(turn, tokens, self.pace):
            if step.pause:
                await self.sleep(step.pause)
            yield step.event


@dataclass
class _Past:
    """What the tools have answered so far."""

    answers: dict[Tool, Mapping[str, object]] = field(default_factory=dict)
    refusals: dict[Tool, list[str]] = field(default_factory=dict)


def next_turn(request: ConverseRequest, functions: Mapping[Tool, str]) -> Turn:
    """What the model does next: the first offered tool without an answer, or the closing words."""
    past = _past(request.messages, {function: tool for tool, function in functions.items()})
    for tool, function in functions.items():
        if tool in past.answers or function not in request.tools:
            continue
        refusals = past.refusals.get(tool, [""])
        if len(past.refusals.get(tool, [])) == script.TRIES:
            return Closing(script.giving_up(tool, refusals[-1]))
        thought = " ".join(script.thoughts(tool, past.answers, refusals[-1]))
        return Call(thought, ToolUse(f"tooluse_{request.digest[:22]}", function))
    return Closing(script.closing(past.answers, {}))


def usage(request: ConverseRequest, turn: Turn) -> Usage:
    """The turn's tokens, four characters each. The first turn writes the prefix to the cache, later ones read it."""
    prefix, messages, output = (
        -(-length // CHARACTERS_PER_TOKEN) for length in (request.prefix_length, request.messages_length, turn.length)
    )
    if not request.has_cache_point:
        return Usage(prefix + messages, output)
    if len(request.messages) == 1:
        return Usage(messages, output, cache_write=prefix)
    return Usage(messages, output, cache_read=prefix)


def check_reasoning(messages: tuple[Message, ...]) -> None:
    """Raise ValidationError unless each of the model's calls comes back with the reasoning before it, unchanged."""
    for place, message in enumerate(messages):
        where = f"The model returned the following errors: messages.{place}.content"
        for number, block in enumerate(message.blocks):
            if isinstance(block, Reasoning) and block.signature != signature_of(block.text):
                raise ValidationError(f"{where}.{number}: Invalid `signature` in `thinking` block")
        if message.tool_uses() and not isinstance(message.blocks[0], Reasoning | OtherBlock):
            raise ValidationError(f"{where}.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.")


def _past(messages: tuple[Message, ...], tools: Mapping[str, Tool]) -> _Past:
    past = _Past()
    called = {call.id: tools.get(call.name) for message in messages for call in message.tool_uses()}
    for result in (result for message in messages for result in message.tool_results()):
        tool = called[result.id]
        if tool is None:
            continue
        if result.failed:
            past.refusals.setdefault(tool, []).append(reason(result.text))
        else:
            past.answers[tool] = fields(result.text)
    return past
