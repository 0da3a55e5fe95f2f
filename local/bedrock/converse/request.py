"""ConverseStream's request, parsed once into typed values.

It refuses what is wrong with a field by itself, in the service's words; what is wrong between messages is
`conversation`'s. `api` calls it.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")

_ROLES = ("user", "assistant")


class ValidationError(Exception):
    """The service refuses the request; the message is its own."""


@dataclass(frozen=True)
class Text:
    """A block of text."""

    text: str


@dataclass(frozen=True)
class Reasoning:
    """A block of reasoning. The service signs it, so that it recognises its own text."""

    text: str
    signature: str


@dataclass(frozen=True)
class ToolUse:
    """A model's call of a tool."""

    id: str
    name: str


@dataclass(frozen=True)
class ToolResult:
    """The caller's answer to a tool's call."""

    id: str
    failed: bool
    text: str
    """The texts and JSON of the content, joined by line breaks."""


@dataclass(frozen=True)
class OtherBlock:
    """A block whose content is not used here, such as a cache point."""

    kind: str


Block = Text | Reasoning | ToolUse | ToolResult | OtherBlock


@dataclass(frozen=True)
class Message:
    """One message of the conversation."""

    role: str
    blocks: tuple[Block, ...]

    def tool_uses(self) -> list[ToolUse]:
        return [block for block in self.blocks if isinstance(block, ToolUse)]

    def tool_results(self) -> list[ToolResult]:
        return [block for block in self.blocks if isinstance(block, ToolResult)]


@dataclass(frozen=True)
class ConverseRequest:
    """What ConverseStream was asked."""

    messages: tuple[Message, ...]
    tools: tuple[str, ...]
    """The names of the tools that the model may call."""
    has_cache_point: bool
    """Whether the tools or the system prompt end with one."""
    prefix_length: int
    """Characters of the tools and the system prompt, which the cache may hold."""
    messages_length: int
    digest: str
    """Different for each conversation and each turn of it."""


def parse(body: object) -> ConverseRequest:
    """The request's JSON as typed values; ValidationError when the service would refuse a field of it."""
    request = _object(body, "the request")
    system = _list(request.get("system", []), "system")
    tools = _list(_object(request.get("toolConfig", {"tools": []}), "toolConfig").get("tools"), "toolConfig.tools")
    messages = _list(request.get("messages", []), "messages")
    _check_max_tokens(_object(request.get("inferenceConfig", {}), "inferenceConfig"))
    written = json.dumps(messages)
    return ConverseRequest(
        messages=tuple(_message(message, f"messages.{place}") for place, message in enumerate(messages)),
        tools=tuple(_tool_names(tools)),
        has_cache_point=any("cachePoint" in block for block in (*tools, *system)),
        prefix_length=len(json.dumps([tools, system])),
        messages_length=len(written),
        digest=hashlib.sha256(written.encode()).hexdigest(),
    )


def _check_max_tokens(inference: Mapping[str, Any]) -> None:
    value = inference.get("maxTokens", 1)
    if not isinstance(value, int) or value < 1:
        raise ValidationError(
            f"1 validation error detected: Value '{value}' at 'inferenceConfig.maxTokens' failed to satisfy "
            "constraint: Member must have value greater than or equal to 1"
        )


def _tool_names(tools: Sequence[Any]) -> Iterator[str]:
    for place, tool in enumerate(tools):
        if "toolSpec" not in tool:
            continue
        where = f"toolConfig.tools.{place}.toolSpec"
        specification = _object(tool["toolSpec"], where)
        name = specification.get("name")
        if not isinstance(name, str) or not _TOOL_NAME.fullmatch(name):
            raise ValidationError(f"Value '{name}' at '{where}.name' must match the pattern {_TOOL_NAME.pattern}")
        schema = _object(_object(specification.get("inputSchema"), f"{where}.inputSchema").get("json"), where)
        if schema.get("type") != "object":
            raise ValidationError(f"The value at {where}.inputSchema.json.type must be one of the following: object.")
        yield name


def _message(message: object, where: str) -> Message:
    fields = _object(message, where)
    role = fields.get("role")
    if role not in _ROLES:
        raise ValidationError(f"Value '{role}' at '{where}.role' must be one of {', '.join(_ROLES)}")
    content = _list(fields.get("content"), f"{where}.content")
    if not content:
        raise ValidationError(
            f"The content field in the Message object at {where} is empty. Add a ContentBlock object to the content "
            "field and try again."
        )
    return Message(
        role, tuple(_block(_object(block, where), f"{where}.content.{place}") for place, block in enumerate(content))
    )


def _block(block: Mapping[str, Any], where: str) -> Block:
    if len(block) != 1:
        raise ValidationError(f"The ContentBlock object at {where} must set exactly one key, not {sorted(block)}.")
    [(kind, value)] = block.items()
    match kind:
        case "text":
            return Text(_text(value, where))
        case "reasoningContent":
            return _reasoning(_object(value, where), where)
        case "toolUse":
            return _tool_use(_object(value, where), where)
        case "toolResult":
            return _tool_result(_object(value, where), where)
        case _:
            return OtherBlock(kind)


def _reasoning(value: Mapping[str, Any], where: str) -> Block:
    if "reasoningText" not in value:
        return OtherBlock("redactedContent")
    found = _object(value["reasoningText"], where)
    if "signature" not in found:
        raise ValidationError(
            f"The model returned the following errors: {where}.thinking.signature: Field required",
        )
    return Reasoning(found.get("text", ""), found["signature"])


def _tool_use(value: Mapping[str, Any], where: str) -> ToolUse:
    _json_object(value.get("input"), f"{where}.toolUse.input")
    return ToolUse(_string(value, "toolUseId", where), _string(value, "name", where))


def _tool_result(value: Mapping[str, Any], where: str) -> ToolResult:
    content = _list(value.get("content"), f"{where}.toolResult.content")
    failed = value.get("status") == "error"
    if failed and not content:
        raise ValidationError(
            f"The content field at {where}.toolResult cannot be empty when status value is error. "
            "Add content and try again."
        )
    parts = []
    for place, part in enumerate(content):
        here = f"{where}.toolResult.content.{place}"
        parts.append(_text(part["text"], here) if "text" in part else json.dumps(_json_object(part.get("json"), here)))
    return ToolResult(_string(value, "toolUseId", where), failed, "\n".join(parts))


def _string(value: Mapping[str, Any], name: str, where: str) -> str:
    found = value.get(name)
    if not isinstance(found, str) or not found:
        raise ValidationError(f"The value at {where} must have the string {name}.")
    return found


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValidationError(
            f"The text field in the ContentBlock object at {where} is blank. Add text to the text field, and try again."
        )
    return value


def _json_object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValidationError(
            f"The format of the value at {where} is invalid. Provide a json object for the field and try again."
        )
    return value


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValidationError(f"The value at {where} must be an object.")
    return value


def _list(value: object, where: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ValidationError(f"The value at {where} must be a list.")
    return value
