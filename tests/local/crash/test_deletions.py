"""The resolvers' process is killed in the middle of a deletion: the session is gone, and the next call finishes."""

import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from stacks.network import Call, Network, Service
from stacks.reviewer import DELETE, Reviewer, Stores

from local import environment
from local.lambdas.host import HostSettings, LambdaHost
from local.stack import StackSettings, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _removes_records(call: Call) -> bool:
    writes = json.loads(call.body).get("TransactItems", []) if call.service is Service.DYNAMODB else []
    return any("Delete" in write for write in writes)


PLACES: Mapping[str, Callable[[Call], bool]] = {
    "list its files": lambda call: call.service is Service.S3 and "versions" in call.path.partition("?")[2],
    "delete its files": lambda call: call.service is Service.S3 and call.method == "POST",
    "delete its records": _removes_records,
}
"""The requests of a deletion, once its mark is written and before the session's state goes as the last record."""


@dataclass
class Strike:
    """Kills the resolvers at the first request of a kind that is about a session."""

    host: LambdaHost
    session_id: str = ""
    matches: Callable[[Call], bool] = lambda _: False
    forwarded: bool = False
    struck: list[Call] = field(default_factory=list)

    async def before(self, call: Call) -> web.Response | None:
        if not self.forwarded and self._is_it(call):
            self._kill(call)
            return web.Response(status=503)
        return None

    async def after(self, call: Call, answer: bytes) -> None:
        if self.forwarded and self._is_it(call):
            self._kill(call)

    def _is_it(self, call: Call) -> bool:
        return not self.struck and call.session_id == self.session_id and self.matches(call)

    def _kill(self, call: Call) -> None:
        self.struck.append(call)
        for one in self.host.environments(environment.RESOLVERS):
            if one.busy_with is not None and self.session_id in one.busy_with.event.decode() and one.pid:
                os.kill(one.pid, signal.SIGKILL)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Reviewer, Stores, Strike]]:
    async with Network().running() as network:
        settings = StackSettings(
            pace=0.0,
            lambda_host=HostSettings(dispatch_delay=0),
            on_the_way=network.on_the_way,
            log=tmp_path_factory.mktemp("deletions") / "functions.log",
        )
        async with running(settings) as stack, aiohttp.ClientSession() as http:
            network.weather = strike = Strike(stack.host)
            stores = Stores(stack)
            yield Reviewer(stack, http), stores, strike
            await stores.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "forwarded"), [(place, forwarded) for place in PLACES for forwarded in (False, True)]
)
async def test_a_deletion_that_died_is_finished_by_the_next_call(
    site: tuple[Reviewer, Stores, Strike], place: str, *, forwarded: bool
) -> None:
    client, stores, strike = site
    session_id = await client.submit_for_review("Northwind")
    await client.at_rest(session_id)
    strike.session_id, strike.matches, strike.forwarded = session_id, PLACES[place], forwarded
    strike.struck.clear()
    assert (await client.answer(DELETE, id=session_id))["errors"]
    assert strike.struck, f"the deletion did not {place}"
    assert await client.session(session_id) is None
    assert await client.proposal(session_id) is None
    assert await stores.traces(session_id) != []
    assert await client.ask(DELETE, id=session_id) == session_id
    assert await stores.traces(session_id) == []
    [error] = (await client.answer(DELETE, id=session_id))["errors"]
    assert error["errorType"] == "NotFound"
