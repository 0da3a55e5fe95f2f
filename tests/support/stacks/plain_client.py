"""A client of a local stack that asks over plain HTTP and knows nothing of subscriptions."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from checkout import ROOT
from patience import PATIENCE

from local.stack import LocalStack
from schema.statuses import SessionStatus

SUBMIT = "mutation ($input: AssessmentInput!) { submitAssessment(input: $input) { id } }"
SESSION = """
    query ($id: ID!) { session(id: $id) {
        status currentStage progress revision lastSequence errorMessage results { powerpointUrl sowUrl }
    } }
"""
EVENTS = "query ($id: ID!) { events(sessionId: $id, limit: 1000) { items { sequence type tool text } } }"

POLL_SECONDS = 0.15


@dataclass(frozen=True)
class PlainClient:
    stack: LocalStack
    http: aiohttp.ClientSession

    async def answer(self, query: str, **variables: object) -> Mapping[str, Any]:
        """The whole answer, with its errors."""
        body = {"query": query, "variables": variables}
        async with self.http.post(self.stack.endpoint, json=body, headers={"x-api-key": self.stack.api_key}) as answer:
            told: Mapping[str, Any] = await answer.json()
        return told

    async def ask(self, query: str, **variables: object) -> Any:  # noqa: ANN401 - the answer's one field, any JSON
        told = await self.answer(query, **variables)
        assert "errors" not in told, told
        [value] = told["data"].values()
        return value

    async def submit(self, client_name: str) -> str:
        """Submit the sample notes for a client of this name; the session's id."""
        notes = (ROOT / "local" / "sample_notes.md").read_text(encoding="utf-8")
        session = await self.ask(SUBMIT, input={"clientName": client_name, "requirements": notes})
        return str(session["id"])

    async def session(self, session_id: str) -> Mapping[str, Any]:
        """The session's current state."""
        session: Mapping[str, Any] = await self.ask(SESSION, id=session_id)
        return session

    async def end(self, session_id: str) -> Mapping[str, Any]:
        """The session once it has ended."""
        async with asyncio.timeout(PATIENCE):
            while True:
                session = await self.session(session_id)
                if SessionStatus(session["status"]).ended:
                    return session
                await asyncio.sleep(POLL_SECONDS)

    async def log(self, session_id: str) -> Sequence[Mapping[str, Any]]:
        """The session's agent events."""
        events: Sequence[Mapping[str, Any]] = (await self.ask(EVENTS, id=session_id))["items"]
        return events
