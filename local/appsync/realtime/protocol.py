"""AppSync's real-time protocol as a pure core: messages and time go in, actions come out.

It has no sockets, no clock and no GraphQL. `sockets` performs its actions and reports how a start went. It answers or
ignores a message that the protocol does not allow, as AppSync does, and never raises.

Everything that affects a connection's state is in this file. The table `_ON` says what each message does:

    REFUSED ──(any message, or a moment)──▶ CLOSED
    OPENED ──connection_init──▶ READY ──(24 hours)──▶ CLOSED
      └──(no connection_init in time)──▶ CLOSED
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from local.appsync.authorization.callers import lower_cased
from local.appsync.errors import ErrorEntry, Rejection, unsupported
from local.appsync.realtime import frames
from local.appsync.realtime.actions import Action, Close, CloseCode, Send, Start, Stop
from local.appsync.wire import NotJsonError, read_json


@dataclass(frozen=True)
class RealtimeSettings:
    """AppSync's limits, with times in seconds. AppSync documents all but `starts_a_second` and the two waits."""

    keep_alive: float = 60.0
    connection_timeout_ms: int = 300_000
    max_subscriptions: int = 100
    starts_a_second: int = 200
    longest_connection: float = 24 * 3600.0
    wait_for_init: float = 300.0
    linger: float = 1.0
    """How long a refused connection stays open, so that the client can read the reason."""


class State(Enum):
    REFUSED = auto()
    OPENED = auto()
    READY = auto()
    CLOSED = auto()


