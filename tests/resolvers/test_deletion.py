"""Sessions that are deleted: gone at once for everybody, and whoever stops on the way is replaced."""

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from fakes.memory_store import MemoryStore
from fakes.sessions_world import ANNA, DiedError, SessionsWorld

from resolvers.api.caller import Caller
from resolvers.errors import ConflictError, InternalError, NotFoundError
from resolvers.session import Results
from resolvers.storage.dynamodb import DynamoDBStore
from resolvers.storage.store import LostRaceError
from resolvers.workspaces import S3Workspaces
from schema.review import Review
from schema.statuses import SessionStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client

BEN = Caller("user#ben")


@pytest.fixture
def world() -> SessionsWorld:
    return SessionsWorld(MemoryStore())


def completed(world: SessionsWorld) -> str:
    session_id = world.submit().state.session_id
    world.run_to(session_id, SessionStatus.COMPLETED)
    return session_id


def assert_gone(world: SessionsWorld, session_id: str) -> None:
    """Whatever its owner asks, it is as if the session had never been."""
    sessions = world.sessions
    assert sessions.get_session_status(ANNA, session_id, with_assessment=True) is None
    assert sessions.read_events(ANNA, session_id, 0, 10) is None
    assert sessions.read_proposal(ANNA, session_id, None) is None
    assert sessions.list_sessions(ANNA, 10, None) == ([], None)
    asks: list[Callable[[], object]] = [
        lambda: sessions.cancel_session(ANNA, session_id),
        lambda: sessions.retry_session(ANNA, session_id),
        lambda: sessions.review_session(ANNA, session_id, Review(9, approve=True)),
        lambda: sessions.check_subscription(ANNA, session_id),
        lambda: world.claim(session_id),
    ]
    for ask in asks:
        with pytest.raises(NotFoundError):
            ask()


@pytest.mark.parametrize("end", [status for status in SessionStatus if status.resting])
def test_a_session_without_a_run_is_deleted(world: SessionsWorld, end: SessionStatus) -> None:
    session_id = world.submit().state.session_id
    world.run_to(session_id, end)
    world.workspaces.files[session_id] = {"assessment.json": {}}
    world.sessions.delete_session(ANNA, session_id)
    assert_gone(world, session_id)
    assert world.workspaces.files == {}
    with pytest.raises(NotFoundError):
        world.sessions.delete_session(ANNA, session_id)


def test_a_session_at_work_is_not_deleted(world: SessionsWorld) -> None:
    """Neither before its run, nor with it, nor when the run was asked to stop and has not stopped."""
    session_id = world.submit().state.session_id
    nothing, claim, cancel = (
        lambda: None,
        lambda: world.claim(session_id),
        lambda: world.sessions.cancel_session(ANNA, session_id),
    )
    for happens in (nothing, claim, cancel):
        happens()
        with pytest.raises(ConflictError) as refused:
            world.sessions.delete_session(ANNA, session_id)
        assert refused.value.info == {"reason": "RUNNING"}


def test_anothers_session_is_not_deleted_also_when_its_owner_has_begun_to(world: SessionsWorld) -> None:
    session_id = completed(world)
    with pytest.raises(NotFoundError):
        world.sessions.delete_session(BEN, session_id)
    die_while_deleting(world, session_id)
    with pytest.raises(NotFoundError):
        world.sessions.delete_session(BEN, session_id)
    world.sessions.delete_session(ANNA, session_id)


def die_while_deleting(world: SessionsWorld, session_id: str) -> None:
    delete = world.workspaces.delete

    def die(_: str) -> None:
        raise DiedError

    world.workspaces.delete = die  # type: ignore[method-assign, assignment]
    with pytest.raises(DiedError):
        world.sessions.delete_session(ANNA, session_id)
    world.workspaces.delete = delete  # type: ignore[method-assign]


def test_a_deletion_that_stopped_looks_done_and_is_finished_by_the_next_call(world: SessionsWorld) -> None:
    session_id = completed(world)
    world.workspaces.files[session_id] = {"deck.pptx": {}}
    die_while_deleting(world, session_id)
    assert_gone(world, session_id)
    world.sessions.delete_session(ANNA, session_id)
    assert world.workspaces.files == {}
    assert world.store.deleting(session_id, world.now) is None


