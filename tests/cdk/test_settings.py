"""What a deployment may be told, and how it answers what it can't use."""

import pytest

from cdk.context import settings_of
from cdk.contradictions import check_region
from cdk.settings import AgentKind, Settings, SettingsError, Stage


def test_the_default_is_a_production_with_a_model_through_converse() -> None:
    """No key, no page, no bound to how many sessions are worked on."""
    settings = settings_of({"@aws-cdk/core:flag": True})
    assert settings == Settings()
    assert settings.production
    assert settings.agent is AgentKind.CONVERSE
    assert (settings.guardrail_id, settings.guardrail_version) == ("", "")
    assert (settings.api_key, settings.web, settings.worker_concurrency) == (False, False, None)


def test_values_come_as_text_from_a_command_line_and_typed_from_a_file() -> None:
    """`-c apiKey=true` and `"apiKey": true` are one and the same."""
    text = settings_of({"apiKey": "true", "apiKeyDays": "7", "stage": "development", "workerConcurrency": "20"})
    typed = settings_of({"apiKey": True, "apiKeyDays": 7, "stage": "development", "workerConcurrency": 20})
    assert text == typed
    assert (text.api_key, text.api_key_days, text.stage, text.worker_concurrency) == (True, 7, Stage.DEVELOPMENT, 20)


@pytest.mark.parametrize(
    ("context", "bound"),
    [
        ({}, 4),
        ({"agent": "bedrock"}, 2),
        ({"agent": "existing", "agentId": "AGENT12345", "agentAliasId": "ALIAS12345"}, 2),
        ({"runsAtOnce": "50"}, 50),
        ({"workerConcurrency": "20"}, None),
        ({"workerConcurrency": "20", "runsAtOnce": "20"}, 20),
    ],
)
def test_runs_are_bound_by_what_a_new_account_has_room_for_unless_something_else_bounds_them(
    context: dict[str, str], bound: int | None
) -> None:
    """Two places a run, three where the tools have a function of their own, and two that no run may take, are ten."""
    assert settings_of(context).runs_bound == bound


@pytest.mark.parametrize(
    ("context", "user", "api_key"),
    [
        ({}, 2, 2),
        ({"runsAtOnce": "1"}, 1, 1),
        ({"runsAtOnce": "16"}, 5, 8),
        ({"workerConcurrency": "8"}, 5, 20),
        ({"activeSessions": "4", "apiKeyActiveSessions": "3"}, 4, 3),
    ],
)
def test_one_owner_takes_at_most_half_of_all_places_unless_told_otherwise(
    context: dict[str, str], user: int, api_key: int
) -> None:
    """Or one user could keep all others waiting."""
    settings = settings_of(context)
    assert (settings.sessions_of_a_user, settings.sessions_of_the_api_key) == (user, api_key)


def test_a_stack_of_another_agent_may_have_two_hyphens_in_its_name() -> None:
    """Only Bedrock Agents forbids them."""
    assert settings_of({"stackName": "A--B"}).stack_name == "A--B"


@pytest.mark.parametrize(
    ("region", "model", "remedy"),
    [
        ("eu-west-1", "us.anthropic.claude-sonnet-4-6", "-c agentModel=eu.anthropic.claude-sonnet-4-6"),
        ("eu-west-1", "us.anthropic.claude-sonnet-4-6", "-c agentModel=global.anthropic.claude-sonnet-4-6"),
        ("ap-northeast-1", "au.anthropic.claude-sonnet-4-6", "-c agentModel=jp.anthropic.claude-sonnet-4-6"),
        ("us-gov-west-1", "us.amazon.nova-pro-v1:0", "-c agentModel=us-gov.amazon.nova-pro-v1:0"),
        ("sa-east-1", "us.amazon.nova-pro-v1:0", "-c agentModel=global.amazon.nova-pro-v1:0"),
        ("us-east-1", "us.anthropic.claude-sonnet-4-6", ""),
        ("ca-central-1", "us.anthropic.claude-sonnet-4-6", ""),
        ("il-central-1", "eu.anthropic.claude-sonnet-4-20250514-v1:0", ""),
        ("ap-south-1", "apac.amazon.nova-pro-v1:0", ""),
        ("eu-west-1", "global.anthropic.claude-sonnet-4-6", ""),
        ("eu-west-1", "amazon.nova-pro-v1:0", ""),
    ],
)
def test_an_inference_profile_of_another_geography_is_refused_with_one_that_fits(
    region: str, model: str, remedy: str
) -> None:
    """A global one and a plain model go anywhere, as far as can be known here."""
    settings = settings_of({"agentModel": model})
    if not remedy:
        check_region(settings, region)
        return
    with pytest.raises(SettingsError, match=f"agentModel is {model!r}: {region} .* {remedy}(?: or |$)"):
        check_region(settings, region)


