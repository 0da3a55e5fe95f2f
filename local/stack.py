"""The composition root of one machine: AppSync, Cognito, Lambda, the agent service, DynamoDB, S3 and SQS, wired as in
the cloud.

`running` starts all parts, yields their addresses, and stops everything when the context ends. `python -m local` and
the tests use it. This module only connects the parts; each part's own package does the work.
"""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from local import environment
from local.appsync.server import AppSyncConfig, Invoke, LambdaAnswer, LambdaError, UserPoolConfig, create_app
from local.appsync.wire import read_json
from local.aws import data
from local.aws import server as aws
from local.bedrock.converse import api as converse_api
from local.bedrock.converse.model import MODEL_ID, ScriptedModel
from local.bedrock.invoke_agent import api as bedrock_api
from local.bedrock.invoke_agent.agent import ScriptedAgent
from local.cognito import user_pool as cognito
from local.cognito.user_pool import Account, Cognito, UserPool
from local.environment import Addresses, Agent, Credentials, DeployedAgent, RealModel, Scripted
from local.errors import StartError
from local.http import doors, loopback, pages
from local.isolation import ROOT
from local.lambdas import api as lambda_api
from local.lambdas import function_log
from local.lambdas.event_source import EventSourceMapping
from local.lambdas.events import Events
from local.lambdas.function_log import FunctionLog
from local.lambdas.functions import Function
from local.lambdas.host import HostSettings, LambdaHost
from local.lambdas.queue import Queue
from schema import limits
from worker.tools.declarations import TOOLS

SDL = ROOT / "schema" / "schema.graphql"

FUNCTIONS = (
    Function(environment.RESOLVERS, "resolvers.handler.handler", timeout_seconds=30, memory_mb=512),
    Function(environment.WORKER, "worker.handler.handler", timeout_seconds=900, memory_mb=1024),
    Function(environment.TOOLS, "worker.tools.handler.handler", timeout_seconds=120, memory_mb=1024),
    Function(environment.FAILURE, "worker.failure.handler.handler", timeout_seconds=120, memory_mb=256),
)

_VISIBILITY = 6
"""A message stays hidden for this many times its function's time limit (AWS, "Using Lambda with Amazon SQS")."""


@dataclass(frozen=True)
class StackSettings:
    """What may differ from one start to the next."""

    port: int = 0
    """The port of the GraphQL endpoint; 0 takes any free port."""
    api_key: str = field(default_factory=environment.random_api_key)
    password: str = field(default_factory=cognito.random_password, repr=False)
    """The password of the demo users."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    """The API's clock, which dates of signatures and of tokens are checked against."""
    tls: bool = False
    """Speak HTTPS and WSS on the public port, with a certificate made at the start."""
    pace: float = 0.6
    """Seconds that the scripted agent spends on a stage."""
    agent: Agent = environment.DEFAULT_AGENT
    """The agent that works on the assessments."""
    lambda_host: HostSettings = field(default_factory=HostSettings)
    functions: tuple[Function, ...] = FUNCTIONS
    """The functions. A variable that a function has here overrides the one of the same name that the stack sets."""
    encode_pushed_json_twice: bool = False
    """Push AWSJSON encoded twice. AppSync is reported to do so."""
    on_the_way: Callable[[Addresses], Addresses] = lambda addresses: addresses
    """Maps the services' addresses to those that the functions get: a test can put a proxy between them."""
    data: Path | None = None
    """The folder in which sessions and documents outlive the stack; None keeps them only in memory."""
    log: Path | None = None
    """The file for the functions' output; None makes one in the system's temporary folder for as long as it runs."""
    verbose: bool = False
    """Show the functions' output on stderr instead."""


