"""Real-time connections over aiohttp: the thin layer between the protocol's core and real WebSockets.

For each connection it passes messages and the time to the core, and performs the actions that the core returns. It
decides nothing itself: `protocol` knows what a message means, and `execution` who may subscribe.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from aiohttp import WSCloseCode, WSMsgType, web
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode

from local.appsync import wire
from local.appsync.authorization.callers import Authorizer, Credentials, authenticate
from local.appsync.endpoint import joined_headers, rejected
from local.appsync.errors import INTERNAL_FAILURE, NO_UPGRADE, ErrorEntry, RejectedError, unsupported
from local.appsync.execution import Execution, RefusedError, Subscription
from local.appsync.realtime import frames, handshake
from local.appsync.realtime.actions import Action, Close, Send, Start, Stop
from local.appsync.realtime.frames import Frame
from local.appsync.realtime.hub import Hub
from local.appsync.realtime.protocol import Connection, RealtimeSettings
from local.appsync.requests import read_request

_log = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 1024 * 1024
_CLOSE_SECONDS = 2.0


@dataclass(frozen=True)
class Realtime:
    """The real-time endpoint of one API."""

    execution: Execution
    hub: Hub
    authorizers: Sequence[Authorizer]
    settings: RealtimeSettings
    send_buffer_bytes: int
    _open: set["_Session"] = field(default_factory=set, init=False, repr=False)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection for as long as it lasts."""
        socket = web.WebSocketResponse(
            protocols=(handshake.SUBPROTOCOL,), max_msg_size=MAX_MESSAGE_BYTES, compress=False, timeout=_CLOSE_SECONDS
        )
        if not socket.can_prepare(request).ok:
            return rejected(NO_UPGRADE)
        refusal = await self._refusal(request)
        await socket.prepare(request)
        session = _Session(self, socket, request, refusal)
        self._open.add(session)
        try:
            await session.run()
        finally:
            self._open.discard(session)
        return socket

    async def close(self, _app: web.Application) -> None:
        """Close every connection, because the server shuts down."""
        await asyncio.gather(*(session.say_goodbye() for session in tuple(self._open)))

    async def _refusal(self, request: web.Request) -> ErrorEntry | None:
        offered = handshake.subprotocols(request.headers.get("sec-websocket-protocol"))
        credentials = Credentials(
            headers=handshake.authorization(request.query, offered, joined_headers(request)),
            body=handshake.CONNECT_BODY,
            paths=handshake.CONNECT_PATHS,
            source_ip=request.remote or "",
        )
        try:
            await authenticate(self.authorizers, credentials)
        except RejectedError as error:
            return frames.refused_connection(error.rejection)
        return handshake.subprotocol_refusal(offered)


