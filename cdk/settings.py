"""The settings of a deployment: their defaults, and what follows from several of them together.

This module does not use the CDK, its context or the environment. `cdk.context` makes a `Settings`, and the constructs
receive it.
"""

from dataclasses import dataclass
from enum import StrEnum

from cdk import concurrency

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
