"""HTTP requests that no well-meaning client sends: each is answered in AppSync's form, and harms no other client."""

import asyncio
import gzip
import json
import socket
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, TCPConnector
from patience import PATIENCE
from stacks.served_appsync import KEY, Api, initialized, served, signature, subscribed, told, update

from local.appsync.server import RealtimeSettings

POST = f"POST /graphql HTTP/1.1\r\nHost: h\r\nx-api-key: {KEY}\r\n"
TYPENAME = '{"query":"{ __typename }"}'
ANSWERED = {"data": {"__typename": "Query"}}
EVENTS = '{"query":"query Q($n: Int) { events(sessionId: \\"1\\", after: $n) { hasMore } }","variables":{"n":%s}}'


@dataclass(frozen=True)
class Sent:
    """A body with its headers, and the status and error type that answer it."""

    body: bytes | str
    status: int = 200
    error_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def malformed(body: bytes | str, **headers: str) -> Sent:
    return Sent(body, 400, "MalformedHttpRequestException", {name.replace("_", "-"): headers[name] for name in headers})


def query(text: str) -> str:
    return json.dumps({"query": text})


SENT: Mapping[str, Sent] = {
    "text/plain": Sent(TYPENAME, headers={"content-type": "text/plain"}),
    "a form": Sent(TYPENAME, headers={"content-type": "application/x-www-form-urlencoded"}),
    "no media type at all": Sent(TYPENAME, headers={"content-type": ";;;\x80"}),
    "multipart": malformed(b"--x\r\n\r\n{}\r\n--x--", content_type="multipart/form-data; boundary=x"),
    "gzip": Sent(gzip.compress(TYPENAME.encode()), headers={"content-encoding": "gzip"}),
    "gzip that is none": malformed(b"no gzip", content_encoding="gzip"),
    "gzip that breaks off": malformed(gzip.compress(TYPENAME.encode())[:12], content_encoding="gzip"),
    "a bomb": Sent(
        gzip.compress(b" " * 50_000_000), 413, "RequestEntityTooLargeException", {"content-encoding": "gzip"}
    ),
    "an unknown encoding": Sent(TYPENAME, headers={"content-encoding": "rot13"}),
    "UTF-16": Sent(TYPENAME.encode("utf-16")),
    "a byte-order mark": Sent(b"\xef\xbb\xbf" + TYPENAME.encode()),
    "no UTF-8": malformed(b'{"query":"{ __typename \xff }"}'),
    "NUL": malformed(b"\x00"),
    "NaN": malformed(EVENTS % "NaN"),
    "Infinity": malformed(EVENTS % "-Infinity"),
    "a number beyond doubles": malformed(EVENTS % "1e999"),
    "a number of 10,000 digits": malformed(EVENTS % ("9" * 10_000)),
    "an Int beyond 32 bits": Sent(EVENTS % "2147483648"),
    "an Int that is none": Sent(EVENTS % "1.5"),
    "keys twice: the last one counts": Sent('{"query":"{","query":"{ __typename }"}'),
    "JSON nested deeply": malformed('{"a":' * 50_000),
    "variables nested deeply": Sent(
        '{"query":"query Q($n: Int) { events(sessionId: \\"1\\", after: $n) { hasMore } }","variables":{"n":'
        + "[" * 900
        + "]" * 900
        + "}}",
    ),
    "variables that nobody declared": Sent(
        '{"query":"{ __typename }","variables":{"\\ud800":"' + "x" * 900_000 + '"}}'
    ),
    "a literal nested deeply": malformed(query("{ session(id: " + "[" * 5_000 + "]" * 5_000 + ") { id } }")),
    "fields nested deeply": malformed(query("{a" * 5_000 + "}" * 5_000)),
    "types within types": malformed(query('{ __type(name: "Session")' + "{ ofType" * 5_000 + "}" * 5_000 + " }")),
    "introspection of everything in everything": Sent(
        query("{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }")
    ),
    "a fragment within itself": Sent(query('{ session(id: "1") { ...F } } fragment F on Session { ...F }')),
    "an unknown operation": Sent('{"query":"query A { __typename }","operationName":"B"}'),
    "a subscription": Sent(query('subscription { onProgress(sessionId: "1") { status } }'), 400, "BadRequestException"),
    "a bad key of no character": Sent(TYPENAME, 401, "UnauthorizedException", {"x-api-key": "\udcff"}),
}


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with served() as (api, _):
        yield api


