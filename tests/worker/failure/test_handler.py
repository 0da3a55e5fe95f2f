"""The failure path: from the record of an event that Lambda gave up to the session's ERROR."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError
from fakes.lambda_context import lambda_context

from schema.limits import ERROR_MESSAGE_LENGTH
from schema.statuses import SessionStatus
from worker.claim import LeaseOutlivesRunError
from worker.failure import handler as failure
from worker.failure import invocation_record
from worker.failure.invocation_record import InvocationRecordError
from worker.log import logger
from worker.publisher import PublishConflictError, PublishFailedError
from worker.timing.clock import Timing
from worker.updates import Reply, Update, progress_input

START = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
FOUND = Reply(SessionStatus.CALCULATING_COSTS, 30, 7, 12, cancel_requested=False)
TIMED_OUT = {"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: 1 Error: Task timed out after 900.00 seconds"}


def record(session_id: object = "session-1", response: object = TIMED_OUT, **context: object) -> str:
    """An invocation record as Lambda sends it to the queue."""
    return json.dumps(
        {
            "version": "1.0",
            "timestamp": "2026-11-22T10:30:00.000Z",
            "requestContext": {
                "requestId": "8b1c-0001",
                "functionArn": "arn:aws:lambda:us-east-1:111122223333:function:scopesmith-worker:$LATEST",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": 3,
                **context,
            },
            "requestPayload": {"action": "PROCESS_AGENT_WORKFLOW", "session_id": session_id},
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "responsePayload": response,
        }
    )


def leased(seconds: float) -> PublishConflictError:
    """What a claim meets while another run's lease lasts until `seconds` after the start."""
    ends = START + timedelta(seconds=seconds)
    return PublishConflictError("leased", {"reason": "LEASED", "leaseExpiresAt": ends.isoformat()})


@dataclass
class Api:
    """The API on a clock that moves when a caller waits. It answers as planned, then accepts everything."""

    plan: list[Exception | Reply] = field(default_factory=list)
    found: Reply = FOUND
    updates: list[Update] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def timing(self) -> Timing:
        return Timing(lambda: self.seconds, lambda: START + timedelta(seconds=self.seconds), self.sleep, lambda: 0.5)

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
        assert patient
        assert deadline <= 100
        self.updates.append(update)
        answer = self.plan.pop(0) if self.plan else self.found
        if isinstance(answer, Exception):
            raise answer
        return answer

    def end(self, body: str) -> Update:
        """Have the session of a record ended; the last update that was sent."""
        failure.end_session(body, self, self.timing, deadline=100.0)
        return self.updates[-1]


def test_the_session_of_a_dead_worker_ends_with_an_error_that_says_what_to_do() -> None:
    """When Lambda's retries are used up, the consumer of the on-failure queue publishes ERROR."""
    api = Api()
    end = api.end(record())
    claim = api.updates[0]
    assert (claim.session_id, claim.revision) == ("session-1", 0)
    assert (end.session_id, end.run_id, end.revision) == ("session-1", claim.run_id, 8)
    assert (end.state.status, end.state.progress) == (SessionStatus.ERROR, 30)
    assert end.state.error_message == (
        "The worker was stopped at its time limit (tried 3 times). Retry the session: finished stages are not run "
        "again. The log has the details under request 8b1c-0001."
    )


def test_the_stage_stays_the_one_that_the_session_failed_in() -> None:
    """A session never goes backwards: neither the claim nor the end says another stage than the dead run did."""
    api = Api()
    api.end(record())
    assert [progress_input(update)["currentStage"] for update in api.updates] == [None, None]


def test_the_dead_runs_lease_is_waited_for() -> None:
    """A run is only taken over after its lease has ended."""
    api = Api(plan=[leased(50)])
    assert api.end(record()).state.status is SessionStatus.ERROR
    assert 51 <= api.seconds <= 55


def test_a_lease_that_outlasts_the_function_brings_the_message_back() -> None:
    """No session stays unended because its lease was longer than the consumer's time."""
    api = Api(plan=[leased(120)])
    with pytest.raises(LeaseOutlivesRunError):
        api.end(record())


@pytest.mark.parametrize(
    "met",
    [
        pytest.param([PublishConflictError("over", {"reason": "ENDED"})], id="it has ended"),
        pytest.param([PublishConflictError("gone", {})], id="it was deleted"),
        pytest.param([leased(50), leased(110)], id="another run renews its lease"),
    ],
)
def test_a_session_that_needs_no_end_is_left_alone(met: list[Exception | Reply]) -> None:
    """Each assessment ends exactly once: an ended session and a living run are not disturbed."""
    api = Api(plan=met)
    api.end(record())
    assert {update.revision for update in api.updates} == {0}


def test_a_session_that_another_run_takes_meanwhile_is_left_to_it() -> None:
    """A run that lost its lease stops before its next side effect; here that is no failure."""
    api = Api(plan=[FOUND, PublishConflictError("superseded", {"reason": "SUPERSEDED"})])
    api.end(record())
    assert len(api.updates) == 2


def test_a_session_that_was_to_be_cancelled_ends_cancelled() -> None:
    """A requested cancel is honoured even when the worker died before it could."""
    api = Api(found=Reply(SessionStatus.PROCESSING, 5, 2, 0, cancel_requested=True))
    end = api.end(record())
    assert (end.state.status, end.state.error_message) == (SessionStatus.CANCELLED, None)


