"""Parses the CDK's context (`-c key=value`) into the settings of a deployment, once.

It does not use the CDK or the environment. `cdk.app` and `cdk.__main__` call it.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from cdk.contradictions import check
from cdk.settings import MOST_RUNS, NO_MODEL, AgentKind, Settings, SettingsError, Stage

Parse = Callable[[str, str], object]


def _switch(key: str, value: str) -> bool:
    switches = {"true": True, "false": False}
    if value.lower() not in switches:
        raise SettingsError(f"{key} is {value!r}: give true or false")
    return switches[value.lower()]


def _one_of(kinds: type[StrEnum]) -> Parse:
    def parse(key: str, value: str) -> StrEnum:
        try:
            return kinds(value)
        except ValueError:
            raise SettingsError(f"{key} is {value!r}: give one of {', '.join(kinds)}") from None

    return parse


def _number(least: int, most: int) -> Parse:
    def parse(key: str, value: str) -> int:
        if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not least <= int(value) <= most:
            raise SettingsError(f"{key} is {value!r}: give a whole number from {least} to {most}")
        return int(value)

    return parse


def _matching(pattern: str, what: str) -> Parse:
    def parse(key: str, value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise SettingsError(f"{key} is {value!r}: give {what}")
        return value

    return parse


_LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


def _log_days(key: str, value: str) -> int:
    days = {str(days): days for days in _LOG_DAYS}
    if value not in days:
        raise SettingsError(f"{key} is {value!r}: CloudWatch keeps logs for one of {', '.join(days)} days")
    return days[value]


_EMAIL = _matching(r"[^@\s]+@[^@\s]+", "an e-mail address")

_PARSERS: Mapping[str, Parse] = {
    "stack_name": _matching(r"[A-Za-z][A-Za-z0-9-]{0,39}", "letters, digits and -, at most 40"),
    "stage": _one_of(Stage),
    "agent": _one_of(AgentKind),
    "agent_id": _matching(r"[0-9A-Z]{1,10}", "an agent's id, up to ten capitals and digits"),
    "agent_alias_id": _matching(r"[0-9A-Z]{1,10}", "an alias's id, up to ten capitals and digits"),
    "agent_model": _matching(r"[a-z0-9][a-z0-9.:-]{2,199}", "a model's or an inference profile's id, not its ARN"),
    "analysis_model": _matching(
        r"[a-z0-9][a-z0-9.:-]{2,199}", f"a model's or an inference profile's id, not its ARN, or {NO_MODEL}"
    ),
    "guardrail_id": _matching(r"[a-z0-9]{1,64}", "a guardrail's id, small letters and digits, not its ARN"),
    "guardrail_version": _matching(r"[1-9][0-9]{0,7}|DRAFT", "a guardrail's version, a number or DRAFT"),
    "artifacts_bucket": _matching(r"[a-z0-9][a-z0-9.-]{2,62}", "a bucket's name"),
    "api_key": _switch,
    "api_key_days": _number(1, 364),  # AppSync accepts at most 365, and the key expires up to a day later than asked
    "threat_protection": _switch,
    "web": _switch,
    "session_days": _number(1, 3650),
    "log_days": _log_days,
    "worker_concurrency": _number(1, 10_000),
    "runs_at_once": _number(1, MOST_RUNS),
    "active_sessions": _number(1, 1000),
    "submits_per_day": _number(1, 1_000_000),
    "api_key_active_sessions": _number(1, 1000),
    "api_key_submits_per_day": _number(1, 1_000_000),
    "requests_per_five_minutes": _number(100, 2_000_000),
    "alarm_email": _EMAIL,
    "monthly_budget": _number(1, 100_000_000),
    "budget_email": _EMAIL,
}


def _key(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


_FIELDS = {field.name: (_key(field.name), _PARSERS[field.name]) for field in dataclasses.fields(Settings)}

KEYS = frozenset(key for key, _ in _FIELDS.values())
"""All keys of the context that are settings."""


def settings_of(context: Mapping[str, object]) -> Settings:
    """The settings of a context. Keys that are not ours (`@aws-cdk/...`) are ignored.

    Raises:
        SettingsError: a value can't be used, or a setting is missing that another one needs.
    """
    parsed = {
        name: parse(key, str(value).strip())
        for name, (key, parse) in _FIELDS.items()
        if (value := context.get(key)) is not None
    }
    settings = Settings(**parsed)  # type: ignore[arg-type]  # each parser gives its field's type
    check(settings)
    return settings
