"""The state of a conversation, saved so that another run can continue it: a write-ahead log of its events.

A checkpoint holds the conversation and the events that had a number but were not known to be published. It is written
before they are published. So a run that takes over finds each event either in the session's log or here, and never in
both: those with a sequence above the log's last one are still to be told. Pure; `worker.run` makes and reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from schema.statuses import AgentEventType
from schema.usage import Usage
from worker.agents.events import AgentEvent
from worker.updates import NumberedEvent


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One saved state."""

    sequence: int
    """The sequence of the newest event before the conversation went on."""
    log: tuple[NumberedEvent, ...]
    """The newest events, up to `sequence`."""
    answered: bool
    """Whether the agent's final response is among the events so far."""
    usage: Usage
    """The session's total so far."""
    conversation: Mapping[str, object]
    """The adapter's own JSON object."""

    def untold(self, last_sequence: int) -> Sequence[AgentEvent]:
        """The events that the session's log does not have, which ends with `last_sequence`."""
        return [numbered.event for numbered in self.log if numbered.sequence > last_sequence]

    def to_json(self) -> dict[str, object]:
        """The checkpoint as a JSON object."""
        return {
            "sequence": self.sequence,
            "answered": self.answered,
            "usage": asdict(self.usage),
            "log": [
                {
                    "sequence": numbered.sequence,
                    "timestamp": numbered.timestamp,
                    "type": numbered.event.type.value,
                    "text": numbered.event.text,
                    "tool": numbered.event.tool,
                    "truncated": numbered.event.truncated,
                    "call_id": numbered.event.call_id,
                }
                for numbered in self.log
            ],
            "conversation": dict(self.conversation),
        }


def from_json(saved: Mapping[str, Any]) -> Checkpoint:
    """The checkpoint that `to_json` wrote."""
    return Checkpoint(
        sequence=saved["sequence"],
        log=tuple(_event(entry) for entry in saved["log"]),
        answered=saved["answered"],
        usage=Usage(**saved["usage"]),
        conversation=saved["conversation"],
    )


def _event(entry: Mapping[str, Any]) -> NumberedEvent:
    event = AgentEvent(
        AgentEventType(entry["type"]),
        entry["text"],
        entry["tool"],
        truncated=entry["truncated"],
        call_id=entry["call_id"],
    )
    return NumberedEvent(entry["sequence"], event, entry["timestamp"])
