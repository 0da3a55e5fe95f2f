"""A session's updates as an asynchronous iterator that loses nothing and ends when the session does.

A push may be lost, but the log has every event. So the stream subscribes, and reads once the subscription is
acknowledged. It reads again after a gap, a silence or a lost socket, and polls while there is no socket. All waiting is
asyncio's and all I/O goes through `client.api.Api`, so tests can run it in simulated time.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import Enum, auto

from client.api import Api
from client.errors import ClientError, UnavailableError
from client.merge import Merge, Update
from client.session import Progress, State
from client.subscription import Inbox, News, Signal, listening


class LogIncompleteError(ClientError):
    """The session has ended, but the API does not return all the events that the session counts."""


class Connection(Enum):
    """How the stream gets its updates at the moment, for a view to show."""

    LIVE = auto()
    POLLING = auto()
    OFFLINE = auto()


@dataclass(frozen=True)
class Pace:
    """The stream's times, in seconds."""

    poll: float = 2.0
    """The time between two reads while there is no socket, or while something is known to be missing."""
    quiet: float = 25.0
    """How long a socket may be silent before the session is read. A working session publishes at least every 20 s."""
    reconnect: float = 0.5
    """The wait before the first attempt to reconnect. It doubles each time, with up to a second of jitter."""
    reconnect_at_most: float = 10.0
    give_up: float = 300.0
    """After this time without any answer, the stream raises `UnavailableError`."""
    log_reads: int = 30
    """How often to read an ended session's missing events before the stream raises `LogIncompleteError`."""


async def stream(
    api: Api,
    session_id: str,
    *,
    known: State | None = None,
    pace: Pace | None = None,
    on_connection: Callable[[Connection], None] = lambda _: None,
) -> AsyncGenerator[Update, None]:
    """The session's updates from its beginning to its end: every event once, in order.

    `known` is the session as you have just submitted, retried or read it; no older state is yielded. If you may leave
    the iteration early, wrap it in `contextlib.aclosing`.

    Raises:
        NotFoundError, UnauthorizedError: as soon as the API says so.
        UnavailableError: there was no answer for `pace.give_up` seconds.
        LogIncompleteError: the session has ended, but events are missing.
    """
    pace = pace or Pace()
    merge = Merge()
    if known is not None and (update := merge.hear(known)) is not None:
        yield update
    if merge.ended:
        return
    watch = _Watch(api, session_id, merge, pace, on_connection)
    async with AsyncExitStack() as stack:
        inbox = Inbox()
        if not merge.ending:
            # If the session has ended, only the log is left to read.
            await stack.enter_async_context(listening(api, session_id, inbox, pace.reconnect, pace.reconnect_at_most))
        async for update in watch.updates(inbox):
            yield update


class _Watch:
    """The part of one stream that reads and merges."""

    def __init__(
        self, api: Api, session_id: str, merge: Merge, pace: Pace, on_connection: Callable[[Connection], None]
    ) -> None:
        self._api = api
        self._session_id = session_id
        self._merge = merge
        self._pace = pace
        self._on_connection = on_connection
        self._subscribed = False
        self._polling = False
        # Whether we may have missed a push, so that the session must be read.
        self._stale = not merge.ending
        self._vain_reads = 0
        self._now = asyncio.get_running_loop().time
        self._answered_at = self._now()
        # When we last got or asked for news of the session. The time of the next read depends on it.
        self._last_word_at = self._now()

    async def updates(self, inbox: Inbox) -> AsyncIterator[Update]:
        if self._merge.missing is not None:
            # Events that are known to be in the log can be read without a socket.
            async for read in self._catch_up():
                yield read
        while not self._merge.ended:
            due = self._last_word_at + self._patience()
            news = await inbox.arrived(due)
            for item in news:
                if (update := self._hear(item)) is not None:
                    yield update
            self._stale |= not news or self._now() >= due
            async for read in self._catch_up():
                yield read

    def _patience(self) -> float:
        settled = self._subscribed and not self._stale and self._merge.missing is None
        return self._pace.quiet if settled else self._pace.poll

    def _hear(self, item: News) -> Update | None:
        match item:
            case Exception():
                raise item
            case Progress():
                self._answered()
                self._last_word_at = self._now()
                return self._merge.hear(item.state, item.events)
            case Signal.UP:
                self._subscribed, self._polling, self._stale = True, False, True
            case Signal.DOWN:
                # Another failed attempt needs no read: while we poll, we miss nothing.
                self._stale |= self._subscribed
                self._subscribed, self._polling = False, True
            case Signal.UNREADABLE:
                self._stale = True
        return None

    async def _catch_up(self) -> AsyncIterator[Update]:
        """Read what we may have missed: first the session, then the log up to the session's last event."""
        try:
            if self._stale and not self._merge.ended:
                self._last_word_at = self._now()
                state = await self._api.read_state(self._session_id)
                self._stale = False
                self._answered()
                if (update := self._merge.hear(state)) is not None:
                    yield update
            while (after := self._merge.missing) is not None:
                self._last_word_at = self._now()
                events = await self._api.read_events(self._session_id, after)
                self._answered()
                if (update := self._merge.hear(events=events)) is not None:
                    yield update
                if self._merge.missing == after:
                    self._read_in_vain(after)
                    return
        except UnavailableError:
            self._stale = True
            self._on_connection(Connection.OFFLINE)
            if self._now() - self._answered_at >= self._pace.give_up:
                raise

    def _answered(self) -> None:
        self._answered_at = self._now()
        if self._subscribed:
            self._on_connection(Connection.LIVE)
        elif self._polling:
            self._on_connection(Connection.POLLING)

    def _read_in_vain(self, after: int) -> None:
        self._vain_reads += self._merge.ending
        if self._vain_reads >= self._pace.log_reads:
            raise LogIncompleteError(f"the session has ended, but the API gives no event after {after}")
