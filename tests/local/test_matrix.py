"""Who may do what, over the whole local stack: every caller on every field, and what each of them gets.

Ada submitted the session that all of them ask for. It waits in Lambda's queue throughout, so nothing but these
requests changes it.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, ClientWebSocketResponse
from botocore.credentials import Credentials
from stacks.local import module_stack
from stacks.signing import signed

from local.cognito import user_pool as cognito
from local.lambdas.host import HostSettings
from local.stack import LocalStack, StackSettings

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADA, BEN = cognito.DEMO_USERS
ABSENT = "00000000-0000-4000-8000-000000000000"

OPERATIONS = {
    "session": "query ($id: ID!) { session(id: $id) { id status assessment { clientName } } }",
    "sessions": "query { sessions { items { id } } }",
    "events": "query ($id: ID!) { events(sessionId: $id) { items { text } hasMore } }",
    "onProgress": "subscription ($id: ID!) { onProgress(sessionId: $id) { status } }",
    "submitAssessment": "mutation ($input: AssessmentInput!) { submitAssessment(input: $input) { id } }",
    "cancelSession": "mutation ($id: ID!) { cancelSession(id: $id) { id status } }",
    "retrySession": "mutation ($id: ID!) { retrySession(id: $id) { id status } }",
    "proposal": "query ($id: ID!) { proposal(sessionId: $id) { version } }",
    "reviewSession": "mutation ($id: ID!, $review: ReviewInput!) { reviewSession(id: $id, input: $review) { id } }",
    "deleteSession": "mutation ($id: ID!) { deleteSession(id: $id) }",
    "publishProgress": "mutation ($progress: ProgressInput!) { publishProgress(input: $progress) { sessionId } }",
    "announceProgress": "mutation ($told: AWSJSON!) { announceProgress(progress: $told) { sessionId } }",
}

EXPIRED, NOT_OURS, NOTHING = "401 Token has expired.", "401 You are not authorized to make this call.", ""
NO_HEADER = "401 Valid authorization header not provided."
REFUSED = "Unauthorized"
"""A signed-in caller may not use the field at all."""

# Each row asks the owner last, so that no other caller finds what the owner changed. Ada's retry has the session wait
# for its worker, so it has no proposal, and she can neither review nor delete it.
EXPECTED: Mapping[str, Mapping[str, str]] = {
    #                      another user     the API key      the worker (IAM)   the owner
    "session":          {"ben": "null",     "key": "null",     "iam": "yes",    "ada": "yes"},
    "sessions":         {"ben": "none",     "key": "none",     "iam": REFUSED,  "ada": "hers"},
    "events":           {"ben": "null",     "key": "null",     "iam": "yes",    "ada": "yes"},
    "proposal":         {"ben": "null",     "key": "null",     "iam": "null",   "ada": "null"},
    "onProgress":       {"ben": "NotFound", "key": "NotFound", "iam": "yes",    "ada": "yes"},
    "submitAssessment": {"ben": "yes",      "key": "yes",      "iam": REFUSED,  "ada": "yes"},
    "cancelSession":    {"ben": "NotFound", "key": "NotFound", "iam": REFUSED,  "ada": "yes"},
    "retrySession":     {"ben": "NotFound", "key": "NotFound", "iam": REFUSED,  "ada": "yes"},
    "reviewSession":    {"ben": "NotFound", "key": "NotFound", "iam": REFUSED,  "ada": "Conflict"},
    "deleteSession":    {"ben": "NotFound", "key": "NotFound", "iam": REFUSED,  "ada": "Conflict"},
    "publishProgress":  {"ben": REFUSED,    "key": REFUSED,    "ada": REFUSED,  "iam": "yes"},
    "announceProgress": {"ben": REFUSED,    "key": REFUSED,    "ada": REFUSED,  "iam": "yes"},
}  # fmt: skip
STRANGERS = {"nobody": NO_HEADER, "expired": EXPIRED, "other pool": NOT_OURS}
"""What these get of every field."""


class Clock:
    """The API's."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


CLOCK = Clock()


@dataclass(frozen=True)
class Caller:
    """A caller with credentials of one kind, or with none."""

    stack: LocalStack
    headers: Mapping[str, str]
    signs: bool = False
    late: timedelta = timedelta()
    """How much later the API finds it to be than the caller's credentials were made for."""

    def credentials(self, body: str) -> dict[str, str]:
        """The headers of a request with this body; a subscription's start carries the same."""
        if not self.signs:
            return dict(self.headers)
        own = self.stack.credentials
        keys = Credentials(own.access_key_id, own.secret_access_key)
        return {**signed(self.stack.endpoint, body, keys, self.stack.region), "host": self.stack.endpoint.split("/")[2]}

    async def ask(self, field: str, session_id: str) -> bytes:
        """The whole answer, status first, with the id that was asked for taken out."""
        CLOCK.ahead = self.late
        body = request_of(field, session_id)
        if field == "onProgress":
            return without(session_id, await self._subscribed(body))
        headers = {"content-type": "application/json", **self.credentials(body)}
        async with (
            ClientSession() as http,
            http.post(self.stack.endpoint, data=body, headers=headers) as response,
        ):
            kept = {name: value for name, value in response.headers.items() if name not in {"Date", "Content-Length"}}
            return without(session_id, json.dumps([response.status, kept]).encode() + b"\n" + await response.read())

    async def _subscribed(self, body: str) -> bytes:
        async with ClientSession() as http:
            socket = await opened(http, self.stack)
            payload = {"data": body, "extensions": {"authorization": self.credentials(body)}}
            await socket.send_json({"type": "start", "id": "1", "payload": payload})
            async for message in socket:
                if message.json()["type"] != "ka":
                    return bytes(message.data, "utf-8")
        raise AssertionError("the socket closed")


