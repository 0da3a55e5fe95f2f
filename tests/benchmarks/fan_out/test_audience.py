"""When an audience has an update: its last subscriber decides, however the connections cut what they carry."""

import asyncio

import pytest

from tests.benchmarks.fan_out.audience import Audience, Listener, mark


def listening(audience: Audience) -> Listener:
    """A subscriber whose subscription has started."""
    one = Listener("127.0.0.1", "key", "a session", audience)
    one.acknowledged.set_result(None)
    return one


@pytest.mark.parametrize("piece", [1, 5, 1_000])
async def test_an_update_is_heard_when_the_last_subscriber_has_it(piece: int) -> None:
    audience = Audience()
    audience.listeners = [listening(audience), listening(audience)]
    frame = f"before {mark(7)} after".encode()
    heard: list[str] = []

    async def publish(number: int) -> None:
        assert number == 7
        for name, one in zip("ab", audience.listeners, strict=True):
            for start in range(0, len(frame), piece):
                assert not done(heard)
                one.data_received(frame[start : start + piece])
                if mark(7).encode() in one.last:
                    break
            heard.append(name)

    await asyncio.wait_for(audience.hears(7, publish), 5)
    assert heard == ["a", "b"]


def done(heard: list[str]) -> bool:
    return len(heard) == 2


async def test_another_updates_mark_is_not_heard() -> None:
    audience = Audience()
    audience.listeners = [listening(audience)]

    async def publish(_: int) -> None:
        audience.listeners[0].data_received(mark(6).encode())

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(audience.hears(7, publish), 0.05)
