"""The events of ConverseStream's answer in the service's shapes.

Pure builders, one for each event. They know the JSON, not what the model says. The scripted model calls them,
and so do tests that play a model of their own.
"""

import base64
from dataclasses import dataclass

from local.bedrock.streaming import StreamEvent


@dataclass(frozen=True)
class Usage:
    """The tokens of one call, as Bedrock counts them: those read from or written to the cache are counted apart."""

    input: int
    output: int
    cache_read: int = 0
    cache_write: int = 0


def message_start() -> StreamEvent:
    return StreamEvent("messageStart", {"role": "assistant"})


def tool_use_start(index: int, tool_use_id: str, name: str) -> StreamEvent:
    """The start of a tool's call. Blocks of text and of reasoning have no start event."""
    start = {"toolUse": {"toolUseId": tool_use_id, "name": name}}
    return StreamEvent("contentBlockStart", {"contentBlockIndex": index, "start": start})


def text(index: int, piece: str) -> StreamEvent:
    return _delta(index, {"text": piece})


def tool_input(index: int, piece: str) -> StreamEvent:
    """A piece of the JSON text of a tool's input; only all pieces together are JSON."""
    return _delta(index, {"toolUse": {"input": piece}})


def reasoning(index: int, piece: str) -> StreamEvent:
    return _delta(index, {"reasoningContent": {"text": piece}})


def signature(index: int, value: str) -> StreamEvent:
    """The signature of the block's reasoning; it comes after the text."""
    return _delta(index, {"reasoningContent": {"signature": value}})


def redacted(index: int, data: bytes) -> StreamEvent:
    """Reasoning that the service encrypted."""
    return _delta(index, {"reasoningContent": {"redactedContent": base64.b64encode(data).decode()}})


def block_stop(index: int) -> StreamEvent:
    return StreamEvent("contentBlockStop", {"contentBlockIndex": index})


def message_stop(stop_reason: str) -> StreamEvent:
    return StreamEvent("messageStop", {"stopReason": stop_reason})


def metadata(usage: Usage, latency_ms: int) -> StreamEvent:
    """The stream's last event."""
    counts = {
        "inputTokens": usage.input,
        "outputTokens": usage.output,
        "totalTokens": usage.input + usage.output + usage.cache_read + usage.cache_write,
        "cacheReadInputTokens": usage.cache_read,
        "cacheWriteInputTokens": usage.cache_write,
    }
    return StreamEvent("metadata", {"usage": counts, "metrics": {"latencyMs": latency_ms}})


def _delta(index: int, delta: dict[str, object]) -> StreamEvent:
    return StreamEvent("contentBlockDelta", {"contentBlockIndex": index, "delta": delta})
