"""A submit that dies between its write and the worker's start: repeated submits start the worker, once."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from patience import PATIENCE
from stacks.network import Call, Network, Service
from stacks.plain_client import SUBMIT, PlainClient

from local import environment
from local.lambdas.host import LambdaHost
from local.stack import StackSettings, running

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

TOKEN = "token-of-a-submit-that-dies"


@dataclass
class Death:
    """Kills the resolvers' process that starts the first worker, and counts the starts that come through."""

    host: LambdaHost
    deaths: int = 0
    started: list[str] = field(default_factory=list)

    async def before(self, call: Call) -> web.Response | None:
        if call.service is not Service.LAMBDA:
            return None
        if self.deaths:
            self.started.append(call.session_id)
            return None
        self.deaths += 1
        for one in self.host.environments(environment.RESOLVERS):
            if one.busy_with is not None and TOKEN.encode() in one.busy_with.event:
                assert one.pid is not None
                os.kill(one.pid, signal.SIGKILL)
        raise ConnectionAbortedError

    async def after(self, call: Call, answer: bytes) -> None:
        """Nothing more happens."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Death, PlainClient]]:
    settings = StackSettings(pace=0.0, log=tmp_path_factory.mktemp("submits") / "functions.log")
    async with (
        Network().running() as network,
        aiohttp.ClientSession() as http,
        running(replace(settings, on_the_way=network.on_the_way)) as stack,
    ):
        network.weather = death = Death(stack.host)
        yield death, PlainClient(stack, http)


async def test_a_submit_that_dies_before_the_workers_start_is_followed_by_one_that_starts_it(
    world: tuple[Death, PlainClient],
) -> None:
    """One submit, one run: a hundred repeated submits at once start it once, when the first one's time is over."""
    death, client = world
    given = {"clientName": "Northwind", "requirements": "The portal must show orders.", "clientRequestToken": TOKEN}
    with pytest.raises(AssertionError, match="Internal error"):
        await client.ask(SUBMIT, input=given)
    async with asyncio.timeout(PATIENCE):
        while not death.started:
            answers = await asyncio.gather(*(client.ask(SUBMIT, input=given) for _ in range(100)))
            await asyncio.sleep(1)
    [session_id] = {answer["id"] for answer in answers}
    assert (await client.end(session_id))["status"] == "COMPLETED"
    await client.ask(SUBMIT, input=given)
    assert death.started == [session_id]
