"""A simulation, event by event, of sessions that arrive for eight minutes and meet an account's quotas.

It keeps to the worker's own schedule, which is passed in as `Profile`, and to its manners when it is refused, which
are imported; the clients' and Lambda's waits stand here. Pure: it gives the same run each time. Of many sessions a
few hundred are simulated, each standing for as many as it takes, with the quotas divided by that number. That blurs
what happens in the first seconds, so who binds then is found with every session by itself.
"""

import heapq
import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cdk.costs import MESSAGE_UNITS, RESOLVER_SECONDS, SUBMIT_UNITS
from worker import publisher
from worker.agents import bedrock
from worker.backoff import jittered
from worker.outbox import INTERVAL_SECONDS

from .scale_meters import Meter, Outcome, Profile
from .scale_quotas import (
    COLD,
    CONNECTS,
    INBOUND,
    LAMBDA,
    MODEL,
    NEW_RESOLVERS,
    NEW_WORKERS,
    OUTBOUND,
    OWNER,
    TABLE,
    TOKENS,
    Quota,
)

SIMULATED = 300
"""Sessions that are at work at a time, at most; more are stood for."""
FIRST_SECONDS = 20.0
"""In which every session is simulated by itself: later, those that one stands for come within a second anyway."""
MODEL_TOKENS = 60_000
"""Of one session, in and out, in equal parts by its calls: an assumption, for it depends on model and notes."""
HELD_SECONDS = max(0.1, RESOLVER_SECONDS)
"""By a resolver: an environment serves ten synchronous requests a second and no more (AWS Lambda, Quotas)."""
FIRST_CLIENT_WAIT, LONGEST_CLIENT_WAIT = 1.0, 20.0
"""Between a client's tries: an assumption."""
FIRST_EVENT_WAIT, LONGEST_EVENT_WAIT = 1.0, 300.0
"""Lambda's own, between tries of an asynchronous event that found no room (AWS, "Asynchronous invocation")."""


