"""What a simulation of scale counts: a session's own demand, each quota at work, and what came of a run.

Pure. `scale_model` fills them; nothing here knows in which order things happen.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field

from .scale_quotas import Kind, Quota

WINDOW = 10.0
"""Seconds over which a rate's demand is taken."""


@dataclass(frozen=True)
class Profile:
    """One session undisturbed: when the worker publishes, and what each publish writes."""

    seconds: float
    publishes: tuple[float, ...]
    units: float
    """Write units of a publish, the index's left out."""
    index_units: float
    """Likewise, of the index alone."""


@dataclass
class Meter:
    """One quota at work."""

    quota: Quota
    share: float
    """Real sessions that one simulated session stands for."""
    enforced: bool
    refused: int = 0
    asked: int = 0
    first_refusal: float | None = None
    peak: float = 0.0
    _busy: int = 0
    _left: float = field(init=False)
    _at: float = 0.0
    _windows: dict[int, float] = field(default_factory=lambda: defaultdict(float))

    def __post_init__(self) -> None:
        self._limit = self.quota.limit / self.share if self.enforced else math.inf
        self._left = self._limit * self.quota.burst

    def take(self, now: float, amount: float = 1.0) -> bool:
        """Whether there is some left; a rate may be overdrawn by its last taker."""
        self.asked += 1
        if self.quota.kind is Kind.AT_A_TIME:
            granted = self._busy + amount <= max(self._limit, amount)
            if granted:
                self._busy += int(amount)
                self.peak = max(self.peak, self._busy * self.share)
        else:
            self._left = min(self._limit * self.quota.burst, self._left + (now - self._at) * self._limit)
            self._at = now
            granted = self._left > 0 or not self.enforced
            if granted:
                self._left -= amount
                self._windows[int(now // WINDOW)] += amount
        if not granted:
            self.refused += 1
            self.first_refusal = now if self.first_refusal is None else self.first_refusal
        return granted

    def give(self) -> None:
        self._busy -= 1

    @property
    def demand(self) -> float:
        """The most that was had: at a time, or a second over ten seconds."""
        if self.quota.kind is Kind.AT_A_TIME:
            return self.peak
        return max(self._windows.values(), default=0.0) / WINDOW * self.share


@dataclass
class Outcome:
    """One run."""

    meters: dict[str, Meter]
    working: float
    """Sessions at work, on average over the second half."""
    publish_rate: float
    """Accepted a second, likewise."""
    finished: int = 0
    failed: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds from a submit to its worker's start."""

    @property
    def first(self) -> Meter | None:
        """The quota that refused somebody first."""
        bound = [meter for meter in self.meters.values() if meter.first_refusal is not None]
        return min(bound, key=lambda meter: meter.first_refusal or 0.0, default=None)
