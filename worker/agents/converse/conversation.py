"""A conversation with a model, in the form that Converse takes and in the form that is saved.

Pure. The messages are kept exactly as the model wrote them, signatures of its reasoning included, for a service
refuses messages that were changed. All results of a turn's tool calls are in one message, as Converse demands.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from worker.tools.call import ToolCall

Message = dict[str, Any]
"""One message in the shape of botocore's `bedrock-runtime` model."""

_REDACTED = "redactedContent"
_BASE64 = "base64"


class Conversation:
    """The messages so far."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = list(messages)

    @classmethod
    def begun(cls, task: str) -> "Conversation":
        """A conversation that nobody has answered yet."""
        return cls([{"role": "user", "content": [{"text": task}]}])

    @classmethod
    def restored(cls, saved: Mapping[str, Any]) -> "Conversation":
        """The conversation that `saved` was made of."""
        return cls(_each(saved["messages"], _restored))

    def saved(self) -> dict[str, object]:
        """The conversation as a JSON object."""
        return {"messages": _each(self.messages, _saved)}

    @property
    def ended(self) -> bool:
        """Whether the model has said its last word."""
        return self.messages[-1]["role"] == "assistant" and not self.pending()

    def said(self, content: Sequence[Mapping[str, object]]) -> None:
        """Add the model's turn."""
        self.messages.append({"role": "assistant", "content": list(content)})

    def pending(self) -> list[ToolCall]:
        """The calls of the model's last turn that have no result yet, in its order."""
        assistant = next((message for message in reversed(self.messages) if message["role"] == "assistant"), None)
        if assistant is None:
            return []
        answered = {block["toolResult"]["toolUseId"] for block in self.messages[-1]["content"] if "toolResult" in block}
        uses = [block["toolUse"] for block in assistant["content"] if "toolUse" in block]
        return [
            ToolCall(use["toolUseId"], use["name"], use["input"]) for use in uses if use["toolUseId"] not in answered
        ]

    def answer(self, call: ToolCall, result: Mapping[str, object], *, failed: bool) -> None:
        """Add a tool's result to those of the turn."""
        if self.messages[-1]["role"] == "assistant":
            self.messages.append({"role": "user", "content": []})
        self.messages[-1]["content"].append(
            {
                "toolResult": {
                    "toolUseId": call.id,
                    "status": "error" if failed else "success",
                    "content": [{"json": dict(result)}],
                }
            }
        )


def _saved(block: Mapping[str, Any]) -> Mapping[str, Any]:
    """The block as JSON: redacted reasoning, the only bytes of a conversation, is in base64."""
    redacted = block.get("reasoningContent", {}).get(_REDACTED)
    if redacted is None:
        return block
    return {"reasoningContent": {_REDACTED: {_BASE64: base64.b64encode(redacted).decode()}}}


def _restored(block: Mapping[str, Any]) -> Mapping[str, Any]:
    redacted = block.get("reasoningContent", {}).get(_REDACTED)
    return block if redacted is None else {"reasoningContent": {_REDACTED: base64.b64decode(redacted[_BASE64])}}


def _each(messages: Sequence[Message], change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> list[Message]:
    return [{**message, "content": [change(block) for block in message["content"]]} for message in messages]
