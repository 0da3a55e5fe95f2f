"""Real-time connections over real sockets: gql's stock transport, every dialect, and clients that misbehave."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from socket import SHUT_RDWR
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from gql import Client, gql
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication, AppSyncAuthentication, AppSyncIAMAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import TransportQueryError, TransportServerError
from stacks.served_appsync import (
    INIT,
    KEY,
    REGION,
    SIGNING_KEY,
    SUBSCRIBE,
    Api,
    Dialect,
    api_key,
    encoded,
    initialized,
    served,
    signature,
    starting,
    subscribed,
    told,
    update,
)

from local.appsync.server import RealtimeSettings


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with served() as (api, _):
        yield api


def gql_auth(mode: str, host: str) -> AppSyncAuthentication:
    if mode == "iam":
        return AppSyncIAMAuthentication(host=host, region_name=REGION, credentials=SIGNING_KEY)
    return AppSyncApiKeyAuthentication(host=host, api_key=KEY)


@pytest.mark.parametrize("mode", ["api key", "iam"])
@pytest.mark.parametrize("path", ["", "/realtime"])
async def test_gqls_stock_transport_follows_a_session(api: Api, mode: str, path: str) -> None:
    transport = AppSyncWebsocketsTransport(url=f"ws://{api.host}/graphql{path}", auth=gql_auth(mode, api.host))
    seen: list[int] = []

    async with Client(transport=transport) as session:
        following = asyncio.ensure_future(_follow(session.subscribe(gql(SUBSCRIBE)), seen))
        await api.asked.wait()
        for progress in (5, 30, 100):
            await api.publish(progress)
        await asyncio.wait_for(following, 60)

    assert seen == [5, 30, 100]


async def _follow(updates: AsyncIterator[dict[str, Any]], seen: list[int]) -> None:
    async for told_update in updates:
        seen.append(told_update["onProgress"]["progress"])
        if seen[-1] == 100:
            return


async def test_gqls_stock_transport_is_told_why_it_may_not_connect(api: Api) -> None:
    auth = AppSyncApiKeyAuthentication(host=api.host, api_key="da2-wrong")
    transport = AppSyncWebsocketsTransport(url=f"ws://{api.host}/graphql", auth=auth)

    with pytest.raises(TransportServerError, match="UnauthorizedException"):
        async with Client(transport=transport):
            pass


async def test_gqls_stock_transport_is_told_why_it_may_not_subscribe(api: Api) -> None:
    async def refuse() -> object:
        return {"error": {"type": "NotFound", "message": "No such session.", "info": None}}

    api.on_subscribe = refuse
    transport = AppSyncWebsocketsTransport(url=f"ws://{api.host}/graphql", auth=gql_auth("api key", api.host))

    async with Client(transport=transport) as session:
        with pytest.raises(TransportQueryError, match="No such session"):
            async for _ in session.subscribe(gql(SUBSCRIBE)):
                pass


def signed_connect(host: str, path: str) -> dict[str, str]:
    return signature(f"https://{host}{path}/connect", "{}") | {"host": host}


WAYS: dict[str, Callable[[dict[str, str]], Dialect]] = {
    "query": lambda given: Dialect(query={"header": encoded(given), "payload": "e30="}),
    "query-unpadded": lambda given: Dialect(query={"header": encoded(given, as_url=True)}),
    "subprotocol": lambda given: Dialect(protocols=("graphql-ws", f"header-{encoded(given, as_url=True)}")),
    "headers": lambda given: Dialect(headers=given),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("credentials", [api_key, signed_connect])
@pytest.mark.parametrize("path", ["", "/realtime"])
async def test_every_dialect_connects(
    api: Api,
    way: Callable[[dict[str, str]], Dialect],
    credentials: Callable[[str, str], dict[str, str]],
    path: str,
) -> None:
    dialect = replace(way(credentials(api.host, f"/graphql{path}")), path=path)

    async with api.socket(dialect) as socket:
        assert socket.protocol == "graphql-ws"
        await initialized(socket)
        await subscribed(socket, "a1")
        await api.publish(5)
        assert await told(socket) == update("a1", 5)


@pytest.mark.parametrize(
    ("dialect", "error"),
    [
        (Dialect(), {"errorType": "UnauthorizedException"}),
        (Dialect(query={"header": "%%%"}), {"errorType": "UnauthorizedException"}),
        (Dialect(headers={"x-api-key": "da2-wrong"}), {"errorType": "UnauthorizedException"}),
        (Dialect(headers={"authorization": "AWS4-HMAC-SHA256 no"}), {"errorType": "UnauthorizedException"}),
        (Dialect(headers={"x-api-key": KEY}, protocols=("other",)), {"message": "SubProtocolNotSupportedError"}),
        (Dialect(headers={"x-api-key": KEY}, protocols=()), {"message": "NoProtocolError"}),
    ],
)
async def test_a_refused_connection_says_why_and_closes(api: Api, dialect: Dialect, error: dict[str, str]) -> None:
    async with api.socket(dialect) as socket:
        frame = await told(socket)
        await socket.send_json(INIT)
        closed = await socket.receive(timeout=60)

    assert frame["type"] == "connection_error"
    [told_error] = frame["payload"]["errors"]
    assert told_error["errorCode"] == 400
    assert error.items() <= told_error.items()
    assert closed.type is WSMsgType.CLOSE


async def test_the_subscription_has_its_own_event_without_its_headers(api: Api) -> None:
    async with api.socket() as socket:
        await initialized(socket)
        await socket.send_json(starting("1", authorization={"X-Api-Key": KEY, "X-Trace": "t"}))
        await told(socket)

    [event] = api.events
    assert event["info"]["parentTypeName"] == "Subscription"
    assert KEY not in str(event)


async def test_no_update_after_start_ack_is_missed_and_none_comes_before(api: Api) -> None:

    async def publish_meanwhile() -> None:
        await api.publish(1)  # nobody is subscribed yet

    api.on_subscribe = publish_meanwhile

    async with api.socket() as socket:
        await initialized(socket)
        await socket.send_json(starting("1"))
        assert await told(socket) == {"type": "start_ack", "id": "1"}
        published = [asyncio.ensure_future(api.publish(n)) for n in range(2, 12)]
        frames = [await told(socket) for _ in published]
        await asyncio.gather(*published)

    assert sorted(frame["payload"]["data"]["onProgress"]["progress"] for frame in frames) == list(range(2, 12))


async def test_a_stopped_subscription_is_silent_and_the_others_go_on(api: Api) -> None:
    async with api.socket() as socket:
        await initialized(socket)
        await subscribed(socket, "1", "2")
        await socket.send_json({"id": "1", "type": "stop"})
        assert await told(socket) == {"type": "complete", "id": "1"}
        await api.publish(9)
        assert await told(socket) == update("2", 9)
        await subscribed(socket, "1")


async def test_a_start_is_given_up_when_it_is_stopped(api: Api) -> None:
    given_up = asyncio.Event()

    async def never() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            given_up.set()
            raise

    api.on_subscribe = never

    async with api.socket() as socket:
        await initialized(socket)
        await socket.send_json(starting("1"))
        await api.asked.wait()
        await socket.send_json({"id": "1", "type": "stop"})
        assert await told(socket) == {"type": "complete", "id": "1"}
        await asyncio.wait_for(given_up.wait(), 60)
        api.on_subscribe = api.let_in
        await subscribed(socket, "1")


async def test_keep_alives_arrive() -> None:
    async with served(realtime=RealtimeSettings(keep_alive=0.02)) as (api, _), api.socket() as socket:
        await initialized(socket)
        assert [await told(socket), await told(socket)] == [{"type": "ka"}, {"type": "ka"}]


async def test_a_client_that_does_not_read_is_cut_off_and_holds_nobody_up() -> None:
    text, times = "x" * 200_000, 80
    async with served(send_buffer_bytes=1_000_000) as (api, _), api.socket() as slow, api.socket() as quick:
        for socket in (slow, quick):
            await initialized(socket)
            await subscribed(socket, "1")
        reading = asyncio.ensure_future(asyncio.wait_for(_read(quick, times), 60))

        for _ in range(times):
            assert "errors" not in await api.publish(5, text)

        assert await reading == times
        assert await asyncio.wait_for(_read(slow, times), 60) < times
        assert slow.closed


async def _read(socket: ClientWebSocketResponse, count: int) -> int:
    """How many frames came until there were enough or the connection ended."""
    for number in range(count):
        if (await socket.receive()).type is not WSMsgType.TEXT:
            return number
    return count


@pytest.mark.parametrize("vanish", [False, True], ids=["closes", "vanishes"])
async def test_a_connection_that_ends_leaves_nothing_behind(caplog: pytest.LogCaptureFixture, *, vanish: bool) -> None:
    """A start in flight is given up, and a subscription that still filled its buffer would be cut off and logged."""
    given_up = asyncio.Event()

    async def never() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()

    async with served(send_buffer_bytes=1_000) as (api, _):
        async with api.socket() as socket:
            await initialized(socket)
            await subscribed(socket, "1")
            api.on_subscribe = never
            api.asked.clear()
            await socket.send_json(starting("2"))
            await api.asked.wait()
            if vanish:
                socket.get_extra_info("socket").shutdown(SHUT_RDWR)
        await asyncio.wait_for(given_up.wait(), 60)

        assert "errors" not in await api.publish(5, "x" * 2_000)

    assert "was disconnected" not in caplog.text


async def test_an_update_too_large_for_the_send_buffer_cuts_its_client_off(caplog: pytest.LogCaptureFixture) -> None:
    async with served(send_buffer_bytes=1_000) as (api, _), api.socket() as socket:
        await initialized(socket)
        await subscribed(socket, "1")

        assert "errors" not in await api.publish(5, "x" * 2_000)
        await socket.receive(timeout=60)

        assert socket.closed
    assert "was disconnected" in caplog.text


async def test_a_fault_of_the_server_refuses_the_start_and_spares_the_connection() -> None:
    def broken() -> datetime:
        raise OSError("no clock")

    async with served(clock=broken) as (faulty, _), faulty.socket() as socket:
        await initialized(socket)
        signed = signature(faulty.url, json.dumps({"query": SUBSCRIBE})) | {"host": faulty.host}
        await socket.send_json(starting("1", authorization=signed))
        frame = await told(socket)
        assert frame["payload"]["errors"][0]["errorType"] == "InternalFailure"
        assert "no clock" not in json.dumps(frame)
        await subscribed(socket, "1")


async def test_a_server_that_shuts_down_says_goodbye() -> None:
    async with served() as (api, runner), api.socket() as socket:
        await initialized(socket)
        await subscribed(socket, "1")
        closing = asyncio.ensure_future(runner.cleanup())
        message = await socket.receive(timeout=60)
        await closing

    assert (message.type, message.data) == (WSMsgType.CLOSE, 1001)
