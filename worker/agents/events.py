"""What every agent adapter yields: agent events, steps of a conversation, and what the model read and wrote.

Here are also the two ways in which an agent fails. The module needs the standard library only, so you can test the
workflow without an agent service. `bounded` limits the length of an event's text before anything keeps it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from schema.limits import EVENT_TEXT_BYTES, TOOL_CALL_ID_LENGTH, TOOL_LENGTH
from schema.statuses import AgentEventType

EVENT_JSON_BYTES = 2 * EVENT_TEXT_BYTES
"""One event's text as JSON: room for a text of line breaks and quotes alone. Control characters take six bytes."""

_LONGEST_CHARACTER_BYTES = 4
_LONGEST_ESCAPE_BYTES = 6


@dataclass(frozen=True, slots=True)
class AgentEvent:
    """One thing the agent did or said."""

    type: AgentEventType
    text: str
    tool: str | None = None
    """The action group, for TOOL_CALL and TOOL_RESPONSE."""
    truncated: bool = False
    """Whether `text` is only the beginning of what the agent said."""
    call_id: str | None = None
    """The same for a tool's call and its response."""


@dataclass(frozen=True, slots=True)
class Step:
    """Events that happened together with a new state of the conversation.

    The run saves both in one object before it publishes the events. A run that takes over continues from there and
    tells only those of the events that were not published.
    """

    events: tuple[AgentEvent, ...]
    conversation: Mapping[str, object]
    """A JSON object that the adapter can continue from."""


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """Tokens of one call of a model, as the service counts them."""

    model_id: str
    """A model or inference profile; empty where the service does not say."""
    input_tokens: int
    """Without those that were read from the cache."""
    output_tokens: int
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0


AgentItem = AgentEvent | Step | ModelUsage


@dataclass(frozen=True, slots=True)
class AgentRequest:
    """One run of the agent over one session."""

    session_id: str
    run_id: str
    prompt: str
    attributes: tuple[tuple[str, str], ...] = ()
    """Small facts about the assessment that the agent may use in its prompts."""

    def conversation_id(self, attempt: int = 1) -> str:
        """The agent service's own session: a new one for each run and attempt, so that none inherits half a turn."""
        return f"{self.session_id}-{self.run_id}" + (f"-{attempt}" if attempt > 1 else "")


class AgentStream(Protocol):
    """A running agent. Iterated once, by one thread; it may be closed from any other."""

    def __iter__(self) -> Iterator[AgentItem]:
        """Yield what happens as it happens; raise AgentError when the agent can't go on."""
        ...

    def close(self) -> None:
        """Stop the agent: a blocked iteration wakes up and ends without an error."""
        ...


class AgentError(Exception):
    """The agent could not finish. The message is for a person: what happened, and what to do."""

    def __init__(self, message: str, code: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        """The agent service's own word for it."""
        self.detail = detail
        """The service's own message. It may name accounts and roles, so it is for the log alone."""


class AgentNotConfiguredError(AgentError):
    """No agent is set up, or it may not be used. The message names the setting to fix."""


def bounded(event: AgentEvent) -> AgentEvent:
    """The event with no longer a text than may travel, cut between characters and marked when it was longer.

    At most EVENT_TEXT_BYTES as UTF-8, and at most EVENT_JSON_BYTES as JSON; the tool's name is bounded likewise.
    """
    if event.tool is not None and len(event.tool) > TOOL_LENGTH:
        event = replace(event, tool=event.tool[:TOOL_LENGTH], truncated=True)
    if event.call_id is not None and len(event.call_id) > TOOL_CALL_ID_LENGTH:
        event = replace(event, call_id=event.call_id[:TOOL_CALL_ID_LENGTH])
    text = well_formed(event.text)
    if len(text) * _LONGEST_CHARACTER_BYTES > EVENT_TEXT_BYTES:
        text = text.encode()[:EVENT_TEXT_BYTES].decode(errors="ignore")
    if len(text) * _LONGEST_ESCAPE_BYTES > EVENT_JSON_BYTES:
        while (size := json_bytes(text)) > EVENT_JSON_BYTES:
            text = text[: len(text) * EVENT_JSON_BYTES // size]
    if text is event.text:
        return event
    return replace(event, text=text, truncated=event.truncated or len(text) < len(event.text))


def json_bytes(text: str) -> int:
    """How many bytes the text takes as a JSON string in UTF-8, its quotes included."""
    return len(json.dumps(text, ensure_ascii=False).encode())


def well_formed(text: str) -> str:
    r"""The text with lone surrogates replaced: JSON may carry them (`"\ud83d"`), UTF-8 may not."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
