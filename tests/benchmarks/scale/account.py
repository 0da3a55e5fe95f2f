"""The account whose quotas a simulation's sessions share: what a request of the API and a run of Lambda take of it.

It says whether there is room, and what to do without is for `model`.
"""

from collections.abc import Sequence

from cdk.costs import RESOLVER_SECONDS

from .meters import Meter
from .quotas import COLD, LAMBDA, NEW_RESOLVERS, NEW_WORKERS, OWNER, TABLE, TOKENS, Quota
from .timeline import Timeline

HELD_SECONDS = max(0.1, RESOLVER_SECONDS)
"""By a resolver: an environment serves ten synchronous requests a second and no more (AWS Lambda, Quotas)."""


class Account:
    """The quotas in use. Each simulated session represents `share` real ones, which come `gap` seconds apart."""

    def __init__(
        self, quotas: Sequence[Quota], timeline: Timeline, *, share: float, gap: float, lifted: Sequence[str]
    ) -> None:
        self.meters = {one.words: Meter(one, share, gap, one.words not in lifted) for one in quotas}
        self._timeline = timeline
        # The calls that one session represents come one after the other, so fewer of them run at a time.
        self._held_seconds = max(HELD_SECONDS, gap)
        self._held = HELD_SECONDS / self._held_seconds
        self._busy = dict.fromkeys((NEW_WORKERS, NEW_RESOLVERS), 0.0)
        self._environments = dict(self._busy)

    @property
    def workers(self) -> float:
        """At work."""
        return self._busy[NEW_WORKERS]

    def take(self, words: str, amount: float = 1.0) -> bool:
        return self.meters[words].take(self._timeline.now, amount)

    def settle(self, words: str, taken: float, amount: float) -> None:
        """Give back what was reserved of a rate at the time `taken`, and not used."""
        self.meters[words].settle(taken, amount)

    def call(self, units: float = 0.0, index_units: float = 0.0) -> bool:
        """One request of the API: its token, a resolver, and what that writes."""
        if not self.take(TOKENS) or not self._start(NEW_RESOLVERS, self._held):
            return False
        self._timeline.after(self._held_seconds, lambda: self._stop(NEW_RESOLVERS, self._held))
        if not units:
            return True
        # DynamoDB refuses the whole write if the index has no capacity for it.
        return (
            self.take(COLD, units + index_units)
            and self.take(TABLE, units + index_units)
            and self.take(OWNER, index_units)
        )

    def start_worker(self) -> bool:
        return self._start(NEW_WORKERS, 1.0)

    def stop_worker(self) -> None:
        self._stop(NEW_WORKERS, 1.0)

    def _start(self, function: str, amount: float) -> bool:
        """A run of this function, in a warm environment or a new one."""
        if not self.take(LAMBDA, amount):
            return False
        missing = self._busy[function] + amount - self._environments[function]
        if missing > 0:
            if not self.take(function, missing):
                self.meters[LAMBDA].give(amount)
                return False
            self._environments[function] += missing
        self._busy[function] += amount
        return True

    def _stop(self, function: str, amount: float) -> None:
        self._busy[function] -= amount
        self.meters[LAMBDA].give(amount)