@pytest.mark.parametrize("place", [0, 1])
def test_an_api_that_stays_away_brings_the_message_back(place: int) -> None:
    """AppSync away for good loses nothing: the message waits in its queue."""
    plan: list[Exception | Reply] = [FOUND, FOUND]
    plan[place] = PublishFailedError("away")
    with pytest.raises(PublishFailedError):
        Api(plan=plan).end(record())


@pytest.mark.parametrize(
    ("response", "context", "said"),
    [
        (TIMED_OUT, {}, "stopped at its time limit"),
        ({"errorMessage": "2026-11-22T10:30:00Z 1 Task timed out after 900.00 seconds"}, {}, "at its time limit"),
        ({"errorType": "Runtime.ExitError", "errorMessage": "Runtime exited with error: signal: killed"}, {}, "memory"),
        ({"errorType": "Runtime.OutOfMemory", "errorMessage": "RequestId: 1"}, {}, "ran out of memory"),
        ({"errorType": "Runtime.ExitError", "errorMessage": "exit status 7"}, {}, "process ended in the middle"),
        ({"errorType": "Runtime.ImportModuleError", "errorMessage": "No module"}, {}, "could not start"),
        ({"errorType": "PublishRefusedError", "errorMessage": "Unauthorized"}, {}, "could not report to the API"),
        ({"errorType": "LeaseOutlivesRunError", "errorMessage": "until then"}, {}, "waiting for an earlier run"),
        ({"errorType": "KeyError", "errorMessage": "'a secret'"}, {}, "stopped unexpectedly (tried 3 times)."),
        (TIMED_OUT, {"condition": "EventAgeExceeded", "approximateInvokeCount": 1}, "stopped at its time limit. Retry"),
        (None, {"condition": "EventAgeExceeded", "approximateInvokeCount": 2}, "failed, and no other was free in time"),
        (None, {}, "stopped unexpectedly"),
    ],
)
def test_each_death_has_its_words(response: object, context: dict[str, object], said: str) -> None:
    """The ERROR says what happened, and never repeats an exception's text."""
    message = invocation_record.parse(record(response=response, **context)).message()
    assert said in message
    assert "Retry the session" in message
    assert "secret" not in message
    assert len(message) <= ERROR_MESSAGE_LENGTH


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("hello", "not JSON"),
        ("[]", "requestPayload is not an object"),
        ('{"requestPayload": {"session_id": "s"}}', "requestContext is not an object"),
        (record(session_id=None), "requestPayload.session_id is not a session id: None"),
        (record(session_id="../other"), "is not a session id: '../other'"),
    ],
)
def test_what_is_no_record_is_dropped_with_its_fault_in_the_log(
    body: str, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A stray message never blocks those of other sessions."""
    with pytest.raises(InvocationRecordError) as raised:
        invocation_record.parse(body)
    assert fault in str(raised.value)
    api = Api()
    failure.end_session(body, api, api.timing, deadline=100.0)
    assert api.updates == []
    assert "Dropped: not the record" in caplog.text


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    api = Api()
    monkeypatch.setattr(failure, "publisher", lambda: api)
    monkeypatch.setattr(failure, "TIMING", api.timing)
    return api


def messages(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": f"message-{place}", "body": body, "eventSource": "aws:sqs"}
            for place, body in enumerate(bodies, start=1)
        ]
    }


def handle(event: Mapping[str, Any]) -> object:
    return failure.handler(dict(event), lambda_context(90))


def test_only_the_messages_that_failed_come_again(api: Api) -> None:
    """One session that can't be ended yet holds up no other."""
    api.plan = [PublishFailedError("away"), FOUND, FOUND]
    assert handle(messages(record("session-1"), "stray", record("session-2"))) == {
        "batchItemFailures": [{"itemIdentifier": "message-1"}]
    }
    assert [update.session_id for update in api.updates] == ["session-1", "session-2", "session-2"]


def test_a_batch_that_failed_whole_is_the_functions_error(api: Api) -> None:
    """An API that is away shows in the function's error metric, and every message comes again."""
    api.plan = [PublishFailedError("away"), PublishFailedError("away")]
    with pytest.raises(BatchProcessingError):
        handle(messages(record("session-1"), record("session-2")))


def test_each_message_is_logged_with_its_own_session(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stray one, which has none, does not inherit that of the message before it."""
    lines = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", lines)
    api.plan = [PublishFailedError("away")]
    handle(messages(record("session-1"), "stray", record("session-2")))
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    told = [(line["message"], line.get("session_id")) for line in logged if line["message"].startswith("[SESSION]")]
    assert told == [
        ("[SESSION] The worker failed on every try", "session-1"),
        ("[SESSION] Could not be ended: the queue will deliver the message again", "session-1"),
        ("[SESSION] Dropped: not the record of a failed worker event", None),
        ("[SESSION] The worker failed on every try", "session-2"),
        ("[SESSION] ERROR", "session-2"),
    ]
    assert logged[-1]["error_length"] == len(api.updates[-1].state.error_message or "")
    assert "Retry the session" not in lines.getvalue()
