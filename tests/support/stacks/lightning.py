"""Kills the worker of a session at one of its side effects.

Real processes: the kill is a SIGKILL from outside, at the moment when a request of the worker reaches the network
before AppSync, S3 or the agent, or when its answer has come and the worker knows nothing of it yet.
"""

import asyncio
import json
import os
import signal
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiohttp import web

from local.environment import Scripted
from local.lambdas.host import HostSettings
from local.stack import FUNCTIONS, LocalStack, StackSettings, running
from schema.statuses import SessionStatus
from stacks.network import Call, Network, Service, progress_of, worker_of
from worker.tools.workspace import COSTS, PRESENTATION, REQUIREMENTS, STATEMENT_OF_WORK, TEMPLATES

OUTPUTS = (REQUIREMENTS, COSTS, TEMPLATES, PRESENTATION, STATEMENT_OF_WORK)
"""What the tools make."""


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

    def meet(self, session_id: str, place: Place | None) -> Observed:
        """From now on the session meets this place; what it met before is forgotten."""
        self.sessions[session_id] = Observed(place)
        return self.sessions[session_id]

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


@asynccontextmanager
async def stormy(agent: Scripted, log: Path) -> AsyncIterator[tuple[LocalStack, Lightning]]:
    """A stack whose leases last half a second and whose retries come just after that."""
    resolvers, *others = FUNCTIONS
    async with Network().running() as network:
        settings = StackSettings(
            agent=agent,
            pace=0.0,
            lambda_host=HostSettings(dispatch_delay=0.05, retry_scale=0.01),
            functions=(replace(resolvers, environment={"SESSION_LEASE_SECONDS": "0.5"}), *others),
            on_the_way=network.on_the_way,
            log=log,
        )
        async with running(settings) as stack:
            network.weather = lightning = Lightning(stack, agent)
            yield stack, lightning
