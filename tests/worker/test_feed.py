"""The thread between an agent's blocking stream and the run."""

import threading
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from schema.limits import EVENT_TEXT_BYTES
from schema.statuses import AgentEventType
from schema.usage import Usage
from worker.agents.events import AgentError, AgentEvent, AgentItem, Step
from worker.checkpoint import Checkpoint
from worker.feed import Resumed, StreamEnded, ThreadedFeed


def event(text: str = "x") -> AgentEvent:
    return AgentEvent(AgentEventType.CHUNK, text)


class Stream:
    """An agent that says what it is given, then waits to be closed if it is told to."""

    def __init__(self, *events: AgentItem, count: int = 1, waits: bool = False, error: Exception | None = None) -> None:
        self._events = events
        self._count = count
        self._waits = waits
        self._error = error
        self.said = 0
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[AgentItem]:
        for _ in range(self._count):
            for one in self._events:
                self.said += 1
                yield one
        if self._waits:
            assert self.closed.wait(10)
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        self.closed.set()


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "agent-stream"]


def test_events_come_in_order_and_then_the_end() -> None:
    feed = ThreadedFeed(Stream(event("1"), event("2")))
    assert [feed.next(5) for _ in range(3)] == [event("1"), event("2"), StreamEnded()]
    feed.close()


def test_the_agents_error_is_the_end() -> None:
    error = AgentError("throttled")
    feed = ThreadedFeed(Stream(event(), error=error))
    assert [feed.next(5), feed.next(5)] == [event(), StreamEnded(error)]
    feed.close()


def test_waiting_ends_with_nothing_when_the_agent_is_silent() -> None:
    feed = ThreadedFeed(Stream(waits=True))
    started = time.monotonic()
    assert feed.next(0.05) is None
    assert feed.next(-1) is None
    assert time.monotonic() - started > 0.04
    feed.close()


@pytest.mark.parametrize("waits", [True, False])
def test_closing_ends_the_thread_whether_the_agent_is_silent_or_the_queue_is_full(*, waits: bool) -> None:
    stream = Stream(event(), count=1 if waits else 1000, waits=waits)
    feed = ThreadedFeed(stream, capacity=2)
    assert feed.next(5) == event()
    feed.close()
    assert stream.closed.is_set()
    assert readers() == []


def test_a_run_that_takes_nothing_stops_the_reading() -> None:
    stream = Stream(event(), count=1000)
    feed = ThreadedFeed(stream, capacity=8)
    deadline = time.monotonic() + 5
    while stream.said < 9 and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(0.02)
    assert stream.said == 9
    feed.close()


def test_a_huge_answer_is_cut_before_it_is_kept() -> None:
    huge = AgentEvent(AgentEventType.TOOL_RESPONSE, "é" * 2_500_000, "CostCalculator")
    tracemalloc.start()
    feed = ThreadedFeed(Stream(huge, count=20, waits=True))
    kept = [feed.next(5) for _ in range(20)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    feed.close()
    for one in kept:
        assert isinstance(one, AgentEvent)
        assert one.truncated
        assert len(one.text.encode()) == EVENT_TEXT_BYTES
    assert peak < 3 * 5_000_000


def test_a_feed_that_goes_on_begins_with_what_was_left() -> None:
    left = Checkpoint(3, (), False, Usage(), {})  # noqa: FBT003 - a record in its order
    feed = ThreadedFeed(Stream(event()), resumed=left, capacity=1)
    assert [feed.next(5) for _ in range(3)] == [Resumed(left), event(), StreamEnded()]
    feed.close()


def test_each_event_of_a_step_is_cut_and_its_conversation_is_not() -> None:
    long = "x" * (2 * EVENT_TEXT_BYTES)
    feed = ThreadedFeed(Stream(Step((event(long), event("y")), {"messages": [long]})))
    step = feed.next(5)
    assert isinstance(step, Step)
    assert [(len(one.text), one.truncated) for one in step.events] == [(EVENT_TEXT_BYTES, True), (1, False)]
    assert step.conversation == {"messages": [long]}
    feed.close()
