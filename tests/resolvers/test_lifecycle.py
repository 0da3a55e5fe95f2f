"""The life cycle: every act in every phase, without a clock, a table or a network."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from resolvers import lifecycle
from resolvers.errors import ConflictError
from resolvers.lifecycle import ABANDONED_AFTER, LEASE, START_WITHIN, UNSTARTED_AFTER, Phase
from resolvers.lifecycle.table import REFUSALS, TRANSITIONS, Act
from resolvers.session import AgentEvent, Results, State, Update
from schema.assessment import Assessment
from schema.statuses import AgentEventType, SessionStatus

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)
ASSESSMENT = Assessment("Northwind", None, None, "They need a portal.", None, None)


def new() -> State:
    return lifecycle.create("s", "owner", ASSESSMENT, digest="d", now=NOW, keep=timedelta(days=30))


def claim(run_id: str = "run-1") -> Update:
    return Update("s", run_id, 0, SessionStatus.PROCESSING, "Starting the agent", 5)


def events(first: int, count: int = 1) -> tuple[AgentEvent, ...]:
    return tuple(
        AgentEvent(first + n, AgentEventType.CHUNK, None, "text", truncated=False, timestamp="2026-11-22T10:30:00.000Z")
        for n in range(count)
    )


def update(revision: int, status: SessionStatus = SessionStatus.ANALYZING_REQUIREMENTS, **changes: object) -> Update:
    base = Update("s", "run-1", revision, status, "Running RequirementsAnalyzer", 5)
    return replace(base, **changes)  # type: ignore[arg-type]


def running() -> State:
    return lifecycle.publish(new(), claim(), NOW)


def in_phase(phase: Phase) -> tuple[State, datetime]:
    """A state in this phase, and the time at which it is."""
    match phase:
        case Phase.WAITING:
            return new(), NOW
        case Phase.RUNNING:
            return running(), NOW
        case Phase.ABANDONED:
            return running(), NOW + LEASE
        case Phase.IN_REVIEW:
            return lifecycle.publish(running(), update(2, SessionStatus.AWAITING_REVIEW, progress=50), NOW), NOW
        case Phase.COMPLETED:
            return lifecycle.publish(running(), update(2, SessionStatus.COMPLETED), NOW), NOW
        case Phase.FAILED:
            return lifecycle.publish(running(), update(2, SessionStatus.ERROR, error_message="broke"), NOW), NOW


def test_every_act_in_every_phase_has_a_transition_or_a_refusal() -> None:
    for phase in Phase:
        for act in Act:
            assert act in TRANSITIONS[phase] or (act, phase) in REFUSALS or act in REFUSALS, (phase, act)


@pytest.mark.parametrize("phase", Phase)
def test_the_phase_is_told_from_the_state_and_the_time(phase: Phase) -> None:
    state, now = in_phase(phase)
    assert lifecycle.phase(state, now) is phase


def test_a_new_session_is_pending_at_revision_zero() -> None:
    state = new()
    assert (state.status, state.progress, state.revision, state.last_sequence) == (SessionStatus.PENDING, 0, 0, 0)
    assert state.expires_at == NOW + timedelta(days=30)


def test_a_claim_takes_the_lease_and_says_processing() -> None:
    state = lifecycle.publish(new(), claim(), LATER)
    assert (state.status, state.progress, state.revision) == (SessionStatus.PROCESSING, 5, 1)
    assert state.lease is not None
    assert (state.lease.run_id, state.lease.expires_at) == ("run-1", LATER + LEASE)
    assert state.updated_at == LATER


def test_the_owners_list_is_told_of_changes_that_it_shows_alone() -> None:
    """Another event or another stage is no reason to write the index."""
    claimed = lifecycle.publish(new(), claim(), LATER)
    assert claimed.listed_at == LATER
    later = LATER + timedelta(seconds=1)
    said = lifecycle.publish(claimed, update(2, status=SessionStatus.PROCESSING, current_stage="Thinking"), later)
    assert (said.updated_at, said.listed_at) == (later, LATER)
    moved = lifecycle.publish(said, update(3, status=SessionStatus.REQUIREMENTS_ANALYZED, progress=30), later)
    assert moved.listed_at == later


def test_a_claim_repeated_by_the_holder_answers_the_same_and_renews_the_lease() -> None:
    once = running()
    twice = lifecycle.publish(once, claim(), LATER)
    assert twice.lease is not None
    assert twice.lease.expires_at == LATER + LEASE
    assert replace(twice, lease=once.lease, version=once.version) == once


def test_another_run_is_refused_until_the_lease_ends() -> None:
    state = running()
    with pytest.raises(ConflictError) as refused:
        lifecycle.publish(state, claim("run-2"), NOW + LEASE - timedelta(milliseconds=1))
    assert refused.value.info == {"reason": "LEASED", "leaseExpiresAt": "2026-11-22T10:31:00.000Z"}
    taken = lifecycle.publish(state, claim("run-2"), NOW + LEASE)
    assert taken.lease is not None
    assert taken.lease.run_id == "run-2"


def test_a_resumed_run_keeps_status_progress_and_sequence() -> None:
    state = lifecycle.publish(
        running(), update(2, SessionStatus.COSTS_CALCULATED, progress=50, events=events(1, 3)), NOW
    )
    resumed = lifecycle.publish(state, claim("run-2"), NOW + LEASE)
    assert (resumed.status, resumed.progress) == (SessionStatus.COSTS_CALCULATED, 50)
    assert (resumed.revision, resumed.last_sequence) == (3, 3)
    assert resumed.current_stage == "Starting the agent"


def test_a_run_that_lost_the_lease_is_refused() -> None:
    taken = lifecycle.publish(running(), claim("run-2"), NOW + LEASE)
    with pytest.raises(ConflictError) as refused:
        lifecycle.publish(taken, update(3), NOW + LEASE)
    assert refused.value.info == {"reason": "SUPERSEDED"}


def test_a_run_keeps_an_expired_lease_that_nobody_took() -> None:
    state = lifecycle.publish(running(), update(2), NOW + LEASE * 2)
    assert state.lease is not None
    assert state.lease.expires_at == NOW + LEASE * 3


def test_an_update_raises_the_revision_and_renews_the_lease() -> None:
    state = lifecycle.publish(running(), update(2, events=events(1, 2), results=Results(powerpoint_key="k")), LATER)
    assert (state.revision, state.last_sequence, state.version) == (2, 2, 3)
    assert state.results_revision == 2
    assert state.lease is not None
    assert state.lease.expires_at == LATER + LEASE


def test_a_replayed_update_finds_the_state_that_the_first_one_made() -> None:
    once = lifecycle.publish(running(), update(2, events=events(1)), NOW)
    assert lifecycle.publish(once, update(2, events=events(1)), LATER) is once


def test_a_replay_of_the_last_update_is_answered_after_the_end() -> None:
    last = update(2, SessionStatus.COMPLETED, events=events(1))
    ended = lifecycle.publish(running(), last, NOW)
    assert lifecycle.publish(ended, last, LATER) is ended


@pytest.mark.parametrize(
    "wrong",
    [
        update(4),
        update(1, events=events(1)),
        update(2, events=events(2)),
    ],
    ids=["a revision skipped", "an old revision with new events", "a sequence skipped"],
)
def test_an_update_that_is_not_the_next_one_is_refused(wrong: Update) -> None:
    with pytest.raises(ConflictError) as refused:
        lifecycle.publish(running(), wrong, NOW)
    assert refused.value.info == {"reason": "OUT_OF_ORDER"}


def test_the_same_revision_with_other_events_is_no_replay() -> None:
    state = lifecycle.publish(running(), update(2, events=events(1)), NOW)
    for other in (events(1, 2), (replace(events(1)[0], text="other"),), ()):
        with pytest.raises(ConflictError):
            lifecycle.publish(state, update(2, events=other), NOW)


def test_status_and_progress_never_go_back_but_the_stage_tells_the_truth() -> None:
    state = lifecycle.publish(running(), update(2, SessionStatus.COSTS_CALCULATED, progress=50), NOW)
    again = lifecycle.publish(state, update(3, SessionStatus.ANALYZING_REQUIREMENTS, progress=30), NOW)
    assert (again.status, again.progress) == (SessionStatus.COSTS_CALCULATED, 50)
    assert again.current_stage == "Running RequirementsAnalyzer"


def test_completed_is_a_hundred_percent_and_an_error_keeps_progress_and_stage() -> None:
    state = lifecycle.publish(running(), update(2, SessionStatus.COSTS_CALCULATED, progress=50), NOW)
    done = lifecycle.publish(state, update(3, SessionStatus.COMPLETED, progress=95, current_stage="Completed"), NOW)
    assert (done.progress, done.current_stage) == (100, "Completed")
    failed = lifecycle.publish(
        state, update(3, SessionStatus.ERROR, progress=0, current_stage=None, error_message="broke"), NOW
    )
    assert (failed.progress, failed.error_message) == (50, "broke")
    assert failed.current_stage == "Running RequirementsAnalyzer"


AT_REST = [Phase.IN_REVIEW, Phase.COMPLETED, Phase.FAILED]
AT_WORK = [Phase.WAITING, Phase.RUNNING, Phase.ABANDONED]


@pytest.mark.parametrize("phase", AT_REST)
def test_a_session_without_a_run_takes_no_more_updates_or_claims(phase: Phase) -> None:
    state, now = in_phase(phase)
    another = claim("run-2")
    late_ones = (
        update(3),
        update(7),
        another,
        claim(),
        replace(update(3), run_id="run-2"),
        replace(another, review_id=9),
    )
    for late in late_ones:
        with pytest.raises(ConflictError) as refused:
            lifecycle.publish(state, late, now)
        assert refused.value.info == {"reason": "ENDED"}


def test_cancelling_a_running_session_asks_its_run_and_keeps_its_count() -> None:
    asked = lifecycle.cancel(running(), LATER)
    assert (asked.cancel_requested, asked.status, asked.revision) == (True, SessionStatus.PROCESSING, 1)
    assert lifecycle.cancel(asked, LATER) is asked
    assert lifecycle.publish(asked, update(2, SessionStatus.CANCELLED), LATER).status is SessionStatus.CANCELLED


@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.ABANDONED, Phase.IN_REVIEW])
def test_cancelling_without_a_live_run_ends_the_session_at_once(phase: Phase) -> None:
    state, now = in_phase(phase)
    ended = lifecycle.cancel(state, now)
    assert (ended.status, ended.revision, ended.cancel_requested) == (SessionStatus.CANCELLED, state.revision + 1, True)
    with pytest.raises(ConflictError):
        lifecycle.publish(ended, update(ended.revision), now)


@pytest.mark.parametrize("phase", [Phase.COMPLETED, Phase.FAILED])
def test_cancelling_an_ended_session_changes_nothing(phase: Phase) -> None:
    state, now = in_phase(phase)
    assert lifecycle.cancel(state, now) is state


def test_a_failed_session_starts_over_and_its_old_run_is_out() -> None:
    failed, now = in_phase(Phase.FAILED)
    again = lifecycle.retry(failed, now)
    assert (again.status, again.progress, again.revision) == (SessionStatus.PENDING, 0, failed.revision + 1)
    assert (again.error_message, again.cancel_requested) == (None, False)
    with pytest.raises(ConflictError):
        lifecycle.publish(again, update(again.revision + 1), now)
    assert lifecycle.publish(again, claim("run-2"), now).status is SessionStatus.PROCESSING


@pytest.mark.parametrize(
    ("phase", "reason"),
    [
        (Phase.WAITING, "RUNNING"),
        (Phase.RUNNING, "RUNNING"),
        (Phase.ABANDONED, "RUNNING"),
        (Phase.IN_REVIEW, "AWAITING_REVIEW"),
        (Phase.COMPLETED, "COMPLETED"),
    ],
)
def test_only_a_failed_session_can_be_retried(phase: Phase, reason: str) -> None:
    state, now = in_phase(phase)
    with pytest.raises(ConflictError) as refused:
        lifecycle.retry(state, now)
    assert refused.value.info == {"reason": reason}


def waiting_for_a_review() -> State:
    return in_phase(Phase.IN_REVIEW)[0]


def test_a_session_that_waits_for_a_review_costs_no_place_and_is_never_settled() -> None:
    """Its run is over, but the run's last update may still be sent again."""
    state = waiting_for_a_review()
    assert (state.status, state.progress, state.active) == (SessionStatus.AWAITING_REVIEW, 50, False)
    assert lifecycle.settle(state, NOW + timedelta(days=29)) is state
    assert lifecycle.publish(state, update(2, SessionStatus.AWAITING_REVIEW, progress=50), LATER) is state


