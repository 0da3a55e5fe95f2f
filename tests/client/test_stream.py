"""The stream over a fake API on a loop whose clock jumps: minutes of trouble in milliseconds."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from fakes.simulated_time import now, simulate

from client.errors import NotFoundError, RejectedError, UnauthorizedError, UnavailableError
from client.merge import Update
from client.session import AgentEvent, Progress, Results, State
from client.stream import Connection, LogIncompleteError, stream

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def state(revision: int, last_sequence: int = 0, status: str = "PROCESSING") -> State:
    return State("s", status, None, 0, revision, last_sequence, False, None, Results(), NOON)  # noqa: FBT003 - a record in its order


def event(sequence: int) -> AgentEvent:
    return AgentEvent(sequence, "CHUNK", None, f"text {sequence}", truncated=False, timestamp=NOON)


class FakeApi:
    """A server: the session and its log, a door for each call that a test may close, and what was asked when."""

    def __init__(self) -> None:
        self.state = state(0, status="PENDING")
        self.log: list[AgentEvent] = []
        self.sockets: set[asyncio.Queue[Progress | Exception | None]] = set()
        self.asked: list[tuple[float, str]] = []
        self.refusal: dict[str, Exception] = {}
        self.page_size = 1000

    def publish(self, events: int, status: str = "PROCESSING", *, lost: bool = False) -> None:
        first = len(self.log) + 1
        new = tuple(event(first + number) for number in range(events))
        self.log += new
        self.state = state(self.state.revision + 1, len(self.log), status)
        if not lost:
            self.push(Progress(self.state, new))

    def push(self, news: Progress | Exception | None) -> None:
        for socket in self.sockets:
            socket.put_nowait(news)

    def _door(self, call: str) -> None:
        self.asked.append((now(), call))
        if call in self.refusal:
            raise self.refusal[call]

    async def read_state(self, session_id: str) -> State:
        self._door("session")
        assert session_id == "s"
        return self.state

    async def read_events(self, session_id: str, after: int) -> tuple[AgentEvent, ...]:
        self._door("events")
        assert session_id == "s"
        return tuple(self.log[after : after + self.page_size])

    @asynccontextmanager
    async def subscribe(self, session_id: str) -> AsyncIterator[AsyncIterator[Progress | None]]:
        await asyncio.sleep(0.1)
        self._door("subscribe")
        assert session_id == "s"
        with self._socket() as socket:
            yield self._pushes(socket)

    @contextmanager
    def _socket(self) -> Iterator[asyncio.Queue[Progress | Exception | None]]:
        socket: asyncio.Queue[Progress | Exception | None] = asyncio.Queue()
        self.sockets.add(socket)
        try:
            yield socket
        finally:
            self.sockets.remove(socket)

    async def _pushes(self, socket: asyncio.Queue[Progress | Exception | None]) -> AsyncIterator[Progress | None]:
        while True:
            news = await socket.get()
            if isinstance(news, Exception):
                raise news
            yield news

    def times(self, call: str) -> list[float]:
        return [round(at, 1) for at, asked in self.asked if asked == call]


async def followed(
    api: FakeApi,
    script: Callable[[FakeApi], Coroutine[Any, Any, None]],
    *,
    known: State | None = None,
    on_connection: Callable[[Connection], None] = lambda _: None,
) -> list[Update]:
    """Every update of the stream while the server goes through `script`."""
    server = asyncio.create_task(script(api))
    try:
        async with aclosing(stream(api, "s", known=known, on_connection=on_connection)) as updates:
            return [update async for update in updates]
    finally:
        server.cancel()
        await asyncio.wait([server])
        assert not api.sockets, "the stream left a socket open"


def assert_is_the_log(updates: list[Update], api: FakeApi) -> None:
    assert [event for update in updates for event in update.events] == api.log
    revisions = [update.state.revision for update in updates]
    assert revisions == sorted(revisions)
    assert updates[-1].state == api.state
    assert [update.state.ended for update in updates].count(True) == 1


async def ordinary(api: FakeApi) -> None:
    for events in (0, 2, 1, 3):
        await asyncio.sleep(5)
        api.publish(events)
    await asyncio.sleep(5)
    api.publish(1, "COMPLETED")
    await asyncio.sleep(3600)


def test_an_undisturbed_session_is_pushed_and_read_once() -> None:
    api = FakeApi()
    updates = simulate(followed(api, ordinary))
    assert_is_the_log(updates, api)
    assert [update.state.revision for update in updates] == [0, 1, 2, 3, 4, 5]
    assert [(round(at, 1), call) for at, call in api.asked] == [(0.1, "subscribe"), (0.1, "session")]


def test_the_first_read_follows_the_acknowledgement() -> None:
    """Between a read and a later subscription an update could be lost."""
    api = FakeApi()
    api.publish(2, lost=True)
    simulate(followed(api, ordinary))
    assert [call for _, call in api.asked] == ["subscribe", "session", "events"]


def test_a_session_that_has_ended_is_read_to_its_last_event() -> None:
    api = FakeApi()
    api.page_size = 3
    api.publish(10, "COMPLETED", lost=True)
    updates = simulate(followed(api, idle, known=api.state))
    assert_is_the_log(updates, api)
    assert len(updates) == 1
    assert len(api.times("events")) == 4


async def idle(api: FakeApi) -> None:
    del api
    await asyncio.sleep(3600)


def test_a_lost_push_is_read_when_the_next_one_shows_the_gap() -> None:
    async def script(api: FakeApi) -> None:
        await asyncio.sleep(1)
        api.publish(2)
        api.publish(2, lost=True)
        await asyncio.sleep(1)
        api.publish(2)
        await asyncio.sleep(1)
        api.publish(1, "COMPLETED")

    api = FakeApi()
    assert_is_the_log(simulate(followed(api, script)), api)
    assert api.times("events") == [2.0]


def test_reordered_pushes_that_arrive_together_need_no_read() -> None:
    async def script(api: FakeApi) -> None:
        await asyncio.sleep(1)
        api.log += [event(1), event(2), event(3)]
        api.state = state(3, 3, "COMPLETED")
        for revision in (3, 1, 2, 1):
            status = "COMPLETED" if revision == 3 else "PROCESSING"
            api.push(Progress(state(revision, revision, status), (event(revision),)))

    api = FakeApi()
    assert_is_the_log(simulate(followed(api, script)), api)
    assert api.times("events") == []


def test_a_quiet_socket_that_lost_the_last_update_ends_by_a_read() -> None:
    async def script(api: FakeApi) -> None:
        await asyncio.sleep(1)
        api.publish(3)
        await asyncio.sleep(1)
        api.publish(2, "COMPLETED", lost=True)
        await asyncio.sleep(3600)

    api = FakeApi()
    updates = simulate(followed(api, script))
    assert_is_the_log(updates, api)
    assert api.times("session") == [0.1, 26.0]


def test_a_quiet_socket_is_polled_once_a_period() -> None:
    async def script(api: FakeApi) -> None:
        await asyncio.sleep(90)
        api.publish(0, "COMPLETED")

    api = FakeApi()
    simulate(followed(api, script))
    assert api.times("session") == [0.1, 25.1, 50.1, 75.1]


@pytest.mark.parametrize("error", [UnavailableError("connect failed"), RejectedError("a proxy's login page")])
def test_without_any_socket_the_session_is_polled(error: Exception) -> None:
    api = FakeApi()
    api.refusal["subscribe"] = error
    seen: list[Connection] = []
    updates = simulate(followed(api, ordinary, on_connection=seen.append))
    assert_is_the_log(updates, api)
    assert api.times("session") == [0.1, *(round(2.1 + 2.0 * number, 1) for number in range(13))]
    assert set(seen) == {Connection.POLLING}
    assert 4 <= len(api.times("subscribe")) <= 12, "it keeps trying to reconnect, and backs off"


def test_a_socket_that_dies_in_the_middle_is_replaced_and_nothing_is_lost() -> None:
    async def script(api: FakeApi) -> None:
        await asyncio.sleep(1)
        api.publish(3)
        api.push(UnavailableError("connection reset"))
        await asyncio.sleep(0)
        api.publish(3, lost=True)
        await asyncio.sleep(30)
        api.publish(1)
        await asyncio.sleep(1)
        api.publish(1, "COMPLETED")

    api = FakeApi()
    seen: list[Connection] = []
    updates = simulate(followed(api, script, on_connection=seen.append))
    assert_is_the_log(updates, api)
    assert len(api.times("subscribe")) == 2
    assert [now for before, now in zip([None, *seen], seen, strict=False) if now is not before] == [
        Connection.LIVE,
        Connection.POLLING,
        Connection.LIVE,
    ]


def test_a_push_that_could_not_be_read_is_read_from_the_api() -> None:
    async def script(api: FakeApi) -> None:
        await asyncio.sleep(1)
        api.publish(2, "COMPLETED", lost=True)
        api.push(None)

    api = FakeApi()
    assert_is_the_log(simulate(followed(api, script)), api)
    assert api.times("session") == [0.1, 1.0]


def test_a_read_that_failed_is_repeated_soon_though_the_socket_is_up() -> None:
    async def script(api: FakeApi) -> None:
        api.refusal["session"] = UnavailableError("busy")
        await asyncio.sleep(5)
        api.publish(1, "COMPLETED", lost=True)
        del api.refusal["session"]

    api = FakeApi()
    seen: list[Connection] = []
    assert_is_the_log(simulate(followed(api, script, on_connection=seen.append)), api)
    assert api.times("session") == [0.1, 2.1, 4.1, 6.1]
    assert seen[0] is Connection.OFFLINE


def test_events_that_the_log_does_not_give_yet_are_asked_for_again() -> None:
    async def script(api: FakeApi) -> None:
        await asyncio.sleep(1)
        api.publish(2, "COMPLETED", lost=True)
        late, api.log = api.log, []
        api.push(Progress(api.state, ()))
        await asyncio.sleep(5)
        api.log = late

    api = FakeApi()
    assert_is_the_log(simulate(followed(api, script)), api)
    assert api.times("events") == [1.0, 3.0, 5.0, 7.0]


def test_an_ended_session_whose_log_stays_short_is_an_error() -> None:
    async def script(api: FakeApi) -> None:
        api.publish(2, "COMPLETED", lost=True)
        api.log.pop()

    api = FakeApi()
    with pytest.raises(LogIncompleteError, match="no event after 1"):
        simulate(followed(api, script))


@pytest.mark.parametrize("call", ["subscribe", "session", "events"])
@pytest.mark.parametrize("error", [UnauthorizedError("bad key"), NotFoundError("no such session")])
def test_a_refusal_ends_the_stream_at_once(call: str, error: Exception) -> None:
    async def script(api: FakeApi) -> None:
        api.publish(1, lost=True)

    api = FakeApi()
    api.refusal[call] = error
    with pytest.raises(type(error), match=str(error)):
        simulate(followed(api, script))
    assert len(api.times(call)) == 1


def test_an_api_that_never_answers_is_given_up() -> None:
    async def main() -> float:
        api = FakeApi()
        api.refusal = {call: UnavailableError("gone") for call in ("subscribe", "session")}
        with pytest.raises(UnavailableError, match="gone"):
            await followed(api, idle)
        return now()

    assert simulate(main()) == pytest.approx(300, abs=5)


def test_a_stale_read_does_not_bring_back_the_end_before_a_retry() -> None:
    """A retry answered with revision 8; a read from a replica may still say that revision 7 ended."""

    async def script(api: FakeApi) -> None:
        api.state = state(7, 0, "ERROR")
        await asyncio.sleep(1)
        api.state = state(8, 0, "PENDING")
        api.publish(1, "COMPLETED")

    api = FakeApi()
    updates = simulate(followed(api, script, known=state(8, 0, "PENDING")))
    assert [update.state.status for update in updates] == ["PENDING", "COMPLETED"]


class HidingApi(FakeApi):
    """Its socket hides a cancellation: behind an error of its own, or by swallowing the first one."""

    def __init__(self, *, swallows: bool) -> None:
        super().__init__()
        self.swallows = swallows

    async def _pushes(self, socket: asyncio.Queue[Progress | Exception | None]) -> AsyncIterator[Progress | None]:
        try:
            async for news in super()._pushes(socket):
                yield news
        except asyncio.CancelledError as cancelled:
            if not self.swallows:
                raise UnavailableError("the socket broke while it was closed") from cancelled
            async for news in super()._pushes(socket):
                yield news


@pytest.mark.parametrize("swallows", [False, True])
def test_the_stream_ends_though_the_socket_hides_its_cancellation(*, swallows: bool) -> None:
    """Python 3.11's `wait_for` and gql's closing of a dead socket do both."""

    async def main() -> float:
        api = HidingApi(swallows=swallows)
        await followed(api, ordinary)
        return now()

    assert simulate(main()) < 27
