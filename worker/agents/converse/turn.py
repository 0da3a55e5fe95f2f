"""One turn of the model, put together from the pieces of its stream.

Pure: it is fed one event of ConverseStream at a time and yields agent events as soon as it can tell what they are.
Shapes are those of botocore's `bedrock-runtime` model. An event or a piece of a kind that is not known is skipped.

A model writes text before it calls a tool and at the end. Which of the two it is shows only when the turn goes on, so
text is kept until then: text before a call is told as reasoning. Once every tool has answered, the turn is `live`:
its text is the final answer and is told as it comes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from schema.statuses import AgentEventType
from worker.agents.converse import wire
from worker.agents.events import AgentEvent, ModelUsage
from worker.tools.call import ToolCall

PARAGRAPH = "\n\n"
"""Reasoning is told in paragraphs: a model may think for a minute before its block ends."""


@dataclass(slots=True)
class _Block:
    """A content block that grows."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)
    redacted: bytes = b""
    tool_use: Mapping[str, Any] | None = None
    arguments: list[str] = field(default_factory=list)

    def content(self) -> dict[str, object] | None:
        """The block as it goes back to the model; None for one that the service would refuse: a blank text."""
        if self.tool_use is not None:
            use = {"toolUseId": self.tool_use["toolUseId"], "name": self.tool_use["name"]}
            return {"toolUse": {**use, "input": self.call().arguments or {}}}
        if self.redacted:
            return {"reasoningContent": {"redactedContent": self.redacted}}
        reasoning, signature = "".join(self.reasoning), "".join(self.signature)
        if reasoning or signature:  # a block may carry a signature only
            thought = {"text": reasoning} | ({"signature": signature} if signature else {})
            return {"reasoningContent": {"reasoningText": thought}}
        text = "".join(self.text)
        return {"text": text} if text.strip() else None

    def call(self) -> ToolCall:
        if self.tool_use is None:
            raise TypeError("this block calls no tool")
        return ToolCall(self.tool_use["toolUseId"], self.tool_use["name"], _json_object("".join(self.arguments)))


class Turn:
    """A turn that is being streamed."""

    def __init__(self, model_id: str, *, live: bool) -> None:
        self._model_id = model_id
        self._live = live
        self._blocks: dict[int, _Block] = {}
        self._kept: list[str] = []
        """Text of which it is not known yet whether a tool call follows."""
        self._thought = ""
        """Reasoning that has not been told."""
        self.stop_reason: str | None = None
        """None until the model has stopped."""

    def take(self, event: Mapping[str, Any]) -> Iterator[AgentEvent | ModelUsage]:
        """What one event of the stream amounts to."""
        for kind, body in event.items():
            match kind:
                case "contentBlockStart":
                    yield from self._started(body)
                case "contentBlockDelta":
                    yield from self._grown(self._block(body), body["delta"])
                case "contentBlockStop":
                    yield from self._told_thought()
                case "messageStop":
                    yield from self._stopped(body["stopReason"])
                case "metadata":
                    yield wire.model_usage(self._model_id, body.get("usage") or {})

    def content(self) -> list[dict[str, object]]:
        """The turn as a message's content."""
        blocks = [self._blocks[index].content() for index in sorted(self._blocks)]
        return [block for block in blocks if block is not None]

    def calls(self) -> list[ToolCall]:
        """The tools that the model calls, in its order."""
        return [self._blocks[index].call() for index in sorted(self._blocks) if self._blocks[index].tool_use]

    def text(self) -> str:
        """What the model said, without its reasoning."""
        return "".join("".join(self._blocks[index].text) for index in sorted(self._blocks)).strip()

    def _block(self, body: Mapping[str, Any]) -> _Block:
        return self._blocks.setdefault(body["contentBlockIndex"], _Block())

    def _started(self, body: Mapping[str, Any]) -> Iterator[AgentEvent]:
        if use := body["start"].get("toolUse"):
            self._block(body).tool_use = use
            yield from self._told_kept(AgentEventType.REASONING)

    def _grown(self, block: _Block, delta: Mapping[str, Any]) -> Iterator[AgentEvent]:
        if text := delta.get("text"):
            block.text.append(text)
            self._kept.append(text)
            if self._live:
                yield from self._told_kept(AgentEventType.CHUNK)
        if use := delta.get("toolUse"):
            block.arguments.append(use.get("input") or "")
        if reasoning := delta.get("reasoningContent"):
            block.reasoning.append(reasoning.get("text") or "")
            block.signature.append(reasoning.get("signature") or "")
            block.redacted += reasoning.get("redactedContent") or b""
            *paragraphs, self._thought = (self._thought + (reasoning.get("text") or "")).split(PARAGRAPH)
            for paragraph in paragraphs:
                yield from _reasoned(paragraph)

    def _stopped(self, reason: str) -> Iterator[AgentEvent]:
        self.stop_reason = reason
        yield from self._told_thought()
        calls = reason == "tool_use" or any(block.tool_use for block in self._blocks.values())
        yield from self._told_kept(AgentEventType.REASONING if calls else AgentEventType.CHUNK)

    def _told_kept(self, type_: AgentEventType) -> Iterator[AgentEvent]:
        text = "".join(self._kept)
        self._kept.clear()
        if text.strip() or (text and type_ is AgentEventType.CHUNK):  # white space counts in the midst of an answer
            yield AgentEvent(type_, text if type_ is AgentEventType.CHUNK else text.strip())

    def _told_thought(self) -> Iterator[AgentEvent]:
        yield from _reasoned(self._thought)
        self._thought = ""


def _reasoned(text: str) -> Iterator[AgentEvent]:
    if text := text.strip():
        yield AgentEvent(AgentEventType.REASONING, text)


def _json_object(text: str) -> Mapping[str, object] | None:
    """The object that the pieces of a tool's input make; a tool without parameters may get no piece at all."""
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