class Connection:
    """One client's connection. `now` is always a monotonic time in seconds."""

    def __init__(self, settings: RealtimeSettings, now: float, refusal: ErrorEntry | None = None) -> None:
        """`refusal` is the reason if the credentials at connect were bad, else None."""
        self._settings = settings
        self._refusal = refusal
        self._opened_at = now
        self._starts: deque[float] = deque(maxlen=settings.starts_a_second)
        self._acknowledged: dict[str, bool] = {}  # by id: whether start_ack was sent
        self._keep_alive_at: float | None = None
        self._enter(State.REFUSED if refusal else State.OPENED)

    def opened(self) -> list[Action]:
        """Call this once the socket is open."""
        return [Send(frames.connection_error(self._refusal))] if self._refusal else []

    def receive(self, message: str | bytes, now: float) -> list[Action]:
        """Handle a message that has arrived: text as str, binary as bytes."""
        if self.state is State.REFUSED:
            return self._close(CloseCode.POLICY_VIOLATION)
        parsed = _parsed(message)
        kind = parsed.get("type") if parsed is not None else None
        handler = self._ON.get((self.state, kind)) if isinstance(kind, str) else None
        if handler is not None and parsed is not None:
            return handler(self, parsed, now)
        return self._answer_nonsense(parsed) if self.state is State.READY else []

    def tick(self, now: float) -> list[Action]:
        """Do what is due at this time, such as a keep-alive."""
        if self.state is State.CLOSED:
            return []
        if now >= self._ends_at:
            return self._close(CloseCode.NORMAL if self.state is State.READY else CloseCode.POLICY_VIOLATION)
        if self._keep_alive_at is not None and now >= self._keep_alive_at:
            self._keep_alive_at = now + self._settings.keep_alive
            return [Send(frames.KEEP_ALIVE)]
        return []

    @property
    def next_tick(self) -> float | None:
        """The time at which `tick` next has something to do, or None if never again."""
        if self.state is State.CLOSED:
            return None
        return self._ends_at if self._keep_alive_at is None else min(self._ends_at, self._keep_alive_at)

    def started(self, id_: str) -> list[Action]:
        """Report that the subscription is registered: it gets everything that is published from now on."""
        if id_ not in self._acknowledged:
            return []
        self._acknowledged[id_] = True
        return [Send(frames.start_ack(id_))]

    def refused(self, id_: str, errors: Sequence[ErrorEntry]) -> list[Action]:
        """Report that the subscription could not be started."""
        if self._acknowledged.pop(id_, None) is None:
            return []
        return [Send(frames.error(id_, errors))]

    def deliver(self, id_: str, payload: Mapping[str, object]) -> list[Action]:
        """Deliver a published result to the subscription."""
        return [Send(frames.data(id_, payload))] if self._acknowledged.get(id_) else []

    def _enter(self, state: State) -> None:
        lifetimes = {
            State.REFUSED: self._settings.linger,
            State.OPENED: self._settings.wait_for_init,
            State.READY: self._settings.longest_connection,
            State.CLOSED: 0.0,
        }
        self.state = state
        self._ends_at = self._opened_at + lifetimes[state]

    def _close(self, code: CloseCode) -> list[Action]:
        self._enter(State.CLOSED)
        self._acknowledged.clear()  # send nothing after the close
        return [Close(code)]

    def _on_init(self, _message: Mapping[str, object], now: float) -> list[Action]:
        self._enter(State.READY)
        self._keep_alive_at = now + self._settings.keep_alive
        return [Send(frames.connection_ack(self._settings.connection_timeout_ms))]

    def _on_second_init(self, _message: Mapping[str, object], _now: float) -> list[Action]:
        return []

    def _on_start(self, message: Mapping[str, object], now: float) -> list[Action]:
        id_, payload = message.get("id"), message.get("payload")
        if not isinstance(id_, str) or not isinstance(payload, Mapping):
            return self._answer_nonsense(message)
        data = payload.get("data")
        if not isinstance(data, str):
            return _refuse(id_, unsupported("unknown"))
        rejection = self._rejection(id_, now)
        if rejection is not None:
            return _refuse(id_, rejection)
        self._acknowledged[id_] = False
        return [Start(id_, data, _authorization(payload))]

    def _rejection(self, id_: str, now: float) -> Rejection | None:
        window = self._starts
        if len(window) == window.maxlen and now - window[0] < 1.0:
            return frames.RATE_EXCEEDED
        window.append(now)
        if id_ in self._acknowledged:
            return frames.duplicated(id_)
        if len(self._acknowledged) >= self._settings.max_subscriptions:
            return frames.too_many(self._settings.max_subscriptions)
        return None

    def _on_stop(self, message: Mapping[str, object], _now: float) -> list[Action]:
        id_ = message.get("id")
        if not isinstance(id_, str):
            return self._answer_nonsense(message)
        if self._acknowledged.pop(id_, None) is None:
            return []
        return [Stop(id_), Send(frames.complete(id_))]

    def _answer_nonsense(self, message: Mapping[str, object] | None) -> list[Action]:
        id_ = message.get("id") if message is not None else None
        return _refuse(id_ if isinstance(id_, str) else None, frames.BAD_REQUEST)

    _Handler = Callable[["Connection", Mapping[str, object], float], list[Action]]
    _ON: ClassVar[Mapping[tuple[State, str], _Handler]] = {
        (State.OPENED, "connection_init"): _on_init,  # before it, all other messages are ignored
        (State.READY, "connection_init"): _on_second_init,
        (State.READY, "start"): _on_start,
        (State.READY, "stop"): _on_stop,
    }


def _refuse(id_: str | None, rejection: Rejection) -> list[Action]:
    return [Send(frames.error(id_, [rejection.entry]))]


def _parsed(message: str | bytes) -> Mapping[str, object] | None:
    """The message's JSON object, or None if it is not one."""
    if isinstance(message, bytes):
        return None
    try:
        value = read_json(message)
    except NotJsonError:
        return None
    return value if isinstance(value, dict) else None


def _authorization(payload: Mapping[str, object]) -> dict[str, str]:
    extensions = payload.get("extensions")
    given = extensions.get("authorization") if isinstance(extensions, Mapping) else None
    return lower_cased(given) if isinstance(given, Mapping) else {}
