"""An AppSync and its pages before a local stack that a test can stop and start again: the stack's other parts go on.

Browser and Lambdas both call this one, not the stack's own. A stop ends every connection and forgets every
subscription, as a new process would.
"""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from local import environment
from local.appsync.server import AppSyncConfig, LambdaAnswer, UserPoolConfig, create_app
from local.http import loopback, pages
from local.stack import SDL, LocalStack, StackSettings, running


@dataclass
class Server:
    """The API on a port of its own; `url` ends with a slash."""

    stack: LocalStack
    port: int
    _serving: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def url(self) -> str:
        return f"http://{loopback.HOST}:{self.port}/"

    async def start(self) -> None:
        """Serve, as a process that has just been started."""
        stack, users = self.stack, self.stack.users
        app = create_app(
            AppSyncConfig(
                sdl=SDL.read_text(encoding="utf-8"),
                invoke=self._invoke,
                api_keys=frozenset({stack.api_key}),
                credentials={stack.credentials.access_key_id: stack.credentials.secret_access_key},
                region=stack.region,
                user_pool=UserPoolConfig(users.issuer, users.client_id, users.keys),
            )
        )
        pages.add_routes(app, users)
        await self._serving.enter_async_context(loopback.serving(app, loopback.listen(self.port)))

    async def stop(self) -> None:
        """Close the listener and every connection."""
        await self._serving.aclose()

    async def _invoke(self, event: dict[str, object]) -> LambdaAnswer:
        answer = await self.stack.host.invoke(environment.RESOLVERS, json.dumps(event).encode())
        assert not answer.failed, answer.payload
        return LambdaAnswer(json.loads(answer.payload))


@asynccontextmanager
async def before_a_stack(pace: float, log: Path) -> AsyncIterator[Server]:
    """A stack, and the started server before it."""
    with loopback.listen() as free:
        port: int = free.getsockname()[1]
    graphql = f"http://{loopback.HOST}:{port}/graphql"
    settings = StackSettings(pace=pace, log=log, on_the_way=lambda addresses: replace(addresses, graphql=graphql))
    async with running(settings) as stack:
        server = Server(stack, port)
        await server.start()
        try:
            yield server
        finally:
            await server.stop()
