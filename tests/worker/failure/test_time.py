"""The worker's reserve of time against services that never answer: real sockets that accept and stay silent."""

import threading
import time
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from fakes.lambda_context import lambda_context
from fakes.worker_services import WorkerServices, around_the_worker

from worker import handler, run
from worker.publisher import PublishFailedError
from worker.timing.patience import TimedOutError, within

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

BUCKET = "artifacts-of-the-reserve"


@pytest.fixture
def server(aws: str, s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerServices]:
    """A worker with little time and a small reserve, in a world that may go silent."""
    s3.create_bucket(Bucket=BUCKET)
    monkeypatch.setattr(run, "RESERVE_SECONDS", 2.5)  # 1 s of it goes to an agent that can't be woken
    monkeypatch.setattr(run, "MARGIN_SECONDS", 1.0)
    monkeypatch.setattr(handler, "MARGIN_SECONDS", 1.0)
    monkeypatch.setattr(handler, "WORKSPACE_SECONDS", 0.3)
    with around_the_worker(BUCKET, monkeypatch) as services:
        services.completion = None
        handler.publisher()
        handler.s3()
        # So that no test measures how long it takes to make a client: botocore keeps what it has read.
        handler._session().create_client("bedrock-agent-runtime").close()  # noqa: SLF001
        yield services


def work(seconds: float) -> tuple[float, dict[str, str | None]]:
    """Invoke the worker with so much time; how long it took, and its answer."""
    event = {
        "action": "PROCESS_AGENT_WORKFLOW",
        "session_id": str(uuid.uuid4()),
        "client_name": "Café Zürich",
        "requirements": "They need an app.",
    }
    started = time.monotonic()
    answer = handler.handler(event, lambda_context(seconds))
    return time.monotonic() - started, answer


@pytest.mark.slow
def test_an_agent_that_never_answers_does_not_outlive_the_reserve(server: WorkerServices) -> None:
    """The worker keeps time in reserve and ends with an ERROR that says so, rather than be killed."""
    took, answer = work(2.8)
    assert answer["status"] == "ERROR"
    assert "ran out of time" in server.inputs[-1]["errorMessage"]
    assert took < 2.8


def test_a_workspace_that_never_answers_does_not_outlive_the_reserve(
    server: WorkerServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No blocking read outlives the reserve: a silent S3 ends the run long before its own time-outs would."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", server.url)
    handler.s3().close()
    handler.s3.cache_clear()
    handler.s3()
    took, answer = work(3.1)
    assert answer["status"] == "ERROR"
    assert took < 3.1


def test_an_api_that_never_answers_the_claim_does_not_outlive_the_function(server: WorkerServices) -> None:
    """A silent AppSync fails the invocation in time, so that Lambda's retry and not its kill comes next."""
    server.silent_after = 0
    started = time.monotonic()
    with pytest.raises(PublishFailedError):
        work(2.0)
    assert time.monotonic() - started < 2.0


@pytest.mark.slow
def test_an_api_that_never_answers_the_end_does_not_outlive_the_function(server: WorkerServices) -> None:
    """The end is tried for as long as the Lambda lives, and not longer: what could not be said is raised."""
    server.silent_after = 1
    started = time.monotonic()
    with pytest.raises(PublishFailedError):
        work(2.8)
    assert time.monotonic() - started < 2.8


def test_without_time_for_any_work_the_agent_is_not_started(server: WorkerServices) -> None:
    """A run that has nothing but its reserve left makes no side effect but its end."""
    took, answer = work(2.0)
    assert answer["status"] == "ERROR"
    assert took < 2.0
    assert [one["revision"] for one in server.inputs] == [0, 2]


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
