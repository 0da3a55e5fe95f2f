"""Every error that the real-time connection knows, each with a message that provokes it, and what goes on after it."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from stacks.served_appsync import (
    INIT,
    KEY,
    SUBSCRIBE,
    Dialect,
    encoded,
    initialized,
    now,
    served,
    signature,
    starting,
    subscribed,
    token,
    told,
    update,
)

from local.appsync.server import RealtimeSettings

FEW = RealtimeSettings(max_subscriptions=3, starts_a_second=6)
DATA = json.dumps({"query": SUBSCRIBE})
DEEP = 100_000


def raw_start(payload: object, id_: object = "new") -> str:
    return json.dumps({"id": id_, "type": "start", "payload": payload})


def start_with(data: object, **authorization: str) -> str:
    return raw_start({"data": data, "extensions": {"authorization": authorization or {"x-api-key": KEY}}})


def start_query(query: str) -> str:
    return start_with(json.dumps({"query": query}))


@dataclass(frozen=True)
class Refused:
    """A message and the error frame that answers it; None means a validation error, which has no type."""

    message: str | bytes
    error_type: str | None
    id: str | None = "new"
    holding: tuple[str, ...] = field(default=("kept",))
    """The subscriptions that the connection has already."""
    after: int = 0
    """How many starts are sent with it, just before."""


REFUSED: Mapping[str, Refused] = {
    "no credentials": Refused(raw_start({"data": DATA}), "UnauthorizedException"),
    "empty credentials": Refused(
        raw_start({"data": DATA, "extensions": {"authorization": {}}}), "UnauthorizedException"
    ),
    "credentials no object": Refused(
        raw_start({"data": DATA, "extensions": {"authorization": [KEY]}}), "UnauthorizedException"
    ),
    "wrong key": Refused(start_with(DATA, **{"x-api-key": "da2-wrong"}), "UnauthorizedException"),
    "key with half a character": Refused(start_with(DATA, **{"x-api-key": "\ud800"}), "UnauthorizedException"),
    "token of nobody": Refused(start_with(DATA, Authorization="Bearer a.b.c"), "UnauthorizedException"),
    "token that ended": Refused(start_with(DATA, Authorization=token(seconds=-60)), "UnauthorizedException"),
    "signature of nobody": Refused(start_with(DATA, Authorization="AWS4-HMAC-SHA256 no"), "UnauthorizedException"),
    "signature for another host": Refused(
        start_with(DATA, **(signature("https://api.example.com/graphql", DATA) | {"host": "elsewhere"})),
        "UnauthorizedException",
    ),
    "data an object": Refused(start_with({"query": SUBSCRIBE}), "UnsupportedOperation"),
    "data no JSON": Refused(start_with("subscription"), "UnsupportedOperation"),
    "data without a query": Refused(start_with("{}"), "UnsupportedOperation"),
    "data with NaN": Refused(
        start_with('{"query":"subscription { s }","variables":{"a":NaN}}'), "UnsupportedOperation"
    ),
    "data nested deeply": Refused(start_with("[" * DEEP), "UnsupportedOperation"),
    "data a batch": Refused(start_with(f"[{DATA}]"), "UnsupportedOperation"),
    "variables a list": Refused(start_with('{"query":"subscription { s }","variables":[]}'), "UnsupportedOperation"),
    "a query": Refused(start_query('{ session(id: "1") { id } }'), "UnsupportedOperation"),
    "a mutation": Refused(start_query('mutation { cancelSession(id: "1") { id } }'), "UnsupportedOperation"),
    "two operations and no name": Refused(
        start_query('subscription A { onProgress(sessionId: "1") { status } } subscription B { __typename }'),
        "UnsupportedOperation",
    ),
    "no GraphQL": Refused(start_query("subscription {"), "MalformedHttpRequestException"),
    "GraphQL nested deeply": Refused(start_query("subscription" + "{a" * DEEP), "MalformedHttpRequestException"),
    "GraphQL too long": Refused(
        start_query('subscription { onProgress(sessionId: "1") {' + " status" * 20_000 + "} }"),
        "MalformedHttpRequestException",
    ),
    "an unknown field": Refused(start_query('subscription { onProgress(sessionId: "1") { weather } }'), None),
    "a missing argument": Refused(start_query("subscription { onProgress { status } }"), None),
    "a null argument": Refused(start_query("subscription { onProgress(sessionId: null) { status } }"), None),
    "an argument nested deeply": Refused(
        start_query("subscription { onProgress(sessionId: " + "[" * 150 + "]" * 150 + ") { status } }"), None
    ),
    "two root fields": Refused(
        start_query(
            'subscription { a: onProgress(sessionId: "1") { status } b: onProgress(sessionId: "1") { status } }'
        ),
        None,
    ),
    "a skipped root field": Refused(
        start_query('subscription { onProgress(sessionId: "1") @skip(if: true) { status } }'), None
    ),
    "an id in use": Refused(json.dumps(starting("kept")), "DuplicatedOperationError", id="kept"),
    "one too many": Refused(
        json.dumps(starting("new")), "MaxSubscriptionsReachedError", holding=("kept", "second", "third")
    ),
    "too many a second": Refused(json.dumps(starting("new")), "LimitExceededError", holding=(), after=6),
    "binary": Refused(b"\x00\xff", "BadRequestException", id=None),
    "binary that holds JSON": Refused(json.dumps(starting("new")).encode(), "BadRequestException", id=None),
    "no JSON": Refused("start", "BadRequestException", id=None),
    "NUL": Refused("\x00", "BadRequestException", id=None),
    "no object": Refused("[]", "BadRequestException", id=None),
    "nested deeply": Refused('{"a":' * DEEP, "BadRequestException", id=None),
    "no type": Refused('{"id":"new"}', "BadRequestException"),
    "an unknown type": Refused('{"type":"weather","id":"new"}', "BadRequestException"),
    "another protocol's type": Refused('{"type":"subscribe","id":"new","payload":{}}', "BadRequestException"),
    "a type of half a character": Refused('{"type":"\\ud800","id":"\\ud800"}', "BadRequestException", id="\ud800"),
    "a start without payload": Refused('{"type":"start","id":"new"}', "BadRequestException"),
    "a start without id": Refused(raw_start({"data": DATA}, id_=None), "BadRequestException", id=None),
    "a stop without id": Refused('{"type":"stop"}', "BadRequestException", id=None),
}


async def send(socket: ClientWebSocketResponse, message: str | bytes) -> None:
    if isinstance(message, bytes):
        await socket.send_bytes(message)
    else:
        await socket.send_str(message)


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
async def test_a_refusal_names_its_type_and_id_and_harms_nothing_else(refused: Refused) -> None:
    """The subscriptions of this connection and of another one receive the next update all the same."""
    async with served(realtime=FEW) as (api, _), api.socket() as socket, api.socket() as bystander:
        await initialized(bystander)
        await subscribed(bystander, "b")
        await initialized(socket)
        await subscribed(socket, *refused.holding)
        for _ in range(refused.after):
            await socket.send_json(starting("busy"))
        await send(socket, refused.message)
        frame = await told(socket)
        while frame.get("id") == "busy":
            frame = await told(socket)

        assert (frame["type"], frame.get("id")) == ("error", refused.id)
        error = frame["payload"]["errors"][0]
        assert error.get("errorType") == refused.error_type
        assert error["message"]
        assert "errors" not in await api.publish(42)
        assert await told(bystander) == update("b", 42)
        for id_ in refused.holding:
            assert await told(socket) == update(id_, 42)


async def test_one_socket_carries_subscriptions_of_every_mode() -> None:
    """Opened by a user, it has one subscription by the API key, one signed, one of another user."""
    async with served() as (api, _):
        signed = signature(f"https://{api.host}/graphql", DATA) | {"host": api.host}
        modes = {
            "key": {"x-api-key": KEY},
            "iam": signed,
            "ada": {"Authorization": token("ada")},
            "ben": {"authorization": f"Bearer {token('ben')}", "host": api.host},
        }
        opened = Dialect(protocols=("graphql-ws", f"header-{encoded({'Authorization': token()}, as_url=True)}"))
        async with api.socket(opened) as socket:
            await initialized(socket)
            for id_, authorization in modes.items():
                await socket.send_json(starting(id_, authorization=authorization))
                assert await told(socket) == {"type": "start_ack", "id": id_}
            await api.publish(7)
            assert [await told(socket) for _ in modes] == [update(id_, 7) for id_ in modes]

    callers = [event["identity"] and event["identity"]["username"] for event in api.events[:4]]
    assert callers == [None, "AKIDEXAMPLE", "ada", "ben"]


@pytest.mark.parametrize("path", ["", "/realtime"])
@pytest.mark.parametrize("way", ["query", "query-unpadded", "subprotocol", "headers"])
async def test_a_user_connects_in_each_of_the_three_ways(path: str, way: str) -> None:
    given = {"Authorization": token(), "host": "h"}
    ways = {
        "query": Dialect(path, query={"header": encoded(given), "payload": "e30="}),
        "query-unpadded": Dialect(path, query={"header": encoded(given, as_url=True)}),
        "subprotocol": Dialect(path, protocols=("graphql-ws", f"header-{encoded(given, as_url=True)}")),
        "headers": Dialect(path, headers={"Authorization": given["Authorization"]}),
    }
    async with served() as (api, _), api.socket(ways[way]) as socket:
        assert socket.protocol == "graphql-ws"
        await initialized(socket)
        await socket.send_json(starting("1", authorization=given))
        assert await told(socket) == {"type": "start_ack", "id": "1"}


async def test_a_token_that_has_ended_starts_nothing_more_on_a_socket_that_it_opened() -> None:
    """What it has started goes on."""
    ending, passed = {"authorization": token(seconds=60)}, timedelta()
    async with served(clock=lambda: now() + passed) as (api, _), api.socket(Dialect(headers=ending)) as socket:
        await initialized(socket)
        await socket.send_json(starting("1", authorization=ending))
        assert await told(socket) == {"type": "start_ack", "id": "1"}
        passed = timedelta(minutes=2)
        await socket.send_json(starting("2", authorization=ending))
        refused = await told(socket)
        await api.publish(3)
        assert await told(socket) == update("1", 3)

    assert (refused["type"], refused["id"]) == ("error", "2")
    assert refused["payload"]["errors"][0]["errorType"] == "UnauthorizedException"


async def test_an_unknown_id_is_stopped_in_silence() -> None:
    async with served() as (api, _), api.socket() as socket:
        await initialized(socket)
        await socket.send_json({"type": "stop", "id": "never"})
        await subscribed(socket, "1")
        await socket.send_json({"type": "stop", "id": "1"})
        await socket.send_json({"type": "stop", "id": "1"})
        assert await told(socket) == {"type": "complete", "id": "1"}
        await subscribed(socket, "1")


async def test_an_id_is_free_again_even_while_a_resolver_that_does_not_hear_the_stop_goes_on() -> None:
    """The old start's late end neither starts anything nor ends the new one."""
    async with served() as (api, _), api.socket() as socket:
        deaf, leave = asyncio.Event(), asyncio.Event()

        async def does_not_hear() -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                deaf.set()
                await leave.wait()

        await initialized(socket)
        api.on_subscribe = does_not_hear
        await socket.send_json(starting("1"))
        await api.asked.wait()
        await socket.send_json({"type": "stop", "id": "1"})
        assert await told(socket) == {"type": "complete", "id": "1"}
        await asyncio.wait_for(deaf.wait(), 60)
        api.on_subscribe = api.let_in
        await subscribed(socket, "1")
        leave.set()
        await api.publish(1)
        await api.publish(2)
        assert [await told(socket), await told(socket)] == [update("1", 1), update("1", 2)]
        await socket.send_json({"type": "stop", "id": "1"})
        assert await told(socket) == {"type": "complete", "id": "1"}


