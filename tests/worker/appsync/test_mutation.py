"""The publisher against a real HTTP server that checks its signatures and fails as it is told to."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import CredentialRetrievalError
from fakes.http import Answer, Exchange, Request, Service, answers, serving
from graphql import build_schema, parse, validate

from schema.sdl import build, print_sdl
from schema.statuses import AgentEventType, SessionStatus
from worker import updates
from worker.agents.events import AgentEvent
from worker.appsync.mutation import ATTEMPTS, DOCUMENT, AppSyncPublisher, region_of
from worker.publisher import PublishConflictError, PublishFailedError, PublishRefusedError
from worker.updates import NumberedEvent, Reply, SessionState, Update

REGION = "eu-west-1"
KEYS = Credentials("AKIDEXAMPLE", "a secret", "a token")
UPDATE = Update(
    "session-1",
    "run-1",
    4,
    SessionState(SessionStatus.COSTS_CALCULATED, "CostCalculator finished", 50),
    {"requirementsData": {"items": ["Café"]}, "templatePaths": []},
    (
        NumberedEvent(7, AgentEvent(AgentEventType.CHUNK, "Grüße 🚀", truncated=True), "2026-11-22T10:30:00.000Z"),
        NumberedEvent(8, AgentEvent(AgentEventType.TOOL_CALL, "f()", "CostCalculator"), "2026-11-22T10:30:01.000Z"),
    ),
)
PROGRESS = {
    "status": "COSTS_CALCULATED",
    "progress": 50,
    "revision": 4,
    "lastSequence": 8,
    "cancelRequested": True,
    "currentStage": "CostCalculator finished",
}
REPLY = Reply(SessionStatus.COSTS_CALCULATED, 50, 4, 8, cancel_requested=True)


@pytest.fixture
def server() -> Iterator[Service]:
    with serving() as service:
        yield service


def graphql(server: Service) -> str:
    return f"{server.url}/graphql"


@pytest.fixture
def naps() -> list[float]:
    return []


@pytest.fixture
def publisher(server: Service, naps: list[float]) -> Iterator[AppSyncPublisher]:
    publisher = AppSyncPublisher(graphql(server), REGION, KEYS, random=lambda: 0.5, sleep=naps.append)
    yield publisher
    publisher.close()


def soon() -> float:
    return time.monotonic() + 20


def fails(kind: str | None, info: object = None, status: int = 200) -> Answer:
    error = {"path": ["publishProgress"], "message": "because", "errorType": kind, "errorInfo": info}
    return answers({"data": {"publishProgress": None}, "errors": [error]}, status)


def drops(exchange: Exchange) -> None:
    """Close the connection without an answer."""
    exchange.close_connection = True


def breaks_off(exchange: Exchange) -> None:
    """Close the connection in the middle of the answer."""
    exchange.send_response(200)
    exchange.send_header("content-length", "1000")
    exchange.end_headers()
    exchange.wfile.write(b'{"data":')
    exchange.close_connection = True


ACCEPTS = answers({"data": {"publishProgress": PROGRESS}})


def test_an_accepted_update_answers_where_the_session_stands(server: Service, publisher: AppSyncPublisher) -> None:
    server.answers = [ACCEPTS]
    assert publisher.update_session_status(UPDATE, deadline=soon()) == REPLY


def test_the_update_travels_as_the_contracts_input(server: Service, publisher: AppSyncPublisher) -> None:
    server.answers = [ACCEPTS]
    publisher.update_session_status(UPDATE, deadline=soon())
    sent = json.loads(server.requests[0].body)
    assert sent["operationName"] == "PublishProgress"
    assert sent["variables"]["input"] == {
        "sessionId": "session-1",
        "runId": "run-1",
        "revision": 4,
        "status": "COSTS_CALCULATED",
        "currentStage": "CostCalculator finished",
        "progress": 50,
        "results": {"requirementsData": '{"items": ["Café"]}', "templatePaths": []},
        "events": [
            {
                "sequence": 7,
                "type": "CHUNK",
                "tool": None,
                "toolCallId": None,
                "text": "Grüße 🚀",
                "truncated": True,
                "timestamp": "2026-11-22T10:30:00.000Z",
            },
            {
                "sequence": 8,
                "type": "TOOL_CALL",
                "tool": "CostCalculator",
                "toolCallId": None,
                "text": "f()",
                "truncated": False,
                "timestamp": "2026-11-22T10:30:01.000Z",
            },
        ],
    }


def test_the_document_is_valid_against_the_printed_schema() -> None:
    """The SDL's directives and AWS scalars are AppSync's own: they are declared here for graphql-core."""
    sdl = print_sdl(build())
    scalars = "\n".join(f"scalar {name}" for name in ("AWSDate", "AWSDateTime", "AWSJSON", "AWSURL"))
    assert (
        validate(build_schema(f"{scalars}\n{re.sub(r' @aws_[a-z_]+([(][^)]*[)])?', '', sdl)}"), parse(DOCUMENT)) == []
    )


def signature_is_right(received: Request, url: str, secret: str) -> bool:
    """Recompute the signature from what arrived, as AppSync does."""
    signed = {name.lower(): value for name, value in received.headers.items()}
    names = signed["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    request = AWSRequest("POST", url, {name: signed[name] for name in names}, received.body)
    request.context["timestamp"] = signed["x-amz-date"]
    signer = SigV4Auth(ReadOnlyCredentials("AKIDEXAMPLE", secret, None), "appsync", REGION)
    scope = signed["authorization"].partition("Credential=")[2].partition(",")[0]
    assert scope == f"AKIDEXAMPLE/{signed['x-amz-date'][:8]}/{REGION}/appsync/aws4_request"
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    return signed["authorization"].endswith(f"Signature={expected}")


def test_the_signature_covers_host_date_token_and_body(server: Service, publisher: AppSyncPublisher) -> None:
    server.answers = [ACCEPTS]
    publisher.update_session_status(UPDATE, deadline=soon())
    [received] = server.requests
    assert signature_is_right(received, graphql(server), "a secret")
    assert not signature_is_right(received, graphql(server), "another secret")
    received.body += b" "
    assert not signature_is_right(received, graphql(server), "a secret")
    assert {"host", "x-amz-date", "x-amz-security-token"} <= set(
        received.headers["Authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    )
    signed_at = datetime.strptime(received.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - signed_at).total_seconds()) < 60


def test_updates_go_over_one_kept_connection(server: Service, publisher: AppSyncPublisher) -> None:
    server.answers = [ACCEPTS, fails("Internal"), ACCEPTS]
    for _ in range(3):
        publisher.update_session_status(UPDATE, deadline=soon())
    assert (server.connections, len(server.requests)) == (1, 4)


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(drops, id="dropped"),
        pytest.param(breaks_off, id="broken off"),
        pytest.param(answers(b"oops", 500), id="500"),
        pytest.param(answers({"message": "busy"}, 503), id="503"),
        pytest.param(answers({"errors": [{"message": "slow down"}]}, 429), id="429"),
        pytest.param(answers(b"<html>"), id="no JSON"),
        pytest.param(answers([]), id="no object"),
        pytest.param(answers({"data": None}), id="no data"),
        pytest.param(fails("Internal"), id="Internal"),
        pytest.param(fails("Lambda:Unhandled"), id="unknown type"),
        pytest.param(fails(None), id="no type"),
    ],
)
def test_what_may_pass_is_tried_again_with_the_same_update(
    failure: Answer, server: Service, publisher: AppSyncPublisher, naps: list[float]
) -> None:
    server.answers = [failure, failure, ACCEPTS]
    assert publisher.update_session_status(UPDATE, deadline=soon()) == REPLY
    assert len({received.body for received in server.requests}) == 1
    assert naps == [0.375, 0.75]


def test_what_does_not_pass_fails_after_four_tries(
    server: Service, publisher: AppSyncPublisher, naps: list[float]
) -> None:
    server.answers = [fails("Internal")]
    with pytest.raises(PublishFailedError, match="Internal: because"):
        publisher.update_session_status(UPDATE, deadline=soon())
    assert len(server.requests) == ATTEMPTS
    assert sum(naps) < 5


def test_an_update_that_is_given_up_counts_as_one_error_and_one_that_passes_as_none(
    server: Service, publisher: AppSyncPublisher, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figure that an alarm watches: written to the log, however many tries there were; a conflict is no error."""
    server.answers = [fails("Internal"), ACCEPTS]
    publisher.update_session_status(UPDATE, deadline=soon())
    server.answers = [fails("Conflict", {"reason": "LEASED"})]
    with pytest.raises(PublishConflictError):
        publisher.update_session_status(UPDATE, deadline=soon())
    assert errors_counted(capsys) == 0
    for kind, error in (("Internal", PublishFailedError), ("Unauthorized", PublishRefusedError)):
        server.answers = [fails(kind)]
        with pytest.raises(error):
            publisher.update_session_status(UPDATE, deadline=soon())
        assert errors_counted(capsys) == 1


