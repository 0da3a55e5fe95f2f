"""One submit, one run, over the whole local stack: repeated submits, doubled events, a cancel and a retry."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
import pytest_asyncio
from patience import PATIENCE
from stacks.plain_client import SUBMIT, PlainClient

from local import environment
from local.environment import Scripted
from local.lambdas.host import HostSettings
from local.stack import FUNCTIONS, StackSettings, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = "The portal must show every order. It must be available at 99.9 %. Orders come from SAP."
ONCE = {"TOOL_CALL": 5, "TOOL_RESPONSE": 5, "FINAL_RESPONSE": 1}

CANCEL = "mutation ($id: ID!) { cancelSession(id: $id) { status cancelRequested } }"
RETRY = "mutation ($id: ID!) { retrySession(id: $id) { status progress } }"


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[Scripted.CONVERSE, pytest.param(Scripted.BEDROCK, marks=pytest.mark.thorough)],
)
async def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[PlainClient]:
    """A client of a stack whose leases are shorter than a minute, and long enough for a busy machine."""
    resolvers, *others = FUNCTIONS
    settings = StackSettings(
        agent=request.param,
        pace=0.25,
        lambda_host=HostSettings(dispatch_delay=0.05),
        functions=(replace(resolvers, environment={"SESSION_LEASE_SECONDS": "12"}), *others),
        log=tmp_path_factory.mktemp("once") / "functions.log",
    )
    async with running(settings) as stack, aiohttp.ClientSession() as http:
        yield PlainClient(stack, http)


async def worked(client: PlainClient, session_id: str) -> Counter[str]:
    """How often the agent did what, by the session's log."""
    return Counter(event["type"] for event in await client.log(session_id) if event["type"] in ONCE)


async def reached(client: PlainClient, session_id: str, progress: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if (await client.session(session_id))["progress"] >= progress:
                return
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_many_submits_with_one_token_at_once_make_one_session_and_one_run(client: PlainClient) -> None:
    given = {"clientName": "Northwind", "requirements": NOTES, "clientRequestToken": "token-1"}
    answers = await asyncio.gather(*(client.ask(SUBMIT, input=given) for _ in range(100)))
    [session_id] = {answer["id"] for answer in answers}
    assert (await client.end(session_id))["status"] == "COMPLETED"
    assert await worked(client, session_id) == ONCE


@pytest.mark.slow
async def test_of_two_copies_of_an_event_one_does_the_work(client: PlainClient) -> None:
    """Lambda may deliver an event twice, at once or later."""
    answer = await client.ask(SUBMIT, input={"clientName": "Northwind", "requirements": NOTES})
    session_id = answer["id"]
    event = {
        "action": "PROCESS_AGENT_WORKFLOW",
        "session_id": session_id,
        "client_name": "Northwind",
        "requirements": NOTES,
        **dict.fromkeys(["project_name", "industry", "duration", "team_size"]),
    }
    await reached(client, session_id, 5)

    async def copy() -> object:
        answer = await client.stack.host.invoke(environment.WORKER, json.dumps(event).encode())
        assert not answer.failed
        return json.loads(answer.payload)["status"]

    statuses = await asyncio.gather(copy(), copy())
    ended = await client.end(session_id)
    later = await copy()

    assert ([*statuses, later], ended["status"]) == ([None, None, None], "COMPLETED")
    assert await worked(client, session_id) == ONCE
    assert (await client.session(session_id))["revision"] == ended["revision"]


@pytest.mark.slow
async def test_a_cancelled_run_stops_and_a_retry_works_only_what_is_left(client: PlainClient) -> None:
    session_id = await client.submit("Northwind")
    await reached(client, session_id, 50)
    asked = await client.ask(CANCEL, id=session_id)
    assert asked["cancelRequested"]
    cancelled = await client.end(session_id)
    assert (cancelled["status"], cancelled["results"]["sowUrl"]) == ("CANCELLED", None)
    first = await client.log(session_id)

    assert await client.ask(RETRY, id=session_id) == {"status": "PENDING", "progress": 0}
    assert (await client.end(session_id))["status"] == "COMPLETED"
    log = await client.log(session_id)
    assert log[: len(first)] == first
    reused = {
        event["tool"]: json.loads(event["text"])["reused"]
        for event in log[len(first) :]
        if event["type"] == "TOOL_RESPONSE"
    }
    assert (reused["RequirementsAnalyzer"], reused["CostCalculator"], reused["SOWGenerator"]) == (True, True, False)