@dataclass(slots=True, eq=False)
class _Run:
    """A worker at work: when the agent's present answer began, and which it is."""

    begun: float
    answer: int = 0


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
    ) -> None:
        """`lifted` quotas are measured and never refuse; with `each`, no session stands for others."""
        self._share = 1.0 if each else max(1.0, sessions / SIMULATED)
        self._rate = sessions / self._share / profile.seconds
        gap = 1 / self._rate if self._share > 1 else 0.0
        # The calls that one stands for come one after the other, so that fewer of them are held at a time.
        self._held_seconds = max(HELD_SECONDS, gap)
        self._held = HELD_SECONDS / self._held_seconds
        self._profile, self._random = profile, random.Random(6)  # noqa: S311 - for the same run each time
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._meters = {one.words: Meter(one, self._share, gap, one.words not in lifted) for one in quotas}
        self._outcome = Outcome(self._meters)
        self._now = 0.0
        self._workers = self._resolvers = 0.0
        self._environments = dict.fromkeys((NEW_WORKERS, NEW_RESOLVERS), 0.0)
        self._area = 0.0
        self._published = 0

    def run(self, seconds: float | None = None) -> Outcome:
        """So long, or two lifetimes of a session: the first fills the room, the second is the one to look at."""
        half = self._profile.seconds
        end = 2 * half if seconds is None else seconds
        self._in(0.0, self._arrive)
        while self._queue and self._queue[0][0] < end:
            at, _, what = heapq.heappop(self._queue)
            self._area += self._workers * (at - max(self._now, half)) if at > half else 0.0
            self._now = at
            what()
        self._area += self._workers * max(0.0, end - max(self._now, half))
        self._outcome.working = self._area / half * self._share
        self._outcome.publish_rate = self._published / half * self._share
        return self._outcome

    def _in(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (self._now + seconds, next(self._numbers), what))

    def _at(self, seconds: float, what: Callable[[], None]) -> None:
        self._in(max(0.0, seconds - self._now), what)

    def _pause(self) -> float:
        """Until as many have come as the next session stands for, when each comes at random."""
        return self._random.gammavariate(self._share, 1 / (self._share * self._rate))

    def _take(self, words: str, amount: float = 1.0) -> bool:
        return self._meters[words].take(self._now, amount)

    def _wait(self, first: float, longest: float, failures: int) -> float:
        return jittered(first, longest, failures, self._random.random)

    def _room(self, function: str, busy: float, amount: float) -> bool:
        """Room for one more run of this function, in an environment that is there or a new one."""
        if not self._take(LAMBDA, amount):
            return False
        missing = busy + amount - self._environments[function]
        if missing > 0:
            if not self._take(function, missing):
                self._meters[LAMBDA].give(amount)
                return False
            self._environments[function] += missing
        return True

    def _call(self, units: float, index_units: float = 0.0) -> bool:
        """One request of the API: its token, a resolver, and what that writes."""
        if not self._take(TOKENS) or not self._room(NEW_RESOLVERS, self._resolvers, self._held):
            return False
        self._resolvers += self._held
        self._in(self._held_seconds, self._answered)
        if not units:
            return True
        # A write that the index has no room for is refused whole.
        return (
            self._take(COLD, units + index_units)
            and self._take(TABLE, units + index_units)
            and self._take(OWNER, index_units)
        )

    def _answered(self) -> None:
        self._resolvers -= self._held
        self._meters[LAMBDA].give(self._held)

    def _arrive(self) -> None:
        self._in(self._pause(), self._arrive)
        self._submit(self._now, 1)

    def _submit(self, came: float, attempt: int) -> None:
        if not self._call(SUBMIT_UNITS, 1):
            self._again_for_client(attempt, lambda: self._submit(came, attempt + 1))
            return
        self._in(RESOLVER_SECONDS, lambda: self._start(came, 0))
        self._in(RESOLVER_SECONDS, lambda: self._subscribe(1))

    def _subscribe(self, attempt: int) -> None:
        """A connection, the subscription's resolver, and the two reads after it."""
        if self._take(CONNECTS) and all(self._call(0) for _ in range(3)):
            return
        self._again_for_client(attempt, lambda: self._subscribe(attempt + 1))

    def _again_for_client(self, failures: int, what: Callable[[], None]) -> None:
        self._in(self._wait(FIRST_CLIENT_WAIT, LONGEST_CLIENT_WAIT, failures), what)

    def _start(self, came: float, attempt: int) -> None:
        """Lambda's queue of events: the worker starts when there is room for it."""
        if not self._room(NEW_WORKERS, self._workers, 1.0):
            wait = min(LONGEST_EVENT_WAIT, FIRST_EVENT_WAIT * 2.0**attempt)
            self._in(wait, lambda: self._start(came, attempt + 1))
            return
        self._workers += 1
        self._outcome.waits.append(self._now - came)
        self._answer(_Run(self._now))

    def _answer(self, run: _Run) -> None:
        """The agent begins its answer, and the worker to publish it."""
        run.begun, answer = self._now, run.answer
        self._ask(run, 0)
        self._publish(run, answer, 0, 1)

    def _ask(self, run: _Run, place: int) -> None:
        """The model's call at `place`. Refused, the agent gives up its answer, and the worker asks for another."""
        calls = self._profile.calls
        if self._take(MODEL, MODEL_TOKENS / len(calls)):
            if place + 1 < len(calls):
                self._at(run.begun + calls[place + 1], lambda: self._ask(run, place + 1))
            return
        run.answer += 1
        if run.answer < bedrock.ATTEMPTS:
            wait = self._wait(bedrock.FIRST_WAIT_SECONDS, bedrock.LONGEST_WAIT_SECONDS, run.answer)
            self._in(wait, lambda: self._answer(run))
        else:
            self._outcome.failed += 1
            self._end()

    def _publish(self, run: _Run, answer: int, place: int, attempt: int) -> None:
        """The update at `place` of the schedule; while it waits, what comes later joins the next one."""
        if run.answer != answer:
            return
        if not self._call(self._profile.units, self._profile.index_units):
            spent = attempt >= publisher.ATTEMPTS
            first, longest = publisher.FIRST_WAIT_SECONDS, publisher.LONGEST_WAIT_SECONDS
            wait = INTERVAL_SECONDS if spent else self._wait(first, longest, attempt)
            self._in(wait, lambda: self._publish(run, answer, place, 1 if spent else attempt + 1))
            return
        if self._take(INBOUND):  # else it comes late or never, and the publisher is not told
            self._take(OUTBOUND, MESSAGE_UNITS)
        self._published += self._now > self._profile.seconds
        times, begun = self._profile.publishes, run.begun
        place += 1
        while place + 1 < len(times) and begun + times[place + 1] < self._now + INTERVAL_SECONDS < begun + times[-1]:
            place += 1
        if place < len(times):
            self._at(begun + times[place], lambda: self._publish(run, answer, place, 1))
            return
        self._outcome.finished += 1
        self._at(begun + self._profile.seconds, self._end)

    def _end(self) -> None:
        self._workers -= 1
        self._meters[LAMBDA].give()


def simulate(sessions: int, quotas: Sequence[Quota], profile: Profile, *, lifted: Sequence[str] = ()) -> Outcome:
    """A run with these quotas in force but for those that are `lifted`."""
    return Simulation(sessions, quotas, profile, lifted=lifted).run()


def binding(demand: Outcome, sessions: int, quotas: Sequence[Quota], profile: Profile) -> list[tuple[Quota, float]]:
    """The quotas that this demand is too much for, in the order in which one meets them when those before it are
    raised; and after how many seconds from the first session.
    """
    every = [quota.words for quota in quotas]
    early = Simulation(sessions, quotas, profile, lifted=every, each=True).run(FIRST_SECONDS)
    found = []
    for words, meter in demand.meters.items():
        if meter.passed is not None:
            exact = early.meters[words].passed
            found.append((meter.quota, meter.passed if exact is None else exact))
    return sorted(found, key=lambda one: one[1])
