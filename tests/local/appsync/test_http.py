"""GraphQL over HTTP as AppSync answers it: bodies, credentials, CORS, and gql's stock transport."""

import io
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import checkout
import pytest
from aiohttp import ClientSession
from botocore.credentials import Credentials
from fakes.http import served
from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from stacks import signing

from local.appsync.server import AppSyncConfig, LambdaAnswer, create_app

SDL = checkout.SDL.read_text(encoding="utf-8")
KEY = "da2-key"
UNAUTHORIZED = {
    "errors": [{"errorType": "UnauthorizedException", "message": "You are not authorized to make this call."}]
}
PUBLISH = "mutation P($input: ProgressInput!) { publishProgress(input: $input) { sessionId } }"
PROGRESS = {"sessionId": "1", "runId": "r", "revision": 0, "status": "PROCESSING", "progress": 5, "events": []}


class Api:
    """A served API whose Lambda answers every event with the same result."""

    def __init__(self) -> None:
        self.result: object = {"id": "1", "sessionId": "1"}
        self.events: list[dict[str, Any]] = []
        self.url = ""

    async def invoke(self, event: dict[str, object]) -> LambdaAnswer:
        self.events.append(event)
        return LambdaAnswer(self.result)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    api = Api()
    config = AppSyncConfig(
        sdl=SDL,
        invoke=api.invoke,
        api_keys=frozenset({KEY, "da2-other"}),
        credentials={"AKIDEXAMPLE": "secret"},
        region="eu-west-1",
    )
    async with served(create_app(config)) as url:
        api.url = f"{url}/graphql"
        yield api


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


def signed(url: str, body: str, secret: str = "secret", region: str = "eu-west-1") -> dict[str, str]:  # noqa: S107 - no secret
    return signing.signed(url, body, Credentials("AKIDEXAMPLE", secret), region)


async def test_a_query_is_answered(api: Api, http: ClientSession) -> None:
    query = {"query": 'query Q { session(id: "1") { id } }', "operationName": "Q", "variables": None}

    async with http.post(api.url, json=query, headers={"x-api-key": KEY, "X-Trace": "t"}) as response:
        assert response.status == 200
        assert response.content_type == "application/json"
        assert response.headers["access-control-allow-origin"] == "*"
        assert await response.json() == {"data": {"session": {"id": "1"}}}

    assert KEY not in str(api.events[0])  # the headers stay with AppSync


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "Request body is empty."),
        ("{}", "Unable to parse GraphQL query."),
        ("[]", "Unable to parse GraphQL query."),
        ('[{"query": "{ __typename }"}]', "Unable to parse GraphQL query."),
        ("{ __typename }", "Unable to parse GraphQL query."),
        ('"{ __typename }"', "Unable to parse GraphQL query."),
        ('{"query": ""}', "Unable to parse GraphQL query."),
        ('{"query": 5}', "Unable to parse GraphQL query."),
        ('{"query": "{"}', "Unable to parse GraphQL query."),
        ('{"query": "{ __typename }", "variables": []}', "Unable to parse GraphQL query."),
        ('{"query": "{ __typename }", "operationName": 5}', "Unable to parse GraphQL query."),
        ("[" * 100_000, "Unable to parse GraphQL query."),
        (json.dumps({"query": "{a" * 50_000}), "Unable to parse GraphQL query."),
        (json.dumps({"query": "{" + " id" * 15_000 + "}"}), "Unable to parse GraphQL query."),
        ('{"query": "{ __typename \\ud800 }"}', "Unable to parse GraphQL query."),
    ],
)
async def test_a_body_without_one_request_is_malformed(api: Api, http: ClientSession, body: str, message: str) -> None:
    async with http.post(api.url, data=body, headers={"x-api-key": KEY}) as response:
        assert response.status == 400
        assert response.headers["x-amzn-ErrorType"] == "MalformedHttpRequestException"
        assert await response.json() == {"errors": [{"errorType": "MalformedHttpRequestException", "message": message}]}
    assert api.events == []


async def test_a_request_over_1_mb_is_refused(api: Api, http: ClientSession) -> None:
    async with http.post(api.url, data=io.BytesIO(b" " * (1024 * 1024 + 1)), headers={"x-api-key": KEY}) as response:
        assert response.status == 413
        assert (await response.json())["errors"][0]["errorType"] == "RequestEntityTooLargeException"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": ""},
        {"x-api-key": "da2-wrong"},
        {"x-api-key": KEY + "x"},
        {"authorization": "Bearer a.b.c"},
        {"authorization": KEY},
    ],
)
async def test_bad_or_missing_credentials_are_unauthorized(
    api: Api, http: ClientSession, headers: dict[str, str]
) -> None:
    async with http.post(api.url, json={"query": "{ __typename }"}, headers=headers) as response:
        assert response.status == 401
        assert await response.json() == UNAUTHORIZED
    assert api.events == []