def test_the_model_that_reads_the_notes_is_checked_for_the_region_too() -> None:
    settings = settings_of({"agentModel": "eu.anthropic.claude-sonnet-4-6", "analysisModel": "us.amazon.nova-pro-v1:0"})
    with pytest.raises(
        SettingsError, match=r"analysisModel is 'us\.amazon.* -c analysisModel=eu\.amazon\.nova-pro-v1:0"
    ):
        check_region(settings, "eu-west-1")


def test_an_existing_agent_has_its_own_model() -> None:
    """Whatever the setting says: the stack makes no agent that would use it."""
    context = {"agent": "existing", "agentId": "AGENT12345", "agentAliasId": "ALIAS12345"}
    check_region(settings_of(context), "eu-west-1")


@pytest.mark.parametrize(
    ("context", "told"),
    [
        ({"apiKey": "yes"}, "apiKey is 'yes': give true or false"),
        ({"apiKeyDays": "365"}, "apiKeyDays is '365': give a whole number from 1 to 364"),
        ({"apiKeyDays": "٣"}, "apiKeyDays is '٣': give a whole number"),
        ({"activeSessions": "0"}, "activeSessions is '0': give a whole number from 1 to 1000"),
        ({"submitsPerDay": "many"}, "submitsPerDay is 'many': give a whole number from 1 to 1000000"),
        ({"stage": "test"}, "stage is 'test': give one of production, development"),
        ({"agent": "other"}, "agent is 'other': give one of converse, bedrock, existing"),
        ({"logDays": "31"}, "logDays is '31': CloudWatch keeps logs for one of 1, 3, 5"),
        ({"alarmEmail": "ada"}, "alarmEmail is 'ada': give an e-mail address"),
        ({"stackName": "1st"}, "stackName is '1st': give letters"),
        ({"agentModel": "arn:aws:bedrock:us-east-1::foundation-model/x"}, "agentModel is .*not its ARN"),
        ({"analysisModel": "ARN:x"}, "analysisModel is 'ARN:x': .* or none"),
        (
            {"stackName": "A--B", "agent": "bedrock"},
            "stackName is 'A--B': .*allows no two hyphens in a row",
        ),
        (
            {"stackName": "Xn--a"},
            "stackName is 'Xn--a': .* buckets begin with it, and S3 reserves 'xn--'",
        ),
        ({"runsAtOnce": "0"}, "runsAtOnce is '0': give a whole number from 1 to 1000"),
        ({"runsAtOnce": "9", "workerConcurrency": "8"}, "runsAtOnce is 9, but workerConcurrency lets 8 .* at most 8"),
        ({"agent": "existing"}, "agent=existing also needs agentId and agentAliasId"),
        ({"agent": "existing", "agentId": "AGENT12345"}, "agent=existing also needs agentAliasId"),
        ({"agentId": "AGENT12345"}, "agentId is only for agent=existing, but agent is converse"),
        ({"artifactsBucket": "mine", "agent": "bedrock"}, "artifactsBucket is only for agent=existing, .* bedrock"),
        ({"monthlyBudget": "500"}, "monthlyBudget needs somebody to tell: give budgetEmail or alarmEmail"),
        ({"budgetEmail": "ada@example.com"}, "budgetEmail is only for a budget: give monthlyBudget too"),
        ({"monthlyBudget": "0", "alarmEmail": "a@b.c"}, "monthlyBudget is '0': give a whole number from 1"),
        ({"guardrailId": "a1b2c3"}, "guardrailVersion is missing: a guardrail needs guardrailId and guardrailVersion"),
        ({"guardrailVersion": "1"}, "guardrailId is missing: a guardrail needs guardrailId and guardrailVersion"),
        ({"guardrailId": "arn:aws:x", "guardrailVersion": "1"}, "guardrailId is 'arn:aws:x': .* not its ARN"),
        ({"guardrailId": "a1b2c3", "guardrailVersion": "0"}, "guardrailVersion is '0': .* a number or DRAFT"),
        (
            {"agent": "bedrock", "guardrailId": "a1b2c3", "guardrailVersion": "1"},
            "guardrailId is only for agent=converse, but agent is bedrock: configure the guardrail in the agent",
        ),
    ],
)
def test_what_is_of_no_use_is_refused_by_name_with_what_to_give_instead(context: dict[str, str], told: str) -> None:
    """The message names the key, the value and the remedy."""
    with pytest.raises(SettingsError, match=told):
        settings_of(context)
