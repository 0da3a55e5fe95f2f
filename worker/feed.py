"""Reads an agent's blocking stream in a thread of its own, so that the run can wait for events and for the clock.

The queue between them is bounded: a run that takes nothing stops the reading, and so the agent's connection. Each
event's text is bounded here too, before it is kept. `worker.run` takes the events; only `close` ends the thread early.
"""

import queue
import threading
from dataclasses import dataclass, replace
from typing import Protocol

from worker.agents.events import AgentEvent, AgentItem, AgentStream, Step, bounded
from worker.checkpoint import Checkpoint

CAPACITY = 256
"""Events read ahead; at most 8 MB, at 32 KB an event."""

_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class StreamEnded:
    """The last item of a feed."""

    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Resumed:
    """The first item of a feed that goes on from where an earlier run left it."""

    checkpoint: Checkpoint


Item = AgentItem | Resumed | StreamEnded


class Feed(Protocol):
    """Where a run gets the agent's events from."""

    def next(self, timeout: float) -> Item | None:
        """The next item; None when there was none within `timeout` seconds."""
        ...

    def close(self) -> None:
        """Stop the agent."""
        ...


class ThreadedFeed:
    """The feed of a running agent; reading starts at once."""

    def __init__(self, stream: AgentStream, *, resumed: Checkpoint | None = None, capacity: int = CAPACITY) -> None:
        self._stream = stream
        self._items: queue.Queue[Item] = queue.Queue(capacity)
        if resumed is not None:
            self._items.put(Resumed(resumed))
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._read, name="agent-stream", daemon=True)
        self._thread.start()

    def next(self, timeout: float) -> Item | None:
        try:
            return self._items.get(timeout=max(0.0, timeout))
        except queue.Empty:
            return None

    def close(self) -> None:
        """Stop the agent and, if it can be woken, the thread.

        A call that still waits for its first byte can't be woken: it is a daemon, left to its time-out.
        """
        self._closed.set()
        self._stream.close()
        while self.next(0) is not None:  # a reader that waits for room must get it to see that it is over
            pass
        self._thread.join(_PATIENCE_SECONDS)

    def _read(self) -> None:
        error: Exception | None = None
        try:
            for event in self._stream:
                self._items.put(_bounded(event))
                if self._closed.is_set():
                    break
        except Exception as raised:  # noqa: BLE001 - whatever it is, the run must hear of it
            error = raised
        self._items.put(StreamEnded(error))


def _bounded(item: AgentItem) -> AgentItem:
    match item:
        case AgentEvent():
            return bounded(item)
        case Step():
            return replace(item, events=tuple(bounded(event) for event in item.events))
        case _:
            return item
