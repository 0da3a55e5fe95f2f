"""Random hostile clients on the socket and on HTTP, with well-behaved subscribers beside them who miss nothing.

Each client is a stream of random moves from a seed that a failure prints. `SCOPESMITH_TEST_FUZZ_SECONDS` says how
long the thorough run lasts (60), and `SCOPESMITH_TEST_FUZZ_SEED` repeats one.
"""

import asyncio
import gc
import gzip
import json
import logging
import os
import random
import resource
import secrets
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import pytest
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType, web
from patience import PATIENCE
from stacks.served_appsync import (
    INIT,
    KEY,
    SUBSCRIBE,
    Api,
    Dialect,
    encoded,
    initialized,
    served,
    signature,
    starting,
    subscribed,
    token,
    update,
)

HOSTILE = 6
"""Hostile clients at a time."""
GROWTH: Final = 128 * 1024 * 1024
"""Bytes that the process may come to hold beyond its peak of the warm-up: some clients' send buffers, 4 MB each."""

WORDS = [
    "query",
    "mutation",
    "subscription",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "...",
    "on",
    "@skip(if:true)",
    "$a",
    "fragment",
]
NAMES = [
    "session",
    "sessions",
    "events",
    "onProgress",
    "publishProgress",
    "id",
    "status",
    "results",
    "costData",
    "__typename",
]
SCRAPS = [
    "",
    "\x00",
    "\ud800",
    "\u2028",
    "é" * 50,
    "\U0001f680",
    "null",
    "NaN",
    "1e999",
    "9" * 400,
    "a" * 5_000,
    '"',
    "\\",
    "{}",
]
JSON_VALUES: list[object] = [None, True, 0, -1, 2**31, 2**70, 0.5, [], {}, [[[]]], {"a": {"a": []}}, *SCRAPS]


class Chance:
    """Random values of every kind that the server may meet."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secrets

    def text(self) -> str:
        return "".join(self.random.choices(SCRAPS + WORDS + NAMES, k=self.random.randrange(6)))

    def octets(self, longest: int = 300) -> bytes:
        return self.random.randbytes(self.random.randrange(longest))

    def value(self) -> object:
        return self.random.choice(JSON_VALUES)

    def document(self) -> str:
        r = self.random
        kinds: list[Callable[[], str]] = [
            lambda: SUBSCRIBE,
            lambda: " ".join(r.choices(WORDS + NAMES + SCRAPS, k=r.randrange(60))),
            lambda: r.choice(["subscription", "query", "mutation"]) + "{a" * r.choice([5, 150, 190, 3_000]),
            lambda: f"{{ session(id: {'[' * (n := r.randrange(400))}{']' * n}) {{ id }} }}",
            lambda: '{ session(id: "1") {' + " id status" * r.choice([10, 400]) + " } }",
            lambda: "{" + " ".join(f'a{n}: session(id: "{n}") {{ id }}' for n in range(r.randrange(60))) + "}",
            lambda: (
                'subscription { onProgress(sessionId: "1") {'
                + "".join(f" a{n}: progress" for n in range(r.randrange(200)))
                + " } }"
            ),
            lambda: (
                'subscription { onProgress(sessionId: "1") { ...F0 } }'
                + " ".join(f"fragment F{n} on Progress {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))
                + "fragment F30 on Progress { status }"
            ),
            lambda: "{ __schema { types { name fields { name type { name ofType { name } } } } } }",
        ]
        whole = r.choice(kinds)()
        return whole if r.random() < 0.8 else self.mangled(whole)

    def mangled(self, text: str) -> str:
        at = self.random.randrange(len(text) + 1)
        return text[:at] + self.random.choice(SCRAPS) + text[at + self.random.randrange(3) :]

    def authorization(self, api: Api, body: str) -> dict[str, str]:
        r = self.random
        good = r.choice([{"x-api-key": KEY}, {"authorization": token()}, signature(api.url, body) | {"host": api.host}])
        if r.random() < 0.7:
            return good
        name = r.choice(list(good))
        return good | {name: self.mangled(good[name])}

    def message(self, api: Api) -> str | bytes:
        """A message for the socket: a right one, a nearly right one, or noise."""
        r, id_ = self.random, str(self.random.randrange(8))
        data = json.dumps({"query": self.document(), "variables": r.choice([{}, {"a": 1}, None, []])})
        start: dict[str, object] = {
            "id": id_,
            "type": "start",
            "payload": {"data": data, "extensions": {"authorization": self.authorization(api, data)}},
        }
        others: list[dict[str, object]] = [{"id": id_, "type": "stop"}, {**INIT}, starting(id_)]
        right = r.choice([start, start, start, *others])
        kind = r.random()
        if kind < 0.6:
            return json.dumps(right)
        if kind < 0.75:
            return json.dumps({**right, r.choice(["id", "type", "payload"]): self.value()})
        if kind < 0.85:
            return self.mangled(json.dumps(right))
        return self.octets() if kind < 0.95 else r.choice(["[" * 50_000, '{"a":' * 50_000, "x" * 200_000, self.text()])


class Failures(logging.Handler):
    """What the server's own code, or the event loop, says went wrong."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        expected = (
            record.name == "local.appsync.realtime.sockets"
            and "cut off" in record.getMessage(),  # one that did not read
            record.name == "aiohttp.server" and _is_bad_http(record.exc_info),  # aiohttp tells of what it refuses
        )
        if not any(expected):
            self.told.append(f"{record.name}: {record.getMessage()}\n{logging.Formatter().format(record)}")


