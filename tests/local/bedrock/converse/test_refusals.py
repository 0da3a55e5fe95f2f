"""What ConverseStream refuses before the model is asked, in the service's words, through real boto3."""

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import boto3
import pytest
import pytest_asyncio
from aiohttp import web
from botocore.config import Config
from botocore.exceptions import ClientError

from local.bedrock.converse import api
from local.bedrock.converse.model import MODEL_ID, ScriptedModel
from local.http import loopback

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from types_boto3_bedrock_runtime import BedrockRuntimeClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELLO = {"role": "user", "content": [{"text": "Hello"}]}
ANSWER = {"role": "assistant", "content": [{"text": "Good day"}]}
CALL = {"toolUse": {"toolUseId": "t-1", "name": "calculate_costs", "input": {}}}
OTHER_CALL = {"toolUse": {"toolUseId": "t-2", "name": "generate_sow", "input": {}}}
RESULT = {"toolResult": {"toolUseId": "t-1", "content": [{"json": {"weeks": 3}}]}}
OTHER_RESULT = {"toolResult": {"toolUseId": "t-2", "content": [{"text": "done"}]}}
TOOLS = {"tools": [{"toolSpec": {"name": "calculate_costs", "inputSchema": {"json": {"type": "object"}}}}]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> "AsyncIterator[BedrockRuntimeClient]":
    listener = loopback.listen()
    app = web.Application()
    api.add_routes(app, MODEL_ID, ScriptedModel({}, 0.0).respond)
    client = boto3.client(
        "bedrock-runtime",
        endpoint_url=f"http://{loopback.address(listener)}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        # botocore refuses some of it itself; the service must too.
        config=Config(proxies={}, retries={"total_max_attempts": 1}, parameter_validation=False),
    )
    async with loopback.serving(app, listener):
        yield client
        client.close()


async def ask(client: "BedrockRuntimeClient", messages: list[Any], **options: object) -> str:
    """Either "yes", or the code and the message of the refusal."""
    request: Any = {"modelId": MODEL_ID, "messages": messages, **options}
    try:
        response = await asyncio.to_thread(lambda: client.converse_stream(**request))
        await asyncio.to_thread(lambda: list(response["stream"]))
    except ClientError as error:
        told = error.response["Error"]
        return f"{told['Code']}: {told['Message']}"
    return "yes"


def answered(*results: object, calls: tuple[object, ...] = (CALL,)) -> list[Any]:
    return [HELLO, {"role": "assistant", "content": list(calls)}, {"role": "user", "content": list(results)}]


def result(content: object, status: str | None = None) -> dict[str, Any]:
    return {"toolResult": {"toolUseId": "t-1", "content": content} | ({"status": status} if status else {})}


async def test_an_unknown_model_is_refused(client: "BedrockRuntimeClient") -> None:
    told = await ask(client, [HELLO], modelId="anthropic.claude-nobody-1")
    assert told == "ValidationException: The provided model identifier is invalid."


async def test_a_conversation_without_tools_is_answered(client: "BedrockRuntimeClient") -> None:
    assert await ask(client, [HELLO, ANSWER, HELLO]) == "yes"


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([], "must start with a user message"),
        ([ANSWER, HELLO], "must start with a user message"),
        ([HELLO, HELLO], "must alternate between user and assistant roles"),
        ([HELLO, ANSWER, ANSWER, HELLO], "must alternate between user and assistant roles"),
        ([HELLO, ANSWER], "must end with a user message"),
        ([{"role": "robot", "content": [{"text": "Hello"}]}], "'robot' at 'messages.0.role'"),
        ([{"role": "user", "content": []}], "content field in the Message object at messages.0 is empty"),
        ([{"role": "user", "content": [{"text": " \n"}]}], "object at messages.0.content.0 is blank"),
        ([{"role": "user", "content": [{"text": "a", "cachePoint": {"type": "default"}}]}], "exactly one key"),
    ],
)
async def test_messages_begin_with_the_user_alternate_and_say_something(
    client: "BedrockRuntimeClient", messages: list[Any], reason: str
) -> None:
    told = await ask(client, messages)
    assert told.startswith("ValidationException: ")
    assert reason in told


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([HELLO, {"role": "assistant", "content": [CALL]}, HELLO], "toolResult blocks at messages.2.content for the"),
        (answered(RESULT, calls=(CALL, OTHER_CALL)), "for the following Ids: t-2"),
        (answered(RESULT, OTHER_RESULT), "has: t-2"),
        (answered(RESULT, RESULT), "duplicate Ids: t-1, t-1"),
        ([{"role": "user", "content": [RESULT]}], "has: t-1"),
        (answered({"text": "Here it is:"}, RESULT), "at the beginning of this message"),
        (answered(RESULT, calls=({"toolUse": {**CALL["toolUse"], "input": "{}"}},)), "toolUse.input is invalid"),
        (answered(RESULT, calls=({"toolUse": {"name": "calculate_costs", "input": {}}},)), "string toolUseId"),
    ],
)
async def test_every_call_of_a_tool_is_answered_in_the_next_message_and_nothing_else_is(
    client: "BedrockRuntimeClient", messages: list[Any], reason: str
) -> None:
    told = await ask(client, messages, toolConfig=TOOLS)
    assert told.startswith("ValidationException: ")
    assert reason in told


async def test_calls_without_the_tools_declared_are_refused(client: "BedrockRuntimeClient") -> None:
    assert "toolConfig field must be defined" in await ask(client, answered(RESULT))


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        ([], "error", "cannot be empty when status value is error"),
        ([{"text": "  "}], None, "toolResult.content.0 is blank"),
        ([{"json": [1]}], None, "Provide a json object"),
        ([{"json": "text"}], "error", "Provide a json object"),
    ],
)
async def test_a_tools_answer_has_the_form_that_the_service_wants(
    client: "BedrockRuntimeClient", content: object, status: str | None, reason: str
) -> None:
    told = await ask(client, answered(result(content, status)), toolConfig=TOOLS)
    assert told.startswith("ValidationException: ")
    assert reason in told


@pytest.mark.parametrize("value", [0, -1, "many"])
async def test_the_limit_of_tokens_is_positive(client: "BedrockRuntimeClient", value: object) -> None:
    told = await ask(client, [HELLO], inferenceConfig={"maxTokens": value})
    assert f"Value '{value}' at 'inferenceConfig.maxTokens'" in told


@pytest.mark.parametrize(
    ("specification", "reason"),
    [
        ({"name": "a b", "inputSchema": {"json": {"type": "object"}}}, "'a b' at 'toolConfig.tools.0.toolSpec.name'"),
        ({"name": "a", "inputSchema": {"json": {}}}, "inputSchema.json.type must be"),
        ({"name": "a"}, "inputSchema must be an object"),
    ],
)
async def test_a_tool_is_declared_with_a_name_and_a_schema(
    client: "BedrockRuntimeClient", specification: object, reason: str
) -> None:
    assert reason in await ask(client, [HELLO], toolConfig={"tools": [{"toolSpec": specification}]})


@pytest.mark.parametrize(("body", "code"), [(b"{", "SerializationException"), (b"[]", "ValidationException")])
async def test_what_is_no_request_is_refused(client: "BedrockRuntimeClient", body: bytes, code: str) -> None:
    url = f"{client.meta.endpoint_url}/model/{MODEL_ID}/converse-stream"
    async with aiohttp.ClientSession() as http, http.post(url, data=body) as response:
        assert (response.status, response.headers["x-amzn-errortype"]) == (400, code)