async def post(api: Api, body: bytes | str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    """The status and the JSON that a body is answered with, over a connection of its own."""
    data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    head = {"host": api.host, "x-api-key": KEY, "connection": "close", "content-length": str(len(data))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in (head | dict(headers or {})).items())
    answer = await raw(api, b"POST /graphql HTTP/1.1\r\n" + lines.encode("utf-8", "surrogateescape") + b"\r\n" + data)
    status_line, _, rest = answer.partition(b"\r\n")
    _, _, text = rest.partition(b"\r\n\r\n")
    return int(status_line.split()[1]), json.loads(text)


async def raw(api: Api, request: bytes) -> bytes:
    """All that the server answers until it closes."""
    host, port = api.host.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(request)
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
async def test_whatever_is_posted_is_answered_in_json(api: Api, sent: Sent, caplog: pytest.LogCaptureFixture) -> None:
    """And a subscriber beside it misses nothing."""
    async with api.socket() as bystander:
        await initialized(bystander)
        await subscribed(bystander, "b")

        status, answer = await post(api, sent.body, sent.headers)

        assert status == sent.status
        if sent.error_type:
            assert answer["errors"][0]["errorType"] == sent.error_type
        else:
            assert answer == ANSWERED or (answer["data"] is None and answer["errors"])
        await api.publish(3)
        assert await told(bystander) == update("b", 3)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"HEAD /graphql HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 405),
        (b"PUT /graphql HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 405),
        (b"GET /graphql HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n", 400),
        (b"GET /graphql?header=%FF%FE%00 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 400),
        (
            b"OPTIONS /graphql HTTP/1.0\r\nHost: h\r\nAccess-Control-Request-Headers: \xff\r\n\r\n",
            200,
        ),
        (b"OPTIONS /graphql HTTP/1.1\r\nHost: h\r\nAccess-Control-Request-Headers: a\r\n X-Evil: 1\r\n\r\n", 400),
        (b"OPTIONS /graphql HTTP/1.1\r\nHost: h\r\nAccess-Control-Request-Headers: a\x00\r\n\r\n", 400),
        (b"POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400),
        (b"POST /graphql HTTP/1.1\r\nHost: h\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n", 400),
        (b"GET /graphql HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01", 400),
    ],
)
async def test_what_is_hardly_http_is_refused_and_adds_no_header(api: Api, request_: bytes, status: int) -> None:
    answer = await raw(api, request_)

    assert int(answer.split()[1]) == status
    assert b"x-evil" not in answer.lower().partition(b"\r\n\r\n")[0]
    assert await post(api, TYPENAME) == (200, ANSWERED)


async def test_a_chunked_body_is_read_and_a_broken_one_is_not_waited_for(api: Api) -> None:
    head = f"{POST}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    text = TYPENAME.encode()
    good = b"%x\r\n%s\r\n0\r\n\r\n" % (len(text), text)

    assert (await raw(api, head.encode() + good)).endswith(json.dumps(ANSWERED, separators=(",", ":")).encode())
    assert (await raw(api, head.encode() + b"zz\r\n")).split()[1] == b"400"


async def test_a_client_that_leaves_in_the_middle_of_its_body_is_no_failure(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = api.host.split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"{POST}Content-Length: 99\r\n\r\nhalf".encode())
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.transport.abort()

    assert await post(api, TYPENAME) == (200, ANSWERED)
    assert [record for record in caplog.records if record.levelname in {"ERROR", "WARNING"}] == []


async def test_the_host_header_is_nobodys_proof(api: Api) -> None:
    """What is signed is signed for one host; a key is good under any name, as the server has no name of its own."""
    for_elsewhere = signature("http://elsewhere.example/graphql", TYPENAME)

    assert (await post(api, TYPENAME, for_elsewhere | {"x-api-key": ""}))[0] == 401
    assert await post(api, TYPENAME, {"host": "elsewhere.example"}) == (200, ANSWERED)


async def test_a_request_over_1_mb_is_refused_before_it_has_all_come(api: Api) -> None:
    head = f"{POST}Content-Length: 9000000000\r\n\r\n"
    host, port = api.host.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(head.encode() + b" " * (1024 * 1024 + 1))

    assert (await asyncio.wait_for(reader.readline(), 30)).split()[1] == b"413"
    writer.transport.abort()


LONG_DOCUMENTS = {
    "one field again and again": "{" + ' session(id: "1") { id }' * 1_000 + "}",
    "nested fields again and again": '{ session(id: "1") {' + " results { costData { lines { role } } }" * 800 + "} }",
    "as many fragments as spreads": '{ session(id: "1") {'
    + "".join(f" ...F{n}" for n in range(900))
    + "} }"
    + "".join(f" fragment F{n} on Session {{ id }}" for n in range(900)),
    "undeclared variables": '{ session(id: "1") { '
    + "".join(f" a{n}: id @skip(if: $v{n})" for n in range(700))
    + "} }",
}


@pytest.mark.slow
@pytest.mark.parametrize("text", LONG_DOCUMENTS.values(), ids=LONG_DOCUMENTS)
async def test_a_document_that_takes_long_to_validate_holds_nobody_up(api: Api, text: str) -> None:
    """Other requests are answered while it is worked on, several times over if it takes as long as many of them."""
    began = time.monotonic()
    for _ in range(10):
        await post(api, TYPENAME)
    ten_quick_ones = time.monotonic() - began
    slow = asyncio.ensure_future(post(api, query(text)))
    began, answered = time.monotonic(), 0
    while not slow.done():
        assert await post(api, TYPENAME) == (200, ANSWERED)
        answered += 1
    status, answer = await slow

    assert status == 200
    assert "data" in answer
    if time.monotonic() - began > ten_quick_ones:
        assert answered > 3


async def test_fragments_that_double_and_double_are_answered_at_once(api: Api) -> None:
    doubling = " ".join(f"fragment F{n} on Session {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))

    status, answer = await post(
        api, query(f'{{ session(id: "1") {{ ...F0 }} }} {doubling} fragment F40 on Session {{ id }}')
    )

    assert (status, answer) == (200, {"data": {"session": None}})
    assert api.events[0]["info"]["selectionSetList"] == ["id"]


@pytest.mark.parametrize(
    ("depth", "answer"),
    [
        (3, {"sessionId": "1", "events": [{"text": "t"}]}),
        (2, None),  # null in events, which is a list of what is never null
        (1, None),
    ],
)
async def test_a_field_beyond_the_depth_that_the_api_allows_is_an_error(depth: int, answer: object) -> None:
    """Every field is a level, the leaves too; an item's place in a list is not."""
    async with served(query_depth_limit=depth) as (api, _):
        told_publisher = await api.publish_by("sessionId events { text }", "t")

    assert told_publisher["data"] == {"publishProgress": answer}
    types = {error["errorType"] for error in told_publisher.get("errors", ())}
    assert types == (set() if answer else {"QueryDepthLimitReached"})
    assert len(api.events) == 1


async def test_no_more_resolvers_run_than_the_api_allows() -> None:
    three = '{ a: session(id: "1") { id } b: session(id: "2") { id } c: session(id: "3") { id } }'
    async with served(resolver_count_limit=2) as (api, _):
        status, answer = await post(api, query(three))

    assert status == 200
    assert answer["data"] == {"a": None, "b": None, "c": None}
    [error] = answer["errors"]
    assert (error["errorType"], error["path"]) == ("ResolverExecutionLimitReached", ["c"])
    assert [event["arguments"]["id"] for event in api.events] == ["1", "2"]


async def fill(api: Api, stuck: ClientWebSocketResponse) -> None:
    """Subscribe, stop reading, and be sent more than the buffers on the way can hold."""
    await initialized(stuck)
    await subscribed(stuck, "1")
    connection = stuck._conn  # noqa: SLF001 - no public way to read nothing
    assert connection is not None
    assert isinstance(connection.transport, asyncio.ReadTransport)
    connection.transport.pause_reading()
    connection.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    for _ in range(40):
        assert "errors" not in await api.publish(5, "x" * 200_000)


@pytest.mark.slow
async def test_a_server_that_stops_does_not_wait_for_a_client_that_reads_nothing() -> None:
    """The goodbye can't be sent, for what was sent before fills every buffer on the way."""
    async with served(send_buffer_bytes=50_000_000) as (api, runner), api.socket() as stuck:
        await fill(api, stuck)
        await asyncio.wait_for(runner.cleanup(), 30)


@pytest.mark.slow
async def test_a_connection_that_is_due_to_close_is_cut_when_its_client_reads_nothing() -> None:
    """After its 24 hours (here: three seconds) the close can't be sent either."""
    brief = RealtimeSettings(longest_connection=3.0)
    one_each = TCPConnector(force_close=True)  # so that at last the socket is the only connection
    async with (
        served(send_buffer_bytes=50_000_000, realtime=brief) as (api, runner),
        ClientSession(connector=one_each) as api.http,
        api.socket() as stuck,
    ):
        await fill(api, stuck)
        assert runner.server is not None
        async with asyncio.timeout(PATIENCE):
            while runner.server.connections:  # noqa: ASYNC110 - aiohttp does not report a connection's end
                await asyncio.sleep(0.1)
