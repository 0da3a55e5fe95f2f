"""A simulation, event by event, of sessions that arrive for eight minutes and meet an account's quotas.

It keeps to the worker's own schedule and its own manners when it is refused, which are passed in as `Profile` or
imported. Pure: the same seed gives the same run. Of many sessions a few hundred are simulated, each standing for as
many as it takes, with the quotas divided by that number. That blurs what happens in the first seconds, so who binds
first is found with every session by itself, up to the first refusal.
"""

import heapq
import itertools
import random
from collections.abc import Callable, Sequence

from worker.agents import bedrock
from worker.outbox import INTERVAL_SECONDS
from worker.publisher import ATTEMPTS

from .scale_meters import Meter, Outcome, Profile
from .scale_quotas import COLD, CONNECTS, LAMBDA, MODEL, NEW, OUTBOUND, OWNER, TABLE, TOKENS, Quota

SIMULATED = 300
"""Sessions that are at work at a time, at most; more are stood for."""
RESOLVER_SECONDS = 0.06
"""Of one call, warm: an assumption, a few times what the functions take here."""
MODEL_TOKENS = 60_000
"""Of one session, in and out: an assumption, for it depends on model and notes."""
SUBMIT_UNITS = 22
"""Of a brief of up to 10 KB and the state, both twice, for it is a transaction."""
FIRST_PUBLISH_WAIT, LONGEST_PUBLISH_WAIT = 0.5, 10.0
FIRST_AGENT_WAIT, LONGEST_AGENT_WAIT = 2.0, 20.0
FIRST_EVENT_WAIT, LONGEST_EVENT_WAIT = 1.0, 300.0
"""Lambda's own, between tries of an asynchronous event that found no room (AWS, "Asynchronous invocation")."""


