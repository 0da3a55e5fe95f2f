"""Sessions that are submitted again, and sessions that no worker takes: one submit, one run, and never stuck."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fakes.memory_store import MemoryStore
from fakes.sessions_world import ANNA, BEGIN, SUBMISSION, SessionsWorld

from resolvers.api.caller import Caller
from resolvers.errors import InternalError, LimitExceededError
from resolvers.lifecycle import START_WITHIN
from resolvers.session import AgentEvent, Results, Session, Update
from resolvers.storage.store import LostRaceError
from resolvers.worker import NotStartedError, Start
from schema.statuses import AgentEventType, SessionStatus


@pytest.fixture
def world() -> SessionsWorld:
    return SessionsWorld(MemoryStore())


def test_a_repeated_submit_answers_without_waiting_and_starts_nothing_twice(world: SessionsWorld) -> None:
    """One submit, one run: the worker was started, though no run has taken the session yet."""
    session_id = world.submit().state.session_id
    world.now += timedelta(minutes=74)  # Lambda may keep the event for an hour
    begun = world.now
    again = world.submit()
    assert (again.state.status, again.assessment) == (SessionStatus.PENDING, SUBMISSION.assessment)
    assert (world.invocations, world.now) == ([session_id], begun)


def test_a_repeated_submit_starts_the_worker_once_when_the_first_one_died(world: SessionsWorld) -> None:
    """One submit, one run: not before the first one's time is over, since it may only be slow."""
    world.die_while_submitting()
    world.now += START_WITHIN - timedelta(milliseconds=1)
    assert world.submit().state.status is SessionStatus.PENDING
    assert world.invocations == []
    world.now += timedelta(milliseconds=1)
    session_id = world.submit().state.session_id
    world.now += START_WITHIN
    world.submit()
    assert world.invocations == [session_id]


def test_a_repeated_submit_starts_a_worker_whose_event_lambda_lost(world: SessionsWorld) -> None:
    """Never stuck: nothing came of the event in all the time that Lambda may keep and run it."""
    session_id = world.submit().state.session_id
    world.now += timedelta(minutes=75)
    assert world.submit().state.status is SessionStatus.PENDING
    assert world.invocations == [session_id, session_id]


def test_a_session_whose_submit_died_is_settled_by_a_read(world: SessionsWorld) -> None:
    """Never stuck: a client that only watches sees it, and a repeated submit starts over."""
    world.die_while_submitting()
    [listed] = world.sessions.list_sessions(ANNA, 10, None)[0]
    assert world.read(listed.session_id).status is SessionStatus.PENDING
    world.now += START_WITHIN
    assert world.read(listed.session_id).status is SessionStatus.ERROR
    assert world.submit().state.status is SessionStatus.PENDING
    assert world.invocations == [listed.session_id]


def test_of_two_repeated_submits_one_starts_the_worker(world: SessionsWorld) -> None:
    """One submit, one run: the caller that loses the race starts nothing."""
    world.die_while_submitting()
    world.now += START_WITHIN
    write = world.store.write

    def overtaken(before: Session, after: Session, **more: Any) -> None:  # noqa: ANN401 - the store's
        world.store.write = write  # type: ignore[method-assign]
        world.submit()
        write(before, after, **more)

    world.store.write = overtaken  # type: ignore[method-assign, assignment]
    session_id = world.submit().state.session_id
    assert world.invocations == [session_id]


def test_a_start_that_fails_late_leaves_a_newer_one_alone(world: SessionsWorld) -> None:
    """One submit, one run: the session was cancelled and retried while the first submit's invocation hung."""

    def cancelled_and_retried(start: Start) -> None:
        del world.invoke_agent_async
        world.sessions.cancel_session(ANNA, start.session_id)
        world.sessions.retry_session(ANNA, start.session_id)
        raise NotStartedError("timed out")

    world.invoke_agent_async = cancelled_and_retried  # type: ignore[method-assign]
    with pytest.raises(InternalError, match="could not be started"):
        world.submit()
    [session_id] = world.invocations
    assert world.read(session_id).status is SessionStatus.PENDING


def test_a_repeated_submit_starts_over_when_the_worker_could_not_be_started(world: SessionsWorld) -> None:
    """One submit, one run: the caller who was told of the failure submits again with the same token."""
    world.down = True
    with pytest.raises(Exception, match="could not be started"):
        world.submit()
    world.down = False
    again = world.submit().state
    assert (again.status, again.error_message) == (SessionStatus.PENDING, None)
    assert world.invocations == [again.session_id]


