"""The local AppSync's fan-out of an update to its subscribers, beside a bare WebSocket broadcast of the same frames.

Both servers send to the same audience, one update at a time, over loopback. The local AppSync does more for each update
(it checks the signature, executes the mutation and the subscription), and its Lambda answers at once. The bare
broadcast is that of the `websockets` package. What is claimed is processor time, which is nearly the same on a busy
machine.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from local.isolation import ROOT, base_environment
from tests.benchmarks import processes
from tests.benchmarks.figures import Row, Sample, Table

from .server import ACCESS_KEY, KEY, REGION, SECRET_KEY

MANY = 1_000
"""Subscribers, from which on the ratio is claimed: with fewer, an update itself costs more than its frames."""


@dataclass(frozen=True)
class Counts:
    """How much is measured."""

    rounds: int
    updates: Mapping[int, int]
    """Of a round, by the number of subscribers."""


FULL = Counts(5, {1: 100, 100: 60, 1_000: 12})
QUICK = Counts(2, {1: 40, 100: 30, 1_000: 8})

AT_MOST = 3.0
"""Times the bare broadcast's processor time for a frame."""


@dataclass(frozen=True)
class Cost:
    """What an update took."""

    wall: float
    """Milliseconds until the last subscriber has it."""
    cpu: float
    """Microseconds of the server's processor time for each subscriber."""


def measure(*, quick: bool = False, counts: Counts | None = None) -> Table:
    """Both servers by turns, with more and more subscribers."""
    return asyncio.run(_measure(counts or (QUICK if quick else FULL)))


async def _measure(counts: Counts) -> Table:
    rows = []
    async with _server("appsync") as ours, _server("bare") as bare:
        for subscribers, updates in counts.updates.items():
            costs: dict[str, list[Cost]] = {"ours": [], "bare": []}
            for _ in range(counts.rounds):
                cost, frame = await ours.costs(subscribers, updates, "")
                costs["ours"].append(cost)
                costs["bare"].append((await bare.costs(subscribers, updates, frame))[0])
            rows += _rows(subscribers, costs)
    return Table(
        "an update to its subscribers, by the local AppSync",
        "a bare WebSocket broadcast of the same frames, by turns with ours.",
        rows,
        [
            f"Server and subscribers share {os.cpu_count()} processors.",
            f"Nothing is claimed of wall-clock time, nor with fewer than {MANY:,} subscribers.",
        ],
    )


def _rows(subscribers: int, costs: Mapping[str, list[Cost]]) -> list[Row]:
    def sample(whose: str, figure: str) -> Sample:
        return Sample(tuple(getattr(cost, figure) for cost in costs[whose]))

    to = f"to {subscribers:,} subscriber{'s' if subscribers > 1 else ''}"
    claim = AT_MOST if subscribers >= MANY else None
    return [
        Row(f"{to}: processor time for each", "µs", sample("ours", "cpu"), sample("bare", "cpu"), at_most=claim),
        Row(f"{to}: until the last has it", "ms", sample("ours", "wall"), sample("bare", "wall")),
    ]


class _Server:
    """A server of either kind, in its own process."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self._process, self._address = process, address

    async def costs(self, subscribers: int, updates: int, frame: str) -> tuple[Cost, str]:
        """What so many updates cost for each, and the frame of the first; `frame` is what a bare server sends."""
        given = {"address": self._address, "key": KEY, "access_key": ACCESS_KEY, "secret_key": SECRET_KEY}
        counts = {"region": REGION, "subscribers": subscribers, "updates": updates, "frame": frame}
        async with _process("fan_out.audience") as audience:
            if await _asked(audience, json.dumps(given | counts)) != "ready":
                raise RuntimeError(f"{subscribers} subscribers did not get what was published")
            began = json.loads(await _asked(self._process, ""))
            found: dict[str, Any] = json.loads(await _asked(audience, ""))
            cpu = json.loads(await _asked(self._process, "")) - began
        cost = Cost(wall=found["seconds"] / updates * 1e3, cpu=cpu / updates / subscribers * 1e6)
        return cost, found["frame"]


@asynccontextmanager
async def _server(way: str) -> AsyncIterator[_Server]:
    async with _process("fan_out.server", way) as process:
        yield _Server(process, await _line(process))


@asynccontextmanager
async def _process(module: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of this package, which is killed at the end."""
    process = await asyncio.create_subprocess_exec(
        *processes.command(module, *arguments),
        cwd=ROOT,
        env=base_environment(os.environ),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**20,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _asked(process: asyncio.subprocess.Process, line: str) -> str:
    """The line that a process answers with."""
    if process.stdin is None:
        raise TypeError("the process was started without a pipe")
    process.stdin.write(f"{line}\n".encode())
    await process.stdin.drain()
    return await _line(process)


async def _line(process: asyncio.subprocess.Process) -> str:
    if process.stdout is None:
        raise TypeError("the process was started without a pipe")
    return (await process.stdout.readline()).decode().strip()