async def test_a_fragment_for_each_of_many_spreads_is_opened_once() -> None:
    """Thirty fragments that each spread the next one twice would be a billion selections."""
    doubling = " ".join(f"fragment F{n} on Progress {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))
    query = (
        f'subscription {{ onProgress(sessionId: "1") {{ ...F0 }} }} {doubling} fragment F30 on Progress {{ progress }}'
    )
    async with served() as (api, _), api.socket() as socket:
        await initialized(socket)
        await socket.send_json(starting("1", query))
        assert await told(socket) == {"type": "start_ack", "id": "1"}
        await api.publish(5)
        assert (await told(socket))["payload"] == {"data": {"onProgress": {"progress": 5}}}


async def test_an_update_that_aliases_multiply_beyond_the_limit_is_dropped_for_that_subscriber_alone() -> None:
    many = " ".join(f"a{n}: events {{ text }}" for n in range(500))
    async with served() as (api, _), api.socket() as greedy, api.socket() as modest:
        await initialized(greedy)
        await greedy.send_json(starting("1", f'subscription {{ onProgress(sessionId: "1") {{ progress {many} }} }}'))
        assert await told(greedy) == {"type": "start_ack", "id": "1"}
        await initialized(modest)
        await subscribed(modest, "1")
        assert "errors" not in await api.publish(5, "x" * 1_000)
        await api.publish(6)
        assert (await told(greedy))["payload"]["data"]["onProgress"]["progress"] == 6
        assert [await told(modest), await told(modest)] == [update("1", 5, "x" * 1_000), update("1", 6)]


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (b"\x81\x82\x00\x00\x00\x00\xff\xfe", 1007),  # a text that is no UTF-8
        (b"\xc1\x82\x00\x00\x00\x00{}", 1002),  # said to be compressed, which nobody agreed upon
        (b"\x83\x80\x00\x00\x00\x00", 1002),  # an opcode that does not exist
        (b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", 1009),  # eight exabytes
        (b"\x81\xff" + (1024 * 1024 + 1).to_bytes(8) + bytes(4), 1009),  # a byte over 1 MiB
        (b"\x80\x80\x00\x00\x00\x00", 1002),  # the rest of a message that never began
        (b"\x89\xfe\x01\x00\x00\x00\x00\x00" + b"p" * 256, 1002),  # a ping too large to be one
    ],
    ids=["utf-8", "compressed", "opcode", "exabytes", "megabyte", "continuation", "ping"],
)
async def test_what_is_no_websocket_frame_closes_its_connection_with_the_code_that_says_so(
    break_it: bytes, code: int
) -> None:
    async with served() as (api, _), api.socket() as socket, api.socket() as bystander:
        await initialized(bystander)
        await subscribed(bystander, "b")
        await initialized(socket)
        write_raw(socket, break_it)
        closed = await socket.receive(timeout=60)
        await api.publish(4)
        assert await told(bystander) == update("b", 4)

    assert (closed.type, closed.data) == (WSMsgType.CLOSE, code)


