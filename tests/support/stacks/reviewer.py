"""A client of a local stack that reviews proposals: plain HTTP with documents of its own, as any GraphQL client.

`Stores` looks into the stack's table and bucket, past the API.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import boto3
from checkout import ROOT
from patience import PATIENCE
from yarl import URL

from local import environment
from local.stack import LocalStack
from schema.statuses import SessionStatus
from stacks.plain_client import POLL_SECONDS, SUBMIT, PlainClient

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client

SESSION = """
    query ($id: ID!) { session(id: $id) {
        status currentStage progress revision lastSequence errorMessage proposalVersion
        results { costData { totalCost } powerpointUrl sowUrl htmlUrl }
    } }
"""
PROPOSAL = """
    query ($id: ID!, $version: Int) { proposal(sessionId: $id, version: $version) {
        version createdAt
        requirements { id kind text lines workPackage size priority hours }
        workPackages { name requirementIds hours cost }
        costData { totalCost totalHours currency complexityLevel lines { role hours hourlyRate cost } }
        teamSize duration startDate endDate discountPercent
        powerpointUrl sowUrl htmlUrl
    } }
"""
EVENTS = """
    query ($id: ID!, $after: Int!) { events(sessionId: $id, after: $after, limit: 1000) {
        items { sequence type text } hasMore
    } }
"""
REVIEW = "mutation ($id: ID!, $input: ReviewInput!) { reviewSession(id: $id, input: $input) { status revision } }"
RETRY = "mutation ($id: ID!) { retrySession(id: $id) { status revision } }"
DELETE = "mutation ($id: ID!) { deleteSession(id: $id) }"

_INPUT = ("id", "kind", "text", "workPackage", "size", "priority")


def as_input(requirement: Mapping[str, Any], **changed: object) -> dict[str, object]:
    """A requirement of a proposal as a reviewer sends it back, with what they have changed."""
    return {**{name: requirement[name] for name in _INPUT}, **changed}


class Reviewer(PlainClient):
    """A person who waits for a proposal, corrects it and approves it."""

    async def submit_for_review(self, client_name: str, **more: object) -> str:
        """Submit the sample notes, so that the session waits for its review; the session's id."""
        notes = (ROOT / "local" / "sample_notes.md").read_text(encoding="utf-8")
        given = {"clientName": client_name, "requirements": notes, "review": True, **more}
        session = await self.ask(SUBMIT, input=given)
        return str(session["id"])

    async def session(self, session_id: str) -> Mapping[str, Any]:
        session: Mapping[str, Any] = await self.ask(SESSION, id=session_id)
        return session

    async def at_rest(self, session_id: str) -> Mapping[str, Any]:
        """The session once no run is at work on it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                session = await self.session(session_id)
                if SessionStatus(session["status"]).resting:
                    return session
                await asyncio.sleep(POLL_SECONDS)

    async def proposal(self, session_id: str, version: int | None = None) -> Mapping[str, Any]:
        """A version of the proposal, the newest by default."""
        proposal: Mapping[str, Any] = await self.ask(PROPOSAL, id=session_id, version=version)
        return proposal

    async def review(self, session_id: str, *, approve: bool, **said: object) -> Mapping[str, Any]:
        """Review the session as it is now; the session at rest after it."""
        revision = (await self.session(session_id))["revision"]
        await self.ask(REVIEW, id=session_id, input={"revision": revision, "approve": approve, **said})
        return await self.at_rest(session_id)

    async def retry(self, session_id: str) -> Mapping[str, Any]:
        """Retry the session; the session at rest after it."""
        await self.ask(RETRY, id=session_id)
        return await self.at_rest(session_id)

    async def whole_log(self, session_id: str) -> Sequence[Mapping[str, Any]]:
        """All agent events of the session, however many pages they are."""
        log: list[Mapping[str, Any]] = []
        more = True
        while more:
            page = await self.ask(EVENTS, id=session_id, after=log[-1]["sequence"] if log else 0)
            log += page["items"]
            more = page["hasMore"]
        return log

    async def download(self, url: str) -> bytes:
        """What a presigned link leads to."""
        async with self.http.get(URL(url, encoded=True), raise_for_status=True) as response:
            return await response.read()


class Stores:
    """What the stack's table and bucket hold of a session, with the versions that the bucket keeps."""

    def __init__(self, stack: LocalStack) -> None:
        keys = {
            "endpoint_url": stack.addresses.aws,
            "region_name": stack.region,
            "aws_access_key_id": stack.credentials.access_key_id,
            "aws_secret_access_key": stack.credentials.secret_access_key,
        }
        self._s3: S3Client = boto3.client("s3", **keys)  # type: ignore[call-overload]  # strings, all of them
        self._dynamodb: DynamoDBClient = boto3.client("dynamodb", **keys)  # type: ignore[call-overload]  # likewise

    async def close(self) -> None:
        """Let go of the connections."""
        self._s3.close()
        self._dynamodb.close()

    async def objects(self, session_id: str, version: int) -> Mapping[tuple[str, str], bytes]:
        """The bytes of every object of a version of the proposal, by key and the bucket's version id."""
        return await asyncio.to_thread(self._objects, f"sessions/{session_id}/versions/{version}/")

    def _objects(self, prefix: str) -> Mapping[tuple[str, str], bytes]:
        bucket = environment.ARTIFACTS_BUCKET
        return {
            (key, version_id): self._s3.get_object(Bucket=bucket, Key=key, VersionId=version_id)["Body"].read()
            for key, version_id in self._versions(bucket)
            if key.startswith(prefix)
        }

    @asynccontextmanager
    async def without(self, key: str) -> AsyncIterator[None]:
        """The artifacts bucket without one of its objects."""
        bucket = environment.ARTIFACTS_BUCKET
        kept = await asyncio.to_thread(lambda: self._s3.get_object(Bucket=bucket, Key=key))
        body = await asyncio.to_thread(kept["Body"].read)
        await asyncio.to_thread(lambda: self._s3.delete_object(Bucket=bucket, Key=key))
        try:
            yield
        finally:
            await asyncio.to_thread(
                lambda: self._s3.put_object(Bucket=bucket, Key=key, Body=body, Metadata=kept["Metadata"])
            )

    async def traces(self, session_id: str) -> Sequence[str]:
        """Whatever names the session: records of the table, and objects, old versions and markers in the buckets."""
        return await asyncio.to_thread(self._traces, session_id)

    def _traces(self, session_id: str) -> Sequence[str]:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=environment.SESSIONS_TABLE, ConsistentRead=True)
        records = [json.dumps(item, default=str) for page in pages for item in page["Items"]]
        keys = [
            key
            for bucket in (environment.ARTIFACTS_BUCKET, environment.TEMPLATES_BUCKET)
            for key, _ in self._versions(bucket)
        ]
        return [text for text in (*records, *keys) if session_id in text]

    def _versions(self, bucket: str) -> Sequence[tuple[str, str]]:
        pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
        return [
            (entry["Key"], entry["VersionId"])
            for page in pages
            for entry in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
        ]
