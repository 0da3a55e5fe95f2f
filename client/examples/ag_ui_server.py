"""Serves your sessions to AG-UI frontends, as server-sent events: python ag_ui_server.py ENDPOINT [PORT]

A frontend posts its run to `/` and gives the session's id as `threadId`. SCOPESMITH_API_KEY is the API's key. Everyone
who reaches the port can read the sessions of that key, so it listens on this machine only: put your sign-in before it.
"""

# ruff: noqa: INP001 - a program of its own

import os
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, suppress

from ag_ui.core import RunAgentInput
from ag_ui.encoder import EventEncoder
from aiohttp import web
from pydantic import ValidationError

from client.ag_ui import Shown, ag_ui_events
from client.api import Api, connected
from client.endpoint import ApiKey, Endpoint
from client.stream import stream

API = web.AppKey[Api]("API")


async def run(request: web.Request) -> web.StreamResponse:
    """Follow one session from where the frontend left it to its end."""
    try:
        wanted = RunAgentInput.model_validate_json(await request.read())
    except ValidationError as error:
        raise web.HTTPBadRequest(text=str(error)) from error
    session_id = wanted.thread_id
    encoder = EventEncoder()
    response = web.StreamResponse(headers={"content-type": encoder.get_content_type(), "cache-control": "no-store"})
    await response.prepare(request)
    shown = Shown.of(wanted.state, session_id)
    async with (
        aclosing(stream(request.app[API], session_id)) as updates,
        aclosing(ag_ui_events(updates, session_id, wanted.run_id, shown)) as events,
    ):
        with suppress(ConnectionResetError):  # the frontend has left
            async for event in events:
                await response.write(encoder.encode(event).encode())
    return response


def server(connection: AbstractAsyncContextManager[Api]) -> web.Application:
    """The server, over a connection that it opens when it starts."""

    async def connect(app: web.Application) -> AsyncIterator[None]:
        async with connection as api:
            app[API] = api
            yield

    app = web.Application()
    app.cleanup_ctx.append(connect)
    app.router.add_post("/", run)
    return app


if __name__ == "__main__":
    key = ApiKey(os.environ["SCOPESMITH_API_KEY"])
    port = int(sys.argv[2]) if sys.argv[2:] else 8090
    web.run_app(server(connected(Endpoint.parse(sys.argv[1]), key)), host="127.0.0.1", port=port)
