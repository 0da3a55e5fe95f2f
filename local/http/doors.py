"""How the local API is reached: by clients on the public port, and by the functions, which always speak plain HTTP.

The composition root asks for the doors before anything stands behind them, because much must know the addresses.
"""

import socket
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass

from aiohttp import web

from local.http import loopback, tls


@dataclass(frozen=True)
class Doors:
    """The ways in; one, unless the public port speaks TLS."""

    public: socket.socket
    certificate: tls.Certificate | None = None
    plain: socket.socket | None = None
    """The functions' own, when the public port speaks TLS."""

    @property
    def url(self) -> str:
        return f"{'https' if self.certificate else 'http'}://{loopback.address(self.public)}"

    @property
    def plain_url(self) -> str:
        return f"http://{loopback.address(self.plain or self.public)}"

    def serving(self, api: web.Application) -> AbstractAsyncContextManager[None]:
        context = self.certificate.context if self.certificate else None
        return loopback.serving(api, self.public, tls=context, plain=self.plain)


@contextmanager
def of(public: socket.socket, *, with_tls: bool) -> Iterator[Doors]:
    """The doors of an API whose clients come to `public`."""
    if not with_tls:
        yield Doors(public)
        return
    with tls.certificate() as certificate, loopback.listen() as plain:
        yield Doors(public, certificate, plain)
