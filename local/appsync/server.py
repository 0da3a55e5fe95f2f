"""The AppSync of one machine as an aiohttp application: the part that `local`'s composition root plugs in.

It wires the schema, the Lambda, the authorizers, the hub and the two doors, HTTP and WebSocket. It opens no port
and starts no process: who runs the application does.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from local.appsync import schema
from local.appsync.authorization.callers import ApiKeys, Authorizer, Nobody
from local.appsync.authorization.sigv4 import SignatureV4
from local.appsync.authorization.user_pools import NO_HEADER, UserPoolConfig, UserPools
from local.appsync.endpoint import MAX_REQUEST_BYTES, Endpoint
from local.appsync.execution import Execution
from local.appsync.lambda_resolver import Invoke, LambdaAnswer, LambdaError, LambdaResolver
from local.appsync.limits import QueryLimits
from local.appsync.realtime.hub import PAYLOAD_LIMIT, Hub
from local.appsync.realtime.protocol import RealtimeSettings
from local.appsync.realtime.sockets import Realtime

__all__ = ["AppSyncConfig", "Invoke", "LambdaAnswer", "LambdaError", "RealtimeSettings", "UserPoolConfig", "create_app"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class AppSyncConfig:
    """One API. The defaults are AppSync's own limits, where it documents them."""

    sdl: str
    invoke: Invoke
    """Invokes the resolvers' Lambda with an AppSync event."""
    api_keys: frozenset[str]
    credentials: Mapping[str, str] = field(repr=False)
    """Access key id → secret access key: the IAM callers."""
    region: str
    user_pool: UserPoolConfig | None = None
    """The default mode's; without one, no user may call."""
    clock: Callable[[], datetime] = _utc_now
    """The time that signatures are dated by, and that tokens end by."""
    resolver_seconds: float = 30.0
    """How long a root field's resolver may take."""
    query_depth_limit: int | None = None
    """Levels of fields in one query, 1 to 75; None: as deep as it likes."""
    resolver_count_limit: int | None = None
    """Root fields that one request may have resolved, 1 to 10,000; None: as many as it likes."""
    payload_limit: int = PAYLOAD_LIMIT
    """Bytes; a larger update reaches no subscriber."""
    send_buffer_bytes: int = 4 * 1024 * 1024
    """How much may wait for one client before it is cut off; AppSync's own figure is not documented."""
    realtime: RealtimeSettings = field(default_factory=RealtimeSettings)


def create_app(config: AppSyncConfig) -> web.Application:
    """The application; raises when AppSync would not take the SDL.

    It serves `POST /graphql`, and the WebSocket on `GET /graphql/realtime` and, as AppSync's own real-time
    domain has it, on `GET /graphql`.
    """
    api = schema.load(config.sdl)
    limits = QueryLimits(config.query_depth_limit, config.resolver_count_limit)
    execution = Execution(api, LambdaResolver(config.invoke, config.resolver_seconds), limits)
    hub = Hub(api, execution, config.payload_limit)
    authorizers = tuple(_authorizers(config))
    endpoint = Endpoint(execution, hub, authorizers)
    realtime = Realtime(execution, hub, authorizers, config.realtime, config.send_buffer_bytes)
    app = web.Application(client_max_size=MAX_REQUEST_BYTES)
    app.add_routes(
        [
            web.post("/graphql", endpoint.post),
            web.options("/graphql", endpoint.options),
            web.get("/graphql", realtime.connect, allow_head=False),
            web.get("/graphql/realtime", realtime.connect, allow_head=False),
        ]
    )
    app.on_shutdown.append(realtime.close)
    return app


def _authorizers(config: AppSyncConfig) -> Iterator[Authorizer]:
    """One for each mode. A signature and a token share a header, and the signature's authorizer knows its own."""
    yield SignatureV4(config.credentials, config.region, config.clock)
    if config.user_pool is not None:
        yield UserPools(config.user_pool, config.clock)
    yield ApiKeys(config.api_keys)
    if config.user_pool is not None:
        yield Nobody(NO_HEADER)