def test_a_cancel_that_the_run_did_not_see_counts_when_it_would_wait() -> None:
    """The user has asked for the end, so nobody is asked for a review."""
    asked = lifecycle.cancel(running(), NOW)
    ended = lifecycle.publish(asked, update(2, SessionStatus.AWAITING_REVIEW, progress=50), NOW)
    assert ended.status is SessionStatus.CANCELLED


@pytest.mark.parametrize("phase", [Phase.IN_REVIEW, Phase.COMPLETED])
def test_a_review_starts_a_run_at_the_price(phase: Phase) -> None:
    state, now = in_phase(phase)
    after = lifecycle.review(replace(state, proposal_version=2), state.revision + 1, now)
    assert (after.status, after.progress) == (SessionStatus.PENDING, 50)
    assert after.current_stage == "Review received. Processing in background."
    assert (after.revision, after.review_revision) == (state.revision + 1, state.revision + 1)
    assert (after.lease, after.starting_until, after.proposal_version) == (None, now + START_WITHIN, 2)
    assert after.active


@pytest.mark.parametrize(
    ("phase", "behind", "reason"),
    [
        (Phase.WAITING, 0, "RUNNING"),
        (Phase.RUNNING, 0, "RUNNING"),
        (Phase.RUNNING, 1, "RUNNING"),
        (Phase.ABANDONED, 0, "RUNNING"),
        (Phase.IN_REVIEW, 1, "OUTDATED"),
        (Phase.IN_REVIEW, -1, "OUTDATED"),
        (Phase.COMPLETED, 1, "OUTDATED"),
        (Phase.FAILED, 0, "FAILED"),
        (Phase.FAILED, 1, "FAILED"),
    ],
)
def test_a_review_of_anything_else_is_refused_with_the_newest_revision(phase: Phase, behind: int, reason: str) -> None:
    state, now = in_phase(phase)
    with pytest.raises(ConflictError) as refused:
        lifecycle.review(state, state.revision - behind + 1, now)
    assert refused.value.info == {"reason": reason, "revision": state.revision}