def test_a_cancelled_session_is_not_started_by_a_repeated_submit(world: SessionsWorld) -> None:
    """One submit, one run: what the user stopped stays stopped until retrySession."""
    session_id = world.submit().state.session_id
    world.sessions.cancel_session(ANNA, session_id)
    assert world.submit().state.status is SessionStatus.CANCELLED
    assert world.invocations == [session_id]


def test_a_session_that_no_worker_ever_took_is_settled_by_a_read(world: SessionsWorld) -> None:
    """Never stuck: though Lambda lost the event and its failure too."""
    session_id = world.submit().state.session_id
    world.now += timedelta(minutes=74)
    assert world.read(session_id).status is SessionStatus.PENDING
    world.now += timedelta(minutes=1)
    settled = world.read(session_id)
    assert settled.status is SessionStatus.ERROR
    assert "retrySession" in (settled.error_message or "")
    assert world.read(session_id) == settled


def test_a_session_whose_run_fell_silent_is_settled_by_a_read(world: SessionsWorld) -> None:
    """Never stuck: 15 minutes after the lease's end no run is expected any more."""
    session_id = world.submit().state.session_id
    world.claim(session_id)
    world.now += timedelta(minutes=15, seconds=59)
    assert world.read(session_id).status is SessionStatus.PROCESSING
    world.now += timedelta(seconds=1)
    assert world.read(session_id).status is SessionStatus.ERROR
    assert world.sessions.retry_session(ANNA, session_id).state.status is SessionStatus.PENDING


def test_the_list_settles_what_nobody_reads(world: SessionsWorld) -> None:
    """Never stuck: a session that its owner sees only in the list ends there too."""
    waiting = world.submit().state.session_id
    world.now += timedelta(minutes=74)
    assert [one.status for one in world.sessions.list_sessions(ANNA, 10, None)[0]] == [SessionStatus.PENDING]
    world.now += timedelta(minutes=1)
    [listed] = world.sessions.list_sessions(ANNA, 10, None)[0]
    assert (listed.session_id, listed.status) == (waiting, SessionStatus.ERROR)
    assert world.read(waiting).status is SessionStatus.ERROR


def test_a_submit_whose_transaction_met_another_ones_is_tried_again(world: SessionsWorld) -> None:
    """Never lost: DynamoDB cancels one of two transactions that meet, sometimes both, before either is through."""
    create, refusals = world.store.create, [LostRaceError(), LostRaceError()]

    def conflicting(*given: Any) -> None:  # noqa: ANN401 - the store's
        if refusals:
            raise refusals.pop()
        create(*given)

    world.store.create = conflicting  # type: ignore[method-assign, assignment]
    session_id = world.submit().state.session_id
    assert world.read(session_id).status is SessionStatus.PENDING
    assert world.invocations == [session_id]


def test_cancelling_while_the_run_ends_answers_with_its_results(world: SessionsWorld) -> None:
    """One revision shows one thing: the answer has the results of the state that it shows."""
    session_id = world.submit().state.session_id
    run_id = str(uuid.uuid4())
    world.sessions.update_session_status(Update(session_id, run_id, 0, SessionStatus.PROCESSING, None, 5))
    write = world.store.write
    ending = Update(session_id, run_id, 2, SessionStatus.COMPLETED, None, 100, results=Results(sow_key="key"))

    def overtaken(before: Session, after: Session, **more: Any) -> None:  # noqa: ANN401 - the store's
        world.store.write = write  # type: ignore[method-assign]
        world.sessions.update_session_status(ending)
        write(before, after, **more)

    world.store.write = overtaken  # type: ignore[method-assign, assignment]
    answer = world.sessions.cancel_session(ANNA, session_id)
    assert (answer.state.status, answer.results.sow_key) == (SessionStatus.COMPLETED, "key")


def test_events_that_are_not_visible_yet_are_announced(world: SessionsWorld) -> None:
    """Never lost: the log may be read between the two writes of a transaction, and then there is more to come."""
    session_id = world.submit().state.session_id
    run_id = str(uuid.uuid4())
    world.sessions.update_session_status(Update(session_id, run_id, 0, SessionStatus.PROCESSING, None, 5))
    event = AgentEvent(1, AgentEventType.CHUNK, None, "text", truncated=False, timestamp="2026-11-22T10:30:00.000Z")
    update = Update(session_id, run_id, 2, SessionStatus.PROCESSING, None, 5, events=(event,))
    world.sessions.update_session_status(update)
    world.store.events = lambda *_: []  # type: ignore[method-assign]
    page = world.sessions.read_events(ANNA, session_id, 0, 100)
    assert page is not None
    assert page.has_more


