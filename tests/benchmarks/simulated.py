"""A clock for the worker's parts that passes when somebody waits, so that a benchmark does not."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from worker.timing.clock import Timing

_START = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@dataclass
class Clock:
    """`seconds` since the start of the simulation."""

    seconds: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def now(self) -> datetime:
        return _START + timedelta(seconds=self.seconds)

    @property
    def timing(self) -> Timing:
        return Timing(lambda: self.seconds, self.now, self.sleep, lambda: 0.5)