class _Session:
    """One connection: the core, its socket, and the subscriptions that it has started."""

    def __init__(
        self, realtime: Realtime, socket: web.WebSocketResponse, request: web.Request, refusal: ErrorEntry | None
    ) -> None:
        self._realtime = realtime
        self._socket = socket
        self._request = request
        self._loop = asyncio.get_running_loop()
        self._connection = Connection(realtime.settings, self._loop.time(), refusal)
        self._timer: asyncio.TimerHandle | None = None
        self._due: float | None = None
        """The time that the timer is set to."""
        self._last_resort: asyncio.TimerHandle | None = None
        self._starting: dict[str, asyncio.Task[object]] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        """All tasks that have not ended: those in `_starting`, stopped starts that still clean up, and the closing."""
        self._subscribed: dict[str, Callable[[], None]] = {}

    async def run(self) -> None:
        try:
            self._perform(self._connection.opened())
            async for message in self._socket:
                if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    self._perform(self._connection.receive(message.data, self._loop.time()))
        finally:
            for timer in (self._timer, self._last_resort):
                if timer:
                    timer.cancel()
            for unsubscribe in self._subscribed.values():
                unsubscribe()
            tasks = tuple(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def say_goodbye(self) -> None:
        """Close the connection from our side. If the client reads nothing, cut it."""
        try:
            async with asyncio.timeout(2 * _CLOSE_SECONDS):
                await self._socket.close(code=WSCloseCode.GOING_AWAY)
        except TimeoutError:
            self._abort()

    def _perform(self, actions: Iterable[Action]) -> None:
        for action in actions:
            match action:
                case Send(frame):
                    self._send(frame)
                case Start(id_):
                    self._starting[id_] = self._begin(self._start(action))
                case Stop(id_):
                    self._forget(id_)
                case Close(code):
                    self._begin(self._socket.close(code=code.value))
                    self._last_resort = self._loop.call_later(2 * _CLOSE_SECONDS, self._abort)
        self._set_timer()

    def _begin(self, work: Coroutine[None, None, object]) -> asyncio.Task[object]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _send(self, frame: Frame) -> None:
        """Write the frame at once. What the client has not taken yet waits in our transport, up to a limit."""
        transport = self._request.transport
        if transport is None or transport.is_closing() or self._socket.closed:
            return
        # aiohttp sends in coroutines. A task for each of a thousand subscribers would double the time to send.
        message = WebSocketFrame(Opcode.TEXT, frames.text(frame).encode()).serialize(mask=False)
        waiting = transport.get_write_buffer_size()
        if waiting + len(message) > self._realtime.send_buffer_bytes:
            _log.warning("A client that does not read was disconnected: %d bytes were waiting for it", waiting)
            self._abort()
            return
        transport.write(message)

    def _abort(self) -> None:
        if self._request.transport:
            self._request.transport.abort()

    def _set_timer(self) -> None:
        due = self._connection.next_tick
        if due == self._due:  # the usual case: an update does not change it
            return
        if self._timer:
            self._timer.cancel()
        self._due = due
        self._timer = None if due is None else self._loop.call_at(due, self._tick)

    def _tick(self) -> None:
        self._due = None
        self._perform(self._connection.tick(self._loop.time()))

    async def _start(self, start: Start) -> None:
        subscription: Subscription | None = None
        errors: list[ErrorEntry] = []
        try:
            subscription = await self._accepted(start)
        except RejectedError as error:
            errors = [error.rejection.entry]
        except RefusedError as error:
            errors = error.errors
        except Exception:  # noqa: BLE001 - an unexpected error must neither end the connection nor leave the client waiting
            _log.exception("Subscription %s could not be started", start.id)
            errors = [INTERNAL_FAILURE.entry]
        if self._starting.get(start.id) is not asyncio.current_task():
            return  # it was stopped while the resolver was busy; by now another start may have the id
        del self._starting[start.id]
        if subscription is None:
            self._perform(self._connection.refused(start.id, errors))
            return
        # Without an await between these two, nothing that is published after start_ack can miss the subscription.
        self._subscribed[start.id] = self._realtime.hub.subscribe(subscription, partial(self._deliver, start.id))
        self._perform(self._connection.started(start.id))

    async def _accepted(self, start: Start) -> Subscription:
        credentials = Credentials(
            headers=start.authorization,
            body=start.data.encode("utf-8", "surrogatepass"),
            paths=handshake.START_PATHS,
            source_ip=self._request.remote or "",
        )
        caller = await authenticate(self._realtime.authorizers, credentials)
        try:
            request = read_request(wire.read_json(start.data), caller)
        except (wire.NotJsonError, RejectedError) as error:
            raise RejectedError(unsupported("unknown")) from error
        return await self._realtime.execution.start(request)

    def _deliver(self, id_: str, payload: dict[str, object]) -> None:
        self._perform(self._connection.deliver(id_, payload))

    def _forget(self, id_: str) -> None:
        task = self._starting.pop(id_, None)
        if task:
            task.cancel()
        unsubscribe = self._subscribed.pop(id_, None)
        if unsubscribe:
            unsubscribe()
