"""A clock for the worker's parts that moves only when a test or a wait moves it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from worker.timing.clock import Timing

BEGIN = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@dataclass
class World:
    """A clock that moves when somebody waits."""

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
