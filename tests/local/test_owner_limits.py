"""The limits of an owner over the whole local stack: exactly as many sessions run as allowed, and the rest is told."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from checkout import ROOT
from programs import SCOPESMITH, ran
from stacks.plain_client import SUBMIT, PlainClient

from local.stack import FUNCTIONS, StackSettings, running
from schema import limits

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = ROOT / "local" / "sample_notes.md"
INPUT = {"clientName": "Northwind", "requirements": "The portal must show every order."}
CANCEL = "mutation ($id: ID!) { cancelSession(id: $id) { status } }"
LIST = "query { sessions(limit: 100) { items { id status } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PlainClient]:
    """A client of a stack whose API key allows five sessions, and whose agent takes its time."""
    resolvers, *others = FUNCTIONS
    settings = StackSettings(
        pace=30.0,
        functions=(replace(resolvers, environment={"API_KEY_ACTIVE_SESSIONS": "5"}), *others),
        log=tmp_path_factory.mktemp("limits") / "functions.log",
    )
    async with running(settings) as stack, aiohttp.ClientSession() as http:
        yield PlainClient(stack, http)


async def answer(client: PlainClient, query: str, **variables: object) -> Any:  # noqa: ANN401 - the response
    body = {"query": query, "variables": variables}
    headers = {"x-api-key": client.stack.api_key}
    async with client.http.post(client.stack.endpoint, json=body, headers=headers) as response:
        return await response.json()


@pytest.mark.slow
async def test_of_two_hundred_submits_at_once_exactly_five_run(client: PlainClient) -> None:
    """The others are refused with the limit, and leave nothing behind. The end of a session makes room for another."""
    answers = await asyncio.gather(*(answer(client, SUBMIT, input=INPUT) for _ in range(200)))
    errors = [error for one in answers for error in one.get("errors", ())]
    assert Counter(error["errorType"] for error in errors) == {"LimitExceeded": 195}
    assert errors[0]["errorInfo"] == {"limit": "ACTIVE_SESSIONS", "most": 5, "freesAt": None}
    submitted = {one["data"]["submitAssessment"]["id"] for one in answers if one["data"]["submitAssessment"]}
    assert {one["id"] for one in (await client.ask(LIST))["items"]} == submitted
    assert len(submitted) == 5
    cancelled = min(submitted)
    await client.ask(CANCEL, id=cancelled)
    await client.end(cancelled)
    assert (await client.ask(SUBMIT, input=INPUT))["id"] not in submitted


@pytest.mark.slow
async def test_the_command_says_why_a_submit_is_refused(client: PlainClient) -> None:
    """In one line, with what to do; a program sees it in the exit code."""
    while "errors" not in await answer(client, SUBMIT, input=INPUT):
        pass  # until the owner has as many sessions as are allowed
    variables = {"SCOPESMITH_API_KEY": client.stack.api_key}
    command = (*SCOPESMITH, "submit", NOTES, "--client-name", "Northwind", "--endpoint", client.stack.endpoint)
    ended = await ran(*command, variables=variables)
    assert (ended.code, ended.out) == (1, "")
    assert "Too many active sessions (5 of 5 allowed): wait until one ends, or cancel one." in ended.err


async def test_one_request_runs_at_most_five_mutations(client: PlainClient) -> None:
    """A field beyond it is refused by AppSync before a resolver is asked."""
    fields = "".join(f'f{n}: cancelSession(id: "{n}") {{ id }} ' for n in range(limits.RESOLVERS_A_REQUEST + 1))
    told = await answer(client, f"mutation {{ {fields} }}")
    assert [error["errorType"] for error in told["errors"]] == ["NotFound"] * 5 + ["ResolverExecutionLimitReached"]
