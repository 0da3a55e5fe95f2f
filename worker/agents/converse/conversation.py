"""A conversation with a model, in the form that Converse takes and in the form that is saved.

Pure. The messages are kept exactly as the model wrote them, signatures of its reasoning included, for a service
refuses messages that were changed. All results of a turn's tool calls are in one message, as Converse demands.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from worker.tools.call import ToolCall

Message = dict[str, Any]
"""One message in the shape of botocore's `bedrock-runtime` model."""

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
        return cls(_with_bytes(saved["messages"]))

    def saved(self) -> dict[str, object]:
        """The conversation as a JSON object."""
        return {"messages": _without_bytes(self.messages)}

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


def _without_bytes(value: Any) -> Any:  # noqa: ANN401 - any JSON, and bytes
    """The value with its bytes (redacted reasoning) in base64."""
    if isinstance(value, bytes):
        return {_BASE64: base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {name: _without_bytes(inner) for name, inner in value.items()}
    return [_without_bytes(inner) for inner in value] if isinstance(value, list) else value


def _with_bytes(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        if value.keys() == {_BASE64}:
            return base64.b64decode(value[_BASE64])
        return {name: _with_bytes(inner) for name, inner in value.items()}
    return [_with_bytes(inner) for inner in value] if isinstance(value, list) else value
