"""The frames that wait to be sent to one client, bounded in size.

Filling it never waits, so a publisher is never held up by a subscriber; a full one says so, and its connection
is then cut.
"""

import asyncio
from collections.abc import AsyncIterator


class OutboxFullError(Exception):
    """The client reads more slowly than it is sent to."""


class Outbox:
    """A queue of texts with a limit on their size together, in characters (all frames are ASCII)."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()

    def put(self, text: str) -> None:
        """Queue a text at once; OutboxFullError when it has no room."""
        if self._size + len(text) > self._limit:
            raise OutboxFullError(f"{self._size} bytes wait already; {len(text)} more would exceed {self._limit}")
        self._size += len(text)
        self._queue.put_nowait(text)

    def end(self) -> None:
        """Let `texts` end once all that was put before has been taken."""
        self._queue.put_nowait(None)

    async def texts(self) -> AsyncIterator[str]:
        """The texts in order, each as soon as there is one."""
        while (text := await self._queue.get()) is not None:
            self._size -= len(text)
            yield text