def write_raw(socket: ClientWebSocketResponse, data: bytes) -> None:
    """Bytes of our own past the client's WebSocket layer."""
    connection = socket._conn  # noqa: SLF001 - no public way to send a broken frame
    assert connection is not None
    assert connection.transport is not None
    connection.transport.write(data)


async def test_a_client_that_never_initializes_is_let_go_and_one_that_was_refused_after_a_moment() -> None:
    quick = RealtimeSettings(wait_for_init=0.2, linger=0.2)
    async with served(realtime=quick) as (api, _), api.socket() as mute, api.socket(Dialect()) as refused:
        closed = await mute.receive(timeout=60)
        reason = await told(refused)
        refused_closed = await refused.receive(timeout=60)

    assert (closed.type, closed.data) == (WSMsgType.CLOSE, 1008)
    assert reason["type"] == "connection_error"
    assert (refused_closed.type, refused_closed.data) == (WSMsgType.CLOSE, 1008)


async def test_a_refused_connection_answers_each_of_a_flood_of_messages_by_nothing_but_its_close() -> None:
    async with served() as (api, _), api.socket(Dialect()) as socket:
        for _ in range(50):
            await socket.send_json(INIT)
        frame = await told(socket)
        closed = await socket.receive(timeout=60)

    assert frame["payload"]["errors"][0]["errorCode"] == 400
    assert closed.type is WSMsgType.CLOSE
