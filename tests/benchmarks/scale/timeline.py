"""The events of a simulation, in the order of their times."""

import heapq
import itertools
from collections.abc import Callable, Iterator


class Timeline:
    """Events by their time, in seconds from the start; those of the same time in the order in which they were put."""

    def __init__(self) -> None:
        self.now = 0.0
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (self.now + seconds, next(self._numbers), what))

    def at(self, seconds: float, what: Callable[[], None]) -> None:
        """Add an event at this time, or now if the time has passed."""
        self.after(max(0.0, seconds - self.now), what)

    def until(self, end: float) -> Iterator[Callable[[], None]]:
        """The events before `end`, one by one. The caller runs each."""
        while self._queue and self._queue[0][0] < end:
            self.now, _, what = heapq.heappop(self._queue)
            yield what