def test_a_worker_that_was_started_before_the_review_can_not_claim_the_session() -> None:
    """Lambda may deliver its event again. It would price the list that the reviewer has changed."""
    state = waiting_for_a_review()
    reviewed = lifecycle.review(state, state.revision + 1, NOW)
    for now, was in ((NOW, reviewed), (NOW + LEASE, lifecycle.publish(reviewed, claim("run-2"), NOW))):
        with pytest.raises(ConflictError) as refused:
            lifecycle.publish(was, replace(claim("run-3"), review_id=0), now)
        assert refused.value.info == {"reason": "SUPERSEDED"}
        newest = replace(claim("run-3"), review_id=reviewed.review_revision)
        assert lifecycle.publish(was, newest, now).status is SessionStatus.PROCESSING


def test_a_retry_keeps_the_review_that_its_run_works_on() -> None:
    state = waiting_for_a_review()
    reviewed = lifecycle.review(state, state.revision + 1, NOW)
    failed = lifecycle.fail_to_start(reviewed, reviewed.revision, "could not be started", NOW)
    again = lifecycle.retry(failed, NOW)
    assert (again.status, again.progress, again.review_revision) == (SessionStatus.PENDING, 0, reviewed.revision)


def test_the_proposals_version_never_goes_down() -> None:
    state = lifecycle.publish(running(), update(2, proposal_version=2), NOW)
    assert lifecycle.publish(state, update(3, proposal_version=1), NOW).proposal_version == 2
    assert lifecycle.publish(state, update(3), NOW).proposal_version == 2


