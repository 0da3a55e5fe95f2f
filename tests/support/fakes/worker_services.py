"""What the worker's handler calls, faked in one HTTP service: AppSync's publishes and the Bedrock agent.

A test gives the agent's completion, or makes the services refuse or fall silent. S3 is moto's, from `conftest`.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from local.bedrock.encoding import CONTENT_TYPE
from worker import handler

from .http import Exchange, serving

_CACHES = (handler.settings, handler.publisher, handler.s3, handler._session)  # noqa: SLF001 - the process's caches


class WorkerServices:
    """The services of one test. `inputs` has every ProgressInput that was published."""

    def __init__(self) -> None:
        self.url = ""
        self.inputs: list[dict[str, Any]] = []
        self.agent_requests: list[dict[str, Any]] = []
        self.completion: list[bytes] | None = []
        """What the agent streams; None is an agent that never answers."""
        self.refuses_with: dict[str, object] | None = None
        """The GraphQL error that every publish gets."""
        self.silent_after: int | None = None
        """After how many publishes AppSync stops answering."""
        self.cancel_after: int | None = None
        """After how many publishes the answers say that the user cancels."""
        self._over = threading.Event()

    def answer(self, exchange: Exchange) -> None:
        request = exchange.received
        if request.path == "/graphql":
            self._publish(exchange, request.json()["variables"]["input"])
        elif request.path.startswith("/agents/") and self.completion is not None:
            self.agent_requests.append(request.json())
            exchange.send(b"".join(self.completion), content_type=CONTENT_TYPE)
        else:
            self._stay_silent(exchange)

    def _publish(self, exchange: Exchange, given: dict[str, Any]) -> None:
        if self.silent_after is not None and len(self.inputs) >= self.silent_after:
            self._stay_silent(exchange)
            return
        self.inputs.append(given)
        if self.refuses_with is not None:
            exchange.send({"data": {"publishProgress": None}, "errors": [self.refuses_with]})
            return
        sequences = [event["sequence"] for one in self.inputs for event in one["events"]]
        progress = {
            "status": given["status"],
            "progress": given["progress"],
            "revision": given["revision"] or 1,
            "lastSequence": max(sequences, default=0),
            "cancelRequested": self.cancel_after is not None and len(self.inputs) >= self.cancel_after,
        }
        exchange.send({"data": {"publishProgress": progress}})

    def _stay_silent(self, exchange: Exchange) -> None:
        self._over.wait()
        exchange.close_connection = True  # so that the caller's thread ends with the test

    def release(self) -> None:
        """Let go of the requests that were never answered."""
        self._over.set()

    @property
    def last(self) -> dict[str, Any]:
        return self.inputs[-1]


@contextmanager
def around_the_worker(bucket: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerServices]:
    """The services, and a handler that finds them in its environment and has seen no others."""
    services = WorkerServices()
    with serving(services.answer) as service:
        services.url = service.url
        for name, value in {
            "GRAPHQL_URL": f"{service.url}/graphql",
            "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME": service.url,
            "ARTIFACTS_BUCKET_NAME": bucket,
            "BEDROCK_AGENT_ID": "AGENT12345",
            "BEDROCK_AGENT_ALIAS_ID": "ALIAS12345",
        }.items():
            monkeypatch.setenv(name, value)
        _forget()
        try:
            yield services
        finally:
            services.release()
            for part in (handler.publisher, handler.s3):
                if part.cache_info().currsize:
                    part().close()
            _forget()


def _forget() -> None:
    for part in _CACHES:
        part.cache_clear()
