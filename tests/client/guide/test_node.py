"""The JavaScript clients that AWS ships, against the local server: each submits, subscribes, reads and follows on."""

import json
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from clients import node_programs
from stacks.local import module_stack
from stacks.plain_client import PlainClient

from local.lambdas.host import HostSettings
from local.stack import LocalStack, StackSettings

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

APOLLO = node_programs.CLIENTS / "apollo.mjs"
AMPLIFY = node_programs.CLIENTS / "amplify.mjs"
NOTES = {"clientName": "Fennmark Logistics", "requirements": "Customers must see their orders."}


stack = module_stack(
    StackSettings(tls=True, pace=0.3, lambda_host=HostSettings(dispatch_delay=1.0)), node_programs.packages
)


async def told(stack: LocalStack, script: Path, argument: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """What the script prints; it believes the stack's certificate."""
    return await node_programs.told(script, argument, {"NODE_EXTRA_CA_CERTS": str(stack.authority)})


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
    return await told(stack, APOLLO, {"url": stack.endpoint, "region": stack.region, "auth": auth, **what})


async def amplify(stack: LocalStack, modes: Sequence[str], **changes: object) -> Any:  # noqa: ANN401 - any JSON
    """What Amplify prints. It signs in as the first user when one of the modes needs that."""
    keys = iam(stack)["credentials"]
    ada = stack.users.accounts[0]
    pool = {
        "userPoolId": stack.users.pool_id,
        "userPoolClientId": stack.users.client_id,
        "userPoolEndpoint": f"{stack.page}cognito-idp",
    }
    argument = {
        "api": {"endpoint": stack.endpoint, "region": stack.region, "defaultAuthMode": "apiKey"}
        | {"apiKey": stack.api_key},
        "credentials": keys,
        "modes": modes,
        "notes": NOTES,
    }
    if "userPool" in modes:
        argument |= {"userPool": pool, "user": {"username": ada.username, "password": ada.password}}
    return await told(stack, AMPLIFY, argument | changes)


async def test_apollo_follows_what_it_submits_with_an_api_key(stack: LocalStack) -> None:
    completed(await apollo(stack, api_key(stack), notes=NOTES))


@pytest.mark.parametrize("use", ["access", "id"])
async def test_apollo_follows_what_it_submits_with_a_users_token(stack: LocalStack, use: str) -> None:
    token = await stack.users.token(stack.users.accounts[0].username, use)
    completed(await apollo(stack, {"type": "AMAZON_COGNITO_USER_POOLS", "jwtToken": token}, notes=NOTES))


async def test_apollo_is_told_of_a_wrong_key(stack: LocalStack) -> None:
    answer = await apollo(stack, {"type": "API_KEY", "apiKey": "da2-wrong"}, notes=NOTES)
    assert "401" in json.dumps(answer["refused"])


async def test_apollo_is_told_which_field_is_wrong(stack: LocalStack) -> None:
    answer = await apollo(stack, api_key(stack), notes=NOTES | {"teamSize": 0})
    [error] = answer["refused"]["errors"]
    assert error["errorType"] == "InvalidInput"
    assert [one["field"] for one in error["errorInfo"]] == ["teamSize"]


async def test_apollo_may_not_subscribe_to_a_session_that_is_not_there(stack: LocalStack) -> None:
    answer = await apollo(stack, api_key(stack), sessionId="nowhere")
    [error] = answer["refused"]["errors"]
    assert "NotFound" in error["message"]


async def test_apollo_follows_with_iam_what_somebody_submitted(stack: LocalStack) -> None:
    trust = ssl.create_default_context(cafile=stack.authority)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as http:
        session_id = await PlainClient(stack, http).submit("Fennmark Logistics")
    completed(await apollo(stack, iam(stack), sessionId=session_id))


async def test_amplify_follows_in_every_mode_on_one_socket(stack: LocalStack) -> None:
    """It signs in by SRP, with AWS's own implementation."""
    modes = ["apiKey", "userPool", "iam"]
    answer = await amplify(stack, modes)
    assert "refused" not in answer, answer
    assert answer["sockets"] == 1
    for mode in modes:
        completed(answer[mode])
    assert answer["iam"]["id"] == answer["userPool"]["id"] != answer["apiKey"]["id"]


@pytest.mark.parametrize("name", ["ada@example.com", "nobody@example.com"])
async def test_amplify_is_told_of_a_wrong_name_or_password(stack: LocalStack, name: str) -> None:
    answer = await amplify(stack, ["userPool"], user={"username": name, "password": "wrong"})
    assert answer["refused"]["message"] == "Incorrect username or password."
