"""Sessions that wait for a review, are reviewed and are read: no edit is lost, and no version."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fakes.memory_store import MemoryStore
from fakes.sessions_world import ANNA, DiedError, SessionsWorld

from resolvers.api.caller import Caller
from resolvers.errors import ConflictError, InternalError, LimitExceededError, NotFoundError
from resolvers.lifecycle import START_WITHIN
from resolvers.session import Results, Session
from resolvers.worker import Start
from schema.review import Review
from schema.statuses import SessionStatus

BEN = Caller("user#ben")


@pytest.fixture
def world() -> SessionsWorld:
    return SessionsWorld(MemoryStore())


def priced(world: SessionsWorld) -> str:
    """The id of a session that waits for a review."""
    session_id = world.submit().state.session_id
    world.run_to(session_id, SessionStatus.AWAITING_REVIEW, proposal_version=1)
    return session_id


def review_of(world: SessionsWorld, session_id: str, **said: Any) -> Review:  # noqa: ANN401 - a review's fields
    """A review of the session as it is."""
    return Review(world.stored(session_id).revision + 1, **{"approve": True, **said})


def reason(refused: pytest.ExceptionInfo[ConflictError]) -> object:
    assert isinstance(refused.value.info, dict)
    return refused.value.info["reason"]


def test_a_review_starts_a_run_that_works_on_it(world: SessionsWorld) -> None:
    session_id = priced(world)
    review = review_of(world, session_id, team_size=3)
    session = world.sessions.review_session(ANNA, session_id, review)
    assert (session.state.status, session.state.progress) == (SessionStatus.PENDING, 50)
    assert session.assessment is not None
    assert world.starts[-1] == Start(session_id, session.assessment, session.state.revision, review, 1)
    assert world.run_to(session_id, SessionStatus.COMPLETED).status is SessionStatus.COMPLETED


def test_a_completed_session_is_revised_and_waits_again(world: SessionsWorld) -> None:
    """Its earlier version is still there while the next one is made."""
    session_id = priced(world)
    world.sessions.review_session(ANNA, session_id, review_of(world, session_id))
    world.run_to(session_id, SessionStatus.COMPLETED)
    second = review_of(world, session_id, approve=False, duration="5 months")
    world.sessions.review_session(ANNA, session_id, second)
    assert (world.starts[-1].review, world.starts[-1].proposal_version) == (second, 1)
    waiting = world.run_to(session_id, SessionStatus.AWAITING_REVIEW, proposal_version=2)
    assert (waiting.status, waiting.proposal_version) == (SessionStatus.AWAITING_REVIEW, 2)


def test_a_revised_sessions_results_keep_its_figures_and_show_no_document_of_the_version_before(
    world: SessionsWorld,
) -> None:
    session_id = priced(world)
    world.sessions.review_session(ANNA, session_id, review_of(world, session_id))
    made = Results("{}", None, ("t.pptx",), "deck-v1", "sow-v1", "page-v1")
    world.run_to(session_id, SessionStatus.COMPLETED, results=made)
    answered = world.sessions.review_session(ANNA, session_id, review_of(world, session_id, team_size=2))
    read = world.sessions.get_session_status(ANNA, session_id, with_assessment=False)
    assert read is not None
    assert answered.results == read.results == Results("{}", None, ("t.pptx",))
    assert read.state.results_revision == read.state.revision
    world.run_to(session_id, SessionStatus.COMPLETED, results=Results(powerpoint_key="deck-v2"), proposal_version=2)
    again = world.sessions.get_session_status(ANNA, session_id, with_assessment=False)
    assert again is not None
    assert (again.results.powerpoint_key, again.results.sow_key) == ("deck-v2", None)


def test_a_review_writes_no_results_where_there_is_no_document(world: SessionsWorld) -> None:
    session_id = world.submit().state.session_id
    world.run_to(session_id, SessionStatus.AWAITING_REVIEW, proposal_version=1, results=Results("{}"))
    written = world.stored(session_id).results_revision
    world.sessions.review_session(ANNA, session_id, review_of(world, session_id))
    assert world.stored(session_id).results_revision == written


def test_a_review_whose_worker_can_not_be_started_is_taken_up_by_a_retry(world: SessionsWorld) -> None:
    session_id = priced(world)
    review = review_of(world, session_id, note="an hour's work")
    world.down = True
    with pytest.raises(InternalError, match="retrySession"):
        world.sessions.review_session(ANNA, session_id, review)
    assert world.read(session_id).status is SessionStatus.ERROR
    world.down = False
    world.sessions.retry_session(ANNA, session_id)
    assert world.starts[-1].review == review


def test_a_review_whose_request_died_is_taken_up_by_a_retry(world: SessionsWorld) -> None:
    """It was accepted, and its worker was never invoked: a read settles the session."""
    session_id = priced(world)
    review = review_of(world, session_id)
    world.dies = True
    with pytest.raises(DiedError):
        world.sessions.review_session(ANNA, session_id, review)
    world.dies = False
    world.now += START_WITHIN
    assert world.read(session_id).status is SessionStatus.ERROR
    world.sessions.retry_session(ANNA, session_id)
    assert world.starts[-1].review == review


def test_a_run_that_fails_on_a_review_is_retried_with_it(world: SessionsWorld) -> None:
    session_id = priced(world)
    review = review_of(world, session_id)
    world.sessions.review_session(ANNA, session_id, review)
    world.run_to(session_id, SessionStatus.ERROR)
    world.sessions.retry_session(ANNA, session_id)
    assert (world.starts[-1].review, world.starts[-1].proposal_version) == (review, 1)


def test_a_repeated_submit_starts_a_reviewed_session_with_its_review(world: SessionsWorld) -> None:
    """Lambda lost the review's event, and the client only knows its token."""
    session_id = priced(world)
    review = review_of(world, session_id)
    world.sessions.review_session(ANNA, session_id, review)
    world.now += timedelta(minutes=75)
    assert world.submit().state.session_id == session_id
    assert [start.review for start in world.starts] == [None, review, review]


