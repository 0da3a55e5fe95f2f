"""The worker's reserve of time against services that never answer: real sockets that accept and stay silent."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from worker import handler, run
from worker.publisher import PublishFailedError
from worker.timing.patience import TimedOutError, within

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

BUCKET = "artifacts-of-the-reserve"


class Handler(BaseHTTPRequestHandler):
    """Answers publishes like the API, until the server is to be silent; silent as the agent and as S3."""

    disable_nagle_algorithm = True
    server: "Server"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path != "/graphql" or len(self.server.publishes) >= self.server.silent_after:
            self.server.over.wait()
            return
        given = body["variables"]["input"]
        self.server.publishes.append(given)
        progress = {
            "status": given["status"],
            "progress": given["progress"],
            "revision": given["revision"] or 1,
            "lastSequence": 0,
            "cancelRequested": False,
        }
        data = json.dumps({"data": {"publishProgress": progress}}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_PUT(self) -> None:
        self.server.over.wait()

    def do_GET(self) -> None:
        self.server.over.wait()

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.publishes: list[dict[str, Any]] = []
        self.silent_after = 1_000
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@dataclass
class Context:
    """What Lambda tells a handler about its invocation: here, that little time is left."""

    seconds: float
    function_name: str = "scopesmith-worker"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:111122223333:function:scopesmith-worker"
    aws_request_id: str = "8b1c-0001"
    started: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.started + self.seconds - time.monotonic()) * 1000))


@pytest.fixture
def server(aws: str, s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A worker with little time and a small reserve, in a world that may go silent."""
    s3.create_bucket(Bucket=BUCKET)
    monkeypatch.setattr(run, "RESERVE_SECONDS", 1.9)  # 1 s of it goes to an agent that can't be woken
    monkeypatch.setattr(run, "MARGIN_SECONDS", 0.4)
    monkeypatch.setattr(handler, "MARGIN_SECONDS", 0.4)
    monkeypatch.setattr(handler, "WORKSPACE_SECONDS", 0.3)
    with Server() as server:
        for name, value in {
            "GRAPHQL_URL": f"{server.url}/graphql",
            "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME": server.url,
            "ARTIFACTS_BUCKET_NAME": BUCKET,
            "BEDROCK_AGENT_ID": "AGENT12345",
            "BEDROCK_AGENT_ALIAS_ID": "ALIAS12345",
        }.items():
            monkeypatch.setenv(name, value)
        parts = (handler.settings, handler.publisher, handler.s3, handler._session)  # noqa: SLF001 - the process's caches
        for part in parts:
            part.cache_clear()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        handler.publisher()
        handler.s3()
        handler.bedrock().close()  # so that no test measures the making of clients
        yield server
        server.over.set()
        server.shutdown()
        thread.join()
        handler.publisher().close()
        handler.s3().close()
        for part in parts:
            part.cache_clear()


def work(seconds: float) -> tuple[float, dict[str, str | None]]:
    """Invoke the worker with so much time; how long it took, and its answer."""
    event = {
        "action": "PROCESS_AGENT_WORKFLOW",
        "session_id": str(uuid.uuid4()),
        "client_name": "Café Zürich",
        "requirements": "They need an app.",
    }
    context = Context(seconds)
    answer = handler.handler(event, context)  # type: ignore[arg-type]  # what the handler asks of a context
    return time.monotonic() - context.started, answer


def test_an_agent_that_never_answers_does_not_outlive_the_reserve(server: Server) -> None:
    """The worker keeps time in reserve and ends with an ERROR that says so, rather than be killed."""
    took, answer = work(2.2)
    assert answer["status"] == "ERROR"
    assert "ran out of time" in server.publishes[-1]["errorMessage"]
    assert took < 2.2


def test_a_workspace_that_never_answers_does_not_outlive_the_reserve(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No blocking read outlives the reserve: a silent S3 ends the run long before its own time-outs would."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", server.url)
    handler.s3().close()
    handler.s3.cache_clear()
    handler.s3()
    took, answer = work(2.5)
    assert answer["status"] == "ERROR"
    assert took < 2.0


def test_an_api_that_never_answers_the_claim_does_not_outlive_the_function(server: Server) -> None:
    """A silent AppSync fails the invocation in time, so that Lambda's retry and not its kill comes next."""
    server.silent_after = 0
    started = time.monotonic()
    with pytest.raises(PublishFailedError):
        work(1.0)
    assert time.monotonic() - started < 1.0


def test_an_api_that_never_answers_the_end_does_not_outlive_the_function(server: Server) -> None:
    """The end is tried for as long as the Lambda lives, and not longer: what could not be said is raised."""
    server.silent_after = 1
    started = time.monotonic()
    with pytest.raises(PublishFailedError):
        work(2.2)
    assert time.monotonic() - started < 2.2


def test_without_time_for_any_work_the_agent_is_not_started(server: Server) -> None:
    """A run that has nothing but its reserve left makes no side effect but its end."""
    took, answer = work(0.9)
    assert answer["status"] == "ERROR"
    assert took < 0.6
    assert [one["revision"] for one in server.publishes] == [0, 2]


def test_work_in_time_is_as_if_it_had_been_called() -> None:
    """Patience changes nothing about work that ends: its result and its errors arrive."""

    def fail() -> None:
        raise TimeoutError("the work's own")

    assert within(5.0, "Adding", lambda: 1 + 1) == 2
    with pytest.raises(TimeoutError, match="the work's own"):
        within(5.0, "Failing", fail)


def test_work_that_takes_too_long_is_left_behind() -> None:
    """Whoever waits goes on in time, and the message names what it waited for."""
    over = threading.Event()
    with pytest.raises(TimedOutError, match=r"Reading took more than 0\.05 seconds"):
        within(0.05, "Reading", over.wait)
    over.set()
