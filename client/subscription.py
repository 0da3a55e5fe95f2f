"""Keeps a subscription alive in the background, and passes on what is pushed.

`client.stream` reads the inbox. This module connects, reconnects with a jittered backoff, and signals when the
subscription is up or down. It reads nothing from the API and puts nothing in order.
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
    """What the inbox can hold besides updates."""

    UP = auto()
    """The server has acknowledged the subscription: from now on updates are pushed."""
    DOWN = auto()
    """There is no subscription. It is sent again after each failed attempt."""
    UNREADABLE = auto()
    """A push could not be read."""


News = Progress | Signal | Exception
"""An exception means that another attempt is pointless; nothing follows it."""


class Inbox:
    """The news that have arrived and were not taken yet."""

    def __init__(self) -> None:
        self._news: asyncio.Queue[News] = asyncio.Queue()

    def put(self, news: News) -> None:
        self._news.put_nowait(news)

    async def arrived(self, due: float) -> list[News]:
        """Everything that has arrived. It waits for the first until `due`, a time of the event loop; then it is empty.

        It takes everything at once because pushes in the wrong order may fill each other's gaps.
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
    """Subscribe, and stay subscribed for the whole block. The waits between attempts, in seconds, double with jitter.

    The backoff does not start over after a connection that lasted, because a stream lives only for minutes.
    """
    task = asyncio.create_task(_listen(api, session_id, inbox, first_wait, longest_wait))
    try:
        yield
    finally:
        # Repeat until it is done: Python 3.11's `wait_for`, which gql uses, can swallow a cancellation.
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
    except Exception as error:  # noqa: BLE001 - not swallowed: the inbox passes it on, and the stream raises it
        inbox.put(error)


def _worth_another_socket(error: Exception) -> bool:
    """Whether to try again. Even a rejection is worth it: a proxy may answer a WebSocket with anything, and polls work.

    It is False if this task is being cancelled, because an error of the closing socket may have hidden that.
    """
    task = asyncio.current_task()
    return isinstance(error, UnavailableError | RejectedError) and not (task and task.cancelling())
