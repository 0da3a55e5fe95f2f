"""The worker's process is killed at every side effect, and Lambda's retry finishes what it left.

Real processes: the kill is a SIGKILL from outside, at the moment when a request of the worker reaches the network
before AppSync, S3 or the agent, or when its answer has come and the worker knows nothing of it yet.
"""

import asyncio
import json
import os
import signal
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from stacks.network import Call, Network, Service, progress_of, worker_of
from stacks.plain_client import PlainClient

from local.environment import Scripted
from local.lambdas.host import HostSettings
from local.stack import FUNCTIONS, LocalStack, StackSettings, running
from schema.statuses import SessionStatus, Tool
from worker.run import TURN_LOST
from worker.tools.workspace import (
    ASSESSMENT,
    CONVERSATION,
    COSTS,
    PRESENTATION,
    PROFILE,
    PROPOSAL,
    PROPOSAL_PAGE,
    REQUIREMENTS,
    STATEMENT_OF_WORK,
    TEMPLATES,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

OUTPUTS = (REQUIREMENTS, COSTS, TEMPLATES, PRESENTATION, STATEMENT_OF_WORK)
BESIDE = (PROFILE, PROPOSAL_PAGE)
"""What a tool writes beside its output."""

RECORDS = len(Tool) - 1
"""How often the API's record of the proposal is written: after each tool but TemplateRetriever."""


@dataclass(frozen=True)
class Place:
    """Where a worker is killed: at the `nth` request of a kind, before it is forwarded or after it was answered."""

    kind: str
    nth: int
    forwarded: bool

    def __str__(self) -> str:
        return f"{'after' if self.forwarded else 'before'} {self.kind} #{self.nth}"


def kind_of(call: Call) -> str:
    """The side effect that a request is part of; empty for the others."""
    match call.service, call.method:
        case Service.APPSYNC, _:
            return "publish"
        case Service.AGENT, _:
            return "invoke the agent"
        case Service.S3, "PUT":
            return f"write {call.object}"
        case Service.S3, "HEAD":
            return f"start to make {call.object}"
        case Service.S3, "GET" if "list-type=2" in call.path and call.session_id:
            return "look for what is finished"
    return ""


PLACES_OF_BOTH = (
    *(Place("publish", nth, forwarded) for nth in range(1, 10) for forwarded in (False, True)),
    *(Place(f"write {name}", 1, forwarded) for name in (ASSESSMENT, *OUTPUTS, *BESIDE) for forwarded in (False, True)),
    *(Place(f"start to make {name}", 1, forwarded=False) for name in OUTPUTS),
    *(Place(f"write {PROPOSAL}", nth, forwarded) for nth in range(1, RECORDS + 1) for forwarded in (False, True)),
    *(Place(f"start to make {PROPOSAL}", nth, forwarded=False) for nth in range(1, RECORDS + 1)),
    *(Place("look for what is finished", nth, forwarded=False) for nth in range(1, len(Tool) + 2 + RECORDS)),
)

TURNS = len(Tool) + 1
SAVES = 1 + 2 * len(Tool) + 1
"""At the start, after each tool's call and answer, and after the last words."""

PLACES = {
    Scripted.CONVERSE: (
        *PLACES_OF_BOTH,
        *(Place("invoke the agent", nth, forwarded) for nth in range(1, TURNS + 1) for forwarded in (False, True)),
        *(Place(f"write {CONVERSATION}", nth, forwarded) for nth in range(1, SAVES + 1) for forwarded in (False, True)),
    ),
    Scripted.BEDROCK: (
        *PLACES_OF_BOTH,
        *(Place("invoke the agent", 1, forwarded) for forwarded in (False, True)),
    ),
}


@dataclass
class Observed:
    """What the network saw of one session."""

    place: Place | None
    met: Counter[tuple[str, bool]] = field(default_factory=Counter)
    killed: int = 0
    updates: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    """The accepted updates by their revision."""


class Lightning:
    """Kills a session's worker at the session's place. The client's name says which place that is."""

    def __init__(self, stack: LocalStack, agent: Scripted) -> None:
        self._host = stack.host
        self._agent = agent
        self._places: dict[str, Place | None] = {}
        self.sessions: dict[str, Observed] = {}
        self.ended: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def expect(self, session: str, place: Place | None) -> None:
        """Sessions of the client named `session` meet this place."""
        self._places[session] = place

    async def before(self, call: Call) -> web.Response | None:
        struck = await self._strike(call, forwarded=False)
        from_tools = self._agent is Scripted.BEDROCK and call.object in OUTPUTS  # their Lambda lives on
        return web.Response(status=503) if struck and not from_tools else None

    async def after(self, call: Call, answer: bytes) -> None:
        observed = self._observed(call)
        if observed is not None and call.service is Service.APPSYNC and (progress := progress_of(answer)):
            observed.updates.setdefault(progress["revision"], progress)
            if SessionStatus(progress["status"]).ended:
                self.ended[call.session_id].set()
        await self._strike(call, forwarded=True)

    async def _strike(self, call: Call, *, forwarded: bool) -> bool:
        kind = kind_of(call)
        observed = self._observed(call) if kind else None
        if observed is None:
            return False
        observed.met[kind, forwarded] += 1
        place = Place(kind, observed.met[kind, forwarded], forwarded)
        if place != observed.place or observed.killed:
            return False
        observed.killed += 1
        await self._kill(call.session_id)
        return True

    async def _kill(self, session_id: str) -> None:
        worker = worker_of(self._host, session_id)
        assert worker is not None, "no process works on the session whose request this is"
        if worker.pid is not None:
            os.kill(worker.pid, signal.SIGKILL)
        while worker.pid is not None:  # noqa: ASYNC110 - it ends in another process
            await asyncio.sleep(0.001)

    def _observed(self, call: Call) -> Observed | None:
        """The session of a call; for its first call, the worker's event says which client it is for."""
        session_id = call.session_id
        if session_id not in self.sessions and (worker := worker_of(self._host, session_id)) and worker.busy_with:
            name = json.loads(worker.busy_with.event)["client_name"]
            self.sessions[session_id] = Observed(self._places[name])
        return self.sessions.get(session_id)


@dataclass
class Site:
    """A running stack with the agent of one service, the weather over it, and a client."""

    agent: Scripted
    lightning: Lightning
    client: PlainClient

    async def work(self, place: Place | None) -> tuple[str, Mapping[str, Any]]:
        """Submit an assessment whose worker meets this place; its id, and the session once it has ended."""
        name = f"Client of {place}"
        self.lightning.expect(name, place)
        session_id = await self.client.submit(name)
        async with asyncio.timeout(60):
            await self.lightning.ended[session_id].wait()
        return session_id, await self.client.end(session_id)


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[Scripted.CONVERSE, pytest.param(Scripted.BEDROCK, marks=pytest.mark.slow)],
)
async def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A stack whose leases last half a second and whose retries come just after that."""
    resolvers, *others = FUNCTIONS
    log = tmp_path_factory.mktemp("crash") / "functions.log"
    settings = StackSettings(
        agent=request.param,
        pace=0.0,
        lambda_host=HostSettings(dispatch_delay=0.05, retry_scale=0.01),
        functions=(replace(resolvers, environment={"SESSION_LEASE_SECONDS": "0.5"}), *others),
        log=log,
    )
    async with Network().running() as network:
        settings = replace(settings, on_the_way=network.on_the_way)
        async with running(settings) as stack, aiohttp.ClientSession() as http:
            lightning = Lightning(stack, request.param)
            network.weather = lightning
            yield Site(request.param, lightning, PlainClient(stack, http))


async def check(site: Site, place: Place) -> None:
    """One worker killed at one place: everything that the retry must keep to."""
    session_id, session = await site.work(place)
    observed = site.lightning.sessions[session_id]
    assert observed.killed == 1, f"{place} was never met"
    assert (session["status"], session["progress"], session["errorMessage"]) == ("COMPLETED", 100, None), place
    assert session["results"]["powerpointUrl"]
    assert session["results"]["sowUrl"]

    log = await site.client.log(session_id)
    assert [event["sequence"] for event in log] == list(range(1, session["lastSequence"] + 1)), place
    assert log[-1]["type"] == "FINAL_RESPONSE"
    if site.agent is Scripted.CONVERSE:  # its conversation is resumed; that of a Bedrock agent begins again
        told = Counter(event["type"] for event in log)
        assert (told["TOOL_CALL"], told["TOOL_RESPONSE"], told["FINAL_RESPONSE"]) == (len(Tool), len(Tool), 1), place
        assert all(event["text"] == TURN_LOST for event in log if event["type"] == "WARNING"), place

    updates = [observed.updates[revision] for revision in sorted(observed.updates)]
    assert [one["revision"] for one in updates] == list(range(1, session["revision"] + 1)), place
    for name in ("progress", "lastSequence"):
        assert [one[name] for one in updates] == sorted(one[name] for one in updates), place
    ranks = [SessionStatus(one["status"]).rank for one in updates]
    assert ranks == sorted(ranks), place
    sent = [event["sequence"] for one in updates for event in one["events"]]
    assert sent == list(range(1, session["lastSequence"] + 1)), place

    for name in OUTPUTS:
        assert observed.met[f"write {name}", True] == 1, (place, name)


@pytest.mark.parametrize(
    "place", [Place("publish", 5, forwarded=True), Place(f"write {PRESENTATION}", 1, forwarded=False)], ids=str
)
async def test_a_killed_workers_retry_finishes_the_session(site: Site, place: Place) -> None:
    """The retry resumes: sequences go on, progress never falls, no finished tool runs twice, documents come once."""
    await check(site, place)


@pytest.mark.slow
async def test_a_worker_may_die_at_every_side_effect(site: Site) -> None:
    """Whatever dies at whatever point, each assessment is COMPLETED exactly once: one run for each place."""
    at_once = asyncio.Semaphore(3)

    async def one(place: Place) -> None:
        async with at_once:
            await check(site, place)

    async with asyncio.TaskGroup() as runs:
        for place in PLACES[site.agent]:
            runs.create_task(one(place))


@pytest.mark.slow
async def test_the_places_are_all_there_are(site: Site) -> None:
    """The crash test misses no side effect: an undisturbed run meets the places and no other."""
    session_id, session = await site.work(None)
    assert session["status"] == "COMPLETED"
    met = site.lightning.sessions[session_id].met
    known = Counter(place.kind for place in PLACES[site.agent] if not place.forwarded)
    assert {kind: count for (kind, forwarded), count in met.items() if not forwarded} == known
