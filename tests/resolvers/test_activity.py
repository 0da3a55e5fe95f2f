"""What an owner may start, by an owner's record and the time: without a clock or a table."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from resolvers.activity import (
    CHECK_AGAIN_AFTER,
    ActiveSession,
    Activity,
    Limits,
    OwnerLimits,
    admit,
    admit_among_all,
)
from resolvers.api.caller import API_KEY_OWNER
from resolvers.errors import LimitExceededError

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
KEEP = timedelta(days=30)
LIMITS = OwnerLimits(active_sessions=2, submits_per_day=3)
TWO = frozenset({ActiveSession("one", 1), ActiveSession("two", 2)})


def test_the_first_submit_of_a_day_begins_the_count() -> None:
    for activity in (Activity(), Activity(day=date(2026, 11, 21), submits=3)):
        admission = admit(activity, LIMITS, NOW, KEEP)
        assert (admission.day, admission.is_first_of_day) == (date(2026, 11, 22), True)


def test_a_further_submit_of_the_day_is_counted_with_the_others() -> None:
    assert not admit(Activity(day=NOW.date(), submits=2), LIMITS, NOW, KEEP).is_first_of_day


def test_a_day_with_as_many_submits_as_allowed_is_over_until_midnight_in_utc() -> None:
    with pytest.raises(LimitExceededError) as refused:
        admit(Activity(day=NOW.date(), submits=3), LIMITS, NOW, KEEP)
    assert refused.value.answer()["error"] == {
        "type": "LimitExceeded",
        "message": (
            "Too many submits, retries and reviews today (3 of 3 allowed): try again from 2026-11-23, 00:00 UTC."
        ),
        "info": {"limit": "SUBMITS_PER_DAY", "most": 3, "freesAt": "2026-11-23T00:00:00.000Z"},
    }
    assert admit(Activity(day=NOW.date(), submits=3), LIMITS, NOW + timedelta(minutes=30), KEEP).is_first_of_day


def test_as_many_active_sessions_as_allowed_are_refused_one_more() -> None:
    with pytest.raises(LimitExceededError) as refused:
        admit(Activity(active=TWO), LIMITS, NOW, KEEP)
    assert refused.value.info == {"limit": "ACTIVE_SESSIONS", "most": 2, "freesAt": None}


def test_a_limit_that_was_lowered_refuses_without_an_end_to_anything() -> None:
    with pytest.raises(LimitExceededError):
        admit(Activity(active=TWO, day=NOW.date(), submits=9), OwnerLimits(1, 1), NOW, KEEP)


def test_a_clock_that_is_behind_counts_on_the_day_that_has_begun() -> None:
    """Two Lambdas around midnight: the day does not go back, or the count would begin again."""
    tomorrow = NOW.date() + timedelta(days=1)
    admission = admit(Activity(day=tomorrow, submits=1), LIMITS, NOW, KEEP)
    assert (admission.day, admission.is_first_of_day) == (tomorrow, False)


def test_the_record_outlives_its_sessions_and_its_day() -> None:
    assert admit(Activity(), LIMITS, NOW, KEEP).keep_until == NOW + KEEP
    assert admit(Activity(), LIMITS, NOW, timedelta(minutes=1)).keep_until == datetime(2026, 11, 23, tzinfo=UTC)


def test_only_a_full_record_is_checked_and_once_in_a_while() -> None:
    assert not Activity().needs_check(2, NOW)
    assert not Activity(active=TWO).needs_check(3, NOW)
    assert Activity(active=TWO).needs_check(2, NOW)
    checked = Activity(active=TWO, checked_at=NOW)
    assert not checked.needs_check(2, NOW + CHECK_AGAIN_AFTER - timedelta(milliseconds=1))
    assert checked.needs_check(2, NOW + CHECK_AGAIN_AFTER)


def test_an_owner_with_room_is_refused_where_all_owners_together_have_none() -> None:
    own = admit(Activity(), LIMITS, NOW, KEEP)
    with pytest.raises(LimitExceededError) as refused:
        admit_among_all(own, Activity(active=TWO), 2)
    assert refused.value.answer()["error"] == {
        "type": "LimitExceeded",
        "message": (
            "All places are taken: 2 sessions are running, and at most 2 may run at a time. Try again when one of them"
            " has ended."
        ),
        "info": {"limit": "RUNS_AT_ONCE", "most": 2, "freesAt": None},
    }
    assert admit_among_all(own, Activity(active=TWO), 3) == replace(own, runs_at_once=3)


def test_the_callers_with_the_api_key_have_limits_of_their_own() -> None:
    limits = Limits(OwnerLimits(1, 2), OwnerLimits(3, 4))
    assert limits.of("user#anna") == OwnerLimits(1, 2)
    assert limits.of(API_KEY_OWNER) == OwnerLimits(3, 4)
