"""An event loop whose clock jumps to the next timer instead of waiting: hours of asyncio in milliseconds."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

Value = TypeVar("Value")


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
