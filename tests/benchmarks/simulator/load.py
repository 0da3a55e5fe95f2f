"""Callers of one server, in a process of their own: they query sessions, or publish to them.

`beside` runs it as a module. The loop is closed: each caller has a session of its own, and calls again as soon as it
was answered. With subscribers, there is one caller, and an update counts when all of them have it.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
from botocore.credentials import Credentials
from graphql import print_ast

from client.operations import document
from local.isolation import end_with_the_parent
from tests.benchmarks.fan_out.audience import RUN, Audience, Publisher
from worker.updates import claiming, progress_input

Call = Callable[[int], Awaitable[None]]
"""Makes a caller's call of this number."""

_QUERY = print_ast(document("session"))


async def querying(http: aiohttp.ClientSession, endpoint: str, key: str, session: str) -> Call:
    """Reads a session, as a client does to follow it."""

    async def query(_: int) -> None:
        asked = {"query": _QUERY, "variables": {"id": session}}
        async with http.post(endpoint, json=asked, headers={"x-api-key": key}) as response:
            answer = await response.json()
        if answer.get("errors") or answer["data"]["session"]["id"] != session:
            raise RuntimeError(f"not answered: {answer}")

    return query


async def publishing(publisher: Publisher) -> Call:
    """Publishes what follows its claim."""
    await publisher.send(progress_input(claiming(publisher.session, publisher.run, 0)))
    return publisher.publish


async def rate(calls: Sequence[Call], each: int) -> float:
    """Calls a second, when all callers have made one before."""

    async def caller(call: Call) -> None:
        for number in range(1, each + 1):
            await call(number)

    await asyncio.gather(*(call(0) for call in calls))
    began = time.perf_counter()
    await asyncio.gather(*map(caller, calls))
    return len(calls) * each / (time.perf_counter() - began)


async def main(
    *,
    endpoint: str,
    key: str,
    access_key: str,
    secret_key: str,
    region: str,
    sessions: Sequence[str],
    publish: bool,
    each: int,
    subscribers: int,
) -> float:
    keys, audience = Credentials(access_key, secret_key), Audience()
    async with aiohttp.ClientSession() as http:
        if not publish:
            return await rate([await querying(http, endpoint, key, one) for one in sessions], each)
        publishers = [Publisher(http, endpoint, keys, region, one, RUN) for one in sessions]
        calls = await asyncio.gather(*map(publishing, publishers))
        if not subscribers:
            return await rate(calls, each)
        async with audience.joined(endpoint, key, sessions[0], subscribers):
            return await rate([lambda number: audience.hears(number, calls[0])], each)


if __name__ == "__main__":
    end_with_the_parent()
    print(json.dumps(asyncio.run(main(**json.loads(sys.argv[1])))))  # noqa: T201 - to who started this process
