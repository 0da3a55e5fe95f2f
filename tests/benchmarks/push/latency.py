"""Push: from the agent emitting an event to the subscriber having it, beside pollers of the same sessions.

Everything between is real but S3, which a tool's call and its answer wait for: the worker's feed, outbox and signed
publish, the local server with its resolvers and moto's DynamoDB, and WebSockets over loopback. All workers share a
process, and all clients. The worker's own pacing is in the figures, as it is in what users see: a status goes out at
once, text waits until a second after the last update. An event's time begins when it is due, though a busy worker may
be late with it. Nothing is claimed: how late an update is depends on the machine, and a poller's wait does not. What
the server does for each subscriber is claimed by `fan_out`.
"""

import asyncio
import json
import os
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from local import stack
from local.isolation import ROOT
from tests.benchmarks import processes
from tests.benchmarks.figures import ENOUGH_FOR_P99, Row, Sample, Table, single
from tests.benchmarks.submit.calls import WITHOUT_WORKERS
from tests.benchmarks.submit.load import submit
from worker.outbox import INTERVAL_SECONDS

from .clients import POLL_SECONDS, Latencies

Found = Mapping[str, Latencies]
"""What came of one run, `pushed` and `polled`."""


@dataclass(frozen=True)
class Case:
    """One measurement. One subscriber follows all the sessions; of more, each follows one."""

    subscribers: int
    sessions: int

    @property
    def words(self) -> str:
        def of(count: int, what: str) -> str:
            return f"{count:,} {what}{'s' if count > 1 else ''}"

        return f"{of(self.subscribers, 'subscriber')} on {of(self.sessions, 'session')}"

    @property
    def script(self) -> dict[str, float]:
        """One session changes seven times in six seconds. Of a hundred, each does four times in sixteen, and its text
        makes three updates more: together forty a second, as of a hundred sessions of four minutes whose 300 events
        come three at a time.
        """
        if self.sessions == 1:
            return {"seconds": 6.0, "statuses": 7, "chunks": 50}
        return {"seconds": 16.0, "statuses": 4, "chunks": 15}

    @property
    def rounds(self) -> int:
        """One session has few events."""
        return 2 if self.sessions == 1 else 1

    @property
    def pollers(self) -> int:
        """Few, so that what they read does not hold up what they are compared with."""
        return 4 if self.sessions == 1 else 10


CASES = tuple(Case(subscribers, sessions) for sessions in (1, 100) for subscribers in (1, 100, 1_000))


def measure(*, quick: bool = False) -> Table:
    """Each case on one stack, round by round; `quick` leaves the thousand out."""
    return asyncio.run(_measure([case for case in CASES if not quick or case.subscribers < 1_000]))


async def _measure(cases: list[Case]) -> Table:
    found: dict[Case, list[Found]] = {case: [] for case in cases}
    async with stack.running(WITHOUT_WORKERS) as running:
        for place in range(max(case.rounds for case in cases)):
            for case in cases:
                if place < case.rounds:
                    found[case].append(await run(running, case))
    return Table(
        "from the agent's event to the client",
        f"a client that reads the whole session each {POLL_SECONDS:g} s, one of the same sessions at the same time.",
        [row for case in cases for row in _rows(case, found[case])],
        [
            f"Pacing: text waits for the {INTERVAL_SECONDS:g} s between updates, a status only for one under way.",
            "To the last byte in the client's process, without reading JSON. One subscriber follows a hundred sessions",
            "over one connection; a thousand are ten each. Of an event's subscribers p50 is the one in the middle, p99",
            f"the slowest; with fewer than {ENOUGH_FOR_P99} events it is of the slowest event.",
            (
                f"Server, workers, table and clients share {os.cpu_count()} processors, where {os.getloadavg()[0]:.1f} "
                "processes were at work at the end."
            ),
            "Pollers: 4 of one session, of a hundred one each of ten; a thousand would be 500 reads a second.",
            "Nothing is claimed.",
        ],
    )


def _rows(case: Case, rounds: Sequence[Found]) -> list[Row]:
    """The median of each kind of event, with its spread from event to event; and the tail."""
    rows = []
    for kind, what in (("s", "status"), ("c", "text")):
        pushed = [event for found in rounds for event in found["pushed"][kind]]
        polled = Sample(tuple(delay for found in rounds for event in found["polled"][kind] for delay in event))
        middle = Sample(tuple(statistics.median(event) for event in pushed))
        slowest = Sample(tuple(max(event) for event in pushed))
        tail = f"p99 of {len(pushed)}" if len(pushed) >= ENOUGH_FOR_P99 else f"slowest of {len(pushed)}"
        rows += [
            Row(f"{what}, {case.words}: p50", "ms", middle, polled, paired=False),
            Row(f"{what}, {case.words}: {tail}", "ms", single(slowest.percentile(99)), single(polled.percentile(99))),
        ]
    return rows


async def run(running: stack.LocalStack, case: Case) -> Found:
    """What arrived when, of sessions of their own."""
    sessions = await _submitted(running, case.sessions)
    clients = await _started("push.clients", os.environ)
    started = [clients]
    given = {"endpoint": running.endpoint, "key": running.api_key, "sessions": sessions}
    _tell(clients, given | {"subscribers": case.subscribers, "pollers": case.pollers})
    try:
        if await _stdout(clients).readline() != b"ready\n":
            raise RuntimeError(f"{case.words}: the clients could not subscribe")
        credentials = {
            "AWS_ACCESS_KEY_ID": running.credentials.access_key_id,
            "AWS_SECRET_ACCESS_KEY": running.credentials.secret_access_key,
            "POWERTOOLS_TRACE_DISABLED": "true",
        }
        workers = await _started("push.workers", os.environ | credentials, running.endpoint)
        started.append(workers)
        _tell(workers, {"sessions": sessions, **case.script})
        await workers.communicate(b"")
        if workers.returncode != 0:
            raise RuntimeError(f"{case.words}: the workers failed")
        output, _ = await clients.communicate(b"")
    finally:
        for process in started:
            if process.returncode is None:
                process.kill()
    found: Found = json.loads(output)
    _check(case, found)
    return found


def _check(case: Case, found: Found) -> None:
    """Every client has every event: a server that is fast because it loses events does not count."""
    subscribers = max(1, case.subscribers // case.sessions)
    for kind, emitted in (("s", case.script["statuses"]), ("c", case.script["chunks"])):
        events, polled = found["pushed"][kind], sum(map(len, found["polled"][kind]))
        if len(events) != case.sessions * emitted or any(len(event) != subscribers for event in events):
            raise RuntimeError(f"{case.words}: {sum(map(len, events))} of all events arrived")
        if polled != case.pollers * emitted:
            raise RuntimeError(f"{case.words}: {polled} events of {case.pollers * emitted:.0f} were found by polling")


async def _submitted(running: stack.LocalStack, count: int) -> list[str]:
    async with aiohttp.ClientSession(headers={"x-api-key": running.api_key}) as http:
        return await asyncio.gather(*(submit(http, running.endpoint) for _ in range(count)))


async def _started(module: str, variables: Mapping[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *processes.command(module, *arguments),
        cwd=ROOT,
        env=dict(variables),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**26,
    )


def _tell(process: asyncio.subprocess.Process, given: Mapping[str, Any]) -> None:
    if process.stdin is None:
        raise TypeError("the process was started without a pipe")
    process.stdin.write(json.dumps(given).encode() + b"\n")


def _stdout(process: asyncio.subprocess.Process) -> asyncio.StreamReader:
    if process.stdout is None:
        raise TypeError("the process was started without a pipe")
    return process.stdout
