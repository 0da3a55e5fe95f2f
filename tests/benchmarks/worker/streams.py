"""The streams that the worker's cost is measured on: the bytes of an agent's answers, as a connection gives them.

They are made up as they are read, so that neither side of a comparison holds them. `process` puts them behind a real
client of boto3; nothing here knows who reads them.
"""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from local.bedrock.converse import wire
from local.bedrock.encoding import encode_event
from local.bedrock.streaming import StreamEvent
from worker.agents.converse.stream import MAX_TOKENS, MAX_TURNS
from worker.agents.converse.turn import PARAGRAPH
from worker.tools.declarations import TOOLS

AGENTS, MODELS = "bedrock-agent-runtime", "bedrock-runtime"
"""The services, as boto3 names them."""

SESSION = "5c8d3c1e-2f5b-4a7e-9d57-0f6f0b1f7a11"

PIECE_BYTES = 48
"""Of text that comes in pieces."""

_PIECE_TOKENS = PIECE_BYTES // 4
"""By the rule of thumb of four characters a token."""

LONGEST = MAX_TURNS * MAX_TOKENS // _PIECE_TOKENS
"""Pieces of the longest conversation that a run can have with a model."""

_TURN_PIECES = 500
"""Of one turn, while a conversation has few enough turns."""

_PARAGRAPH_PIECES = 10

_READ_BYTES = 16_384
"""What one read of the connection gives."""

FUNCTIONS = tuple(declaration.function for declaration in TOOLS.values())

_USAGE = wire.Usage(input=1_200, output=400, cache_read=2_000)


@dataclass(frozen=True)
class Kind:
    """One kind of stream."""

    words: str
    service: str
    answers: Callable[[int], Sequence[Iterator[bytes]]]
    """The bodies with so many events together, one for each request in turn."""
    begins: bool = True
    """Whether a conversation begins with these answers; else all tools have answered before them."""


def _chunks(events: int) -> Sequence[Iterator[bytes]]:
    return [_read(_completion(map(_chunk, range(events))))]


def _steps(events: int) -> Sequence[Iterator[bytes]]:
    return [_read(_completion(map(_step, range(events))))]


def _answer(events: int) -> Sequence[Iterator[bytes]]:
    return [_read(_said(events))]


def _conversation(events: int) -> Sequence[Iterator[bytes]]:
    turns = min(MAX_TURNS, max(2, events // _TURN_PIECES))
    each = events // turns
    thoughts = [_read(_thought(each, place)) for place in range(turns - 1)]
    return [*thoughts, _read(_said(events - each * len(thoughts)))]


KINDS: Mapping[str, Kind] = {
    "answer": Kind(f"Converse, an answer in pieces of {PIECE_BYTES} B", MODELS, _answer, begins=False),
    "turns": Kind(f"Converse, turns that think in pieces of {PIECE_BYTES} B", MODELS, _conversation),
    "chunks": Kind(f"InvokeAgent, an answer in chunks of {PIECE_BYTES} B", AGENTS, _chunks),
    "steps": Kind("InvokeAgent, steps with a thought of 700 B", AGENTS, _steps),
}


def _read(messages: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes in pieces that a connection gives at a time."""
    piece = b""
    for message in messages:
        piece += message
        if len(piece) >= _READ_BYTES:
            yield piece
            piece = b""
    yield piece


def _completion(messages: Iterator[bytes]) -> Iterator[bytes]:
    """A Bedrock agent's answer, with its end."""
    yield from messages
    yield _trace({"observation": {"type": "FINISH", "finalResponse": {"text": "Done."}}})


def _chunk(place: int) -> bytes:
    return encode_event("chunk", {"bytes": base64.b64encode(_piece(place).encode()).decode()})


def _step(place: int) -> bytes:
    return _trace({"rationale": {"text": f"{place:07} " + "x" * 692, "traceId": f"{place}"}})


def _trace(step: dict[str, object]) -> bytes:
    return encode_event(
        "trace",
        {
            "agentId": "AGENT12345",
            "agentAliasId": "ALIAS12345",
            "sessionId": SESSION,
            "eventTime": "2026-11-22T10:30:00Z",
            "trace": {"orchestrationTrace": step},
        },
    )


def _said(pieces: int) -> Iterator[bytes]:
    """A model's last turn."""
    yield from _encoded(wire.message_start())
    for place in range(pieces):
        yield from _encoded(wire.text(0, _piece(place)))
    yield from _encoded(wire.block_stop(0), wire.message_stop("end_turn"), wire.metadata(_USAGE, latency_ms=900))


def _thought(pieces: int, turn: int) -> Iterator[bytes]:
    """A turn that thinks in paragraphs and calls one tool."""
    yield from _encoded(wire.message_start())
    for place in range(pieces):
        ends = (place + 1) % _PARAGRAPH_PIECES == 0
        yield from _encoded(wire.reasoning(0, _piece(place) + (PARAGRAPH if ends else "")))
    yield from _encoded(
        wire.signature(0, "c2lnbmVk"),
        wire.block_stop(0),
        wire.tool_use_start(1, f"call-{turn}", FUNCTIONS[turn % len(FUNCTIONS)]),
        wire.tool_input(1, "{}"),
        wire.block_stop(1),
        wire.message_stop("tool_use"),
        wire.metadata(_USAGE, latency_ms=900),
    )


def _encoded(*events: StreamEvent) -> Iterator[bytes]:
    return (encode_event(event.type, event.payload) for event in events)


def _piece(place: int) -> str:
    return f"{place:07} Drivers must see their tours on the way. "[:PIECE_BYTES]
