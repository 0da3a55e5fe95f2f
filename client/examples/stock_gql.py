"""Submits an assessment with plain gql and prints its progress: python stock_gql.py https://ORIGIN

Set SCOPESMITH_API_KEY to the API key. For a user's token or IAM, use gql's other AppSync classes. gql does not report
`start_ack`, so this program reads the session after every push, and after a silence too. `client.stream` gets
`start_ack` and can use the pushes themselves.
"""

# ruff: noqa: INP001, T201 - a program of its own, which prints its output

import asyncio
import json
import os
import sys
import uuid
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport

SUBMIT = "mutation ($input: AssessmentInput!) { submitAssessment(input: $input) { id } }"
ON_PROGRESS = "subscription ($id: ID!) { onProgress(sessionId: $id) { status progress lastSequence } }"
SESSION = "query ($id: ID!) { session(id: $id) { status progress lastSequence } }"
EVENTS = "query ($id: ID!, $after: Int!) { events(sessionId: $id, after: $after) { items { sequence type } } }"

WORDS = json.loads((Path(__file__).parents[1] / "web" / "words.json").read_text(encoding="utf-8"))
ENDED = {status["name"] for status in WORDS["statuses"] if status["ends"]}
QUIET_SECONDS = 25
POLL_SECONDS = 2


async def follow(api: AsyncClientSession, socket: AsyncClientSession, session_id: str) -> None:
    """Print each event once, in order, until the session has ended. A push only shows when to read."""
    pushed = asyncio.Event()

    async def listen() -> None:
        async for _ in socket.subscribe(GraphQLRequest(ON_PROGRESS, variable_values={"id": session_id})):
            pushed.set()

    listening = asyncio.create_task(listen())
    shown, status = 0, ""
    while status not in ENDED:
        pushed.clear()
        session = (await api.execute(GraphQLRequest(SESSION, variable_values={"id": session_id})))["session"]
        status = session["status"]
        while shown < session["lastSequence"]:
            request = GraphQLRequest(EVENTS, variable_values={"id": session_id, "after": shown})
            events = (await api.execute(request))["events"]["items"]
            print(session["progress"], status, *(f"{one['sequence']} {one['type']}" for one in events))
            shown = events[-1]["sequence"]
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if status in ENDED else POLL_SECONDS if listening.done() else QUIET_SECONDS):
                await pushed.wait()
    listening.cancel()


async def main(page: str) -> None:
    url = urlsplit(page)
    auth = AppSyncApiKeyAuthentication(url.netloc, os.environ["SCOPESMITH_API_KEY"])
    realtime = f"{url.scheme.replace('http', 'ws')}://{url.netloc}/graphql/realtime"
    http = Client(transport=AIOHTTPTransport(f"{url.scheme}://{url.netloc}/graphql", auth=auth))
    notes = {"clientName": "Example Ltd", "requirements": "Customers must see their orders online."}
    token = str(uuid.uuid4())  # if you repeat a submit with it after a lost answer, you get the same session
    async with http as api, Client(transport=AppSyncWebsocketsTransport(realtime, auth=auth)) as socket:
        request = GraphQLRequest(SUBMIT, variable_values={"input": notes | {"clientRequestToken": token}})
        await follow(api, socket, (await api.execute(request))["submitAssessment"]["id"])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