@pytest.mark.parametrize("phase", AT_REST)
def test_a_session_without_a_run_can_be_deleted_and_keeps_nothing_of_the_client(phase: Phase) -> None:
    state, now = in_phase(phase)
    after = lifecycle.delete(state, now)
    assert (after.deleting, after.version, after.owner) == (True, state.version + 1, state.owner)
    assert "Northwind" not in repr(after)


@pytest.mark.parametrize("phase", AT_WORK)
def test_a_session_at_work_can_not_be_deleted(phase: Phase) -> None:
    state, now = in_phase(phase)
    with pytest.raises(ConflictError) as refused:
        lifecycle.delete(state, now)
    assert refused.value.info == {"reason": "RUNNING"}


def test_a_session_whose_worker_could_not_be_invoked_says_so() -> None:
    failed = lifecycle.fail_to_start(new(), 0, "could not be started", NOW)
    assert (failed.status, failed.error_message) == (SessionStatus.ERROR, "could not be started")


def test_a_run_that_started_after_all_is_not_failed() -> None:
    state = running()
    assert lifecycle.fail_to_start(state, state.revision, "could not be started", NOW) is state


def test_a_session_cancelled_and_retried_is_not_failed_by_its_first_start() -> None:
    again = lifecycle.retry(lifecycle.cancel(new(), NOW), NOW)
    assert lifecycle.fail_to_start(again, 0, "could not be started", NOW) is again
    assert lifecycle.started(again, 0, NOW) is again