def _is_bad_http(exc_info: Any) -> bool:  # noqa: ANN401 - logging's own triple
    return bool(exc_info) and type(exc_info[1]).__module__ == "aiohttp.http_exceptions"


@asynccontextmanager
async def watched() -> AsyncIterator[Failures]:
    """Collects everything that is logged, or reaches the event loop, as an error."""
    failures, loop = Failures(), asyncio.get_running_loop()
    root = logging.getLogger()
    root.addHandler(failures)
    loop.set_exception_handler(lambda _, context: failures.told.append(f"loop: {context}"))
    try:
        yield failures
    finally:
        root.removeHandler(failures)
        loop.set_exception_handler(None)


async def talks(api: Api, chance: Chance) -> None:
    """A client that sends random messages, and reads some of the answers, none, or all."""
    r = chance.random
    credentials = chance.authorization(api, "{}")
    dialect = r.choice(
        [
            None,
            Dialect(query={"header": encoded(credentials, as_url=r.random() < 0.5)}, path=r.choice(["", "/realtime"])),
            Dialect(protocols=("graphql-ws", f"header-{encoded(credentials, as_url=True)}")),
            Dialect(query={"header": chance.octets(60).hex()}),
        ]
    )
    async with api.socket(dialect) as socket:
        reading = asyncio.ensure_future(reads(socket)) if r.random() < 0.7 else None
        try:
            if r.random() < 0.8:
                await socket.send_json(INIT)
            for _ in range(r.randrange(60)):
                message = chance.message(api)
                if isinstance(message, bytes):
                    await socket.send_bytes(message)
                else:
                    await socket.send_frame(message.encode("utf-8", "surrogatepass"), WSMsgType.TEXT)
                await asyncio.sleep(r.choice([0, 0, 0.002]))
            if r.random() < 0.3:
                raw_write(socket, chance.octets())
            if r.random() < 0.3:
                vanish(socket)
        finally:
            if reading:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)


async def reads(socket: ClientWebSocketResponse) -> None:
    """Everything that comes is a frame of the protocol."""
    while (message := await socket.receive()).type is WSMsgType.TEXT:
        frame = json.loads(message.data)
        assert frame["type"] in {"connection_ack", "connection_error", "start_ack", "data", "error", "complete", "ka"}


def raw_write(socket: ClientWebSocketResponse, octets: bytes) -> None:
    connection = socket._conn  # noqa: SLF001 - no public way to send what is no frame
    if connection and connection.transport and not connection.transport.is_closing():
        connection.transport.write(octets)


def vanish(socket: ClientWebSocketResponse) -> None:
    connection = socket._conn  # noqa: SLF001 - no public way to leave without a word
    if connection and connection.transport:
        connection.transport.abort()


async def posts(api: Api, chance: Chance) -> None:
    """A client that sends a random body and gets JSON back."""
    r = chance.random
    request = {"query": chance.document(), "variables": r.choice([{}, chance.value()]), "operationName": chance.value()}
    if r.random() < 0.5:
        request = {"query": chance.document()}
    text = json.dumps(request)
    body = (text if r.random() < 0.8 else chance.mangled(text)).encode("utf-8", "surrogatepass")
    credentials = chance.authorization(api, text)
    headers = {name: value for name, value in credentials.items() if value.isprintable() and value.isascii()}
    if r.random() < 0.2:
        headers["content-encoding"] = "gzip"
        body = gzip.compress(body) if r.random() < 0.5 else body
    async with api.http.post(api.url, data=body, headers=headers) as response:
        answer = await response.json()
        assert response.status in {200, 400, 401, 413}
        assert "errors" in answer or "data" in answer


async def scribbles(api: Api, chance: Chance) -> None:
    """A client that sends what may not even be HTTP, and leaves."""
    r = chance.random
    host, port = api.host.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = [
        f"{r.choice(['GET', 'POST', 'OPTIONS', 'X'])} {r.choice(['/graphql', '/graphql/realtime', '//?%FF'])} HTTP/1.1"
    ]
    lines += r.sample(
        [
            "Host: h",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: graphql-ws",
            f"x-api-key: {KEY}",
            "Transfer-Encoding: chunked",
            f"Content-Length: {r.choice(['0', '5', '-1', '99999999'])}",
            f"Access-Control-Request-Headers: {chance.text()}",
        ],
        k=r.randrange(10),
    )
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode("utf-8", "surrogatepass") + chance.octets(2_000))
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await reader.read(1_000)
    finally:
        writer.transport.abort()


