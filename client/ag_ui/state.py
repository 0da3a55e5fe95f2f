"""A session's state as AG-UI state: what a frontend has, what changed in it, and what it sends with its next run.

Pure. The state has the names and values of the API's `Session`, without what was submitted.
"""

from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ag_ui.core import BaseEvent, StateDeltaEvent, StateSnapshotEvent, TokenUsage

from client.session import State, Usage
from client.words import api_name

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True)
class Shown:
    """What earlier runs on the same thread have given to the frontend: a new run does not give it again.

    An AG-UI frontend appends to the messages that it has, so a repeated event would be shown twice. AG-UI also counts
    the tokens of each run for itself, while a session's usage counts all.
    """

    sequence: int = 0
    usage: Usage = field(default_factory=Usage)

    @classmethod
    def of(cls, state: object, session_id: str) -> "Shown":
        """Read it from the state that a frontend sends along; nothing when that is not this session's."""
        match state:
            case {
                "sessionId": str(session),
                "lastSequence": int(sequence),
                "usage": {"inputTokens": int(read), "outputTokens": int(written), "cacheReadInputTokens": int(cached)},
            } if session == session_id:
                return cls(max(0, sequence), Usage(read, written, cached))
        return cls()


class Snapshot:
    """The state as the frontend has it."""

    def __init__(self) -> None:
        self._held: dict[str, object] | None = None

    def changed(self, state: State, sequence: int) -> BaseEvent | None:
        """What brings the frontend to `state` and the event `sequence`, the last one that it was given."""
        held, new = self._held, _json_object(replace(state, last_sequence=sequence))
        self._held = new
        if held is None:
            return StateSnapshotEvent(snapshot=new)
        patch = [
            {"op": "replace", "path": f"/{name}", "value": value} for name, value in new.items() if value != held[name]
        ]
        return StateDeltaEvent.model_validate({"delta": patch}) if patch else None


def token_usage(state: State, shown: Usage) -> list[TokenUsage] | None:
    """The tokens since `shown`; None when there are none."""
    read = max(0, state.usage.read_tokens - shown.read_tokens)
    written = max(0, state.usage.output_tokens - shown.output_tokens)
    cached = max(0, state.usage.cache_read_input_tokens - shown.cache_read_input_tokens)
    if not (read or written):
        return None
    # AG-UI counts what was read from a cache among the input tokens.
    return [
        TokenUsage(
            input_tokens=read, output_tokens=written, total_tokens=read + written, cached_input_tokens=min(cached, read)
        )
    ]


def _json_object(value: "DataclassInstance") -> dict[str, object]:
    return {api_name(one.name): _json(getattr(value, one.name)) for one in fields(value)}


def _json(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return _json_object(value)
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value
