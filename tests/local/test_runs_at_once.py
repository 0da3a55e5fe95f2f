"""The bound of all runs over the whole local stack: exactly as many sessions run as it allows, and the API answers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
import pytest_asyncio
from patience import PATIENCE
from stacks.plain_client import SUBMIT, PlainClient

from local.stack import FUNCTIONS, StackSettings, running
from schema.statuses import SessionStatus

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

INPUT = {"clientName": "Northwind", "requirements": "The portal must show every order."}
CANCEL = "mutation ($id: ID!) { cancelSession(id: $id) { status } }"
LIST = "query { sessions(limit: 100) { items { id status } } }"
RUNS = 10
"""As many as there are places for workers."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PlainClient]:
    """A client of a stack that runs ten sessions at a time, and whose agent takes its time."""
    resolvers, *others = FUNCTIONS
    settings = StackSettings(
        pace=60.0,
        functions=(replace(resolvers, environment={"RUNS_AT_ONCE": str(RUNS)}), *others),
        log=tmp_path_factory.mktemp("runs") / "functions.log",
    )
    async with running(settings) as stack, aiohttp.ClientSession() as http:
        yield PlainClient(stack, http)


async def refusal(client: PlainClient) -> dict[str, object] | None:
    """Why a submit is refused; None if it is not."""
    body = {"query": SUBMIT, "variables": {"input": INPUT}}
    headers = {"x-api-key": client.stack.api_key}
    async with client.http.post(client.stack.endpoint, json=body, headers=headers) as response:
        answer = await response.json()
    error: dict[str, object] | None = answer["errors"][0] if answer.get("errors") else None
    return error


async def statuses(client: PlainClient) -> dict[str, SessionStatus]:
    return {one["id"]: SessionStatus(one["status"]) for one in (await client.ask(LIST))["items"]}


async def test_of_two_hundred_submits_at_once_exactly_ten_run_and_the_api_still_answers(client: PlainClient) -> None:
    """The rest is refused at once. With all ten at work, queries and the runs' own publishes go on."""
    refusals = [one for one in await asyncio.gather(*(refusal(client) for _ in range(200))) if one]
    assert Counter(one["errorType"] for one in refusals) == {"LimitExceeded": 200 - RUNS}
    assert refusals[0]["errorInfo"] == {"limit": "RUNS_AT_ONCE", "most": RUNS, "freesAt": None}
    async with asyncio.timeout(PATIENCE):
        while SessionStatus.PENDING in (found := await statuses(client)).values():  # noqa: ASYNC110 - another process tells
            await asyncio.sleep(0.2)
    assert len(found) == RUNS
    assert not any(status.resting for status in found.values())  # all ten were at work while the answer was made


async def test_the_end_of_a_session_makes_room_for_another(client: PlainClient) -> None:
    cancelled = min(await statuses(client))
    assert await refusal(client) is not None
    await client.ask(CANCEL, id=cancelled)
    await client.end(cancelled)
    assert await refusal(client) is None