def errors_counted(capsys: pytest.CaptureFixture[str]) -> float:
    """What was written as PublishErrors since the last look."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return sum(sum(line["PublishErrors"]) for line in lines)


def test_a_patient_publish_is_tried_until_its_deadline(server: Service) -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    publisher = AppSyncPublisher(graphql(server), REGION, KEYS, random=lambda: 0.5, clock=lambda: now[0], sleep=sleep)
    server.answers = [fails("Internal")]
    with pytest.raises(PublishFailedError):
        publisher.update_session_status(UPDATE, deadline=300.0, patient=True)
    assert len(server.requests) > 30
    assert 280 < now[0] < 300
    publisher.close()


@pytest.mark.parametrize(
    ("failure", "hint"),
    [
        (fails("InvalidInput"), "deploy both from one version"),
        (fails("Unauthorized"), "appsync:GraphQL on Mutation.publishProgress"),
        (fails("UnauthorizedException", status=401), "credentials"),
        (fails("MalformedHttpRequestException", status=400), "not a GraphQL request"),
        (answers(b"Forbidden", 403), "check GRAPHQL_URL"),
        (answers(b"Not here", 404), "check GRAPHQL_URL"),
    ],
)
def test_a_refusal_is_final_and_says_so(
    failure: Answer, hint: str, server: Service, publisher: AppSyncPublisher
) -> None:
    server.answers = [failure]
    with pytest.raises(PublishRefusedError, match=f"Not sent again; .*{hint}"):
        publisher.update_session_status(UPDATE, deadline=soon(), patient=True)
    assert len(server.requests) == 1


def test_a_session_that_is_gone_is_a_conflict_and_counts_as_no_error(
    server: Service, publisher: AppSyncPublisher, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers = [fails("NotFound")]
    with pytest.raises(PublishConflictError, match="was deleted, or it has expired") as raised:
        publisher.update_session_status(UPDATE, deadline=soon(), patient=True)
    assert raised.value.info == {}
    assert len(server.requests) == 1
    assert errors_counted(capsys) == 0


def test_a_conflict_is_told_at_once_with_its_details(server: Service, publisher: AppSyncPublisher) -> None:
    info = {"reason": "LEASED", "leaseExpiresAt": "2026-11-22T10:31:00.000Z"}
    server.answers = [fails("Conflict", info)]
    with pytest.raises(PublishConflictError) as raised:
        publisher.update_session_status(UPDATE, deadline=soon(), patient=True)
    assert raised.value.info == info
    assert len(server.requests) == 1


def test_errors_beside_an_accepted_update_are_logged_and_the_update_counts(
    server: Service, publisher: AppSyncPublisher, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    error = {"message": "Not Authorized to access costData on type Results", "errorType": "Unauthorized"}
    server.answers = [answers({"data": {"publishProgress": PROGRESS}, "errors": [error]})]
    assert publisher.update_session_status(UPDATE, deadline=soon()) == REPLY
    assert len(server.requests) == 1
    assert "may not have delivered it" in caplog.text
    assert errors_counted(capsys) == 1


def test_a_slow_answer_is_given_up_at_the_deadline(server: Service) -> None:
    released = threading.Event()
    server.answers = [lambda _: (released.wait(60), None)[1]]
    publisher = AppSyncPublisher(graphql(server), REGION, KEYS, random=lambda: 0.5)
    started = time.monotonic()
    with pytest.raises(PublishFailedError, match=r"could not be reached.*timed out|took more than"):
        publisher.update_session_status(UPDATE, deadline=started + 0.3, patient=True)
    assert time.monotonic() - started < 30, "the answer would have taken a minute"
    released.set()
    publisher.close()


def test_an_answer_that_comes_drop_by_drop_is_given_up_at_the_deadline(server: Service) -> None:
    """No read of it takes long, so no time-out of the connection strikes."""
    over = threading.Event()

    def drip(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Content-Length", "1000")
        exchange.end_headers()
        with suppress(OSError):
            while not over.wait(0.05):
                exchange.wfile.write(b" ")

    server.answers = [drip]
    publisher = AppSyncPublisher(graphql(server), REGION, KEYS, random=lambda: 0.5)
    started = time.monotonic()
    with pytest.raises(PublishFailedError, match="took more than"):
        publisher.update_session_status(UPDATE, deadline=started + 0.5, patient=True)
    assert time.monotonic() - started < 25, "the answer would have taken 50 s"
    over.set()
    server.answers = [answers({"data": {"publishProgress": PROGRESS}})]
    assert publisher.update_session_status(UPDATE, deadline=soon()) == REPLY
    publisher.close()


def test_an_api_that_is_not_there_fails_for_now(server: Service, naps: list[float]) -> None:
    with serving() as gone:
        url = graphql(gone)
    publisher = AppSyncPublisher(url, REGION, KEYS, random=lambda: 0.5, sleep=naps.append)
    with pytest.raises(PublishFailedError, match="could not be reached"):
        publisher.update_session_status(UPDATE, deadline=soon())
    assert len(naps) == ATTEMPTS - 1
    publisher.close()


class Rotating:
    """Credentials that fail once and then differ at each use."""

    def __init__(self) -> None:
        self.uses = 0

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        self.uses += 1
        if self.uses == 1:
            raise CredentialRetrievalError(provider="role", error_msg="the service is busy")
        return ReadOnlyCredentials(f"AKID{self.uses}", "secret", None)


def test_each_try_signs_with_the_credentials_of_that_moment(server: Service, naps: list[float]) -> None:
    publisher = AppSyncPublisher(graphql(server), REGION, Rotating(), random=lambda: 0.5, sleep=naps.append)
    server.answers = [fails("Internal"), ACCEPTS]
    assert publisher.update_session_status(UPDATE, deadline=soon()) == REPLY
    keys = [received.headers["Authorization"].partition("Credential=")[2][:5] for received in server.requests]
    assert keys == ["AKID2", "AKID3"]
    publisher.close()


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://abc123.appsync-api.ap-southeast-2.amazonaws.com/graphql", "ap-southeast-2"),
        ("https://api.example.com/graphql", "here"),
        ("http://127.0.0.1:8000/graphql", "here"),
    ],
)
def test_the_region_is_the_apis_own_where_its_address_tells_it(url: str, region: str) -> None:
    assert urlsplit(url).hostname
    assert region_of(url, "here") == region


def test_a_claim_says_processing_with_revision_0_and_no_events() -> None:
    """It names the review that the run works on, so that a run that was started before it is refused."""
    given: dict[str, Any] = updates.progress_input(updates.claiming("session-1", "run-1", 7))
    assert given == {
        "sessionId": "session-1",
        "runId": "run-1",
        "revision": 0,
        "status": "PROCESSING",
        "currentStage": "Starting the agent",
        "progress": 5,
        "reviewId": 7,
        "events": [],
    }