def test_a_start_is_begun_again_only_when_the_request_that_began_it_is_over() -> None:
    state = new()
    end = NOW + START_WITHIN
    assert lifecycle.start_again(state, end - timedelta(milliseconds=1)) is state
    again = lifecycle.start_again(state, end)
    assert (again.starting_until, again.revision, again.version) == (end + START_WITHIN, 0, 2)
    assert lifecycle.start_again(again, end) is again


def test_a_start_that_lambda_took_is_begun_again_only_when_no_run_can_come_of_it() -> None:
    state = lifecycle.started(new(), 0, NOW)
    assert (state.starting_until, state.revision, state.updated_at) == (None, 0, NOW)
    assert lifecycle.started(state, 0, NOW) is state
    end = NOW + UNSTARTED_AFTER
    assert lifecycle.start_again(state, end - timedelta(milliseconds=1)) is state
    assert lifecycle.start_again(state, end).starting_until == end + START_WITHIN


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.WAITING])
def test_nothing_is_started_where_a_run_has_been(phase: Phase) -> None:
    state, now = in_phase(phase)
    assert state.starting_until is None
    assert lifecycle.start_again(state, now + UNSTARTED_AFTER) is state
    assert lifecycle.started(state, state.revision, now) is state


def test_a_session_that_was_never_started_is_settled_as_an_error() -> None:
    state = new()
    end = NOW + START_WITHIN
    assert lifecycle.settle(state, end - timedelta(milliseconds=1)) is state
    settled = lifecycle.settle(state, end)
    assert (settled.status, settled.revision, settled.starting_until) == (SessionStatus.ERROR, 1, None)
    assert lifecycle.settle(lifecycle.started(state, 0, NOW), end).status is SessionStatus.PENDING


def test_a_session_abandoned_for_long_is_settled_as_an_error() -> None:
    state = running()
    end = NOW + LEASE + ABANDONED_AFTER
    assert lifecycle.settle(state, end - timedelta(milliseconds=1)) is state
    settled = lifecycle.settle(state, end)
    assert (settled.status, settled.revision) == (SessionStatus.ERROR, 2)
    assert "retrySession" in (settled.error_message or "")


def test_a_refusal_changes_nothing() -> None:
    state = running()
    before = replace(state)
    with pytest.raises(ConflictError):
        lifecycle.publish(state, update(9), NOW)
    assert state == before
