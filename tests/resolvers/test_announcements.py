"""What subscribers are told of changes that no run has published, and that telling them never harms the request."""

import json
from collections.abc import Callable
from datetime import timedelta

import botocore.session
import pytest
from aws_lambda_powertools import Logger
from checkout import ROOT
from fakes.http import Exchange, serving
from fakes.memory_store import MemoryStore
from fakes.sessions_world import ANNA, SessionsWorld
from graphql import parse

from resolvers.announcements import DELETED, Announcer, AnnouncingStore
from resolvers.session import Results, Session
from schema.review import Review
from schema.statuses import SessionStatus

PROGRESS = {"sessionId": "s-1", "status": "CANCELLED", "currentStage": "Ä stage"}


class Announced:
    """A world of sessions, and what its subscribers are told beside the runs' updates."""

    def __init__(self) -> None:
        self.told: list[Session] = []
        self.world = SessionsWorld(AnnouncingStore(MemoryStore(), self.told.append))

    def by(self, act: Callable[[], object]) -> list[tuple[SessionStatus, int]]:
        """What is told when this happens: statuses and revisions."""
        self.told.clear()
        act()
        return [(session.state.status, session.state.revision) for session in self.told]


def test_every_change_that_a_request_makes_is_told_and_no_runs_is() -> None:
    """A run's update reaches its subscribers by itself."""
    announced, runs = Announced(), SessionStatus
    world, sessions = announced.world, announced.world.sessions
    session_id = world.submit().state.session_id
    assert announced.by(lambda: sessions.cancel_session(ANNA, session_id)) == [(runs.CANCELLED, 1)]
    assert announced.by(lambda: sessions.retry_session(ANNA, session_id)) == [(runs.PENDING, 2)]
    assert announced.by(lambda: world.run_to(session_id, runs.AWAITING_REVIEW)) == []
    review = Review(5, approve=True)
    assert announced.by(lambda: sessions.review_session(ANNA, session_id, review)) == [(runs.PENDING, 5)]
    assert announced.by(lambda: world.claim(session_id)) == []
    assert announced.by(lambda: sessions.cancel_session(ANNA, session_id)) == [], "its run publishes it"


def test_a_session_that_a_read_settles_and_one_that_can_not_be_started_are_told() -> None:
    announced = Announced()
    world = announced.world
    session_id = world.submit().state.session_id
    world.claim(session_id)
    world.now += timedelta(minutes=16)
    assert announced.by(lambda: world.read(session_id)) == [(SessionStatus.ERROR, 2)]
    world.down = True

    def retry() -> None:
        with pytest.raises(Exception, match="could not be started"):
            world.sessions.retry_session(ANNA, session_id)

    assert announced.by(retry) == [(SessionStatus.PENDING, 3), (SessionStatus.ERROR, 4)]


def test_a_deletion_is_told_as_the_newest_state_and_shows_nothing_of_the_session() -> None:
    announced = Announced()
    world = announced.world
    session_id = world.submit().state.session_id
    ended = world.run_to(session_id, SessionStatus.COMPLETED, results=Results(sow_key="key"))
    told = announced.by(lambda: world.sessions.delete_session(ANNA, session_id))
    assert told == [(SessionStatus.CANCELLED, ended.revision + 1)]
    [last] = announced.told
    assert (last.state.error_message, last.results) == (DELETED, Results())


@pytest.fixture
def aws(aws: str) -> botocore.session.Session:
    """Credentials and a region, from the environment."""
    return botocore.session.get_session()


@pytest.fixture
def log() -> Logger:
    return Logger(service="announcements")


def test_an_announcement_is_a_signed_mutation(
    aws: botocore.session.Session, log: Logger, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(exchange: Exchange) -> None:
        exchange.send({"data": {"announceProgress": {"sessionId": "s-1"}}})

    with serving(answer) as api:
        Announcer(f"{api.url}/graphql", lambda: aws, log).announce(PROGRESS)
    [request] = api.requests
    sent = request.json()
    assert json.loads(sent["variables"]["progress"]) == PROGRESS
    assert parse(sent["query"]) == parse((ROOT / "schema" / "announce_progress.graphql").read_text())
    assert "/us-east-1/appsync/aws4_request" in request.headers["Authorization"]
    assert caplog.records == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, {"errors": [{"errorType": "Unauthorized"}]}), (500, {}), (200, b"no JSON"), (None, b"")],
    ids=["refused", "failed", "not understood", "not reached"],
)
def test_an_announcement_that_fails_is_logged_and_harms_nobody(
    aws: botocore.session.Session, log: Logger, caplog: pytest.LogCaptureFixture, status: int | None, body: object
) -> None:
    with serving(lambda exchange: exchange.send(body, status or 200)) as api:
        url = f"{api.url}/graphql"
        if status is not None:
            Announcer(url, lambda: aws, log).announce(PROGRESS)
    if status is None:
        Announcer(url, lambda: aws, log).announce(PROGRESS)
    [logged] = [record for record in caplog.records if record.name == "announcements"]
    assert logged.levelname == "WARNING"
    assert logged.getMessage().startswith("[SESSION] subscribers")


def test_without_credentials_nothing_is_sent(
    aws: botocore.session.Session, log: Logger, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws, "get_credentials", lambda: None)
    Announcer("http://127.0.0.1:9/graphql", lambda: aws, log).announce(PROGRESS)
    assert "NoCredentialsError" in caplog.text
