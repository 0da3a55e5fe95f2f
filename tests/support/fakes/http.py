"""A fake HTTP service on 127.0.0.1: it records every request and answers as a test scripts it.

It runs in a thread, so that boto3 and other blocking clients can call it. It knows nothing of AWS or GraphQL: the
answers are the test's. `served` instead serves an aiohttp application, for tests of asynchronous clients.
"""

import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiohttp import web

from local.http import loopback

Answer = Callable[["Exchange"], None]


@dataclass
class Request:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.body)


class Exchange(BaseHTTPRequestHandler):
    """One connection of the service; an answer writes to it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Service"
    received: Request

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.received = Request(self.path, dict(self.headers.items()), body)
        self.server.requests.append(self.received)
        answers = self.server.answers
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    do_GET = do_PUT = do_POST  # noqa: N815 - the names that http.server looks for

    def send(
        self,
        body: bytes | object = b"",
        status: int = 200,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send a whole answer. A body that is not bytes is sent as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-type": content_type, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def start_stream(self, content_type: str) -> None:
        """Begin an answer whose parts follow with `send_part`."""
        self.send_response(200)
        self.send_header("content-type", content_type)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def send_part(self, part: bytes) -> None:
        """Send one part of a stream; an empty one ends it."""
        self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


class Service(ThreadingHTTPServer):
    """The service. Each request takes the next of its answers; the last answer is given again and again."""

    daemon_threads = True

    def __init__(self, *answers: Answer) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.connections = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing: a client that closes its connection early is part of these tests."""


def answers(body: bytes | object = b"", status: int = 200, **headers: str) -> Answer:
    """The answer that sends this; a header is given as `x_amzn_errortype="..."`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.send(body, status, headers=named)


@contextmanager
def serving(*answers: Answer) -> Iterator[Service]:
    """A service while the context lasts."""
    with Service(*answers) as service:
        thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            service.shutdown()
            thread.join()


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """The address of an application while the context lasts, without a slash at its end."""
    listener = loopback.listen()
    async with loopback.serving(app, listener):
        yield f"http://{loopback.address(listener)}"
