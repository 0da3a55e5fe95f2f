"""How a push is measured: what came when is read from bare bytes, and every event counts once."""

import asyncio
import struct
from random import Random

import pytest

from tests.benchmarks.push.clients import Subscriber, latencies
from tests.benchmarks.push.workers import STEPS, Script, stamp


def frame(text: str) -> bytes:
    """A server's text frame."""
    payload = text.encode()
    if len(payload) < 126:
        return bytes((0x81, len(payload))) + payload
    if len(payload) < 2**16:
        return bytes((0x81, 126)) + struct.pack("!H", len(payload)) + payload
    return bytes((0x81, 127)) + struct.pack("!Q", len(payload)) + payload


@pytest.mark.parametrize("piece", [1, 7, 1_000, 1_000_000])
async def test_a_message_has_arrived_with_its_last_byte(piece: int) -> None:
    """However the connection cuts them, and of whatever length they are."""
    subscriber = Subscriber("127.0.0.1", "key", ["a session"])
    subscriber.acknowledged.set_result(None)
    texts = ["short", "ünïcode", "x" * 300, "y" * 70_000 if piece > 7 else "y"]
    received = b"".join(map(frame, texts))
    for start in range(0, len(received), piece):
        subscriber.data_received(received[start : start + piece])
    arrived = list(subscriber.arrivals())
    assert [text for _, text in arrived] == texts
    assert [at for at, _ in arrived] == sorted(at for at, _ in arrived)
    if piece == 1:
        assert len({at for at, _ in arrived}) == len(texts)


async def test_half_a_message_has_not_arrived() -> None:
    subscriber = Subscriber("127.0.0.1", "key", ["a session"])
    subscriber.acknowledged.set_result(None)
    subscriber.data_received(frame("whole") + frame("never whole")[:-1])
    assert [text for _, text in subscriber.arrivals()] == ["whole"]


async def test_a_server_that_closes_instead_of_starting_is_noticed() -> None:
    subscriber = Subscriber("127.0.0.1", "key", ["a session"])
    subscriber.connection_lost(None)
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(subscriber.acknowledged, 5)


def test_an_event_counts_when_it_is_seen_first() -> None:
    """A poller reads the same log again and again; each event is told of each client."""
    first = [(3_000_000, "@s1000000; @c2000000;x"), (9_000_000, "@s1000000; @c2000000;x@c5000000;y")]
    second = [(4_000_000, "@s1000000;")]
    assert latencies([iter(first), iter(second)]) == {"s": [[2.0, 3.0]], "c": [[1.0], [4.0]]}
    assert latencies([iter([(2_500_000_000, stamp("s", 2.0))])]) == {"s": [[500.0]], "c": []}


def test_an_error_in_an_updates_place_ends_the_measurement() -> None:
    with pytest.raises(RuntimeError, match="an error arrived"):
        latencies([iter([(1, '{"errors":[]}')])])


def test_a_script_stays_within_its_time_and_the_agents_steps() -> None:
    random = Random(1)  # noqa: S311 - for the same scripts each time
    for _ in range(50):
        script = Script.of(seconds=8, statuses=len(STEPS), chunks=60, random=random)
        moments = [*script.statuses, *script.chunks]
        assert len(moments) == len(STEPS) + 60
        assert min(moments) > 0
        assert max(moments) < 8.3