@dataclass(frozen=True)
class LocalStack:
    """A running stack, and what its clients must know."""

    endpoint: str
    """The GraphQL endpoint; its WebSocket is `/realtime` below it."""
    page: str
    """The address of the page."""
    authority: Path | None
    """With TLS, the file of the certificate authority that clients must trust."""
    users: UserPool
    """Who can sign in."""
    api_key: str
    region: str
    credentials: Credentials
    """Accepted as IAM credentials by AppSync."""
    addresses: Addresses
    agent: str
    """The agent, described for the banner."""
    host: LambdaHost
    function_log: FunctionLog
    data: Path | None
    """The folder that keeps sessions and documents, if there is one."""

    @property
    def log(self) -> Path | None:
        """The file with the functions' output, unless it goes to stderr."""
        return self.function_log.path


@asynccontextmanager
async def running(settings: StackSettings) -> AsyncIterator[LocalStack]:
    """Start everything and yield once all of it is ready.

    StartError says which part can't start, and why.
    """
    region = environment.DEFAULT_REGION if isinstance(settings.agent, Scripted) else settings.agent.region
    credentials = settings.agent.credentials if isinstance(settings.agent, DeployedAgent) else Credentials.random()
    with (
        loopback.listen(settings.port) as public,
        loopback.listen() as internal,
        doors.of(public, with_tls=settings.tls) as ways_in,
        function_log.opened(settings.log, verbose=settings.verbose) as log,
        data.claimed(settings.data) as folder,
    ):
        async with aws.running(
            table=environment.SESSIONS_TABLE,
            buckets=(environment.ARTIFACTS_BUCKET, environment.TEMPLATES_BUCKET),
            queues=(environment.FAILURE_QUEUE,),
            region=region,
            output=log.output,
            folder=folder,
        ) as cloud:
            addresses = Addresses(f"{ways_in.plain_url}/graphql", f"http://{loopback.address(internal)}", cloud.url)
            queue = Queue(environment.FAILURE_QUEUE, cloud.url, region, credentials)
            host = LambdaHost(
                _functions(settings, addresses, credentials, queue),
                runtime_api=loopback.address(internal),
                output=log.output,
                region=region,
                settings=settings.lambda_host,
                events=Events(folder / "events" if folder else None),
            )
            async with loopback.serving(_services(host, settings.pace), internal, cancel_deserted=True), host:
                users = await _started(cloud, host, Cognito(cloud.url, region), settings, log.path)
                async with (
                    ways_in.serving(_api(settings, host, credentials, users)),
                    _failed_events(host, queue, settings).consuming(),
                ):
                    host.resume()
                    yield LocalStack(
                        endpoint=f"{ways_in.url}/graphql",
                        page=f"{ways_in.url}/",
                        authority=ways_in.certificate.authority if ways_in.certificate else None,
                        users=users,
                        api_key=settings.api_key,
                        region=region,
                        credentials=credentials,
                        addresses=addresses,
                        agent=_agent(settings),
                        host=host,
                        function_log=log,
                        data=folder,
                    )


async def _started(
    cloud: aws.LocalAws, host: LambdaHost, users: Cognito, settings: StackSettings, log: Path | None
) -> UserPool:
    """Wait for all parts to start, and sign the users up meanwhile; the first failure stops the waiting."""
    accounts = [Account(username, settings.password) for username in cognito.DEMO_USERS]

    async def signed_up() -> UserPool:
        await cloud.ready()
        return await cognito.create_pool(users, "scopesmith", accounts)

    try:
        async with asyncio.TaskGroup() as starting:
            pool = starting.create_task(signed_up())
            for name in host.names:
                if name != environment.FAILURE:
                    starting.create_task(host.warm(name))
    except* StartError as failures:
        failure = failures.exceptions[0]
    else:
        return pool.result()
    raise StartError(f"{failure} (more in {log})" if log else str(failure))


