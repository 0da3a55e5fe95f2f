"""A session behind AppSync and a network that loses messages, on the event loop's own clock.

`Server` keeps a session as the resolvers do: state and log change together, and a read sees both at the same time.
`LossyAppSync` is the way to it, an implementation of `client.api.Api`: it drops, doubles and delays what is pushed,
loses it around `start_ack`, ends, cuts and silently kills sockets, and fails or delays reads. Every choice comes from
the random source that it is given, so that a seed is a whole life.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from session_statuses import ENDS, OF_A_RUN

from client.errors import RejectedError, UnavailableError
from client.session import AgentEvent, Progress, Results, State
from fakes.simulated_time import now

BEGIN = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEARTBEAT = 20.0
LEASE = 60.0
ABANDONED = 900.0
"""After the lease's end, a read settles the session as ERROR."""

LATEST_PUSH = 5.0
LOST_AFTER_START_ACK = 0.5
"""For this long after `start_ack` a subscription gets no pushes, although the server has promised them."""

OUTAGE = 30.0
HTTP_LIMIT = 15.0
SLOWEST_READ = 3.0
KEEP_ALIVE_LIMITS = (10.0, 60.0, 300.0)
"""Seconds of silence after which a client considers its socket dead."""

LOG_PAGE = 50

DISCONNECTS = 3


class Server:
    """One session as the resolvers keep it, and the pushes that its publishes cause."""

    def __init__(self) -> None:
        self.state = State("s", "PENDING", None, 0, 0, 0, False, None, Results(), BEGIN)  # noqa: FBT003 - a record in its order
        self.log: list[AgentEvent] = []
        self.sockets: set[Socket] = set()
        self.ended_at: float | None = None
        self.abandoned_at: float | None = None
        self._last = Progress(self.state, ())

    def publish(self, status: str, events: int) -> None:
        """Accept a run's next update and push it."""
        new = tuple(
            AgentEvent(number, "CHUNK", None, f"text {number}", truncated=False, timestamp=_today())
            for number in range(len(self.log) + 1, len(self.log) + events + 1)
        )
        self.log += new
        self._become(status)
        self._last = Progress(self.state, new)
        self.push()

    def replay(self) -> None:
        """Answer a publish whose answer was lost: the same revision is pushed a second time."""
        self.push()

    def push(self) -> None:
        for socket in tuple(self.sockets):
            socket.send(replace(self._last, state=self.state))

    def request_cancel(self) -> None:
        """A mark on the state that raises no revision and is not pushed."""
        self.state = replace(self.state, cancel_requested=True)

    def end_unpushed(self, status: str) -> None:
        """An end that no publish makes: a cancel without a live run, or a session that a read settles."""
        self._become(status)

    def abandon(self) -> None:
        """The run dies and publishes nothing."""
        self.abandoned_at = now() + LEASE + ABANDONED

    def read(self) -> State:
        if self.abandoned_at is not None and now() >= self.abandoned_at and not self.state.ended:
            self.end_unpushed("ERROR")
        return self.state

    @property
    def over_since(self) -> float:
        """When a read would have found the session ended."""
        over = self.ended_at if self.abandoned_at is None else self.abandoned_at
        assert over is not None, "the session has not ended"
        return over

    def _become(self, status: str) -> None:
        self.state = replace(
            self.state,
            status=status,
            revision=self.state.revision + 1,
            last_sequence=len(self.log),
            updated_at=_today(),
        )
        if self.state.ended:
            self.ended_at = now()


async def live(server: Server, chance: Random, events: int) -> None:
    """A random life with at least so many events: steady work, bursts, silences, doubled publishes, one of six ends."""
    await asyncio.sleep(chance.uniform(0, 5))
    steps = [*OF_A_RUN]
    place = 0
    while len(server.log) < events or place < len(steps) - 1:
        await _pause(server, chance, steps[place])
        if chance.random() < len(steps) / (events / 4):
            place = min(place + 1, len(steps) - 1)
        server.publish(steps[place], chance.choice((0, 1, 1, 2, 3, 5, 12)))
        if chance.random() < 0.05:
            await asyncio.sleep(chance.uniform(0, 2))
            server.replay()
    await _end(server, chance)


async def _pause(server: Server, chance: Random, status: str) -> None:
    silence = chance.choice((0.0, 0.05, 1.0, 1.0, 1.0, 1.3, 4.0)) if chance.random() > 0.03 else chance.uniform(20, 70)
    while silence > HEARTBEAT:
        await asyncio.sleep(HEARTBEAT)
        server.publish(status, 0)
        silence -= HEARTBEAT
    await asyncio.sleep(silence)


async def _end(server: Server, chance: Random) -> None:
    await asyncio.sleep(chance.uniform(0, 2))
    match chance.choice((*ENDS, "settled", "cancelled by nobody at work")):
        case "settled":
            server.abandon()
        case "cancelled by nobody at work":
            server.request_cancel()
            await asyncio.sleep(chance.uniform(0, LEASE))
            server.end_unpushed("CANCELLED")
        case status:
            if status == "CANCELLED":
                server.request_cancel()
                await asyncio.sleep(chance.uniform(0, HEARTBEAT))
            server.publish(status, chance.choice((0, 1, 3)))
            if chance.random() < 0.1:
                server.replay()