def test_the_second_of_two_reviewers_learns_the_newest_revision(world: SessionsWorld) -> None:
    session_id = priced(world)
    first, second = review_of(world, session_id, team_size=3), review_of(world, session_id, team_size=9)
    write = world.store.write

    def overtaken(before: Session, after: Session, **more: Any) -> None:  # noqa: ANN401 - the store's
        world.store.write = write  # type: ignore[method-assign]
        world.sessions.review_session(ANNA, session_id, first)
        write(before, after, **more)

    world.store.write = overtaken  # type: ignore[method-assign, assignment]
    with pytest.raises(ConflictError) as refused:
        world.sessions.review_session(ANNA, session_id, second)
    assert refused.value.info == {"reason": "RUNNING", "revision": first.id}
    assert world.starts[-1].review == first
    assert world.store.review(session_id, world.now) == first


def test_a_waiting_session_takes_no_place_until_it_is_reviewed(world: SessionsWorld) -> None:
    """Five sessions may be active by default. A review that is refused for it can be sent again later."""
    session_id = priced(world)
    others = [world.submit_another() for _ in range(5)]
    review = review_of(world, session_id)
    with pytest.raises(LimitExceededError, match="5 of 5"):
        world.sessions.review_session(ANNA, session_id, review)
    assert world.stored(session_id).status is SessionStatus.AWAITING_REVIEW
    assert world.store.review(session_id, world.now) is None
    world.sessions.cancel_session(ANNA, others[0])
    world.sessions.review_session(ANNA, session_id, review)
    with pytest.raises(LimitExceededError):
        world.submit_another()


def test_a_waiting_session_is_settled_by_nobody_and_costs_no_reads_in_the_list(world: SessionsWorld) -> None:
    session_id = priced(world)
    world.now += timedelta(days=29)
    world.reads_of_sessions.clear()
    [listed] = world.sessions.list_sessions(ANNA, 10, None)[0]
    assert (listed.status, world.reads_of_sessions) == (SessionStatus.AWAITING_REVIEW, [])
    assert world.read(session_id).status is SessionStatus.AWAITING_REVIEW
    world.now += timedelta(days=1)
    assert world.sessions.get_session_status(ANNA, session_id, with_assessment=False) is None


def test_a_waiting_session_is_not_retried_but_cancelled_at_once(world: SessionsWorld) -> None:
    session_id = priced(world)
    with pytest.raises(ConflictError) as refused:
        world.sessions.retry_session(ANNA, session_id)
    assert reason(refused) == "AWAITING_REVIEW"
    assert world.sessions.cancel_session(ANNA, session_id).state.status is SessionStatus.CANCELLED


def test_anothers_session_can_not_be_reviewed(world: SessionsWorld) -> None:
    session_id = priced(world)
    with pytest.raises(NotFoundError):
        world.sessions.review_session(BEN, session_id, review_of(world, session_id))


def test_every_version_of_a_proposal_can_be_read_and_none_that_is_not_published(world: SessionsWorld) -> None:
    """A file lies there before its version is published: what a run that died has left is no proposal."""
    session_id = priced(world)
    world.workspaces.files[session_id] = {f"versions/{n}/proposal.json": {"version": n} for n in (1, 2, 3)}
    world.sessions.review_session(ANNA, session_id, review_of(world, session_id))
    world.run_to(session_id, SessionStatus.COMPLETED, proposal_version=2)
    read = world.sessions.read_proposal
    assert read(ANNA, session_id, None) == {"version": 2}
    assert read(ANNA, session_id, 1) == {"version": 1}
    assert [read(ANNA, session_id, version) for version in (3, 0, -1)] == [None] * 3
    assert read(BEN, session_id, None) is None
    assert read(Caller(None), session_id, None) == {"version": 2}
    world.workspaces.files.clear()
    assert read(ANNA, session_id, None) is None


def test_before_there_is_a_proposal_there_is_none_to_read(world: SessionsWorld) -> None:
    assert world.sessions.read_proposal(ANNA, world.submit().state.session_id, None) is None
    assert world.sessions.read_proposal(ANNA, "no id", None) is None


def test_a_table_that_lost_a_review_starts_no_run_without_it(world: SessionsWorld) -> None:
    """The list that the reviewer changed would be priced as it was before."""
    session_id = priced(world)
    world.sessions.review_session(ANNA, session_id, review_of(world, session_id))
    failed = world.run_to(session_id, SessionStatus.ERROR)
    lost = replace(failed, review_revision=failed.review_revision + 1, version=failed.version + 1)
    world.store.write(Session(failed), Session(lost))
    with pytest.raises(RuntimeError, match="another review than its newest"):
        world.sessions.retry_session(ANNA, session_id)
    assert len(world.starts) == 2
