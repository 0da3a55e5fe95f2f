"""A simulation, event by event, of sessions that arrive for eight minutes and meet an account's quotas.

It keeps to the worker's own schedule, which is passed in as `Profile`, and to its manners when it is refused, which
are imported; the clients' and Lambda's waits are here. Pure: it gives the same run each time. Of many sessions a
few hundred are simulated, each standing for as many as it takes, with the quotas divided by that number. That blurs
what happens in the first seconds, so who binds then is found with every session by itself.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cdk.costs import MESSAGE_UNITS, RESOLVER_SECONDS, SUBMIT_UNITS
from worker.agents import attempts
from worker.appsync import mutation as publisher
from worker.outbox import INTERVAL_SECONDS
from worker.timing.backoff import jittered

from .account import Account
from .meters import Outcome, Profile
from .quotas import CONNECTS, INBOUND, MODEL, OUTBOUND, Quota
from .timeline import Timeline

SIMULATED = 300
"""The most sessions that are simulated at a time. With more, each one represents several."""
FIRST_SECONDS = 20.0
"""Seconds in which each session is simulated separately. Later, those that one represents come within a second."""
FIRST_CLIENT_WAIT, LONGEST_CLIENT_WAIT = 1.0, 20.0
"""Between a client's tries: an assumption."""
_INSTANT = 1e-6
"""Seconds: two times that are nearer to each other are the same."""
FIRST_EVENT_WAIT, LONGEST_EVENT_WAIT = 1.0, 300.0
"""Lambda's own, between tries of an asynchronous event that found no room (AWS, "Asynchronous invocation")."""


@dataclass(slots=True, eq=False)
class _Run:
    """A worker at work."""

    begun: float
    """When it started, and later by every wait for the model: the schedule counts from here."""
    failed: bool = False


class Simulation:
    """One load: this many sessions are at work once the first have ended."""

    def __init__(
        self,
        sessions: int,
        quotas: Sequence[Quota],
        profile: Profile,
        *,
        lifted: Sequence[str] = (),
        each: bool = False,
    ) -> None:
        """`lifted` quotas are measured and never refuse. With `each`, a session represents only itself."""
        self._share = 1.0 if each else max(1.0, sessions / SIMULATED)
        self._rate = sessions / self._share / profile.seconds
        self._profile, self._random = profile, random.Random(6)  # noqa: S311 - for the same run each time
        self._time = Timeline()
        gap = 1 / self._rate if self._share > 1 else 0.0
        self._account = Account(quotas, self._time, share=self._share, gap=gap, lifted=lifted)
        self._outcome = Outcome(self._account.meters)
        self._published = 0

    def run(self, seconds: float | None = None) -> Outcome:
        """So long, or two lifetimes of a session: the first fills the room, the second is the one to look at."""
        half = self._profile.seconds
        end = 2 * half if seconds is None else seconds
        area, since = 0.0, half
        self._time.at(0.0, self._arrive)
        for happen in self._time.until(end):
            if self._time.now > half:
                area += self._account.workers * (self._time.now - since)
                since = self._time.now
            happen()
        area += self._account.workers * max(0.0, end - since)
        self._outcome.working = area / half * self._share
        self._outcome.publish_rate = self._published / half * self._share
        return self._outcome

    def _pause(self) -> float:
        """The time in which as many sessions come at random as the next one represents."""
        return self._random.gammavariate(self._share, 1 / (self._share * self._rate))

    def _wait(self, first: float, longest: float, failures: int) -> float:
        return jittered(first, longest, failures, self._random.random)

    def _arrive(self) -> None:
        self._time.after(self._pause(), self._arrive)
        self._submit(self._time.now, 1)

    def _submit(self, came: float, attempt: int) -> None:
        if not self._account.call(SUBMIT_UNITS, 1):
            self._again_for_client(attempt, lambda: self._submit(came, attempt + 1))
            return
        self._time.after(RESOLVER_SECONDS, lambda: self._start(came, 0))
        self._time.after(RESOLVER_SECONDS, lambda: self._subscribe(1))

    def _subscribe(self, attempt: int) -> None:
        """A connection, the subscription's resolver, and the two reads after it."""
        if self._account.take(CONNECTS) and all(self._account.call() for _ in range(3)):
            return
        self._again_for_client(attempt, lambda: self._subscribe(attempt + 1))

    def _again_for_client(self, failures: int, what: Callable[[], None]) -> None:
        self._time.after(self._wait(FIRST_CLIENT_WAIT, LONGEST_CLIENT_WAIT, failures), what)

    def _start(self, came: float, attempt: int) -> None:
        """Lambda's queue of events: the worker starts when there is room for it."""
        if not self._account.start_worker():
            wait = min(LONGEST_EVENT_WAIT, FIRST_EVENT_WAIT * 2.0**attempt)
            self._time.after(wait, lambda: self._start(came, attempt + 1))
            return
        self._outcome.waits.append(self._time.now - came)
        run = _Run(self._time.now)
        self._ask(run, 0, 0)
        self._publish(run, 0, 1)

    def _ask(self, run: _Run, place: int, failures: int) -> None:
        """The model's call at `place`. When it is refused, the worker makes the same call again."""
        calls = self._profile.calls
        call, now = calls[place], self._time.now
        if self._account.take(MODEL, call.reserved):
            self._time.after(call.seconds, lambda: self._account.settle(MODEL, now, call.reserved - call.settled))
            if place + 1 < len(calls):
                self._time.at(run.begun + calls[place + 1].at, lambda: self._ask(run, place + 1, 0))
            return
        failures += 1
        if failures < attempts.ATTEMPTS:
            wait = self._wait(attempts.FIRST_WAIT_SECONDS, attempts.LONGEST_WAIT_SECONDS, failures)
            run.begun += wait
            self._time.after(wait, lambda: self._ask(run, place, failures))
        else:
            run.failed = True
            self._outcome.failed += 1
            self._account.stop_worker()

    def _publish(self, run: _Run, place: int, attempt: int) -> None:
        """The update at `place` of the schedule; while it waits, what comes later joins the next one."""
        if run.failed:
            return
        times = self._profile.publishes
        if (due := run.begun + times[place]) > self._time.now + _INSTANT:  # the run has waited for the model meanwhile
            self._time.at(due, lambda: self._publish(run, place, attempt))
            return
        if not self._account.call(self._profile.units, self._profile.index_units):
            spent = attempt >= publisher.ATTEMPTS
            first, longest = publisher.FIRST_WAIT_SECONDS, publisher.LONGEST_WAIT_SECONDS
            wait = INTERVAL_SECONDS if spent else self._wait(first, longest, attempt)
            self._time.after(wait, lambda: self._publish(run, place, 1 if spent else attempt + 1))
            return
        if self._account.take(INBOUND):  # otherwise it comes late or never, and the publisher gets no error
            self._account.take(OUTBOUND, MESSAGE_UNITS)
        self._published += self._time.now > self._profile.seconds
        begun = run.begun
        place += 1
        while (
            place + 1 < len(times) and begun + times[place + 1] < self._time.now + INTERVAL_SECONDS < begun + times[-1]
        ):
            place += 1
        if place < len(times):
            self._time.at(begun + times[place], lambda: self._publish(run, place, 1))
            return
        self._outcome.finished += 1
        self._time.at(begun + self._profile.seconds, self._account.stop_worker)


def simulate(sessions: int, quotas: Sequence[Quota], profile: Profile, *, lifted: Sequence[str] = ()) -> Outcome:
    """A run with these quotas in force, except those that are `lifted`."""
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
