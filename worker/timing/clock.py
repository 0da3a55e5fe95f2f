"""Time and chance, as far as the worker needs them: the real ones here, others in a test.

A run, a claim and the failure path are given a `Timing` and ask no clock by themselves; the entries, `worker.handler`
and `worker.failure.handler`, pass the real one.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Timing:
    """What waiting needs from the world."""

    clock: Callable[[], float]
    """Monotonic seconds."""
    now: Callable[[], datetime]
    """The time of day, aware."""
    sleep: Callable[[float], object]
    random: Callable[[], float]
    """Numbers of [0, 1)."""


TIMING = Timing(
    clock=time.monotonic, now=lambda: datetime.now(UTC), sleep=time.sleep, random=random.SystemRandom().random
)
"""The real clocks."""
