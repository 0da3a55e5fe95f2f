"""The main job on one machine, seen by foreign clients: a stock gql client, a poller, plain HTTP."""

import asyncio
import io
import json
import shlex
import shutil
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import docx
import pptx
import pytest
import pytest_asyncio
from checkout import ROOT
from gql import Client, GraphQLRequest
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from graphql import get_introspection_query
from patience import PATIENCE
from programs import ran
from session_statuses import OF_A_SESSION

from client.command.arguments import parse
from client.endpoint import ApiKey
from local import banner
from local.environment import Scripted
from local.lambdas.host import HostSettings
from local.stack import LocalStack, StackSettings, running
from schema import limits
from schema.statuses import SessionStatus

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLIENT = "Fennmark Logistics"
STATE = "status currentStage progress revision lastSequence errorMessage results { powerpointUrl sowUrl }"
EVENT = "sequence type tool text truncated timestamp"

SUBMIT = "mutation ($input: AssessmentInput!) { submitAssessment(input: $input) { id status progress } }"
WATCH = f"subscription ($id: ID!) {{ onProgress(sessionId: $id) {{ status progress revision events {{ {EVENT} }} }} }}"
SESSION = f"query ($id: ID!) {{ session(id: $id) {{ {STATE} }} }}"
EVENTS = f"query ($id: ID!) {{ events(sessionId: $id, limit: 1000) {{ items {{ {EVENT} }} hasMore }} }}"


@dataclass
class Watched:
    """What one run looked like, to those who were pushed to and to the one who asked."""

    submitted: dict[str, Any]
    pushed: list[dict[str, Any]] = field(default_factory=list)
    polled: list[dict[str, Any]] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for update in self.pushed for event in update["events"]]


@pytest.fixture(scope="module", params=[Scripted.CONVERSE, pytest.param(Scripted.BEDROCK, marks=pytest.mark.slow)])
def agent(request: pytest.FixtureRequest) -> Scripted:
    """Both services that the scripted agent speaks."""
    return Scripted(request.param)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory, agent: Scripted) -> AsyncIterator[LocalStack]:
    log = tmp_path_factory.mktemp("stack") / "functions.log"
    # A busy machine may need long to subscribe: the events wait for it.
    settings = StackSettings(agent=agent, pace=0.2, log=log, lambda_host=HostSettings(dispatch_delay=3.0))
    async with running(settings) as stack:
        yield stack


def over_http(stack: LocalStack) -> Client:
    return Client(transport=AIOHTTPTransport(stack.endpoint, headers={"x-api-key": stack.api_key}))


def over_websocket(stack: LocalStack) -> Client:
    url = urlsplit(stack.endpoint)
    return Client(
        transport=AppSyncWebsocketsTransport(
            url=f"ws://{url.netloc}/graphql/realtime",
            auth=AppSyncApiKeyAuthentication(host=url.netloc, api_key=stack.api_key),
        )
    )


async def submit(stack: LocalStack, client: Client) -> dict[str, Any]:
    notes = (ROOT / "local" / "sample_notes.md").read_text()
    assessment = {
        "clientName": CLIENT,
        "projectName": "Customer portal",
        "industry": "Logistics",
        "requirements": notes,
    }
    async with client as session:
        answer = await session.execute(GraphQLRequest(SUBMIT, variable_values={"input": assessment}))
    submitted: dict[str, Any] = answer["submitAssessment"]
    return submitted


async def watch(stack: LocalStack, session_id: str) -> list[dict[str, Any]]:
    updates: list[dict[str, Any]] = []
    request = GraphQLRequest(WATCH, variable_values={"id": session_id})
    async with over_websocket(stack) as session, aclosing(session.subscribe(request)) as pushes:
        async for push in pushes:
            updates.append(push["onProgress"])
            if SessionStatus(push["onProgress"]["status"]).ended:
                break
    return updates


async def poll(stack: LocalStack, session_id: str) -> list[dict[str, Any]]:
    states: list[dict[str, Any]] = []
    async with over_http(stack) as session:
        while not states or not SessionStatus(states[-1]["status"]).ended:
            answer = await session.execute(GraphQLRequest(SESSION, variable_values={"id": session_id}))
            states.append(answer["session"])
            await asyncio.sleep(0.1)
    return states


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watched(stack: LocalStack) -> Watched:
    """One submitted assessment, followed to its end by a subscriber and by a poller."""
    submitted = await submit(stack, over_http(stack))
    watched = Watched(submitted)
    async with asyncio.timeout(PATIENCE):
        watched.pushed, watched.polled = await asyncio.gather(
            watch(stack, submitted["id"]), poll(stack, submitted["id"])
        )
    async with over_http(stack) as session:
        answer = await session.execute(GraphQLRequest(EVENTS, variable_values={"id": submitted["id"]}))
    assert answer["events"]["hasMore"] is False
    watched.log = answer["events"]["items"]
    return watched


