"""submitAssessment: the handler beside its own bare AWS calls, and the whole way over HTTP with more and more callers.

The handler and the bare calls meet the same endpoints in turn: one that answers at once, which leaves nothing but the
caller's own time and is the hardest measure, and moto's DynamoDB, which takes a few milliseconds as the real one does.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from local import stack
from local.isolation import ROOT
from local.lambda_host import HostSettings

from . import endpoint, environment
from .figures import Row, Sample, Table, single

CALLERS = (1, 10, 100)
_NEVER = 3_600.0
"""Seconds before the worker would be started: it is not what is measured."""


def measure(*, quick: bool = False) -> Table:
    """The handler in a process of its own; then the local server with callers in another."""
    return asyncio.run(_measure(quick=quick))


async def _measure(*, quick: bool) -> Table:
    rows = []
    with endpoint.running() as services:
        at_once = environment.lambdas(dynamodb=services, s3=services, services=services)
        rows += _beside(await _process(at_once, 60 if quick else 400), "endpoints that answer at once")
        async with environment.moto() as aws:
            variables = environment.lambdas(dynamodb=aws, s3=aws, services=services)
            rows += _beside(await _process(variables, 30 if quick else 150), "moto's DynamoDB")
    rows += await _over_http(rounds=1 if quick else 3)
    return Table(
        "submitAssessment, by its handler and over HTTP",
        "the handler's own AWS calls without the handler, by turns with it; over HTTP, one caller.",
        rows,
    )


def _beside(figures: Mapping[str, list[float]], where: str) -> list[Row]:
    def row(what: str, suffix: str, at_most: float | None) -> Row:
        ours, bare = (Sample(tuple(figures[name + suffix])) for name in ("handler", "bare"))
        return Row(f"handler, {where}{what}", "ms", ours, bare, at_most=at_most)

    return [row("", "", 1.3), row(", processor", "_cpu", None)]


async def _over_http(rounds: int) -> list[Row]:
    answers: dict[int, list[float]] = {callers: [] for callers in CALLERS}
    rates: dict[int, list[float]] = {callers: [] for callers in CALLERS}
    settings = stack.StackSettings(lambda_host=HostSettings(dispatch_delay=_NEVER))
    async with stack.running(settings) as running:
        for _ in range(rounds):
            for callers in CALLERS:
                submits = 60 if callers == 1 else 200
                found = await _run(
                    "load", dict(os.environ), running.endpoint, running.api_key, str(callers), str(submits)
                )
                answers[callers] += found["took"]
                rates[callers].append(submits / found["seconds"])
    one = {"rate": Sample(tuple(rates[1])), "p50": _at(answers[1], 50), "p99": _at(answers[1], 99)}
    rows = []
    for callers in CALLERS:
        who = f"over HTTP, {callers} caller{'s' if callers > 1 else ''}"
        rows += [
            Row(f"{who}: throughput", "/s", Sample(tuple(rates[callers])), one["rate"] if callers > 1 else None),
            Row(f"{who}: p50", "ms", _at(answers[callers], 50), one["p50"] if callers > 1 else None),
            Row(f"{who}: p99", "ms", _at(answers[callers], 99), one["p99"] if callers > 1 else None),
        ]
    return rows


def _at(values: list[float], percent: int) -> Sample:
    return single(Sample(tuple(values)).percentile(percent))


async def _process(variables: Mapping[str, str], rounds: int) -> dict[str, list[float]]:
    figures: dict[str, list[float]] = await _run("submit_process", variables, str(rounds))
    return figures


async def _run(module: str, variables: Mapping[str, str], *arguments: str) -> Any:  # noqa: ANN401 - JSON
    """What a module of ours prints last, run in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"tests.benchmarks.{module}",
        *arguments,
        cwd=ROOT,
        env=dict(variables),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"{module} failed: {output.decode()}")
    return json.loads(output.splitlines()[-1])
