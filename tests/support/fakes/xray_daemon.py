"""X-Ray's daemon as Lambda's environment has it: a socket that takes datagrams."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

ROOT, PARENT = "1-6929a2f3-0123456789abcdef01234567", "53995c3f42cd8ad8"


class Daemon:
    """What has been told so far."""

    def __init__(self, listening: socket.socket) -> None:
        self._socket = listening

    def next(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The header and the document of the next datagram."""
        header, _, document = self._socket.recv(65_536).partition(b"\n")
        return json.loads(header), json.loads(document)

    def sessions(self) -> list[str]:
        """The sessions of all datagrams that have arrived."""
        self._socket.settimeout(0)
        found: list[str] = []
        while True:
            try:
                found.append(self.next()[1]["annotations"]["session_id"])
            except BlockingIOError:
                return found


@contextmanager
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    """The daemon of a sampled invocation; `monkeypatch` gives the function its environment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(30)
        host, port = daemon.getsockname()
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", f"{host}:{port}")
        monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={ROOT};Parent={PARENT};Sampled=1;Lineage=1:a:0")
        yield Daemon(daemon)
