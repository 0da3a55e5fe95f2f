"""Time that passes without waiting: a clock for the worker's parts, and an event loop for asyncio.

`World` moves when something sleeps on it. `simulate` runs asyncio on a loop that jumps to the next timer, so that
hours take milliseconds.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from worker.timing.clock import Timing

Value = TypeVar("Value")

BEGIN = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@dataclass
class World:
    """The worker's clock, in seconds since `BEGIN`."""

    seconds: float = 0.0

    def clock(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    @property
    def timing(self) -> Timing:
        return Timing(self.clock, self.now, self.sleep, random=lambda: 0.5)


class _SkippingSelector(selectors.DefaultSelector):
    """Never waits: it adds to the simulated clock what it should have waited."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "the simulation waits for something that never comes"
            self.now += max(timeout, 0)
        return ready


class SimulatedLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._skipping = _SkippingSelector()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now


def simulate(main: Coroutine[Any, Any, Value]) -> Value:
    """Run `main` to its end, from the time 0."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(main)


def now() -> float:
    """The simulated time, in seconds."""
    return asyncio.get_running_loop().time()