async def test_each_api_key_is_good(api: Api, http: ClientSession) -> None:
    async with http.post(api.url, json={"query": "{ __typename }"}, headers={"x-api-key": "da2-other"}) as response:
        assert response.status == 200


async def test_publishing_with_an_api_key_is_unauthorized_at_the_field_and_never_invokes(
    api: Api, http: ClientSession
) -> None:
    body = {"query": PUBLISH, "variables": {"input": PROGRESS}}

    async with http.post(api.url, json=body, headers={"x-api-key": KEY}) as response:
        assert response.status == 200
        answer = await response.json()

    assert answer["data"] == {"publishProgress": None}
    [error] = answer["errors"]
    assert (error["errorType"], error["path"]) == ("Unauthorized", ["publishProgress"])
    assert error["message"] == "Not Authorized to access publishProgress on type Mutation"
    assert api.events == []


async def test_publishing_with_a_signature_reaches_the_lambda_as_an_iam_caller(api: Api, http: ClientSession) -> None:
    body = json.dumps({"query": PUBLISH, "variables": {"input": PROGRESS}})

    async with http.post(api.url, data=body, headers=signed(api.url, body)) as response:
        assert await response.json() == {"data": {"publishProgress": {"sessionId": "1"}}}

    assert api.events[0]["identity"]["username"] == "AKIDEXAMPLE"


@pytest.mark.parametrize(
    "forge",
    [
        lambda url, body: signed(url, body, secret="wrong"),
        lambda url, body: signed(url, body, region="us-east-1"),
        lambda url, body: signed(url, body + " "),
        lambda url, body: signed(url, body) | {"x-api-key": KEY, "authorization": "AWS4-HMAC-SHA256 no"},
    ],
    ids=["secret", "region", "body", "with-a-good-key"],
)
async def test_a_wrong_signature_is_unauthorized(
    api: Api, http: ClientSession, forge: Callable[[str, str], dict[str, str]]
) -> None:
    body = json.dumps({"query": PUBLISH, "variables": {"input": PROGRESS}})

    async with http.post(api.url, data=body, headers=forge(api.url, body)) as response:
        assert response.status == 401
        assert await response.json() == UNAUTHORIZED
    assert api.events == []


async def test_a_browsers_preflight_is_granted(api: Api, http: ClientSession) -> None:
    asked = {"access-control-request-headers": "x-api-key,content-type", "access-control-request-method": "POST"}

    async with http.options(api.url, headers=asked) as response:
        assert response.status == 200
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["access-control-allow-headers"] == "x-api-key,content-type"
        assert "POST" in response.headers["access-control-allow-methods"]


async def test_a_browser_may_read_a_refusal(api: Api, http: ClientSession) -> None:
    async with http.post(api.url, json={}) as response:
        assert response.status == 401
        assert response.headers["access-control-allow-origin"] == "*"


async def test_a_get_that_does_not_upgrade_is_told_so(api: Api, http: ClientSession) -> None:
    async with http.get(api.url, headers={"x-api-key": KEY}) as response:
        assert response.status == 400
        assert "POST" in (await response.json())["errors"][0]["message"]


async def test_text_of_every_kind_survives(api: Api, http: ClientSession) -> None:
    text = 'ümläut \U0001f680 "quotes" \u2028 \x00'
    api.result = {"currentStage": text + "\ud800"}
    query = {"query": "query Q($id: ID!) { session(id: $id) { currentStage } }", "variables": {"id": text}}

    async with http.post(api.url, json=query, headers={"x-api-key": KEY}) as response:
        assert (await response.json())["data"] == {"session": {"currentStage": text + "\ud800"}}
    assert api.events[0]["arguments"] == {"id": text}


async def test_gqls_stock_transport_reads_results_and_errors(api: Api) -> None:
    transport = AIOHTTPTransport(url=api.url, headers={"x-api-key": KEY}, ssl=False)
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        query = gql('{ session(id: "1") { id } }')
        assert await session.execute(query) == {"session": {"id": "1"}}

        api.result = {"error": {"type": "NotFound", "message": "No such session.", "info": {"id": "1"}}}
        with pytest.raises(TransportQueryError) as failed:
            await session.execute(query)

    assert failed.value.errors is not None
    assert failed.value.errors[0]["errorType"] == "NotFound"
    assert failed.value.errors[0]["errorInfo"] == {"id": "1"}