class Simulation:
    """One crowd: so many sessions at work once the first have ended."""

    def __init__(
        self,
        sessions: int,
        quotas: Sequence[Quota],
        profile: Profile,
        *,
        lifted: Sequence[str] = (),
        each: bool = False,
        seed: int = 6,
    ) -> None:
        """`lifted` quotas are measured and never refuse; with `each`, no session stands for others."""
        self._share = 1.0 if each else max(1.0, sessions / SIMULATED)
        self._rate = sessions / self._share / profile.seconds
        self._profile, self._random = profile, random.Random(seed)  # noqa: S311 - for the same run each time
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._meters = {one.words: Meter(one, self._share, one.words not in lifted) for one in quotas}
        self._outcome = Outcome(self._meters, 0.0, 0.0)
        self._now = 0.0
        self._environments = self._workers = 0
        self._area = 0.0
        self._published = 0

    def run(self, *, to_first_refusal: bool = False) -> Outcome:
        """Two lifetimes of a session; the first fills the room."""
        half, end = self._profile.seconds, 2 * self._profile.seconds
        self._in(self._pause(), self._arrive)
        while self._queue and self._queue[0][0] <= end:
            at, _, what = heapq.heappop(self._queue)
            self._area += self._workers * (at - max(self._now, half)) if at > half else 0.0
            self._now = at
            what()
            if to_first_refusal and self._outcome.first is not None:
                break
        self._area += self._workers * (end - max(self._now, half))
        self._outcome.working = self._area / half * self._share
        self._outcome.publish_rate = self._published / half * self._share
        return self._outcome

    def _in(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (self._now + seconds, next(self._numbers), what))

    def _pause(self) -> float:
        """Until as many have come as the next session stands for, when each comes at random."""
        return self._random.gammavariate(self._share, 1 / (self._share * self._rate))

    def _take(self, words: str, amount: float = 1.0) -> bool:
        return self._meters[words].take(self._now, amount)

    def _wait(self, first: float, longest: float, attempt: int) -> float:
        """Equal jitter, as `worker.backoff`."""
        ceiling = min(longest, first * 2.0**attempt)
        return ceiling / 2 + self._random.random() * ceiling / 2

    def _call(self, units: float, index_units: float = 0.0) -> bool:
        """One request of the API: its token, a resolver, and what that writes."""
        if not self._take(TOKENS) or not self._take(LAMBDA):
            return False
        self._in(RESOLVER_SECONDS, self._meters[LAMBDA].give)
        if not units:
            return True
        # A write that the index has no room for is refused whole.
        return (
            self._take(COLD, units + index_units)
            and self._take(TABLE, units + index_units)
            and self._take(OWNER, index_units)
        )

    def _arrive(self) -> None:
        self._in(self._pause(), self._arrive)
        self._submit(self._now, 0)

    def _submit(self, came: float, attempt: int) -> None:
        if not self._call(SUBMIT_UNITS, 1):
            self._in(self._wait(1.0, 20.0, attempt), lambda: self._submit(came, attempt + 1))
            return
        self._in(RESOLVER_SECONDS, lambda: self._start(came, 0))
        self._in(RESOLVER_SECONDS, lambda: self._subscribe(0))

    def _subscribe(self, attempt: int) -> None:
        """A connection, the subscription's resolver, and the two reads after it."""
        if self._take(CONNECTS) and all(self._call(0) for _ in range(3)):
            return
        self._in(self._wait(1.0, 20.0, attempt), lambda: self._subscribe(attempt + 1))

    def _start(self, came: float, attempt: int) -> None:
        """Lambda's queue of events: the worker starts when there is room for it."""
        is_new = self._workers >= self._environments
        if (is_new and not self._take(NEW)) or not self._take(LAMBDA):
            wait = min(LONGEST_EVENT_WAIT, FIRST_EVENT_WAIT * 2.0**attempt)
            self._in(wait, lambda: self._start(came, attempt + 1))
            return
        self._workers += 1
        self._environments = max(self._environments, self._workers)
        self._outcome.waits.append(self._now - came)
        self._invoke_agent(0)

    def _invoke_agent(self, attempt: int) -> None:
        if self._take(MODEL, MODEL_TOKENS):
            self._publish(self._now, 0, 0)
        elif attempt + 1 < bedrock.ATTEMPTS:
            self._in(self._wait(FIRST_AGENT_WAIT, LONGEST_AGENT_WAIT, attempt), lambda: self._invoke_agent(attempt + 1))
        else:
            self._outcome.failed += 1
            self._end()

    def _publish(self, begun: float, place: int, attempt: int) -> None:
        """The update at `place` of the schedule; while it waits, what comes later joins the next one."""
        if not self._call(self._profile.units, self._profile.index_units):
            spent = attempt + 1 >= ATTEMPTS
            wait = INTERVAL_SECONDS if spent else self._wait(FIRST_PUBLISH_WAIT, LONGEST_PUBLISH_WAIT, attempt)
            self._in(wait, lambda: self._publish(begun, place, 0 if spent else attempt + 1))
            return
        self._take(OUTBOUND)
        self._published += self._now > self._profile.seconds
        times = self._profile.publishes
        place += 1
        while place + 1 < len(times) and begun + times[place + 1] < self._now + INTERVAL_SECONDS < begun + times[-1]:
            place += 1
        if place < len(times):
            self._in(max(0.0, begun + times[place] - self._now), lambda: self._publish(begun, place, 0))
            return
        self._outcome.finished += 1
        self._in(max(0.0, begun + self._profile.seconds - self._now), self._end)

    def _end(self) -> None:
        self._workers -= 1
        self._meters[LAMBDA].give()


def simulate(
    sessions: int, quotas: Sequence[Quota], profile: Profile, *, lifted: Sequence[str] = (), seed: int = 6
) -> Outcome:
    """A run with these quotas in force but for those that are `lifted`."""
    return Simulation(sessions, quotas, profile, lifted=lifted, seed=seed).run()


def binding(sessions: int, quotas: Sequence[Quota], profile: Profile, *, seed: int = 6) -> list[tuple[Quota, float]]:
    """The quotas whose demand is too much, in the order in which one meets them, each with those before it lifted;
    and after how many seconds.
    """
    demand = simulate(sessions, quotas, profile, lifted=[quota.words for quota in quotas], seed=seed)
    waiting = {words for words, meter in demand.meters.items() if meter.demand > meter.quota.limit}
    found: list[tuple[Quota, float]] = []
    while waiting:
        lifted = [quota.words for quota in quotas if quota.words not in waiting]
        run = Simulation(sessions, quotas, profile, lifted=lifted, each=True, seed=seed)
        first = run.run(to_first_refusal=True).first
        if first is None:
            break
        found.append((first.quota, first.first_refusal or 0.0))
        waiting.remove(first.quota.words)
    return found
