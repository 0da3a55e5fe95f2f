"""Reads an agent's blocking stream in its own thread, so that the run can wait for an event and for the clock at once.

The queue between the two threads is bounded. If the run takes nothing for a while, reading stops, and the connection
slows the agent down. The text of each event is cut here, before it is queued. `worker.run` takes the items, and only
`close` ends the thread early.
"""

import queue
import threading
from dataclasses import dataclass, replace
from typing import Protocol

from worker.agents.events import AgentEvent, AgentItem, AgentStream, Step, bounded
from worker.checkpoint import Checkpoint

CAPACITY = 256
"""How many items are read ahead: at most 8 MB, at 32 KB an event."""

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
    """The source of a run's items."""

    def next(self, timeout: float) -> Item | None:
        """Return the next item, or None if there is none within `timeout` seconds."""
        ...

    def close(self) -> None:
        """Stop the agent."""
        ...


class ThreadedFeed:
    """The feed of a running agent. Reading starts at once."""

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
        """Stop the agent, and its thread if it can be woken.

        A call that waits for its first byte can't be woken. Its thread is a daemon, which ends at the call's time-out.
        """
        self._closed.set()
        self._stream.close()
        while self.next(0) is not None:  # make room, so that a reader that waits for it sees that it is closed
            pass
        self._thread.join(_PATIENCE_SECONDS)

    def _read(self) -> None:
        error: Exception | None = None
        try:
            for event in self._stream:
                self._items.put(_bounded(event))
                if self._closed.is_set():
                    break
        except Exception as raised:  # noqa: BLE001 - the run decides what every error means
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
