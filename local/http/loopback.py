"""Serves aiohttp applications on 127.0.0.1, and on no other address.

Ports are bound before anything is served, because other parts must know them when they start. `local.stack` and the
tests call it.
"""

import errno
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from local.errors import StartError
from local.http import unparsed

HOST = "127.0.0.1"


class PortError(StartError):
    """The port can't be used."""


def listen(port: int = 0) -> socket.socket:
    """A listening socket on `port`; 0 takes any free port."""
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} of {HOST} is in use: stop what listens there, or choose another with --port"
        elif error.errno == errno.EACCES:
            message = f"port {port} needs more rights than you have: choose one above 1023 with --port"
        else:
            raise
        raise PortError(message) from None


def address(listener: socket.socket) -> str:
    """The listener's `host:port`."""
    host, port = listener.getsockname()[:2]
    return f"{host}:{port}"


@asynccontextmanager
async def serving(
    app: web.Application,
    listener: socket.socket,
    *,
    tls: ssl.SSLContext | None = None,
    plain: socket.socket | None = None,
    cancel_deserted: bool = False,
) -> AsyncIterator[None]:
    """Serve `app` while the context lasts, and then close the listener.

    With `tls`, the listener speaks HTTPS, and `plain` is a second listener that speaks HTTP.
    With `cancel_deserted`, a handler is cancelled when its client goes away; otherwise it runs to its end.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=unparsed.LOGGER,
        handler_cancellation=cancel_deserted,
        shutdown_timeout=1.0,
    )
    await runner.setup()
    try:
        await web.SockSite(runner, listener, ssl_context=tls).start()
        if plain is not None:
            await web.SockSite(runner, plain).start()
        yield
    finally:
        await runner.cleanup()
        listener.close()
        if plain is not None:
            plain.close()