Move = Callable[[Api, Chance], Awaitable[None]]
MOVES: tuple[Move, ...] = (talks, talks, posts, posts, posts, scribbles)


async def attacks(api: Api, seed: str, until: float) -> int:
    """One hostile client after the other; how many there were."""
    loop, number = asyncio.get_running_loop(), 0
    while loop.time() < until:
        chance = Chance(f"{seed}/{number}")
        move = chance.random.choice(MOVES)
        try:
            async with asyncio.timeout(PATIENCE):
                await move(api, chance)
        except (ClientError, ConnectionError):
            pass  # it was cut off, as it should be
        number += 1
    return number


async def follows(api: Api, count: asyncio.Queue[int]) -> int:
    """A well-behaved client: it gets every update that is published, in order, and nothing else."""
    async with api.socket(Dialect(headers={"authorization": token()})) as socket:
        await initialized(socket)
        await subscribed(socket, "good")
        await count.put(0)
        number = 0
        while True:
            frame = await socket.receive_json(timeout=PATIENCE)
            if frame == {"type": "ka"}:
                continue
            number += 1
            assert frame == update("good", number % 100, f"update {number}")
            await count.put(number)


async def publishes(api: Api, followers: list[asyncio.Queue[int]], until: float) -> int:
    """Publish, wait until every follower has it, and again; how often."""
    loop, number = asyncio.get_running_loop(), 0
    while loop.time() < until:
        number += 1
        assert "errors" not in await api.publish(number % 100, f"update {number}")
        for queue in followers:
            async with asyncio.timeout(PATIENCE):
                assert await queue.get() == number
        await asyncio.sleep(0.01)
    return number


async def round_of(api: Api, seed: str, seconds: float) -> tuple[int, int]:
    """So many seconds of attacks beside two followers: how many attacks and how many updates there were."""
    queues: list[asyncio.Queue[int]] = [asyncio.Queue(), asyncio.Queue()]
    async with ClientSession() as api.http:
        following = [asyncio.ensure_future(follows(api, queue)) for queue in queues]
        for queue in queues:
            assert await asyncio.wait_for(queue.get(), PATIENCE) == 0
        until = asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.TaskGroup() as group:
                hostile = [group.create_task(attacks(api, f"{seed}/{n}", until)) for n in range(HOSTILE)]
                publishing = group.create_task(publishes(api, queues, until))
        finally:
            for task in following:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*following)  # whose failure comes first: it is why a publisher waited in vain
    return sum(task.result() for task in hostile), publishing.result()


async def silence(runner: web.AppRunner) -> None:
    """Wait until the server has no connection left, and the loop no task but this one."""
    assert runner.server is not None
    try:
        async with asyncio.timeout(PATIENCE):
            while runner.server.connections or len(asyncio.all_tasks()) > 1:  # noqa: ASYNC110 - aiohttp has no event for it
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"Left behind: {runner.server.connections}, {asyncio.all_tasks()}")


def kept() -> Counter[str]:
    """How many objects of the server's own types there are, by type."""
    gc.collect()
    types = (type(thing) for thing in gc.get_objects())
    return Counter(type_.__qualname__ for type_ in types if str(type_.__module__).startswith("local.appsync"))


def peak() -> int:
    """The most bytes that this process has ever held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


async def fuzz(seconds: float, seed: str) -> None:
    print(f"SCOPESMITH_TEST_FUZZ_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    # aiohttp waits for the rest of a body, by default 10 s, even when its client is gone.
    async with watched() as failures, served(lingering_seconds=0.2) as (api, runner):
        before = kept()
        await round_of(api, f"{seed}/warm-up", min(seconds / 3, 10))
        await silence(runner)
        api.events.clear()
        warm = peak()
        attacked, updates = await round_of(api, seed, seconds)
        await silence(runner)
        api.events.clear()
        growth, left = peak() - warm, kept() - before
        async with ClientSession() as api.http:
            answer = await api.publish(1)
    print(f"{attacked} hostile clients, {updates} updates, {growth / 2**20:.1f} MB more at its peak")  # noqa: T201
    assert failures.told == []
    assert left == Counter()
    assert growth < GROWTH
    assert answer["data"]["publishProgress"]["progress"] == 1
    assert min(attacked, updates) > 0


SEED = os.environ.get("SCOPESMITH_TEST_FUZZ_SEED")


@pytest.mark.slow
async def test_hostile_clients_harm_neither_the_server_nor_the_others() -> None:
    """For some seconds: every update arrives, nothing fails, nothing is left behind."""
    await fuzz(5.0, SEED or secrets.token_hex(4))


@pytest.mark.thorough
async def test_hostile_clients_do_no_harm_for_a_minute() -> None:
    """The same for longer, from another seed."""
    await fuzz(float(os.environ.get("SCOPESMITH_TEST_FUZZ_SECONDS", "60")), SEED or secrets.token_hex(4))
