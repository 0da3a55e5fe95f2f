"""A door before a local server, with TLS if wanted, that a test can shut or cut as a network does.

Bytes pass through it unchanged. It knows little of HTTP: the handshake of a WebSocket, which it counts, and the
requests of the API, which it can refuse.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

from firewall import TOO_MANY_REQUESTS

from local.http import loopback

_CHUNK = 65536
_POST = b"POST /graphql "
_UPGRADE = b"upgrade: websocket"

_BODY = json.dumps(TOO_MANY_REQUESTS).encode()
_TOO_MANY = (
    b"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\naccess-control-allow-origin: *\r\n"
    b"retry-after: 60\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
)
_LINGER_SECONDS = 5.0
"""The longest wait for a refused client to close: a connection that is closed before its request was read may lose the
answer."""

Mode = Literal["open", "no sockets", "too many", "shut"]


class Doorway:
    """Where clients find the server behind it.

    `open` lets everything pass, `no sockets` refuses and cuts only WebSockets, `shut` refuses and cuts everything. With
    `too many`, it answers as the firewall does when too many requests of the API have come; it cuts WebSockets.
    """

    def __init__(self, port: int) -> None:
        self.address = ""
        """`host:port`."""
        self.mode: Mode = "open"
        self.sockets = 0
        """WebSockets so far."""
        self._port = port
        self._inside: dict[asyncio.StreamWriter, bool] = {}
        """The clients' connections, and whether each is a WebSocket."""

    @property
    def url(self) -> str:
        """The address without TLS; it ends with a slash."""
        return f"http://{self.address}/"

    def become(self, mode: Mode) -> None:
        """Change what passes from now on, and cut the connections that no longer may."""
        self.mode = mode
        for writer, is_socket in list(self._inside.items()):
            if not self._lets_pass(is_socket=is_socket):
                writer.transport.abort()

    def cut(self) -> None:
        """Break off every connection; new ones are let in."""
        for writer in list(self._inside):
            writer.transport.abort()

    def _lets_pass(self, *, is_socket: bool) -> bool:
        return self.mode == "open" or (self.mode in {"no sockets", "too many"} and not is_socket)

    async def let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on one connection of a client's."""
        if not self._lets_pass(is_socket=False):
            writer.transport.abort()
            return
        self._inside[writer] = False
        with suppress(OSError):  # the server is gone
            back, onward = await asyncio.open_connection(loopback.HOST, self._port)
            try:
                await asyncio.gather(self._inward(reader, writer, onward), self._pour(back, writer))
            finally:
                onward.close()
        self._inside.pop(writer)
        writer.close()

    async def _inward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, onward: asyncio.StreamWriter
    ) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            while data := await reader.read(_CHUNK):
                if self.mode == "too many" and (data.startswith(_POST) or _UPGRADE in data.lower()):
                    await _refuse(reader, writer)
                    return
                if _UPGRADE in data.lower():
                    self.sockets += 1
                    self._inside[writer] = True
                    if not self._lets_pass(is_socket=True):
                        writer.transport.abort()
                        return
                yield data

        with suppress(OSError):  # it was cut off, here or at the other end
            async for data in chunks():
                onward.write(data)
                await onward.drain()
        onward.close()

    async def _pour(self, back: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await back.read(_CHUNK):
                writer.write(data)
                await writer.drain()
        writer.close()


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_TOO_MANY)
    await writer.drain()
    with suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_SECONDS):
            while await reader.read(_CHUNK):
                pass


@asynccontextmanager
async def before(endpoint: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[Doorway]:
    """A doorway before the server of this `http://127.0.0.1:port/…` URL."""
    door = Doorway(int(endpoint.split("/")[2].split(":")[1]))
    server = await asyncio.start_server(door.let_in, loopback.HOST, 0, ssl=tls)
    host, port = server.sockets[0].getsockname()[:2]
    door.address = f"{host}:{port}"
    try:
        yield door
    finally:
        server.close()
        door.become("shut")
