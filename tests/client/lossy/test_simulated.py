"""The stream over a network that loses, doubles, reorders and dies: a thousand random lives on a simulated clock.

A failure names its seed: `life(seed)` lives it again, to the last push.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass

import pytest
from fakes.lossy_appsync import HTTP_LIMIT, LATEST_PUSH, LOG_PAGE, OUTAGE, SLOWEST_READ, LossyAppSync, Server, live
from fakes.simulated_time import now, simulate

import client.stream
from client.merge import Merge, Update
from client.stream import Pace, stream

EVENTS = 200

PACE = Pace()
LATEST_END = LATEST_PUSH + PACE.quiet + OUTAGE + HTTP_LIMIT + PACE.poll + SLOWEST_READ * (2 + (EVENTS + 20) / LOG_PAGE)
"""How long after a session's end, in seconds, its stream has ended at the latest: a late push may reset the wait for a
quiet socket; the read that follows may fall into an outage, fail slowly, and be repeated one poll later; then the state
and at most the whole log are read."""

NOBODY_ENDS_LATER = 3600.0


@dataclass(frozen=True)
class Life:
    """What became of one session, and what its client saw."""

    seed: int
    server: Server
    updates: list[Update]
    late: float
    """Seconds between the session's end and the stream's."""
    counts: Counter[str]

    def faults(self) -> list[str]:
        """What the stream did that it must not do."""
        seen = [event for update in self.updates for event in update.events]
        states = [update.state for update in self.updates]
        order = [(state.revision, state.ended, state.cancel_requested) for state in states]
        rules = {
            "its events are not the log": seen == self.server.log,
            "a state came after a newer one": order == sorted(order),
            "its last state is not the session's end": states[-1:] == [self.server.state],
            "it yielded an ended state more than once": [state.ended for state in states].count(True) == 1,
            f"it ended {self.late:.1f} s after the session": self.late <= LATEST_END,
        }
        return [f"seed {self.seed}: {fault}" for fault, holds in rules.items() if not holds]


def life(seed: int, pace: Pace = PACE) -> Life:
    """One session with all its trouble, followed to the end. The same seed is the same life."""
    chance = random.Random(seed)  # noqa: S311 - a test's chance
    random.seed(seed)  # the jitter of the reconnects
    return simulate(_followed(seed, chance, pace))


async def _followed(seed: int, chance: random.Random, pace: Pace) -> Life:
    server = Server()
    api = LossyAppSync(server, chance)
    world = [
        asyncio.create_task(live(server, chance, EVENTS)),
        asyncio.create_task(api.trouble(lasting=chance.choice((40.0, 80.0, 120.0)))),
    ]
    # Most follow what they have just submitted; some come later, knowing nothing.
    late = chance.random() < 0.3
    known = None if late else server.state
    if late:
        await asyncio.sleep(chance.uniform(0, 100))
    updates: list[Update] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(NOBODY_ENDS_LATER), aclosing(stream(api, "s", known=known, pace=pace)) as news:
            async for update in news:
                updates.append(update)  # noqa: PERF401 - what was seen before a time-out counts
    ended = now()
    assert not api.sockets, "the stream left a socket open"
    for task in world:
        task.cancel()
    await asyncio.wait(world)
    return Life(seed, server, updates, ended - server.over_since, api.counts)


def lives(seeds: Iterable[int]) -> tuple[list[str], Counter[str]]:
    """The faults in all these lives, and how much they had to bear."""
    faults: list[str] = []
    counts: Counter[str] = Counter()
    for seed in seeds:
        lived = life(seed)
        faults += lived.faults()
        counts.update(lived.counts)
        counts["events"] += len(lived.server.log)
        counts[f"ended {lived.server.state.status}"] += 1
    return faults, counts


def assert_the_network_was_bad(counts: Counter[str], sessions: int) -> None:
    """Losses as many as promised; without this, a stream that loses nothing would prove nothing."""
    living = counts["pushed"] - counts["pushed into a dead socket"] - counts["lost after start_ack"]
    assert 0.08 < counts["dropped"] / living < 0.12
    assert 0.03 < counts["doubled"] / living < 0.07
    assert counts["arrived out of order"] / living > 0.02
    disconnects = sum(counts[f"sockets {kind}"] for kind in ("reset", "completed", "silent"))
    assert disconnects > 2 * sessions
    assert counts["events"] >= EVENTS * sessions
    for trouble in (
        "sockets reset",
        "sockets completed",
        "sockets silent",
        "pushed into a dead socket",
        "lost after start_ack",
        "ends lost",
        "unreadable",
        "connects refused",
        "reads failed",
        "reads overtaken by a push",
        "ended COMPLETED",
        "ended ERROR",
        "ended CONFIGURATION_ERROR",
        "ended CANCELLED",
    ):
        assert counts[trouble] >= sessions / 50, trouble


def test_fifty_sessions_over_a_lossy_network_are_seen_as_the_log_says() -> None:
    """The client stream is lossless: each event once, in order, and the terminal state, in bounded time."""
    faults, counts = lives(range(50))
    assert faults == []
    assert_the_network_was_bad(counts, sessions=50)


@pytest.mark.thorough
def test_a_thousand_sessions_over_a_lossy_network_are_seen_as_the_log_says() -> None:
    """1,000 sessions of 200 or more events, on a simulated clock: every client's list equals the log."""
    faults, counts = lives(range(1000, 2000))
    assert faults == []
    assert_the_network_was_bad(counts, sessions=1000)


def test_a_seed_lives_the_same_life_again() -> None:
    """A failure can be replayed."""
    first, second = life(7), life(7)
    assert first.updates == second.updates
    assert (first.late, first.counts) == (second.late, second.counts)


class _WithoutGaps(Merge):
    """A client that never asks for what it missed."""

    @property
    def missing(self) -> None:
        return None


def test_a_stream_that_fills_no_gaps_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation can fail: without the log's reads, no list equals the log."""
    monkeypatch.setattr(client.stream, "Merge", _WithoutGaps)
    for seed in range(5):
        assert f"seed {seed}: its events are not the log" in life(seed).faults()


def test_a_stream_that_trusts_a_quiet_socket_is_found_out() -> None:
    """The simulation can fail: a lost end is noticed late, or never, when silence is no reason to read."""
    faults = [fault for seed in range(50) for fault in life(seed, Pace(quiet=1200.0)).faults()]
    assert any("after the session" in fault for fault in faults)