def test_a_token_whose_session_is_half_deleted_gives_a_new_session(world: SessionsWorld) -> None:
    """The rest is deleted first, so nothing of the old session shows in the new one."""
    session_id = completed(world)
    world.workspaces.files[session_id] = {"deck.pptx": {}}
    die_while_deleting(world, session_id)
    again = world.submit()
    assert (again.state.session_id, again.state.revision) == (session_id, 0)
    assert world.workspaces.files == {}


def test_a_deletion_that_another_one_overtakes_is_done(world: SessionsWorld) -> None:
    session_id = completed(world)
    remove = world.store.remove

    def overtaken(of: str) -> None:
        world.store.remove = remove  # type: ignore[method-assign]
        world.sessions.delete_session(ANNA, session_id)
        remove(of)

    world.store.remove = overtaken  # type: ignore[method-assign, assignment]
    world.sessions.delete_session(ANNA, session_id)
    assert_gone(world, session_id)


def test_a_deletion_that_never_gets_through_is_our_fault(world: SessionsWorld) -> None:
    session_id = completed(world)

    def never(_: str) -> None:
        raise LostRaceError

    world.store.remove = never  # type: ignore[method-assign, assignment]
    with pytest.raises(InternalError, match="try again"):
        world.sessions.delete_session(ANNA, session_id)


class Dying:
    """A client of AWS that dies before its n-th call that changes something."""

    def __init__(self, client: Any, changes: "Changes") -> None:  # noqa: ANN401 - boto3's
        self._client = client
        self._changes = changes

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        if name in {"put_item", "delete_item", "transact_write_items", "delete_objects"}:
            self._changes.count(name)
        return getattr(self._client, name)


class Changes:
    """Counts calls, and dies at one of them."""

    def __init__(self) -> None:
        self.left = 10**9
        self.made: list[str] = []

    def count(self, name: str) -> None:
        if self.left == 0:
            raise DiedError
        self.left -= 1
        self.made.append(name)


@pytest.mark.slow
def test_wherever_a_deletion_dies_the_next_one_leaves_nothing(
    dynamodb: "DynamoDBClient", s3: "S3Client", sessions_table: str
) -> None:
    """Looked up in the stores: no record, no version of a file and no delete marker with that id."""
    bucket = "artifacts-of-deletions"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

    def left() -> list[Any]:
        found = s3.list_object_versions(Bucket=bucket)
        records = dynamodb.scan(TableName=sessions_table)["Items"]
        of_sessions = [item for item in records if not item["session_id"]["S"].startswith("OWNER#")]
        return [*of_sessions, *found.get("Versions", ()), *found.get("DeleteMarkers", ())]

    deaths = 0
    while True:
        changes = Changes()
        world = SessionsWorld(DynamoDBStore(Dying(dynamodb, changes), sessions_table))  # type: ignore[arg-type]
        dying: Any = Dying(s3, changes)
        world.workspaces.delete = S3Workspaces(lambda client=dying: client, bucket).delete  # type: ignore[method-assign, misc]
        session_id = world.submit().state.session_id
        world.run_to(session_id, SessionStatus.AWAITING_REVIEW, results=Results(sow_key="key"), proposal_version=1)
        world.sessions.review_session(ANNA, session_id, Review(3, approve=True))
        world.run_to(session_id, SessionStatus.COMPLETED)
        for body in (b"first", b"second"):
            s3.put_object(Bucket=bucket, Key=f"sessions/{session_id}/versions/1/deck.pptx", Body=body)
        changes.left, changes.made = deaths, []
        try:
            world.sessions.delete_session(ANNA, session_id)
        except DiedError:
            deaths += 1
            if changes.made:  # it died after the mark
                assert_gone(world, session_id)
            changes.left = 10**9
            world.sessions.delete_session(ANNA, session_id)
            assert left() == []
            continue
        break
    assert left() == []
    assert deaths == len(changes.made) == 4


def test_the_log_keeps_the_id_of_a_deleted_session(world: SessionsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = io.StringIO()
    world.log.setLevel("INFO")
    monkeypatch.setattr(world.log.registered_handler, "stream", lines)
    session_id = completed(world)
    world.sessions.delete_session(ANNA, session_id)
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    told = [(line["message"], line["session_id"], "timestamp" in line) for line in logged]
    assert told[-2:] == [("[SESSION] deleting", session_id, True), ("[SESSION] deleted", session_id, True)]