async def test_a_subscriber_sees_every_status_in_order(watched: Watched) -> None:
    statuses = [watched.submitted["status"], *(update["status"] for update in watched.pushed)]
    assert tuple(dict.fromkeys(statuses)) == OF_A_SESSION
    assert [SessionStatus(status).rank for status in statuses] == sorted(
        SessionStatus(status).rank for status in statuses
    )


async def test_progress_never_falls_and_revisions_count_up_by_one(watched: Watched) -> None:
    progress = [watched.submitted["progress"], *(update["progress"] for update in watched.pushed)]
    assert progress == sorted(progress)
    assert (progress[0], progress[-1]) == (0, 100)
    revisions = [update["revision"] for update in watched.pushed]
    assert revisions == list(range(1, len(revisions) + 1))


async def test_the_events_are_numbered_without_a_gap_and_are_the_servers_log(watched: Watched) -> None:
    assert [event["sequence"] for event in watched.events] == list(range(1, len(watched.events) + 1))
    assert watched.events == watched.log


async def test_the_agent_is_heard_thinking_working_and_answering(watched: Watched, agent: Scripted) -> None:
    kinds = {event["type"] for event in watched.events}
    assert {"REASONING", "TOOL_CALL", "TOOL_RESPONSE", "CHUNK", "FINAL_RESPONSE"} <= kinds
    assert [event["tool"] for event in watched.events if event["type"] == "TOOL_CALL"] == [
        "RequirementsAnalyzer",
        "CostCalculator",
        "TemplateRetriever",
        "PowerPointGenerator",
        "SOWGenerator",
    ]
    chunks = "".join(event["text"] for event in watched.events if event["type"] == "CHUNK")
    [final] = [event["text"] for event in watched.events if event["type"] == "FINAL_RESPONSE"]
    assert chunks == final
    assert (CLIENT in final) == (agent is Scripted.BEDROCK), "only that agent reads the assessment"


async def test_who_only_polls_sees_the_same_end(watched: Watched) -> None:
    end = watched.polled[-1]
    assert end["status"] == "COMPLETED"
    assert end["errorMessage"] is None
    assert (end["progress"], end["currentStage"]) == (100, "Completed")
    assert end["revision"] == watched.pushed[-1]["revision"]
    assert end["lastSequence"] == watched.events[-1]["sequence"]
    progress = [state["progress"] for state in watched.polled]
    assert progress == sorted(progress)


async def test_both_documents_are_downloaded_by_their_urls_and_open(watched: Watched) -> None:
    results = watched.polled[-1]["results"]
    async with aiohttp.ClientSession(raise_for_status=True) as http:
        async with http.get(results["powerpointUrl"]) as response:
            deck = pptx.Presentation(io.BytesIO(await response.read()))
        async with http.get(results["sowUrl"]) as response:
            statement = docx.Document(io.BytesIO(await response.read()))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    assert CLIENT in "".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    assert CLIENT in "".join(paragraph.text for paragraph in statement.paragraphs)


async def test_the_scopesmith_command_of_the_greeting_is_complete(stack: LocalStack) -> None:
    assert banner.follow(stack) in banner.banner(stack)
    words = shlex.split(banner.follow(stack))
    given = parse(words[words.index("scopesmith") + 1 :], environment={})
    assert (given.endpoint.url, given.credentials) == (stack.endpoint, ApiKey(stack.api_key))
    assert given.submission is not None
    assert given.submission.requirements.startswith("# Fennmark")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_the_curl_command_of_the_greeting_works_as_it_stands(stack: LocalStack) -> None:
    assert banner.curl(stack) in banner.banner(stack)
    _, answer, _ = await ran(*shlex.split(banner.curl(stack)), "--silent", "--noproxy", "*")
    assert json.loads(answer)["data"]["submitAssessment"]["status"] == "PENDING"


async def test_the_api_is_bounded_as_the_deployed_one(stack: LocalStack) -> None:
    """A request of too many resolvers is cut off; the playground's question for the schema is not."""
    many = "".join(f'f{n}: session(id: "{n}") {{ id }} ' for n in range(limits.RESOLVERS_A_REQUEST + 1))
    async with aiohttp.ClientSession(headers={"x-api-key": stack.api_key}) as http:
        async with http.post(stack.endpoint, json={"query": f"{{ {many} }}"}) as response:
            [error] = (await response.json())["errors"]
        async with http.post(stack.endpoint, json={"query": get_introspection_query()}) as response:
            schema = await response.json()
    assert error["errorType"] == "ResolverExecutionLimitReached"
    assert error["path"] == [f"f{limits.RESOLVERS_A_REQUEST}"]
    assert "errors" not in schema


async def test_the_log_holds_what_the_functions_wrote(stack: LocalStack, watched: Watched) -> None:
    assert stack.log is not None
    log = await asyncio.to_thread(stack.log.read_text)
    assert "[TOOL CALL #5] SOWGenerator" in log
    assert watched.submitted["id"] in log
    assert stack.credentials.secret_access_key not in log
