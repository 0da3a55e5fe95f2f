"""The real-time protocol's core: messages and time in, frames and actions out, no sockets."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.appsync.errors import UNAUTHORIZED
from local.appsync.realtime import frames
from local.appsync.realtime.actions import Action, Close, CloseCode, Send, Start, Stop
from local.appsync.realtime.protocol import Connection, RealtimeSettings, State

SETTINGS = RealtimeSettings()
INIT = '{"type":"connection_init"}'
BAD_REQUEST = {"errors": [frames.BAD_REQUEST.entry]}
UNSUPPORTED = {
    "errors": [{"errorType": "UnsupportedOperation", "message": "unknown not supported through the realtime channel"}]
}


def start(id_: str = "1", data: object = '{"query":"subscription { s }"}', **authorization: object) -> str:
    payload = {"data": data, "extensions": {"authorization": authorization}}
    return json.dumps({"id": id_, "type": "start", "payload": payload})


def stop(id_: str = "1") -> str:
    return json.dumps({"id": id_, "type": "stop"})


def ready(settings: RealtimeSettings = SETTINGS) -> Connection:
    connection = Connection(settings, now=0.0)
    connection.receive(INIT, 0.0)
    return connection


def subscribed(*ids: str) -> Connection:
    connection = ready()
    for id_ in ids:
        connection.receive(start(id_), 0.0)
        connection.started(id_)
    return connection


def sent(actions: Sequence[Action]) -> list[object]:
    """The frames among the actions; an action of another kind fails the test."""
    assert all(isinstance(action, Send) for action in actions), actions
    return [action.frame for action in actions if isinstance(action, Send)]


def test_a_connection_is_acknowledged_with_the_timeout_clients_wait_for() -> None:
    answer = Connection(SETTINGS, now=0.0).receive(INIT, 0.0)

    assert sent(answer) == [{"type": "connection_ack", "payload": {"connectionTimeoutMs": 300000}}]


@pytest.mark.parametrize("message", [start(), stop(), "no JSON", "[]", '{"type":"weather"}', b"\x00"])
def test_everything_before_the_acknowledgement_is_ignored(message: str | bytes) -> None:
    connection = Connection(SETTINGS, now=0.0)

    assert connection.receive(message, 0.0) == []
    assert sent(connection.receive(INIT, 0.0))


def test_a_start_is_handed_on_with_its_own_credentials_and_acknowledged_once_it_is_registered() -> None:
    connection = ready()

    asked = connection.receive(start("7", "{}", Authorization="jwt", host="h", n=5), 1.0)

    assert asked == [Start("7", "{}", {"authorization": "jwt", "host": "h"})]
    assert sent(connection.started("7")) == [{"type": "start_ack", "id": "7"}]


def test_a_start_without_credentials_is_handed_on_without() -> None:
    message = json.dumps({"id": "1", "type": "start", "payload": {"data": "{}"}})

    assert ready().receive(message, 0.0) == [Start("1", "{}", {})]


def test_data_reaches_an_acknowledged_subscription_alone() -> None:
    connection = ready()
    connection.receive(start("a"), 0.0)
    payload = {"data": {"s": 1}}

    assert connection.deliver("a", payload) == []
    connection.started("a")
    assert sent(connection.deliver("a", payload)) == [{"type": "data", "id": "a", "payload": {"data": {"s": 1}}}]
    assert connection.deliver("b", payload) == []


def test_a_stop_ends_the_subscription_and_frees_its_id() -> None:
    connection = subscribed("1", "2")

    assert connection.receive(stop("1"), 0.0) == [Stop("1"), Send({"type": "complete", "id": "1"})]
    assert connection.deliver("1", {"data": None}) == []
    assert connection.receive(stop("1"), 0.0) == []
    assert isinstance(connection.receive(start("1"), 0.0)[0], Start)
    assert connection.deliver("2", {"data": None})


def test_a_start_that_is_stopped_before_it_is_registered_is_never_acknowledged() -> None:
    connection = ready()
    connection.receive(start("1"), 0.0)

    assert connection.receive(stop("1"), 0.0)[0] == Stop("1")
    assert connection.started("1") == []
    assert connection.refused("1", []) == []


def test_a_refused_start_is_answered_by_an_error_frame_and_frees_its_id() -> None:
    connection = ready()
    connection.receive(start("1"), 0.0)

    refused = connection.refused("1", [UNAUTHORIZED.entry])

    assert sent(refused) == [
        {
            "type": "error",
            "id": "1",
            "payload": {
                "errors": [
                    {
                        "errorType": "UnauthorizedException",
                        "message": "You are not authorized to make this call.",
                    }
                ]
            },
        }
    ]
    assert isinstance(connection.receive(start("1"), 0.0)[0], Start)


@pytest.mark.parametrize("data", [{"query": "subscription { s }"}, None, 5, ["{}"]])
def test_a_start_whose_data_is_no_string_is_unsupported(data: object) -> None:
    assert sent(ready().receive(start("1", data), 0.0)) == [{"type": "error", "id": "1", "payload": UNSUPPORTED}]


def test_an_id_in_use_is_refused_and_its_subscription_lives_on() -> None:
    connection = subscribed("1")

    [frame] = sent(connection.receive(start("1"), 0.0))

    assert frame == {
        "type": "error",
        "id": "1",
        "payload": {"errors": [{"errorType": "DuplicatedOperationError", "message": "Duplicated operation with id 1"}]},
    }
    assert connection.deliver("1", {"data": None})


def test_the_hundred_and_first_subscription_is_refused_until_another_stops() -> None:
    connection = subscribed(*map(str, range(100)))

    [frame] = sent(connection.receive(start("100"), 2.0))

    assert frame == {
        "type": "error",
        "id": "100",
        "payload": {
            "errors": [
                {"errorType": "MaxSubscriptionsReachedError", "message": "Max number of 100 subscriptions reached"}
            ]
        },
    }
    connection.receive(stop("0"), 2.0)
    assert isinstance(connection.receive(start("100"), 2.0)[0], Start)


def test_a_flood_of_starts_is_refused_for_the_rest_of_the_second() -> None:
    connection = ready(RealtimeSettings(starts_a_second=2))
    connection.receive(start("1"), 10.0)
    connection.receive(start("2"), 10.5)

    [frame] = sent(connection.receive(start("3"), 10.9))

    assert frame == {
        "type": "error",
        "id": "3",
        "payload": {"errors": [{"errorType": "LimitExceededError", "message": "Rate limit exceeded"}]},
    }
    assert isinstance(connection.receive(start("3"), 11.0)[0], Start)
    assert sent(connection.receive(start("4"), 11.2))


@pytest.mark.parametrize(
    ("message", "id_"),
    [
        ("", None),
        ("no JSON", None),
        ("[1]", None),
        ("NaN", None),
        ("[" * 100_000, None),
        ("9" * 10_000, None),
        (b"\x00\xff", None),
        ("{}", None),
        ('{"type":5,"id":"1"}', "1"),
        ('{"type":"weather","id":"1"}', "1"),
        ('{"type":"start","id":"1"}', "1"),
        ('{"type":"start","id":"1","payload":[]}', "1"),
        ('{"type":"start","payload":{"data":"{}"}}', None),
        ('{"type":"start","id":5,"payload":{"data":"{}"}}', None),
        ('{"type":"stop"}', None),
        ('{"type":"stop","id":{}}', None),
    ],
)
def test_nonsense_is_answered_and_harms_no_subscription(message: str | bytes, id_: str | None) -> None:
    connection = subscribed("other")

    [frame] = sent(connection.receive(message, 0.0))

    assert frame == {"type": "error"} | ({} if id_ is None else {"id": id_}) | {"payload": BAD_REQUEST}
    assert connection.state is State.READY
    assert connection.deliver("other", {"data": None})


def test_a_second_init_changes_nothing() -> None:
    connection = subscribed("1")

    assert connection.receive(INIT, 5.0) == []
    assert connection.deliver("1", {"data": None})


def test_keep_alives_come_every_minute_from_the_acknowledgement_on() -> None:
    connection = Connection(SETTINGS, now=0.0)
    connection.receive(INIT, 10.0)

    assert connection.next_tick == 70.0
    assert connection.tick(69.9) == []
    assert sent(connection.tick(70.0)) == [{"type": "ka"}]
    assert connection.next_tick == 130.0
    assert sent(connection.tick(130.1)) == [{"type": "ka"}]


def test_a_connection_ends_after_a_day() -> None:
    connection = ready()

    assert connection.tick(24 * 3600.0) == [Close(CloseCode.NORMAL)]
    assert connection.next_tick is None
    assert connection.tick(24 * 3600.0 + 60) == []
    assert connection.receive(start(), 24 * 3600.0 + 60) == []


def test_a_client_that_never_initializes_is_let_go() -> None:
    connection = Connection(SETTINGS, now=0.0)

    assert connection.next_tick == SETTINGS.wait_for_init
    assert connection.tick(SETTINGS.wait_for_init) == [Close(CloseCode.POLICY_VIOLATION)]


def test_bad_credentials_are_answered_at_once_and_closed_with_the_next_message() -> None:
    connection = Connection(SETTINGS, 0.0, refusal=frames.refused_connection(UNAUTHORIZED))

    assert sent(connection.opened()) == [
        {
            "type": "connection_error",
            "payload": {
                "errors": [
                    {
                        "errorType": "UnauthorizedException",
                        "message": "You are not authorized to make this call.",
                        "errorCode": 400,
                    }
                ]
            },
        }
    ]
    assert connection.receive(INIT, 0.1) == [Close(CloseCode.POLICY_VIOLATION)]
    assert connection.receive(INIT, 0.2) == []


def test_bad_credentials_are_closed_after_a_moment_of_silence() -> None:
    connection = Connection(SETTINGS, 0.0, refusal=frames.refused_connection(UNAUTHORIZED))
    connection.opened()

    assert connection.next_tick == SETTINGS.linger
    assert connection.tick(SETTINGS.linger) == [Close(CloseCode.POLICY_VIOLATION)]


def test_good_credentials_open_in_silence() -> None:
    assert Connection(SETTINGS, 0.0).opened() == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NEARLY_RIGHT = st.fixed_dictionaries(
    {"type": st.sampled_from(["connection_init", "start", "stop", "data", 5])},
    optional={
        "id": st.sampled_from(["1", "2", "", 3, None]),
        "payload": st.fixed_dictionaries({}, optional={"data": st.text(max_size=3) | JSON, "extensions": JSON}) | JSON,
    },
)
MESSAGES = st.text() | st.binary() | JSON.map(json.dumps) | NEARLY_RIGHT.map(json.dumps)
REPORTS = st.sampled_from(["started", "refused", "tick"])


@given(st.lists(st.tuples(MESSAGES, REPORTS), max_size=20), st.booleans())
@settings(deadline=None)
def test_no_sequence_of_messages_breaks_the_protocol(steps: list[tuple[str | bytes, str]], refused: bool) -> None:  # noqa: FBT001 - drawn
    """Nothing raises, at most the limit is subscribed, and every start_ack follows its own start."""
    connection = Connection(RealtimeSettings(max_subscriptions=2), 0.0, frames.NO_SUBPROTOCOL if refused else None)
    asked: set[str] = set()
    actions: list[Action] = connection.opened()
    for now, (message, report) in enumerate(steps):
        got = connection.receive(message, float(now))
        actions += got
        asked |= {action.id for action in got if isinstance(action, Start)}
        asked -= {action.id for action in got if isinstance(action, Stop)}
        assert len(asked) <= 2
        for id_ in sorted(asked):
            if report == "started":
                actions += connection.started(id_)
            elif report == "refused":
                actions += connection.refused(id_, [UNAUTHORIZED.entry])
                asked.discard(id_)
        if report == "tick":
            actions += connection.tick(float(now))

    kinds = {action.frame["type"] for action in actions if isinstance(action, Send)}
    assert kinds <= {"connection_ack", "connection_error", "ka", "start_ack", "complete", "error"}
    closes = [number for number, action in enumerate(actions) if isinstance(action, Close)]
    assert closes in ([], [len(actions) - 1])
