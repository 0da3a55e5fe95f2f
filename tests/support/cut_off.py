"""A door before a local server, with TLS if wanted, whose connections a test cuts off as a network does.

It knows a WebSocket by its handshake and counts those that were opened.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from local.http import loopback

_CHUNK = 65536


class Door:
    """Where clients come in."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._inside: set[asyncio.StreamWriter] = set()
        self.address = ""
        """`host:port`."""
        self.sockets = 0
        """WebSockets so far."""

    def cut(self) -> None:
        """Break off every connection; new ones are let in."""
        for writer in self._inside:
            writer.transport.abort()

    async def let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward_reader, onward = await asyncio.open_connection(loopback.HOST, self._port)
        pair = {writer, onward}
        self._inside |= pair
        try:
            await asyncio.gather(self._pass(reader, onward, watched=True), self._pass(onward_reader, writer))
        finally:
            self._inside -= pair

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, watched: bool = False) -> None:
        try:
            while data := await reader.read(_CHUNK):
                self.sockets += watched and b"upgrade: websocket" in data.lower()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # it was cut off, here or at the other end
        finally:
            writer.close()


@asynccontextmanager
async def before(endpoint: str, context: ssl.SSLContext | None = None) -> AsyncIterator[Door]:
    """A door to the server of this `http://127.0.0.1:port/…` URL."""
    door = Door(int(endpoint.split("/")[2].split(":")[1]))
    server = await asyncio.start_server(door.let_in, loopback.HOST, 0, ssl=context)
    host, port = server.sockets[0].getsockname()[:2]
    door.address = f"{host}:{port}"
    try:
        yield door
    finally:
        server.close()
        door.cut()
