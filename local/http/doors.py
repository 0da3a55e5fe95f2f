"""The addresses of the local API: the public port for clients, and plain HTTP for the functions.

`local.stack` opens the ports before it serves anything on them, because other parts must know the addresses when they
start.
"""

import socket
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass

from aiohttp import web

from local.http import loopback, tls


@dataclass(frozen=True)
class Doors:
    """The listening sockets: one, or two if the public port speaks TLS."""

    public: socket.socket
    certificate: tls.Certificate | None = None
    plain: socket.socket | None = None
    """The one for the functions, if the public port speaks TLS."""

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
    """The doors of an API whose public port is `public`."""
    if not with_tls:
        yield Doors(public)
        return
    with tls.certificate() as certificate, loopback.listen() as plain:
        yield Doors(public, certificate, plain)