def test_a_run_long_abandoned_can_be_retried_without_a_read_in_between(world: SessionsWorld) -> None:
    """Never stuck: whatever a user asks of such a session settles it first."""
    session_id = world.submit().state.session_id
    world.claim(session_id)
    world.now += timedelta(minutes=16)
    assert world.sessions.retry_session(ANNA, session_id).state.status is SessionStatus.PENDING


def limited(world: SessionsWorld, submit: Callable[[], object]) -> str:
    """The limit that forbids this submit."""
    with pytest.raises(LimitExceededError) as refused:
        submit()
    assert isinstance(refused.value.info, dict)
    return str(refused.value.info["limit"])


def test_an_owner_with_as_many_sessions_as_allowed_starts_no_other(world: SessionsWorld) -> None:
    """Five by default. Each end of a session frees one: a cancel, a failure to start, the worker's own."""
    sessions = [world.submit_another() for _ in range(5)]
    assert limited(world, world.submit_another) == "ACTIVE_SESSIONS"
    assert len(world.invocations) == 5
    world.sessions.cancel_session(ANNA, sessions[0])
    world.down = True
    with pytest.raises(InternalError):
        world.submit_another()
    world.down = False
    world.submit_another()
    assert limited(world, world.submit_another) == "ACTIVE_SESSIONS"
    assert limited(world, lambda: world.sessions.retry_session(ANNA, sessions[0])) == "ACTIVE_SESSIONS"
    assert world.sessions.create_session(Caller("user#ben"), SUBMISSION).state.status is SessionStatus.PENDING


def test_a_repeated_submit_is_answered_however_many_sessions_there_are(world: SessionsWorld) -> None:
    session_id = world.submit().state.session_id
    for _ in range(4):
        world.submit_another()
    assert world.submit().state.session_id == session_id
    world.sessions.cancel_session(ANNA, session_id)
    world.submit_another()
    assert world.submit().state.status is SessionStatus.CANCELLED


def test_sessions_that_nobody_has_settled_make_room_for_a_submit(world: SessionsWorld) -> None:
    """Their workers died long ago. Without a check, their owner could not submit until the sessions expire."""
    sessions = [world.submit_another() for _ in range(5)]
    for session_id in sessions:
        world.claim(session_id)
    world.now += timedelta(minutes=16)
    world.submit_another()
    assert {world.stored(session_id).status for session_id in sessions} == {SessionStatus.ERROR}


def test_sessions_that_have_expired_make_room_for_a_submit(world: SessionsWorld) -> None:
    for _ in range(5):
        world.claim(world.submit_another())
    world.now += timedelta(days=30)
    world.submit_another()
    assert len(world.store.activity("user#anna").active) == 1


def test_a_flood_of_refused_submits_looks_at_the_sessions_once_a_minute(world: SessionsWorld) -> None:
    for _ in range(5):
        world.submit_another()
    world.reads_of_sessions.clear()
    for _ in range(100):
        assert limited(world, world.submit_another) == "ACTIVE_SESSIONS"
    assert len(world.reads_of_sessions) == 5
    world.now += timedelta(minutes=1)
    assert limited(world, world.submit_another) == "ACTIVE_SESSIONS"
    assert len(world.reads_of_sessions) == 10


def test_of_five_thousand_submits_of_one_owner_five_run(world: SessionsWorld) -> None:
    """The others are refused and do not count, so the owner can go on when a session has ended."""
    sessions = [world.submit_another() for _ in range(5)]
    for _ in range(4_995):
        assert limited(world, world.submit_another) == "ACTIVE_SESSIONS"
    assert world.invocations == sessions
    assert world.store.activity("user#anna").submits == 5
    world.sessions.cancel_session(ANNA, sessions[0])
    world.submit_another()


def test_a_hundred_submits_and_retries_are_allowed_in_a_day(world: SessionsWorld) -> None:
    """By default. The count begins again at midnight in UTC."""
    session_id = world.submit_another()
    for _ in range(99):
        world.sessions.cancel_session(ANNA, session_id)
        world.sessions.retry_session(ANNA, session_id)
    assert limited(world, world.submit_another) == "SUBMITS_PER_DAY"
    world.sessions.cancel_session(ANNA, session_id)
    assert limited(world, lambda: world.sessions.retry_session(ANNA, session_id)) == "SUBMITS_PER_DAY"
    world.now = BEGIN.replace(hour=0, minute=0) + timedelta(days=1)
    assert world.sessions.retry_session(ANNA, session_id).state.status is SessionStatus.PENDING