@dataclass(eq=False)
class Socket:
    """One subscription's connection, and what becomes of each push on its way."""

    chance: Random
    counts: Counter[str]
    acknowledged_at: float
    keep_alive_limit: float
    arrivals: asyncio.Queue[Progress | Exception | None] = field(default_factory=asyncio.Queue)
    alive: bool = True
    _sent: int = 0
    _newest_arrived: int = 0

    def send(self, progress: Progress) -> None:
        self._sent += 1
        self.counts["pushed"] += 1
        if not self.alive:
            self.counts["pushed into a dead socket"] += 1
        elif now() - self.acknowledged_at < LOST_AFTER_START_ACK:
            self.counts["lost after start_ack"] += 1
        elif self.chance.random() < 0.10:
            self.counts["dropped"] += 1
        else:
            copies = 2 if self.chance.random() < 0.05 else 1
            self.counts["doubled"] += copies - 1
            for _ in range(copies):
                asyncio.get_running_loop().call_later(self._delay(), self._arrive, self._sent, progress)
            return
        self.counts["ends lost"] += progress.state.ended

    def _delay(self) -> float:
        return self.chance.uniform(0.3, LATEST_PUSH) if self.chance.random() < 0.1 else self.chance.uniform(0.02, 0.3)

    def _arrive(self, number: int, progress: Progress) -> None:
        if not self.alive:
            return
        self.counts["arrived out of order"] += number < self._newest_arrived
        self._newest_arrived = max(number, self._newest_arrived)
        unreadable = self.chance.random() < 0.01
        self.counts["unreadable"] += unreadable
        self.arrivals.put_nowait(None if unreadable else progress)

    def cut(self) -> None:
        """Lose the connection in one of three ways."""
        if not self.alive:
            return
        self.alive = False
        kind = self.chance.choice(("reset", "completed", "silent"))
        self.counts[f"sockets {kind}"] += 1
        if kind == "silent":
            # Neither a push nor a keep-alive comes any more; the client finds out by itself.
            news = UnavailableError("no keep-alive")
            asyncio.get_running_loop().call_later(self.keep_alive_limit, self.arrivals.put_nowait, news)
        else:
            self.arrivals.put_nowait(UnavailableError("connection reset") if kind == "reset" else StopAsyncIteration())

    async def pushes(self) -> AsyncIterator[Progress | None]:
        while True:
            news = await self.arrivals.get()
            if isinstance(news, StopAsyncIteration):
                return
            if isinstance(news, Exception):
                raise news
            yield news


class LossyAppSync:
    """The API as one client meets it over a bad network: a `client.api.Api`."""

    def __init__(self, server: Server, chance: Random) -> None:
        self.counts: Counter[str] = Counter()
        self.sockets: set[Socket] = set()
        self._server = server
        self._chance = chance
        self._connected = asyncio.Event()
        self._outages: list[tuple[float, float]] = []
        self._keep_alive_limit = chance.choice(KEEP_ALIVE_LIMITS)

    async def trouble(self, lasting: float) -> None:
        """Cut the socket three times and refuse reads for two spells, at any time of the session."""
        for _ in range(2):
            begin = self._chance.uniform(0, lasting)
            self._outages.append((begin, begin + self._chance.uniform(1, OUTAGE)))
        for moment in sorted(self._chance.uniform(0, lasting) for _ in range(DISCONNECTS)):
            await asyncio.sleep(max(0.0, moment - now()))
            await self._connected.wait()
            for socket in self.sockets:
                socket.cut()

    async def read_state(self, session_id: str) -> State:
        assert session_id == "s"
        await self._request()
        state = self._server.read()
        await self._answer()
        self.counts["reads overtaken by a push"] += state.revision < self._server.state.revision
        return state

    async def read_events(self, session_id: str, after: int) -> tuple[AgentEvent, ...]:
        assert session_id == "s"
        await self._request()
        page = tuple(self._server.log[after : after + LOG_PAGE])
        await self._answer()
        return page

    @asynccontextmanager
    async def subscribe(self, session_id: str) -> AsyncIterator[AsyncIterator[Progress | None]]:
        assert session_id == "s"
        await asyncio.sleep(self._chance.uniform(0.05, 0.5))
        if self._chance.random() < 0.2:
            self.counts["connects refused"] += 1
            raise self._chance.choice((UnavailableError("connect failed"), RejectedError("a proxy's page")))
        with self._socket() as socket:
            # The server counts the subscriber in before the client reads that it does.
            await asyncio.sleep(self._chance.uniform(0, 0.2))
            yield socket.pushes()

    @contextmanager
    def _socket(self) -> Iterator[Socket]:
        socket = Socket(self._chance, self.counts, now(), self._keep_alive_limit)
        self._server.sockets.add(socket)
        self.sockets.add(socket)
        self._connected.set()
        try:
            yield socket
        finally:
            self._connected.clear()
            socket.alive = False
            self._server.sockets.remove(socket)
            self.sockets.remove(socket)

    async def _request(self) -> None:
        self.counts["reads"] += 1
        await asyncio.sleep(self._latency())
        if any(begin <= now() < end for begin, end in self._outages):
            self.counts["reads failed"] += 1
            await asyncio.sleep(self._chance.choice((0.0, HTTP_LIMIT - SLOWEST_READ)))
            raise UnavailableError("busy")

    async def _answer(self) -> None:
        await asyncio.sleep(self._latency())

    def _latency(self) -> float:
        slow = self._chance.random() < 0.1
        return self._chance.uniform(0.1, SLOWEST_READ / 2) if slow else self._chance.uniform(0.01, 0.1)


def _today() -> datetime:
    return BEGIN + timedelta(seconds=now())
