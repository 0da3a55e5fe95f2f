"""Keeps a subscription alive in the background and hands on what it says.

`client.stream` reads the inbox. This side connects, reconnects with a jittered backoff and tells when the
subscription is up and when it is down; it reads nothing from the API and knows no order.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum, auto

import stamina

from client.api import Api
from client.errors import RejectedError, UnavailableError
from client.session import Progress


class Signal(Enum):
    """What the inbox holds besides updates."""

    UP = auto()
    """The server has acknowledged the subscription: from here on updates are pushed."""
    DOWN = auto()
    """There is no subscription, also after an attempt that failed."""
    UNREADABLE = auto()
    """Something was pushed that could not be read."""


News = Progress | Signal | Exception
"""An exception is one that no further attempt mends; nothing follows it."""


class Inbox:
    """What has arrived and was not taken yet."""

    def __init__(self) -> None:
        self._news: asyncio.Queue[News] = asyncio.Queue()

    def put(self, news: News) -> None:
        self._news.put_nowait(news)

    async def arrived(self, due: float) -> list[News]:
        """All that has arrived, waiting for the first until `due`, a time of the event loop.

        All, because pushes in the wrong order may fill each other's gaps. Empty when the time was up.
        """
        try:
            async with asyncio.timeout_at(due):
                news = [await self._news.get()]
        except TimeoutError:
            return []
        while not self._news.empty():
            news.append(self._news.get_nowait())
        return news


@asynccontextmanager
async def listening(
    api: Api, session_id: str, inbox: Inbox, first_wait: float, longest_wait: float
) -> AsyncIterator[None]:
    """Subscribe and stay subscribed while inside; the waits between attempts, in seconds, double and are jittered.

    A stream lives minutes, so the backoff need not start over after a connection that held.
    """
    task = asyncio.create_task(_listen(api, session_id, inbox, first_wait, longest_wait))
    try:
        yield
    finally:
        # Until it is done: Python 3.11's `wait_for`, which gql uses, can swallow a cancellation.
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=1)


async def _listen(api: Api, session_id: str, inbox: Inbox, first_wait: float, longest_wait: float) -> None:
    try:
        async for attempt in stamina.retry_context(
            on=_worth_another_socket, attempts=None, timeout=None, wait_initial=first_wait, wait_max=longest_wait
        ):
            with attempt:
                try:
                    async with api.subscribe(session_id) as pushes:
                        inbox.put(Signal.UP)
                        async for progress in pushes:
                            inbox.put(Signal.UNREADABLE if progress is None else progress)
                finally:
                    inbox.put(Signal.DOWN)
                raise UnavailableError("the subscription ended")
    except Exception as error:  # noqa: BLE001 - not swallowed: the iteration raises it
        inbox.put(error)


def _worth_another_socket(error: Exception) -> bool:
    """Whether to try again: a proxy may answer a WebSocket with anything, and the stream can live on its reads.

    Not when this task is being cancelled, which an error of the closing socket may have hidden.
    """
    task = asyncio.current_task()
    return isinstance(error, UnavailableError | RejectedError) and not (task and task.cancelling())
