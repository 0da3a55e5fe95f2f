"""A simulation's time: what is to happen when, and the one that happens next."""

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
        """Then, or at once when that is past."""
        self.after(max(0.0, seconds - self.now), what)

    def until(self, end: float) -> Iterator[Callable[[], None]]:
        """What happens before `end`, one by one, for the caller to let it."""
        while self._queue and self._queue[0][0] < end:
            self.now, _, what = heapq.heappop(self._queue)
            yield what
