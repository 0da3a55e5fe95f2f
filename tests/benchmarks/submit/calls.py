"""submitAssessment: the handler beside its own bare AWS calls, and the whole way over HTTP with more and more callers.

The handler and the bare calls meet the same endpoints in turn: one that answers at once, which leaves nothing but the
caller's own time and is the hardest measure, and moto's DynamoDB, which takes a few milliseconds as the real one does.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local import environment as names
from local import stack
from local.lambdas.host import HostSettings
from tests.benchmarks import endpoint, environment, processes
from tests.benchmarks.figures import ENOUGH_FOR_P99, Row, Sample, Table

CALLERS = {1: 100, 10: 20, 100: 10}
"""Concurrent callers, and how often each submits in a round: the first submits of all at once are a tenth at most."""

WITHOUT_WORKERS = stack.StackSettings(lambda_host=HostSettings(dispatch_delay=3_600.0))
"""The local server, with an hour before a submit's worker would be started."""


@dataclass(frozen=True)
class Counts:
    """How much is measured."""

    at_once: int
    """Submits by the handler, and as many by its bare calls, to endpoints that answer at once."""
    moto: int
    """Likewise with moto's DynamoDB."""
    rounds: int
    """Over HTTP, each with every number of callers."""
    callers: Mapping[int, int]


FULL = Counts(400, 150, 3, CALLERS)
QUICK = Counts(60, 30, 1, CALLERS)


def measure(*, quick: bool = False, counts: Counts | None = None) -> Table:
    """The handler in a process of its own; then the local server with callers in another."""
    return asyncio.run(_measure(counts or (QUICK if quick else FULL)))


async def _measure(counts: Counts) -> Table:
    rows = []
    with endpoint.running() as services:
        at_once = environment.lambdas(dynamodb=services, s3=services, services=services)
        rows += _beside(await _process(at_once, counts.at_once), "endpoints that answer at once")
        async with environment.moto() as aws:
            variables = environment.lambdas(dynamodb=aws, s3=aws, services=services)
            rows += _beside(await _process(variables, counts.moto), "moto's DynamoDB")
    rows += await _over_http(counts)
    [resolvers] = [one for one in stack.FUNCTIONS if one.name == names.RESOLVERS]
    shared = (
        f"{resolvers.max_concurrency} processes of the resolvers, server and callers share {os.cpu_count()} processors."
    )
    times = ", ".join(f"{each} by each of {callers}" for callers, each in counts.callers.items())
    return Table(
        "submitAssessment, by its handler and over HTTP",
        "the handler's own AWS calls without the handler, by turns with it; over HTTP, one caller.",
        rows,
        [
            f"Over HTTP: a closed loop, where a caller submits again when it was answered. Submits a round: {times}.",
            shared,
            "Nothing is claimed of HTTP, nor of processor time.",
        ],
    )


def _beside(figures: Mapping[str, list[float]], where: str) -> list[Row]:
    def row(what: str, suffix: str, at_most: float | None) -> Row:
        ours, bare = (Sample(tuple(figures[name + suffix])) for name in ("handler", "bare"))
        return Row(f"handler, {where}{what}", "ms", ours, bare, at_most=at_most)

    return [row("", "", 1.3), row(", processor", "_cpu", None)]


async def _over_http(counts: Counts) -> list[Row]:
    rounds: dict[int, list[Round]] = {callers: [] for callers in counts.callers}
    async with stack.running(WITHOUT_WORKERS) as running:
        for place in range(counts.rounds):
            order = list(counts.callers)
            start = place % len(order)  # each round begins with others, for what is stored grows
            for callers in order[start:] + order[:start]:
                given = running.endpoint, running.api_key, str(callers), str(counts.callers[callers])
                rounds[callers].append(Round.of(await _run("submit.load", os.environ, *given)))
    return [row for callers in rounds for row in http_rows(callers, rounds[callers], rounds[1])]


@dataclass(frozen=True)
class Round:
    """What so many callers saw in one round."""

    rate: float
    """Submits a second."""
    p50: float
    """Milliseconds, as `tail`."""
    tail: float
    tail_is: str
    """What the tail is: no p99 of a few."""

    @classmethod
    def of(cls, found: Mapping[str, object]) -> "Round":
        """From what `load` prints."""
        took, seconds = found["took"], found["seconds"]
        if not isinstance(took, list) or not isinstance(seconds, float):
            raise TypeError(f"a load prints times and seconds, not {found}")
        sample = Sample(tuple(took))
        tail_is = "p99" if len(took) >= ENOUGH_FOR_P99 else f"slowest of {len(took)}"
        return cls(len(took) / seconds, sample.percentile(50), sample.percentile(99), tail_is)


def http_rows(callers: int, rounds: list[Round], one_caller: list[Round]) -> list[Row]:
    """Throughput, median and tail, round by round, beside those of one caller; unlike tails are not compared."""
    who = f"over HTTP, {callers} caller{'s' if callers > 1 else ''}"
    alone = None if callers == 1 else one_caller
    alike = alone if alone and alone[0].tail_is == rounds[0].tail_is else None

    def sample(which: list[Round] | None, figure: str) -> Sample | None:
        return None if which is None else Sample(tuple(getattr(one, figure) for one in which))

    return [
        Row(f"{who}: throughput", "/s", Sample(tuple(one.rate for one in rounds)), sample(alone, "rate")),
        Row(f"{who}: p50", "ms", Sample(tuple(one.p50 for one in rounds)), sample(alone, "p50")),
        Row(f"{who}: {rounds[0].tail_is}", "ms", Sample(tuple(one.tail for one in rounds)), sample(alike, "tail")),
    ]


async def _process(variables: Mapping[str, str], rounds: int) -> dict[str, list[float]]:
    figures: dict[str, list[float]] = await _run("submit.process", variables, str(rounds))
    return figures


async def _run(module: str, variables: Mapping[str, str], *arguments: str) -> Any:  # noqa: ANN401 - JSON
    """What a process of ours prints last; the server is in our loop, which goes on meanwhile."""
    return (await asyncio.to_thread(processes.run, module, variables, *arguments)).last