def _api(settings: StackSettings, host: LambdaHost, credentials: Credentials, users: UserPool) -> web.Application:
    """The application on the public port: the API, and the pages."""
    app = create_app(
        AppSyncConfig(
            sdl=SDL.read_text(encoding="utf-8"),
            invoke=_resolvers(host),
            api_keys=frozenset({settings.api_key}),
            credentials={known.access_key_id: known.secret_access_key for known in _signers(settings, credentials)},
            region=users.cognito.region,
            user_pool=UserPoolConfig(users.issuer, users.client_id, users.keys),
            clock=settings.clock,
            query_depth_limit=limits.QUERY_DEPTH,
            resolver_count_limit=limits.RESOLVERS_A_REQUEST,
            encode_pushed_json_twice=settings.encode_pushed_json_twice,
        )
    )
    pages.add_routes(app, users)
    return app


def _signers(settings: StackSettings, credentials: Credentials) -> Iterator[Credentials]:
    """The credentials that the functions sign their requests to the API with.

    With a real model, the worker has the developer's own.
    """
    yield credentials
    if isinstance(settings.agent, RealModel):
        yield settings.agent.credentials


def _functions(
    settings: StackSettings, addresses: Addresses, credentials: Credentials, queue: Queue
) -> Iterator[Function]:
    """The functions that this agent needs, each with its variables; the worker's failures go to `queue`."""
    environments = environment.function_environments(settings.on_the_way(addresses), credentials, settings.agent)
    for one in settings.functions:
        if one.name in environments:
            on_failure = queue.send if one.name == environment.WORKER else one.on_failure
            yield replace(one, environment={**environments[one.name], **one.environment}, on_failure=on_failure)


def _failed_events(host: LambdaHost, queue: Queue, settings: StackSettings) -> EventSourceMapping:
    """Passes the worker's failed events to the function that ends their sessions."""
    limit = host.function(environment.FAILURE).timeout_seconds
    return EventSourceMapping(
        queue,
        invoke=lambda event: host.invoke(environment.FAILURE, event),
        visibility_seconds=math.ceil(_VISIBILITY * limit * settings.lambda_host.retry_scale) or 1,
        log=host.log,
    )


def _agent(settings: StackSettings) -> str:
    match settings.agent:
        case Scripted() as protocol:
            service = "Converse" if protocol is Scripted.CONVERSE else "Bedrock Agents"
            return f"scripted, over {service}, {settings.pace:g} s for a stage"
        case RealModel() as model:
            return f"{model.model_id} of Amazon Bedrock in {model.region}"
        case DeployedAgent() as agent:
            return f"{agent.agent_id} of Bedrock Agents in {agent.region}"


def _services(host: LambdaHost, pace: float) -> web.Application:
    """The application for the functions and the agent: the Lambda APIs, ConverseStream and InvokeAgent."""
    app = web.Application(client_max_size=lambda_api.REQUEST_BYTES)
    lambda_api.add_routes(app, host)
    functions = {tool: declaration.function for tool, declaration in TOOLS.items()}
    converse_api.add_routes(app, MODEL_ID, ScriptedModel(functions, pace).respond)
    agent = ScriptedAgent(
        functions,
        call_tool=lambda event: host.invoke(environment.TOOLS, event),
        pace=pace,
        now=lambda: datetime.now(UTC),
    )
    address = bedrock_api.AgentAddress(environment.SCRIPTED_AGENT_ID, environment.SCRIPTED_ALIAS_ID)
    bedrock_api.add_routes(app, address, agent.respond)
    return app


def _resolvers(host: LambdaHost) -> Invoke:
    """What AppSync calls to reach the resolvers' function."""

    async def invoke(event: dict[str, object]) -> LambdaAnswer:
        answer = await host.invoke(environment.RESOLVERS, json.dumps(event).encode())
        if answer.failed:
            failure = json.loads(answer.payload)
            return LambdaAnswer(None, LambdaError(failure["errorType"], failure["errorMessage"]))
        return LambdaAnswer(read_json(answer.payload))  # Python's own JSON has NaN, which no client can read

    return invoke
