"""The resolvers' environment variables as typed values. `resolvers.handler` reads them once, when the Lambda starts.

A variable that is missing or can't be parsed stops the start, with an error that names it and says what to do.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from resolvers.activity import Limits, OwnerLimits
from resolvers.sessions import DEFAULT_RULES, Rules


class SettingsError(Exception):
    """An environment variable is missing or wrong. The message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the resolvers' Lambda is told by its environment. boto3 itself reads region, credentials and endpoints."""

    sessions_table: str
    worker_function: str
    artifacts_bucket: str
    graphql_url: str
    """The API, to which changes are announced."""
    rules: Rules

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings from an environment.

        Raises:
            SettingsError: a required variable is not set, or a duration or a limit is not a positive number.
        """
        default = DEFAULT_RULES
        return cls(
            sessions_table=_required(environment, "SESSIONS_TABLE_NAME"),
            worker_function=_required(environment, "WORKER_FUNCTION_NAME"),
            artifacts_bucket=_required(environment, "ARTIFACTS_BUCKET_NAME"),
            graphql_url=_required(environment, "GRAPHQL_URL"),
            rules=Rules(
                lease=_duration(environment, "SESSION_LEASE_SECONDS", timedelta(seconds=1), default.lease),
                limits=Limits(
                    user=_limits(environment, "", default.limits.user),
                    api_key=_limits(environment, "API_KEY_", default.limits.api_key),
                    runs_at_once=_count(environment, "RUNS_AT_ONCE", 0) or None,
                ),
                keep=_duration(environment, "SESSION_DAYS", timedelta(days=1), default.keep),
            ),
        )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SettingsError(f"{name} is not set: set it in the environment of this Lambda")
    return value


def _limits(environment: Mapping[str, str], prefix: str, default: OwnerLimits) -> OwnerLimits:
    return OwnerLimits(
        active_sessions=_count(environment, f"{prefix}ACTIVE_SESSIONS", default.active_sessions),
        submits_per_day=_count(environment, f"{prefix}SUBMITS_PER_DAY", default.submits_per_day),
    )


def _count(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "")
    if not text:
        return default
    count = int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0
    if count == 0:
        raise SettingsError(f"{name} is {text!r}: set it to a whole number above 0, or leave it out to get the default")
    return count


def _duration(environment: Mapping[str, str], name: str, unit: timedelta, default: timedelta) -> timedelta:
    text = environment.get(name, "")
    if not text:
        return default
    try:
        duration = float(text) * unit
    except (ValueError, OverflowError):  # no number, not a number, or infinity
        duration = timedelta(0)
    if duration <= timedelta(0):
        raise SettingsError(f"{name} is {text!r}: set it to a positive number, or leave it out to get the default")
    return duration
