"""The local AppSync as an aiohttp application. `local.stack` creates it and runs it.

It connects the schema, the Lambda, the authorizers, the hub, and the HTTP and WebSocket endpoints. It opens no port and
starts no process.
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
    """The IAM callers: secret access key by access key id."""
    region: str
    user_pool: UserPoolConfig | None = None
    """The user pool of the default authorization mode; without one, no user may call."""
    clock: Callable[[], datetime] = _utc_now
    """The time that signatures and tokens are checked against."""
    resolver_seconds: float = 30.0
    """How long a root field's resolver may take."""
    query_depth_limit: int | None = None
    """Levels of fields in one query, 1 to 75; None: no limit."""
    resolver_count_limit: int | None = None
    """Root fields that one request may resolve, 1 to 10,000; None: no limit."""
    payload_limit: int = PAYLOAD_LIMIT
    """In bytes. A larger update reaches no subscriber."""
    send_buffer_bytes: int = 4 * 1024 * 1024
    """How many bytes may wait for one client before it is disconnected. AppSync does not document its own figure."""
    realtime: RealtimeSettings = field(default_factory=RealtimeSettings)
    encode_pushed_json_twice: bool = False
    """Push AWSJSON as a string that holds a JSON string, as users report of AppSync's subscriptions."""


def create_app(config: AppSyncConfig) -> web.Application:
    """The application. It raises what `schema.load` raises if AppSync would refuse the SDL.

    It serves `POST /graphql`, and the WebSocket on `GET /graphql/realtime`. The WebSocket is also on `GET /graphql`,
    because it is there on AppSync's own real-time domain.
    """
    api = schema.load(config.sdl)
    limits = QueryLimits(config.query_depth_limit, config.resolver_count_limit)
    resolver = LambdaResolver(config.invoke, config.resolver_seconds)
    execution = Execution(api, resolver, limits, encode_pushed_json_twice=config.encode_pushed_json_twice)
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
    """One for each mode. SigV4 comes first: it shares a header with tokens, and passes on what is not a signature."""
    yield SignatureV4(config.credentials, config.region, config.clock)
    if config.user_pool is not None:
        yield UserPools(config.user_pool, config.clock)
    yield ApiKeys(config.api_keys)
    if config.user_pool is not None:
        yield Nobody(NO_HEADER)
