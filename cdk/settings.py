"""The settings of a deployment, parsed once from the CDK's context (`-c key=value`).

This module does not use the CDK or the environment. `cdk.app` calls it, and everything else receives a `Settings`.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cdk import concurrency
from cdk.agent import inference_profiles

NO_MODEL = "none"
"""The value of `analysisModel` with which rules read the notes, rather than a model."""


MOST_RUNS = 1000
"""The largest `runsAtOnce`: the resolvers keep one record with the names of all sessions that run."""


class SettingsError(Exception):
    """A context value can't be used. The message names the key, the value and what to give instead."""


class Stage(StrEnum):
    """What a deployment is for."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"


class AgentKind(StrEnum):
    """Which agent works on the assessments."""

    CONVERSE = "converse"
    """A model that the worker calls through Bedrock's Converse."""
    BEDROCK = "bedrock"
    """An agent of Bedrock Agents that the stack creates."""
    EXISTING = "existing"
    """An agent of Bedrock Agents that the account already has."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a deployment. The field `log_days` is `logDays` in the context, and so on."""

    stack_name: str = "ScopeSmith"
    stage: Stage = Stage.PRODUCTION
    """Destroying a production stack keeps its data. Only a development stack answers introspection."""
    agent: AgentKind = AgentKind.CONVERSE
    agent_id: str = ""
    agent_alias_id: str = ""
    agent_model: str = "us.anthropic.claude-sonnet-4-6"
    """A foundation model, or an inference profile, which only the regions of its geography can use."""
    analysis_model: str = ""
    """Another one that reads the notes, or `none`. Empty means the agent's with Converse, and none otherwise."""
    guardrail_id: str = ""
    """A guardrail of the stack's account and region; empty for none."""
    guardrail_version: str = ""
    artifacts_bucket: str = ""
    """The bucket where an existing agent's tools store the documents; empty for the stack's own bucket."""
    api_key: bool = False
    api_key_days: int = 30
    threat_protection: bool = False
    """Needs Cognito's Plus plan, which costs extra for each user."""
    web: bool = False
    session_days: int = 30
    log_days: int = 90
    worker_concurrency: int | None = None
    """How many of Lambda's concurrent executions are reserved for the worker, which can't use more; None for none. An
    account that is new has ten and can reserve none.
    """
    runs_at_once: int | None = None
    """How many sessions may run at once; the resolvers refuse to start another one. `runs_bound` has the default."""
    active_sessions: int | None = None
    """How many sessions of one user may be active at a time. `sessions_of_a_user` has the default."""
    submits_per_day: int = 100
    """How many submits and retries one user may make in a day (UTC)."""
    api_key_active_sessions: int | None = None
    """As `active_sessions`, for all callers with the API key together."""
    api_key_submits_per_day: int = 400
    requests_per_five_minutes: int = 2000
    """How many requests one address may send to the API with the same credentials; without regard to them, ten times as
    many."""
    alarm_email: str = ""
    monthly_budget: int = 0
    """US dollars a month for the whole account, of which AWS Budgets sends a mail; 0 for no budget."""
    budget_email: str = ""
    """Who gets the budget's mails; empty for `alarm_email`."""

    @property
    def worker_calls_the_model(self) -> bool:
        """Whether the worker itself calls the agent's model."""
        return self.agent is AgentKind.CONVERSE

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that the deployment calls, except what an existing agent calls."""
        agents = "" if self.agent is AgentKind.EXISTING else self.agent_model
        readers = "" if self.analysis_model == NO_MODEL else self.analysis_model
        return tuple(dict.fromkeys(model for model in (agents, readers) if model))

    @property
    def runs_bound(self) -> int | None:
        """How many runs the resolvers let start; None for any number.

        Where the worker has its own part of the account's concurrency, it can't take the resolvers' part, and events
        wait for it in Lambda's queue. Otherwise the default is what fits a new account.
        """
        if self.runs_at_once is None and self.worker_concurrency is None:
            return self.runs_that_fit(concurrency.NEW_ACCOUNT)
        return self.runs_at_once

    @property
    def sessions_of_a_user(self) -> int:
        """How many sessions of one user may be active at a time."""
        return self._of_one_owner(self.active_sessions, usual=5)

    @property
    def sessions_of_the_api_key(self) -> int:
        """How many sessions of all callers with the API key may be active at a time."""
        return self._of_one_owner(self.api_key_active_sessions, usual=20)

    def _of_one_owner(self, given: int | None, *, usual: int) -> int:
        """Unless a number is given, one owner can't take more than half of all places from the others."""
        if given is not None:
            return given
        return usual if self.runs_bound is None else max(1, min(usual, self.runs_bound // 2))

    def runs_that_fit(self, places: int) -> int:
        """How many runs an account with so many concurrent executions has room for."""
        return concurrency.runs_that_fit(places, tools_apart=not self.worker_calls_the_model)

    @property
    def production(self) -> bool:
        return self.stage is Stage.PRODUCTION

    @classmethod
    def of(cls, context: Mapping[str, object]) -> "Settings":
        """The settings of a context. Keys that are not ours (`@aws-cdk/...`) are ignored.

        Raises:
            SettingsError: a value can't be used, or a setting is missing that another one needs.
        """
        parsed = {
            name: parse(key, str(value).strip())
            for name, (key, parse) in _FIELDS.items()
            if (value := context.get(key)) is not None
        }
        settings = cls(**parsed)  # type: ignore[arg-type]  # each parser gives its field's type
        settings._check()
        return settings

    def check_region(self, region: str) -> None:
        """Check that the settings work in the region of the deployment.

        Raises:
            SettingsError: an inference profile belongs to another geography.
        """
        if self.agent is not AgentKind.EXISTING:
            _check_profile("agentModel", self.agent_model, region)
        _check_profile("analysisModel", self.analysis_model, region)

    def _check(self) -> None:
        self._check_name()
        self._check_existing_agent()
        self._check_guardrail()
        self._check_budget()
        self._check_runs()

    def _check_name(self) -> None:
        """Names of some resources begin with the stack's name, in small letters in the case of buckets."""
        if self.agent is AgentKind.BEDROCK and "--" in self.stack_name:
            raise SettingsError(
                f"stackName is {self.stack_name!r}: the agent gets this name, and Bedrock Agents allows no two hyphens"
                " in a row: give a name without them"
            )
        for reserved in _RESERVED_FOR_BUCKETS:
            if self.stack_name.lower().startswith(reserved):
                raise SettingsError(
                    f"stackName is {self.stack_name!r}: the names of the buckets begin with it, and S3 reserves"
                    f" {reserved!r}: give a name that begins otherwise"
                )

    def _check_runs(self) -> None:
        runs, workers = self.runs_at_once, self.worker_concurrency
        if runs is not None and workers is not None and runs > workers:
            raise SettingsError(
                f"runsAtOnce is {runs}, but workerConcurrency lets {workers} workers run: give at most {workers}"
            )

    def _check_existing_agent(self) -> None:
        named = {"agentId": self.agent_id, "agentAliasId": self.agent_alias_id}
        missing = [key for key, value in named.items() if not value]
        superfluous = [key for key, value in (named | {"artifactsBucket": self.artifacts_bucket}).items() if value]
        if self.agent is AgentKind.EXISTING and missing:
            raise SettingsError(f"agent=existing also needs {' and '.join(missing)}: give the ids of a prepared agent")
        if self.agent is not AgentKind.EXISTING and superfluous:
            raise SettingsError(f"{superfluous[0]} is only for agent=existing, but agent is {self.agent}")

    def _check_budget(self) -> None:
        if self.budget_email and not self.monthly_budget:
            raise SettingsError("budgetEmail is only for a budget: give monthlyBudget too, in US dollars")
        if self.monthly_budget and not (self.budget_email or self.alarm_email):
            raise SettingsError("monthlyBudget needs somebody to tell: give budgetEmail or alarmEmail")

    def _check_guardrail(self) -> None:
        given = {"guardrailId": self.guardrail_id, "guardrailVersion": self.guardrail_version}
        missing = [key for key, value in given.items() if not value]
        if len(missing) == len(given):
            return
        if missing:
            raise SettingsError(f"{missing[0]} is missing: a guardrail needs guardrailId and guardrailVersion")
        if self.agent is not AgentKind.CONVERSE:
            raise SettingsError(
                f"guardrailId is only for agent=converse, but agent is {self.agent}: configure the guardrail in the"
                " agent itself"
            )


def _check_profile(key: str, given: str, region: str) -> None:
    geography, model = inference_profiles.split(given)
    fitting = inference_profiles.geographies_of(region)
    if not geography or geography in fitting:
        return
    profiles = " or ".join(f"-c {key}={fit}.{model}" for fit in reversed(fitting))
    raise SettingsError(
        f"{key} is {given!r}: {region} can't use inference profiles of {geography!r}: give one that"
        f" Bedrock has in that region, such as {profiles}"
    )


_RESERVED_FOR_BUCKETS = ("xn--", "sthree-", "amzn-s3-demo-")
"""How no bucket's name may begin ("General purpose bucket naming rules" in S3's documentation)."""

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
