"""One turn of the scripted model: what it says or calls, and the events in which it is streamed.

Pure. The service cuts where it likes, so the local one cuts into odd pieces: a reader that works with these works
with the service's. `model` decides what a turn is and waits between the events.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

from local.bedrock.converse import wire
from local.bedrock.converse.request import ToolUse
from local.bedrock.converse.wire import Usage
from local.bedrock.streaming import StreamEvent

PIECE_LENGTH = 13
"""Characters of a text's piece. Text travels as JSON, so a piece ends between characters."""

_NO_INPUT = ("", "{", "}")
"""The input of a tool without parameters. The service, too, may begin with an empty piece."""


@dataclass(frozen=True)
class Step:
    """An event, and how long to wait before it."""

    pause: float
    event: StreamEvent


@dataclass(frozen=True)
class Call:
    """The model thinks, then asks for a tool."""

    thought: str
    tool_use: ToolUse

    @property
    def length(self) -> int:
        return len(self.thought) + len(self.tool_use.name)

    def steps(self, seconds: float) -> Iterator[Step]:
        """The thoughts and the call take half the time each."""
        thinking = pieces(self.thought)
        for piece in thinking:
            yield Step(seconds / 2 / len(thinking), wire.reasoning(0, piece))
        yield Step(0, wire.signature(0, signature_of(self.thought)))
        yield Step(0, wire.block_stop(0))
        yield Step(0, wire.tool_use_start(1, self.tool_use.id, self.tool_use.name))
        for piece in _NO_INPUT:
            yield Step(seconds / 2 / len(_NO_INPUT), wire.tool_input(1, piece))
        yield Step(0, wire.block_stop(1))
        yield Step(0, wire.message_stop("tool_use"))


@dataclass(frozen=True)
class Closing:
    """The model's last words."""

    text: str

    @property
    def length(self) -> int:
        return len(self.text)

    def steps(self, seconds: float) -> Iterator[Step]:
        """The text takes the whole time."""
        said = pieces(self.text)
        for piece in said:
            yield Step(seconds / len(said), wire.text(0, piece))
        yield Step(0, wire.block_stop(0))
        yield Step(0, wire.message_stop("end_turn"))


Turn = Call | Closing


def steps(turn: Turn, usage: Usage, seconds: float) -> Iterator[Step]:
    """The whole stream of a turn that takes so many seconds."""
    yield Step(0, wire.message_start())
    yield from turn.steps(seconds)
    yield Step(0, wire.metadata(usage, round(seconds * 1000)))


def pieces(text: str) -> list[str]:
    """The text in pieces of at most PIECE_LENGTH characters."""
    return [text[start : start + PIECE_LENGTH] for start in range(0, len(text), PIECE_LENGTH)]


def signature_of(thought: str) -> str:
    """The signature of a reasoning text. The model refuses it with any other text."""
    return b64encode(hashlib.sha256(f"signed: {thought}".encode()).digest()).decode()
