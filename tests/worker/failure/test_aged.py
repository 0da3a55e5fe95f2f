"""A worker event that grew too old before any worker was free: the failure path beside the real life cycle."""

import json
from datetime import timedelta

import pytest
from fakes.simulated_time import World

from resolvers import lifecycle
from resolvers.api import inputs
from resolvers.errors import ConflictError
from resolvers.session import State
from schema.assessment import Assessment
from schema.statuses import SessionStatus
from worker.claim import claim
from worker.failure import handler as failure
from worker.publisher import PublishConflictError
from worker.updates import Reply, Update, progress_input

SESSION = "6a0f7c52-58a6-4b5e-9f1d-0f6d3a1c2b3e"
HOUR = 3600.0


def aged(attempts: int = 0) -> str:
    """The record of an event that was throttled until it was too old, as Lambda sends it."""
    return json.dumps(
        {
            "version": "1.0",
            "timestamp": "2026-11-22T11:30:00.000Z",
            "requestContext": {
                "requestId": "8b1c-0001",
                "functionArn": "arn:aws:lambda:us-east-1:111122223333:function:scopesmith-worker:$LATEST",
                "condition": "EventAgeExceeded",
                "approximateInvokeCount": attempts,
            },
            "requestPayload": {"action": "PROCESS_AGENT_WORKFLOW", "session_id": SESSION},
        }
    )


class Session:
    """A session that has just been submitted, behind the resolvers' real rules."""

    def __init__(self) -> None:
        self.world = World()
        assessment = Assessment("Northwind", None, None, "They need a portal.", None, None)
        now = self.world.now()
        created = lifecycle.create(SESSION, "ada", assessment, digest="d", now=now, keep=timedelta(days=30))
        self.state = lifecycle.started(created, created.revision, now)

    def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
        assert patient
        assert deadline >= self.world.seconds
        try:
            self.state = lifecycle.publish(self.state, inputs.update(progress_input(update)), self.world.now())
        except ConflictError as conflict:
            info = conflict.info
            assert isinstance(info, dict)
            raise PublishConflictError(str(conflict), info) from conflict
        state = self.state
        return Reply(state.status, state.progress, state.revision, state.last_sequence, state.cancel_requested)

    def cancelled_and_retried(self) -> None:
        """What its user does meanwhile; the retry has queued another event."""
        retried = lifecycle.retry(lifecycle.cancel(self.state, self.world.now()), self.world.now())
        self.state = lifecycle.started(retried, retried.revision, self.world.now())

    def given_up(self, record: str) -> None:
        """The failure function is told of an event."""
        failure.end_session(record, self, self.world.timing, self.world.seconds + 100)

    def taken(self) -> Reply | None:
        """The worker comes to the newest event."""
        return claim(self, SESSION, "run-1", self.world.timing, self.world.seconds + 900)

    def read(self) -> State:
        """Somebody asks for it."""
        self.state = lifecycle.settle(self.state, self.world.now())
        return self.state


@pytest.fixture
def session() -> Session:
    return Session()


def test_a_retried_session_survives_the_late_record_of_the_event_before(session: Session) -> None:
    """The first event grows too old while the second waits: the second's run finds the session unchanged."""
    session.world.sleep(HOUR / 2)
    session.cancelled_and_retried()
    session.world.sleep(HOUR / 2)
    before = session.state
    session.given_up(aged())
    assert session.state == before
    assert session.read().status is SessionStatus.PENDING
    session.world.sleep(60.0)
    reply = session.taken()
    assert reply is not None
    assert (reply.status, reply.progress) == (SessionStatus.PROCESSING, 5)


def test_a_session_that_nobody_took_ends_when_it_is_read(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    """Its one event was given up after an hour; 75 minutes after the submit a read finds an ERROR."""
    session.world.sleep(HOUR)
    session.given_up(aged())
    assert "AgedOutEvents" in capsys.readouterr().out  # for the alarm: nobody may ever read the session
    assert session.read().status is SessionStatus.PENDING
    session.world.sleep(lifecycle.UNSTARTED_AFTER.total_seconds() - HOUR)
    ended = session.read()
    assert ended.status is SessionStatus.ERROR
    assert "retrySession" in (ended.error_message or "")


def test_an_event_that_a_worker_had_taken_ends_its_session_at_once(session: Session) -> None:
    """A run died before its event grew too old, so no other run would end the session."""
    assert session.taken() is not None
    session.world.sleep(HOUR)
    session.given_up(aged(attempts=1))
    assert session.state.status is SessionStatus.ERROR
    assert "no other was free in time to try again" in (session.state.error_message or "")
