"""What a simulation of scale counts: a session's own demand, each quota at work, and what came of a run.

Pure. `model` fills them; nothing here knows in which order things happen.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from .quotas import Quota


@dataclass(frozen=True)
class Call:
    """One call of the model, and what Bedrock counts of it."""

    at: float
    """Seconds since the session's start."""
    seconds: float
    """How long it takes."""
    reserved: float
    """Tokens that count from its start."""
    settled: float
    """Tokens that count in the end."""


@dataclass(frozen=True)
class Profile:
    """One session undisturbed: when the agent calls its model, when the worker publishes, and what a publish writes."""

    seconds: float
    calls: tuple[Call, ...]
    publishes: tuple[float, ...]
    units: float
    """Write units of a publish, without those of the index."""
    index_units: float
    """Write units of the index."""


@dataclass
class Meter:
    """One quota at work. It counts demand by windows; a quota in force comes back bit by bit, up to one window."""

    quota: Quota
    share: float = 1.0
    """How many real sessions one simulated session represents."""
    gap: float = 0.0
    """Seconds over which those sessions come. They take in this time what the simulated one takes at once."""
    enforced: bool = True
    passed: float | None = None
    """When the demand first exceeded the quota."""
    _busy: float = 0.0
    _peak: float = 0.0
    _left: float = field(init=False)
    _at: float = 0.0
    _windows: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    _highest: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """The most that each window has held at once: a part may have been given back later."""

    def __post_init__(self) -> None:
        self._limit = self.quota.limit / self.share
        self._left = self._allowance = self._limit * self.quota.window

    def take(self, now: float, amount: float = 1.0) -> bool:
        """Take `amount` if some is left, and return whether it was. The last one to take from a rate may exceed it."""
        return self._take_rate(now, amount) if self.quota.is_rate else self._take_place(now, amount)

    def _take_place(self, now: float, amount: float) -> bool:
        if self.enforced and self._busy + amount > max(self._limit, 1.0):
            return False
        self._busy += amount
        self._peak = max(self._peak, self._busy)
        if self._busy > self._limit:
            self._pass(now)
        return True

    def give(self, amount: float = 1.0) -> None:
        """Give back some of what is had at a time."""
        self._busy -= amount

    def settle(self, taken: float, amount: float) -> None:
        """Give back `amount` of what was taken of a rate at the time `taken`; below 0 it is taken in addition."""
        if self.enforced:
            self._left = min(self._allowance, self._left + amount)
        self._count(taken, -amount)

    def _take_rate(self, now: float, amount: float) -> bool:
        if self.enforced:
            self._left = min(self._allowance, self._left + (now - self._at) * self._limit)
            self._at = now
            if self._left <= 0:
                return False
            self._left -= amount
        self._count(now, amount)
        return True

    def _count(self, now: float, amount: float) -> None:
        length = self.quota.window
        first, last = int(now // length), int((now + self.gap) // length)
        for window in range(first, last + 1):
            part = 1.0
            if first != last:
                overlap = min(now + self.gap, (window + 1) * length) - max(now, window * length)
                part = overlap / self.gap
            self._windows[window] += amount * part
            self._highest[window] = max(self._highest[window], self._windows[window])
            if self._windows[window] > self._allowance:
                self._pass(now)

    def _pass(self, now: float) -> None:
        if self.passed is None:
            self.passed = now

    @property
    def demand(self) -> float:
        """The most that was had: at a time, or in a window, for a second of it."""
        if not self.quota.is_rate:
            return self._peak * self.share
        return max(self._highest.values(), default=0.0) / self.quota.window * self.share

    @property
    def ratio(self) -> float:
        """The demand divided by the quota."""
        return self.demand / self.quota.limit


@dataclass
class Outcome:
    """One run."""

    meters: dict[str, Meter]
    working: float = 0.0
    """Sessions at work, on average over the second half."""
    publish_rate: float = 0.0
    """Accepted a second, likewise."""
    finished: int = 0
    failed: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds from a submit to its worker's start."""
