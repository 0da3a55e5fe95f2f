"""When an audience has an update: its last subscriber decides, however the connections cut what they carry."""

import asyncio

import pytest

from tests.benchmarks.fan_out.audience import Audience, Listener, mark


def listening(audience: Audience) -> Listener:
    """A subscriber whose subscription has started."""
    one = Listener("127.0.0.1", "key", "a session", audience)
    one.acknowledged.set_result(None)
    return one


async def nobody(_: int) -> None:
    """Publishes nothing: the test says what arrives."""


@pytest.mark.parametrize("piece", [1, 5, 1_000])
async def test_an_update_is_heard_when_the_last_subscriber_has_it(piece: int) -> None:
    audience = Audience()
    audience.listeners = [listening(audience), listening(audience)]
    hearing = asyncio.create_task(audience.hears(7, nobody))
    await asyncio.sleep(0)
    frame = f"before {mark(7)} after".encode()
    for one in audience.listeners:
        assert not hearing.done()
        for start in range(0, len(frame), piece):
            one.data_received(frame[start : start + piece])
        await asyncio.sleep(0)
    await asyncio.wait_for(hearing, 5)


async def test_another_updates_mark_is_not_heard() -> None:
    audience = Audience()
    audience.listeners = [listening(audience)]

    async def publish(_: int) -> None:
        audience.listeners[0].data_received(mark(6).encode())

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(audience.hears(7, publish), 0.05)
