"""Refuses settings that contradict each other, or that can't work in the region of the deployment.

It only compares settings, each of which is a good value by itself. `cdk.context` calls `check`; `cdk.app` and
`cdk.account` know the region and call `check_region`.
"""

from cdk.agent import inference_profiles
from cdk.settings import AgentKind, Settings, SettingsError

_RESERVED_FOR_BUCKETS = ("xn--", "sthree-", "amzn-s3-demo-")
"""How no bucket's name may begin ("General purpose bucket naming rules" in S3's documentation)."""


def check(settings: Settings) -> None:
    """Check that the settings go together.

    Raises:
        SettingsError: they don't, or a setting is missing that another one needs.
    """
    _check_name(settings)
    _check_existing_agent(settings)
    _check_guardrail(settings)
    _check_budget(settings)
    _check_runs(settings)


def check_region(settings: Settings, region: str) -> None:
    """Check that the settings work in the region of the deployment.

    Raises:
        SettingsError: an inference profile belongs to another geography.
    """
    if settings.agent is not AgentKind.EXISTING:
        _check_profile("agentModel", settings.agent_model, region)
    _check_profile("analysisModel", settings.analysis_model, region)


def _check_name(settings: Settings) -> None:
    """Names of some resources begin with the stack's name, in small letters in the case of buckets."""
    if settings.agent is AgentKind.BEDROCK and "--" in settings.stack_name:
        raise SettingsError(
            f"stackName is {settings.stack_name!r}: the agent gets this name, and Bedrock Agents allows no two hyphens"
            " in a row: give a name without them"
        )
    for reserved in _RESERVED_FOR_BUCKETS:
        if settings.stack_name.lower().startswith(reserved):
            raise SettingsError(
                f"stackName is {settings.stack_name!r}: the names of the buckets begin with it, and S3 reserves"
                f" {reserved!r}: give a name that begins otherwise"
            )


def _check_runs(settings: Settings) -> None:
    runs, workers = settings.runs_at_once, settings.worker_concurrency
    if runs is not None and workers is not None and runs > workers:
        raise SettingsError(
            f"runsAtOnce is {runs}, but workerConcurrency lets {workers} workers run: give at most {workers}"
        )


def _check_existing_agent(settings: Settings) -> None:
    named = {"agentId": settings.agent_id, "agentAliasId": settings.agent_alias_id}
    missing = [key for key, value in named.items() if not value]
    superfluous = [key for key, value in (named | {"artifactsBucket": settings.artifacts_bucket}).items() if value]
    if settings.agent is AgentKind.EXISTING and missing:
        raise SettingsError(f"agent=existing also needs {' and '.join(missing)}: give the ids of a prepared agent")
    if settings.agent is not AgentKind.EXISTING and superfluous:
        raise SettingsError(f"{superfluous[0]} is only for agent=existing, but agent is {settings.agent}")


def _check_budget(settings: Settings) -> None:
    if settings.budget_email and not settings.monthly_budget:
        raise SettingsError("budgetEmail is only for a budget: give monthlyBudget too, in US dollars")
    if settings.monthly_budget and not (settings.budget_email or settings.alarm_email):
        raise SettingsError("monthlyBudget needs somebody to tell: give budgetEmail or alarmEmail")


def _check_guardrail(settings: Settings) -> None:
    given = {"guardrailId": settings.guardrail_id, "guardrailVersion": settings.guardrail_version}
    missing = [key for key, value in given.items() if not value]
    if len(missing) == len(given):
        return
    if missing:
        raise SettingsError(f"{missing[0]} is missing: a guardrail needs guardrailId and guardrailVersion")
    if settings.agent is not AgentKind.CONVERSE:
        raise SettingsError(
            f"guardrailId is only for agent=converse, but agent is {settings.agent}: configure the guardrail in the"
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
