"""The JavaScript clients that AWS ships, against the local server: each submits, subscribes, reads and follows on."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import node_programs
import pytest
import pytest_asyncio
from plain_client import PlainClient

from local.lambda_host import HostSettings
from local.stack import LocalStack, StackSettings, running

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

APOLLO = node_programs.CLIENTS / "apollo.mjs"
AMPLIFY = node_programs.CLIENTS / "amplify.mjs"
NOTES = {"clientName": "Fennmark Logistics", "requirements": "Customers must see their orders."}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalStack]:
    node_programs.packages()
    log = tmp_path_factory.mktemp("stack") / "functions.log"
    async with running(StackSettings(pace=0.3, log=log, lambda_host=HostSettings(dispatch_delay=1.0))) as stack:
        yield stack


def completed(told: Mapping[str, Any]) -> None:
    """It was pushed the session's end, and its pushes and reads make the whole log."""
    assert "refused" not in told, told
    assert told["pushes"][-1]["status"] == told["last"]["status"] == "COMPLETED"
    assert told["last"]["progress"] == 100
    revisions = [push["revision"] for push in told["pushes"]]
    assert revisions == list(range(revisions[0], told["last"]["revision"] + 1))
    assert [event["sequence"] for event in told["events"]] == list(range(1, told["last"]["lastSequence"] + 1))


def api_key(stack: LocalStack) -> dict[str, Any]:
    return {"type": "API_KEY", "apiKey": stack.api_key}


def iam(stack: LocalStack) -> dict[str, Any]:
    keys = stack.credentials
    return {
        "type": "AWS_IAM",
        "credentials": {"accessKeyId": keys.access_key_id, "secretAccessKey": keys.secret_access_key},
    }


async def apollo(stack: LocalStack, auth: Mapping[str, Any], **what: object) -> Any:  # noqa: ANN401 - any JSON
    return await node_programs.told(APOLLO, {"url": stack.endpoint, "region": stack.region, "auth": auth, **what})


async def test_apollo_follows_what_it_submits_with_an_api_key(stack: LocalStack) -> None:
    completed(await apollo(stack, api_key(stack), notes=NOTES))


@pytest.mark.parametrize("use", ["access", "id"])
async def test_apollo_follows_what_it_submits_with_a_users_token(stack: LocalStack, use: str) -> None:
    token = await stack.users.token(stack.users.accounts[0].username, use)
    completed(await apollo(stack, {"type": "AMAZON_COGNITO_USER_POOLS", "jwtToken": token}, notes=NOTES))


async def test_apollo_is_told_of_a_wrong_key(stack: LocalStack) -> None:
    told = await apollo(stack, {"type": "API_KEY", "apiKey": "da2-wrong"}, notes=NOTES)
    assert "401" in json.dumps(told["refused"])


async def test_apollo_is_told_which_field_is_wrong(stack: LocalStack) -> None:
    told = await apollo(stack, api_key(stack), notes=NOTES | {"teamSize": 0})
    [error] = told["refused"]["errors"]
    assert error["errorType"] == "InvalidInput"
    assert [one["field"] for one in error["errorInfo"]] == ["teamSize"]


async def test_apollo_may_not_subscribe_to_a_session_that_is_not_there(stack: LocalStack) -> None:
    told = await apollo(stack, api_key(stack), sessionId="nowhere")
    [error] = told["refused"]["errors"]
    assert "NotFound" in error["message"]


async def test_apollo_follows_with_iam_what_somebody_submitted(stack: LocalStack) -> None:
    async with aiohttp.ClientSession() as http:
        session_id = await PlainClient(stack, http).submit("Fennmark Logistics")
    completed(await apollo(stack, iam(stack), sessionId=session_id))
