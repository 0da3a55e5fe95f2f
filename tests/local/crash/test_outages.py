"""AppSync or DynamoDB is away or throttles for seconds in the middle of a run: nothing of the session is lost."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from patience import PATIENCE
from stacks.network import Call, Network, Service, progress_of, publish_of
from stacks.plain_client import PlainClient

from local.environment import Scripted
from local.lambdas.host import HostSettings
from local.stack import StackSettings, running
from schema.statuses import SessionStatus

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

OUTAGE_SECONDS = 3.0

THROTTLED = {
    "__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException",
    "message": "Rate of requests exceeds the allowed throughput.",
}


@dataclass(frozen=True)
class Outage:
    """What answers instead of a service."""

    service: Service
    status: int
    """Of the answer; 0 for a connection that breaks off."""
    body: Mapping[str, object] = field(default_factory=dict)


OUTAGES: Mapping[str, Outage | None] = {
    "an undisturbed run": None,
    "an AppSync that is away": Outage(Service.APPSYNC, 503),
    "an AppSync that throttles": Outage(Service.APPSYNC, 429),
    "an AppSync that breaks off": Outage(Service.APPSYNC, 0),
    "a DynamoDB that throttles": Outage(Service.DYNAMODB, 400, THROTTLED),
    "a DynamoDB that is away": Outage(Service.DYNAMODB, 503),
}


@dataclass
class Storm:
    """Disturbs each session's service from the second stage on. It knows a session once that has been submitted."""

    outages: dict[str, Outage | None] = field(default_factory=dict)
    began: dict[str, float] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    ended: dict[str, asyncio.Event] = field(default_factory=dict)

    def expect(self, session_id: str, outage: Outage | None) -> None:
        self.outages[session_id] = outage
        self.refused[session_id] = 0
        self.ended[session_id] = asyncio.Event()

    async def before(self, call: Call) -> web.Response | None:
        session_id = call.session_id
        if call.service is Service.APPSYNC and publish_of(call)["revision"] >= 4:
            self.began.setdefault(session_id, time.monotonic())
        outage = self.outages.get(session_id)
        began = self.began.get(session_id)
        if outage is None or call.service is not outage.service or began is None:
            return None
        if time.monotonic() > began + OUTAGE_SECONDS:
            return None
        self.refused[session_id] += 1
        if not outage.status:
            raise ConnectionAbortedError
        return web.json_response(outage.body, status=outage.status, content_type="application/x-amz-json-1.0")

    async def after(self, call: Call, answer: bytes) -> None:
        progress = progress_of(answer) if call.service is Service.APPSYNC else None
        if progress is not None and SessionStatus(progress["status"]).ended:
            self.ended[call.session_id].set()


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[Scripted.CONVERSE, pytest.param(Scripted.BEDROCK, marks=pytest.mark.thorough)],
)
async def storm(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Storm, PlainClient]]:
    settings = StackSettings(
        agent=request.param,
        pace=0.0,
        lambda_host=HostSettings(dispatch_delay=0.3, retry_scale=0.01),
        log=tmp_path_factory.mktemp("outages") / "functions.log",
    )
    async with (
        Network().running() as network,
        aiohttp.ClientSession() as http,
        running(replace(settings, on_the_way=network.on_the_way)) as stack,
    ):
        network.weather = storm = Storm()
        yield storm, PlainClient(stack, http)


def said(log: Sequence[Mapping[str, Any]], session_id: str) -> tuple[list[tuple[str, str, str]], str]:
    """The log without the session's id, and its chunks joined to one text."""
    events = [(one["type"], str(one["tool"]), one["text"].replace(session_id, "<id>")) for one in log]
    return [one for one in events if one[0] != "CHUNK"], "".join(text for kind, _, text in events if kind == "CHUNK")


async def test_an_outage_of_seconds_loses_nothing(storm: tuple[Storm, PlainClient]) -> None:
    """Events wait while AppSync or DynamoDB is away or throttles; order holds, and the log is that of a quiet day."""
    weather, client = storm

    async def work(outage: Outage | None) -> tuple[list[tuple[str, str, str]], str]:
        session_id = await client.submit("Fennmark Logistics")
        weather.expect(session_id, outage)
        async with asyncio.timeout(PATIENCE):
            await weather.ended[session_id].wait()
        session = await client.end(session_id)
        assert (session["status"], session["progress"]) == ("COMPLETED", 100), outage
        assert outage is None or weather.refused[session_id] > 0, "no request met the outage"
        log = await client.log(session_id)
        assert [one["sequence"] for one in log] == list(range(1, session["lastSequence"] + 1)), outage
        return said(log, session_id)

    undisturbed, *disturbed = await asyncio.gather(*(work(outage) for outage in OUTAGES.values()))
    for name, told in zip(list(OUTAGES)[1:], disturbed, strict=True):
        assert told == undisturbed, name
