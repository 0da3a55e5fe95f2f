"""Many requests of one owner or of many, over a DynamoDB that keeps transactions apart: one run, never too many."""

import itertools
import os
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import pytest_asyncio
from aws_lambda_powertools import Logger
from botocore.config import Config
from fakes.memory_workspaces import MemoryWorkspaces

from local.aws import server as aws
from resolvers.activity import ALL_OWNERS, Limits, OwnerLimits
from resolvers.api.caller import Caller
from resolvers.api.inputs import Submission
from resolvers.errors import ConflictError, LimitExceededError, NotFoundError
from resolvers.lifecycle import START_WITHIN, UNSTARTED_AFTER
from resolvers.operations import SessionOperations
from resolvers.session import State, Update
from resolvers.sessions import Rules
from resolvers.storage import owner_record, records
from resolvers.storage.dynamodb import DynamoDBStore
from resolvers.times import epoch
from resolvers.worker import Start
from schema.assessment import Assessment
from schema.review import Review
from schema.statuses import SessionStatus

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ASSESSMENT = Assessment("Northwind", None, None, "They need a portal.", None, None)
LIMITS = OwnerLimits(active_sessions=5, submits_per_day=100)


class DiedError(Exception):
    """The resolvers' process is gone."""


class World:
    """Sessions in DynamoDB with the real clock, and a worker that only counts."""

    def __init__(self, client: "DynamoDBClient", runs_at_once: int | None = None) -> None:
        self.ahead = timedelta()
        self.invocations: list[str] = []
        self.reviews: list[Review | None] = []
        self.dies = False
        self.owner = Caller(f"user#{uuid.uuid4()}")
        self.store = DynamoDBStore(client, "sessions")
        self.sessions = SessionOperations(
            self.store,
            self,
            MemoryWorkspaces(),
            now=lambda: datetime.now(UTC) + self.ahead,
            sleep=time.sleep,
            random=lambda: 0.5,
            new_id=lambda: str(uuid.uuid4()),
            log=Logger(service="test", level="CRITICAL"),
            rules=Rules(limits=Limits(user=LIMITS, runs_at_once=runs_at_once)),
        )

    def invoke_agent_async(self, start: Start) -> None:
        if self.dies:
            raise DiedError
        self.invocations.append(start.session_id)
        self.reviews.append(start.review)

    def submit(self, token: str | None = None) -> str:
        return self.sessions.create_session(self.owner, Submission(ASSESSMENT, token)).state.session_id

    def submit_as_somebody(self) -> str:
        """As a user of whom nobody has heard yet."""
        somebody = Caller(f"user#{uuid.uuid4()}")
        return self.sessions.create_session(somebody, Submission(ASSESSMENT, None)).state.session_id

    def run_to_the_end(self, session_id: str, end: SessionStatus = SessionStatus.ERROR) -> None:
        run_id = str(uuid.uuid4())
        self.sessions.update_session_status(Update(session_id, run_id, 0, SessionStatus.PROCESSING, None, 5))
        self.sessions.update_session_status(Update(session_id, run_id, 2, end, None, 5))

    def active(self) -> set[str]:
        assert self.owner.owner is not None
        return {one.session_id for one in self.store.activity(self.owner.owner).active}

    def state(self, session_id: str) -> State:
        session = self.store.read(session_id, datetime.now(UTC))
        assert session is not None
        return session.state

    def running(self) -> set[str]:
        """The sessions of all owners that take a place."""
        return {one.session_id for one in self.store.activity(ALL_OWNERS).active}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncIterator["DynamoDBClient"]:
    with Path(os.devnull).open("wb") as nothing:  # noqa: ASYNC230 - it never blocks
        async with aws.running(table="sessions", buckets=(), region="us-east-1", output=nothing.fileno()) as server:
            await server.ready()
            session = boto3.Session(region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
            settings = Config(proxies={}, max_pool_connections=100)
            client = session.client("dynamodb", endpoint_url=server.url, config=settings)
            yield client
            client.close()


@pytest.fixture
def world(client: "DynamoDBClient") -> World:
    return World(client)


@pytest.fixture
def few(client: "DynamoDBClient") -> World:
    """A world in which ten sessions may run at once, whoever has them."""
    client.delete_item(TableName="sessions", Key=owner_record.key(ALL_OWNERS))
    return World(client, runs_at_once=10)


def at_once(count: int, call: Callable[[], str]) -> Counter[str]:
    """What so many calls at once answer: a session's id, or the refusal with its limit or reason."""

    def outcome(_: int) -> str:
        try:
            return call()
        except (ConflictError, LimitExceededError) as refused:
            info: Any = refused.info
            return f"{refused.error_type} {info.get('limit') or info['reason']}"

    with ThreadPoolExecutor(min(count, 100)) as pool:
        return Counter(pool.map(outcome, range(count)))


def test_a_hundred_submits_with_one_token_make_one_session_and_start_its_worker_once(world: World) -> None:
    [session_id] = at_once(100, lambda: world.submit("token-1"))
    assert world.invocations == [session_id]
    assert world.active() == {session_id}


def test_a_hundred_submits_start_the_worker_once_when_the_first_one_died(world: World) -> None:
    """The session was written, and its worker was never invoked."""
    world.dies = True
    with pytest.raises(DiedError):
        world.submit("token-1")
    world.dies = False
    world.ahead = START_WITHIN
    [session_id] = at_once(100, lambda: world.submit("token-1"))
    assert world.invocations == [session_id]


def test_of_two_hundred_submits_at_once_exactly_five_run(world: World) -> None:
    """The others are refused, and none is answered with an error of ours."""
    outcomes = at_once(200, world.submit)
    assert outcomes.pop("LimitExceeded ACTIVE_SESSIONS") == 195
    assert sorted(outcomes) == sorted(world.invocations) == sorted(world.active())


def test_of_a_hundred_retries_at_once_one_starts_the_session(world: World) -> None:
    """It takes one place and counts once, and so does a session that has ended."""
    session_id = world.submit()
    world.run_to_the_end(session_id)
    assert world.active() == set()

    def retry() -> str:
        return world.sessions.retry_session(world.owner, session_id).state.session_id

    outcomes = at_once(100, retry)
    assert outcomes == {session_id: 1, "Conflict RUNNING": 99}
    assert world.active() == {session_id}
    assert world.owner.owner is not None
    assert world.store.activity(world.owner.owner).submits == 2


def test_of_fifty_reviews_at_once_one_is_accepted_and_starts_one_run(world: World) -> None:
    """The others learn why, and what they meant to change is not lost: each of them holds its own."""
    session_id = world.submit()
    world.run_to_the_end(session_id, SessionStatus.AWAITING_REVIEW)
    assert world.active() == set()
    notes = (f"reviewer {number}" for number in itertools.count())

    def review() -> str:
        given = Review(3, approve=True, note=next(notes))
        return world.sessions.review_session(world.owner, session_id, given).state.session_id

    outcomes = at_once(50, review)
    assert outcomes.pop(session_id) == 1
    assert outcomes.total() == 49
    assert set(outcomes) <= {"Conflict RUNNING", "Conflict OUTDATED"}
    assert world.invocations == [session_id, session_id]
    accepted = world.store.review(session_id, datetime.now(UTC))
    assert world.reviews == [None, accepted]
    assert world.active() == {session_id}


def test_of_twenty_deletions_at_once_each_finds_the_session_gone(world: World) -> None:
    session_id = world.submit("token-1")
    world.run_to_the_end(session_id)

    def delete() -> str:
        with suppress(NotFoundError):
            world.sessions.delete_session(world.owner, session_id)
        return "gone"

    assert at_once(20, delete) == {"gone": 20}
    assert world.store.deleting(session_id, datetime.now(UTC)) is None
    assert world.submit("token-1") == session_id


def test_sessions_that_end_while_others_start_keep_the_record_exact(world: World) -> None:
    """Twenty callers at a time submit a session and end it: each session is counted, and none is left."""

    def submit_and_end() -> str:
        world.run_to_the_end(world.submit())
        return "ended"

    outcomes: Counter[str] = Counter()
    for _ in range(4):
        outcomes += at_once(20, submit_and_end)
    assert outcomes["ended"] + outcomes["LimitExceeded ACTIVE_SESSIONS"] == 80
    assert world.active() == set()
    assert world.owner.owner is not None
    assert world.store.activity(world.owner.owner).submits == outcomes["ended"]


# All owners together


def test_of_two_hundred_owners_submits_at_once_exactly_ten_run(few: World) -> None:
    """The others are refused, and none is answered with an error of ours."""
    outcomes = at_once(200, few.submit_as_somebody)
    assert outcomes.pop("LimitExceeded RUNS_AT_ONCE") == 190
    assert len(outcomes) == 10
    assert set(outcomes) == set(few.invocations) == few.running()


def test_an_owners_own_limit_comes_first(few: World) -> None:
    outcomes = at_once(200, few.submit)
    assert outcomes.pop("LimitExceeded ACTIVE_SESSIONS") == 195
    assert set(outcomes) == few.active() == few.running()


@pytest.mark.parametrize("end", [SessionStatus.ERROR, SessionStatus.COMPLETED, SessionStatus.AWAITING_REVIEW])
def test_a_session_that_no_run_works_on_makes_room_for_another_owners(few: World, end: SessionStatus) -> None:
    running = [few.submit_as_somebody() for _ in range(10)]
    assert at_once(1, few.submit_as_somebody) == {"LimitExceeded RUNS_AT_ONCE": 1}
    few.run_to_the_end(running[0], end)
    assert few.submit() in few.running()
    assert at_once(1, few.submit_as_somebody) == {"LimitExceeded RUNS_AT_ONCE": 1}


def test_a_retry_and_a_review_need_a_place_like_a_submit(few: World) -> None:
    failed, waiting = few.submit(), few.submit()
    few.run_to_the_end(failed)
    few.run_to_the_end(waiting, SessionStatus.AWAITING_REVIEW)
    others = [few.submit_as_somebody() for _ in range(10)]

    def retry() -> str:
        return few.sessions.retry_session(few.owner, failed).state.session_id

    def review() -> str:
        given = Review(few.state(waiting).revision + 1, approve=True)
        return few.sessions.review_session(few.owner, waiting, given).state.session_id

    for start in (retry, review):
        assert at_once(20, start) == {"LimitExceeded RUNS_AT_ONCE": 20}
    for ended in others[:2]:
        few.run_to_the_end(ended)
    assert {retry(), review()} == {failed, waiting}
    assert few.running() == {failed, waiting, *others[2:]}


@pytest.mark.slow
def test_sessions_that_end_while_others_start_keep_the_place_of_all_exact(few: World) -> None:
    def submit_and_end() -> str:
        few.run_to_the_end(few.submit_as_somebody())
        return "ended"

    outcomes: Counter[str] = Counter()
    for _ in range(4):
        outcomes += at_once(20, submit_and_end)
    assert outcomes["ended"] + outcomes["LimitExceeded RUNS_AT_ONCE"] == 80
    assert few.running() == set()


def test_places_of_sessions_that_are_over_without_a_record_of_it_are_freed(
    few: World, client: "DynamoDBClient"
) -> None:
    """A session whose worker died long ago, one that has been deleted, and one that ended under an earlier version."""
    running = [few.submit_as_somebody() for _ in range(10)]
    for session_id in running[:8]:
        few.run_to_the_end(session_id)
    ended, gone = running[0], running[1]
    entries = [f"{session_id} {epoch(few.state(session_id).expires_at)}" for session_id in running[:8]]
    client.update_item(
        TableName="sessions",
        Key=owner_record.key(ALL_OWNERS),
        UpdateExpression="ADD active_sessions :left",
        ExpressionAttributeValues={":left": {"SS": entries}},
    )
    client.delete_item(TableName="sessions", Key=records.key(gone, records.STATE))
    assert {ended, gone} < few.running()
    few.ahead = UNSTARTED_AFTER
    new = few.submit()
    assert few.running() == {new}
