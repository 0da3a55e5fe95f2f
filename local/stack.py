"""The composition root of one machine: AppSync, Lambda, the agent service, DynamoDB and S3, wired as in the cloud.

`running` starts everything and yields where it is; nothing of it is left when the context ends. `python -m local` and
the tests enter it. What a part does is that part's affair.
"""

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from local import aws, bedrock_api, environment, lambda_api, loopback
from local.appsync.server import AppSyncConfig, Invoke, LambdaAnswer, LambdaError, create_app
from local.environment import Addresses, Credentials, DeployedAgent
from local.errors import StartError
from local.functions import Function
from local.isolation import ROOT
from local.lambda_host import HostSettings, LambdaHost
from local.scripted_agent import ScriptedAgent
from worker.tools.declarations import TOOLS

SDL = ROOT / "schema" / "schema.graphql"

FUNCTIONS = (
    Function(environment.RESOLVERS, "resolvers.handler.handler", timeout_seconds=30, memory_mb=512),
    Function(environment.WORKER, "worker.handler.handler", timeout_seconds=900, memory_mb=512),
    Function(environment.TOOLS, "worker.tools.handler.handler", timeout_seconds=120, memory_mb=1024),
)


@dataclass(frozen=True)
class StackSettings:
    """What may differ from one start to the next."""

    port: int = 0
    """Of the GraphQL endpoint; 0 lets the kernel choose."""
    api_key: str = field(default_factory=environment.random_api_key)
    pace: float = 0.6
    """Seconds that the scripted agent spends on a stage."""
    agent: DeployedAgent | None = None
    """The agent to use instead of the scripted one."""
    lambda_host: HostSettings = field(default_factory=HostSettings)
    log: Path | None = None
    """Where the functions' output goes; a new file in the system's temporary folder when it is not said."""
    verbose: bool = False
    """Show the functions' output on stderr instead."""


@dataclass(frozen=True)
class LocalStack:
    """A running stack, and what its clients must know."""

    endpoint: str
    """The GraphQL endpoint; its WebSocket is `/realtime` below it."""
    api_key: str
    region: str
    credentials: Credentials
    """Accepted as IAM credentials by AppSync."""
    addresses: Addresses
    agent: str
    """Which agent answers, in words."""
    host: LambdaHost
    log: Path | None
    """The file with the functions' output, unless it goes to stderr."""


@asynccontextmanager
async def running(settings: StackSettings) -> AsyncIterator[LocalStack]:
    """Start everything and yield once all of it is ready.

    StartError says which part can't start, and why.
    """
    region = settings.agent.region if settings.agent else environment.DEFAULT_REGION
    credentials = settings.agent.credentials if settings.agent else Credentials.random()
    with (
        loopback.listen(settings.port) as public,
        loopback.listen() as internal,
        _output(settings) as (output, log),
    ):
        async with aws.running(
            table=environment.SESSIONS_TABLE,
            buckets=(environment.ARTIFACTS_BUCKET, environment.TEMPLATES_BUCKET),
            region=region,
            output=output,
        ) as cloud:
            endpoint = f"http://{loopback.address(public)}/graphql"
            addresses = Addresses(endpoint, f"http://{loopback.address(internal)}", cloud.url)
            environments = environment.function_environments(addresses, credentials, settings.agent)
            host = LambdaHost(
                [replace(one, environment=environments[one.name]) for one in FUNCTIONS if one.name in environments],
                runtime_api=loopback.address(internal),
                output=output,
                region=region,
                settings=settings.lambda_host,
            )
            api = create_app(
                AppSyncConfig(
                    sdl=SDL.read_text(encoding="utf-8"),
                    invoke=_resolvers(host),
                    api_keys=frozenset({settings.api_key}),
                    credentials={credentials.access_key_id: credentials.secret_access_key},
                    region=region,
                )
            )
            async with (
                loopback.serving(_services(host, settings.pace), internal, cancel_deserted=True),
                host,
                loopback.serving(api, public),
            ):
                await _all_of(cloud.ready(), *(host.warm(name) for name in environments), log=log)
                yield LocalStack(
                    endpoint, settings.api_key, region, credentials, addresses, _agent(settings), host, log
                )


async def _all_of(*parts: Coroutine[object, object, None], log: Path | None) -> None:
    """Wait for all parts to start; the first failure stops the waiting for the others."""
    try:
        async with asyncio.TaskGroup() as starting:
            for part in parts:
                starting.create_task(part)
    except* StartError as failures:
        failure = failures.exceptions[0]
    else:
        return
    raise StartError(f"{failure} (more in {log})" if log else str(failure))


def _agent(settings: StackSettings) -> str:
    if settings.agent is None:
        return f"scripted, {settings.pace:g} s for a stage"
    return f"{settings.agent.agent_id} of Bedrock Agents in {settings.agent.region}"


def _services(host: LambdaHost, pace: float) -> web.Application:
    """What the functions and the agent call: the Lambda APIs and InvokeAgent."""
    app = web.Application(client_max_size=lambda_api.REQUEST_BYTES)
    lambda_api.add_routes(app, host)
    agent = ScriptedAgent(
        {tool: declaration.function for tool, declaration in TOOLS.items()},
        call_tool=lambda event: host.invoke(environment.TOOLS, event),
        pace=pace,
        now=lambda: datetime.now(UTC),
    )
    address = bedrock_api.AgentAddress(environment.SCRIPTED_AGENT_ID, environment.SCRIPTED_ALIAS_ID)
    bedrock_api.add_routes(app, address, agent.respond)
    return app


def _resolvers(host: LambdaHost) -> Invoke:
    """AppSync's way to the resolvers' function."""

    async def invoke(event: dict[str, object]) -> LambdaAnswer:
        answer = await host.invoke(environment.RESOLVERS, json.dumps(event).encode())
        payload = json.loads(answer.payload)
        if answer.failed:
            return LambdaAnswer(None, LambdaError(payload["errorType"], payload["errorMessage"]))
        return LambdaAnswer(payload)

    return invoke


@contextmanager
def _output(settings: StackSettings) -> Iterator[tuple[int, Path | None]]:
    """The file descriptor that takes what functions write, and the file's path."""
    if settings.verbose:
        yield 2, None
        return
    if settings.log is not None:
        path = settings.log
        output = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    else:
        output, name = tempfile.mkstemp(prefix="scopesmith-", suffix=".log")
        path = Path(name)
    try:
        yield output, path
    finally:
        os.close(output)
