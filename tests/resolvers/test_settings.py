"""The resolvers' settings: what the environment must hold, and what an error about it says."""

from datetime import timedelta

import pytest

from resolvers.activity import Limits, OwnerLimits
from resolvers.sessions import DEFAULT_RULES
from resolvers.settings import Settings, SettingsError

ENVIRONMENT = {
    "SESSIONS_TABLE_NAME": "sessions",
    "WORKER_FUNCTION_NAME": "worker",
    "ARTIFACTS_BUCKET_NAME": "artifacts",
    "GRAPHQL_URL": "https://example.com/graphql",
}


def test_durations_and_limits_have_defaults() -> None:
    assert Settings.of(ENVIRONMENT) == Settings(
        "sessions", "worker", "artifacts", "https://example.com/graphql", DEFAULT_RULES
    )


def test_users_and_the_api_key_have_limits_of_their_own() -> None:
    given = {"ACTIVE_SESSIONS": "1", "SUBMITS_PER_DAY": "2", "API_KEY_ACTIVE_SESSIONS": "3"}
    limits = Settings.of({**ENVIRONMENT, **given, "API_KEY_SUBMITS_PER_DAY": "4"}).rules.limits
    assert limits == Limits(OwnerLimits(1, 2), OwnerLimits(3, 4))


def test_the_runs_of_all_owners_are_limited_only_where_it_is_asked_for() -> None:
    assert Settings.of(ENVIRONMENT).rules.limits.runs_at_once is None
    assert Settings.of({**ENVIRONMENT, "RUNS_AT_ONCE": "4"}).rules.limits.runs_at_once == 4


@pytest.mark.parametrize("text", ["many", "0", "-1", "1.5", "1e3", "٣", "1000000000"])
@pytest.mark.parametrize("name", ["ACTIVE_SESSIONS", "SUBMITS_PER_DAY", "API_KEY_SUBMITS_PER_DAY", "RUNS_AT_ONCE"])
def test_a_limit_that_is_no_whole_number_above_zero_is_named_with_its_value(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is '{text}': set it to a whole number above 0"):
        Settings.of({**ENVIRONMENT, name: text})


def test_durations_are_read_in_their_unit() -> None:
    """Days may be whole and seconds may have a fraction: the stack and the local tests write them so."""
    settings = Settings.of({**ENVIRONMENT, "SESSION_DAYS": "7", "SESSION_LEASE_SECONDS": "0.5"}).rules
    assert (settings.keep, settings.lease) == (timedelta(days=7), timedelta(milliseconds=500))


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_a_missing_variable_is_named_with_what_to_do(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set: set it in the environment of this Lambda$"):
        Settings.of({**ENVIRONMENT, name: ""})


@pytest.mark.parametrize("text", ["a month", "0", "-1", "nan", "inf", "1e400", "1e15"])
@pytest.mark.parametrize("name", ["SESSION_DAYS", "SESSION_LEASE_SECONDS"])
def test_a_duration_that_is_no_positive_number_is_named_with_its_value(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is '{text}': set it to a positive number"):
        Settings.of({**ENVIRONMENT, name: text})
