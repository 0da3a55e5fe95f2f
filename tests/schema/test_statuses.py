"""The table of statuses, stages and progress that resolvers and worker share."""

from itertools import pairwise

from schema.statuses import COMPLETED_PROGRESS, ENDED, STAGES, STARTED_PROGRESS, SessionStatus, Tool


def test_every_tool_has_a_stage_in_the_order_of_the_workflow() -> None:
    assert list(STAGES) == list(Tool)


def test_progress_and_status_rise_from_stage_to_stage() -> None:
    progress = [STARTED_PROGRESS, *(stage.progress for stage in STAGES.values()), COMPLETED_PROGRESS]
    assert all(earlier < later for earlier, later in pairwise(progress))
    ranks = [status.rank for stage in STAGES.values() for status in (stage.while_running, stage.once_answered)]
    assert ranks == sorted(ranks)


def test_a_session_rests_when_it_has_ended_or_waits_for_a_person() -> None:
    assert {status for status in SessionStatus if status.resting} == ENDED | {SessionStatus.AWAITING_REVIEW}


def test_only_the_four_last_statuses_end_a_session() -> None:
    assert {status for status in SessionStatus if status.ended} == ENDED
    assert all(ended.rank > running.rank for ended in ENDED for running in set(SessionStatus) - ENDED)
