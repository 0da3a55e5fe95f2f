"""A door before a local server that a test can shut: bytes pass through it, or connections break off.

`open` lets all pass, `no sockets` refuses and cuts WebSockets alone, `shut` cuts everything. It knows nothing of HTTP
but how the request for AppSync's WebSocket begins.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

SOCKET = b"GET /graphql/realtime"

Mode = Literal["open", "no sockets", "shut"]


class Doorway:
    """Where a browser finds the server behind it: `url` ends with a slash."""

    def __init__(self, host: str, port: int) -> None:
        self.url = ""
        self.mode: Mode = "open"
        self._behind = (host, port)
        self._passing: dict[asyncio.StreamWriter, bool] = {}
        """The browser's connections, and whether each is a WebSocket."""

    def become(self, mode: Mode) -> None:
        """Change what passes from now on; connections that may not are cut."""
        self.mode = mode
        for writer, is_socket in list(self._passing.items()):
            if not self._lets_pass(is_socket=is_socket):
                writer.transport.abort()

    def _lets_pass(self, *, is_socket: bool) -> bool:
        return self.mode == "open" or (self.mode == "no sockets" and not is_socket)

    async def came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on one connection of the browser's."""
        tasks: list[asyncio.Task[None]] = []
        onward: asyncio.StreamWriter | None = None
        try:
            beginning = await reader.read(65536)
            is_socket = beginning.startswith(SOCKET)
            if not beginning or not self._lets_pass(is_socket=is_socket):
                writer.transport.abort()
                return
            self._passing[writer] = is_socket
            back, onward = await asyncio.open_connection(*self._behind)
            onward.write(beginning)
            tasks = [asyncio.create_task(_pour(reader, onward)), asyncio.create_task(_pour(back, writer))]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        except ConnectionError:
            pass  # one side is gone, and so is the connection
        finally:
            self._passing.pop(writer, None)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for end in (writer, onward):
                if end is not None:
                    end.transport.abort()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()


@asynccontextmanager
async def before(endpoint: str) -> AsyncIterator[Doorway]:
    """A doorway before the server of a GraphQL endpoint `http://host:port/graphql`."""
    host, _, port = endpoint.removeprefix("http://").removesuffix("/graphql").rpartition(":")
    door = Doorway(host, int(port))
    server = await asyncio.start_server(door.came, "127.0.0.1", 0)
    door.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    try:
        yield door
    finally:
        door.become("shut")
        server.close()
        await server.wait_closed()
