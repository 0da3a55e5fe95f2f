"""The clocks, the sleep and the random source that the worker uses.

Runs and claims take a `Timing` and never ask a clock themselves. `worker.handler` and `worker.failure.handler` pass
the real one, `TIMING`; tests pass one of their own.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Timing:
    """All that code which waits needs from outside."""

    clock: Callable[[], float]
    """Monotonic seconds."""
    now: Callable[[], datetime]
    """The current time, as an aware datetime."""
    sleep: Callable[[float], object]
    random: Callable[[], float]
    """Returns a number in [0, 1)."""


TIMING = Timing(
    clock=time.monotonic, now=lambda: datetime.now(UTC), sleep=time.sleep, random=random.SystemRandom().random
)
"""The real clocks, sleep and random source."""