def request_of(field: str, session_id: str) -> str:
    assessment = {"clientName": "Northwind", "requirements": "Customers must see their orders online."}
    progress = {"sessionId": session_id, "runId": "r-1", "revision": 0, "status": "PROCESSING", "progress": 5}
    review = {"revision": 2, "approve": True}
    variables = {
        "id": session_id,
        "input": assessment,
        "review": review,
        "progress": {**progress, "events": []},
        "told": json.dumps({"sessionId": session_id}),
    }
    used = {name: value for name, value in variables.items() if f"${name}:" in OPERATIONS[field]}
    return json.dumps({"query": OPERATIONS[field], "variables": used})


def without(session_id: str, answer: bytes) -> bytes:
    return answer.replace(session_id.encode(), b"<id>")


async def opened(http: ClientSession, stack: LocalStack) -> ClientWebSocketResponse:
    """A connection that another caller's credentials opened: each start on it has its own."""
    host = stack.endpoint.split("/")[2]
    header = base64.urlsafe_b64encode(json.dumps({"host": host, "x-api-key": stack.api_key}).encode()).rstrip(b"=")
    protocols = ("graphql-ws", f"header-{header.decode()}")
    socket = await http.ws_connect(stack.endpoint.replace("http", "ws") + "/realtime", protocols=protocols)
    await socket.send_json({"type": "connection_init"})
    assert (await socket.receive_json(timeout=30))["type"] == "connection_ack"
    return socket


def outcome(field: str, answer: bytes) -> str:
    """An answer in the words of the table."""
    if field == "onProgress":
        frame = json.loads(answer)
        if frame["type"] == "start_ack":
            return "yes"
        [error] = frame["payload"]["errors"]
        kind = error["errorType"]
        return f"401 {error['message']}" if kind == "UnauthorizedException" else kind
    head, _, body = answer.partition(b"\n")
    [status, _] = json.loads(head)
    told: dict[str, Any] = json.loads(body)
    if status != 200:
        return f"{status} {told['errors'][0]['message']}"
    if "errors" in told:
        assert told["data"] == {field: None}
        return str(told["errors"][0]["errorType"])
    value = told["data"][field]
    if field == "sessions":
        return "hers" if {"id": "<id>"} in value["items"] else "none"
    return "null" if value is None else "yes"


stack = module_stack(StackSettings(clock=CLOCK, lambda_host=HostSettings(dispatch_delay=3600)))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def callers(stack: LocalStack) -> Mapping[str, Caller]:
    users = stack.users
    outsider = cognito.Account("eve@example.com", cognito.random_password())
    other_pool = await cognito.create_pool(users.cognito, "another", [outsider])
    ada = await users.token(ADA)
    return {
        "ada": Caller(stack, {"authorization": ada}),
        "ben": Caller(stack, {"authorization": f"Bearer {await users.token(BEN, 'id')}"}),
        "key": Caller(stack, {"x-api-key": stack.api_key}),
        "iam": Caller(stack, {}, signs=True),
        "nobody": Caller(stack, {}),
        "expired": Caller(stack, {"authorization": ada}, late=timedelta(hours=1, seconds=1)),
        "other pool": Caller(stack, {"authorization": await other_pool.token(outsider.username)}),
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def adas(callers: Mapping[str, Caller]) -> str:
    """The id of the session that Ada submitted."""
    body = (await callers["ada"].ask("submitAssessment", ABSENT)).partition(b"\n")[2]
    return str(json.loads(body)["data"]["submitAssessment"]["id"])


async def test_each_caller_gets_what_the_table_says(callers: Mapping[str, Caller], adas: str) -> None:
    found = {
        field: {name: outcome(field, await callers[name].ask(field, adas)) for name in row}
        for field, row in EXPECTED.items()
    }
    assert found == EXPECTED


@pytest.mark.parametrize("name", STRANGERS)
async def test_who_proves_nothing_gets_nothing(callers: Mapping[str, Caller], adas: str, name: str) -> None:
    found = {field: outcome(field, await callers[name].ask(field, adas)) for field in OPERATIONS}
    assert found == dict.fromkeys(OPERATIONS, STRANGERS[name])


@pytest.mark.parametrize("field", [field for field in OPERATIONS if field not in {"sessions", "submitAssessment"}])
@pytest.mark.parametrize("name", ["ben", "key", "nobody"])
async def test_anothers_session_looks_like_one_that_does_not_exist(
    callers: Mapping[str, Caller], adas: str, name: str, field: str
) -> None:
    """Byte for byte, but for the id: what is said, its status, its headers and its frames."""
    assert await callers[name].ask(field, adas) == await callers[name].ask(field, ABSENT)


async def test_the_key_holders_session_is_not_a_users(callers: Mapping[str, Caller]) -> None:
    """And the other way round: a user is no key holder."""
    body = (await callers["key"].ask("submitAssessment", ABSENT)).partition(b"\n")[2]
    id_ = json.loads(body)["data"]["submitAssessment"]["id"]
    assert outcome("session", await callers["key"].ask("session", id_)) == "yes"
    assert await callers["ada"].ask("session", id_) == await callers["ada"].ask("session", ABSENT)


async def test_a_users_two_tokens_are_the_same_user(stack: LocalStack, adas: str) -> None:
    """ID and access token, bare and with Bearer: the session belongs to the `sub`."""
    for use in ("id", "access"):
        token = await stack.users.token(ADA, use)
        for authorization in (token, f"Bearer {token}"):
            asked = Caller(stack, {"authorization": authorization})
            assert outcome("session", await asked.ask("session", adas)) == "yes"
