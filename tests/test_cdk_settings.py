"""What a deployment may be told, and how it answers what it can't use."""

import pytest

from cdk.settings import AgentKind, SettingError, Settings, Stage


def test_without_a_word_it_is_a_production_with_a_bedrock_agent() -> None:
    """No key, no page, nobody signs up by himself."""
    settings = Settings.of({"@aws-cdk/core:flag": True})
    assert settings == Settings()
    assert settings.production
    assert settings.agent is AgentKind.BEDROCK
    assert (settings.api_key, settings.web, settings.self_sign_up, settings.worker_concurrency) == (
        False,
        False,
        False,
        None,
    )


def test_values_come_as_text_from_a_command_line_and_typed_from_a_file() -> None:
    """`-c apiKey=true` and `"apiKey": true` are one and the same."""
    text = Settings.of({"apiKey": "true", "apiKeyDays": "7", "stage": "development", "workerConcurrency": "20"})
    typed = Settings.of({"apiKey": True, "apiKeyDays": 7, "stage": "development", "workerConcurrency": 20})
    assert text == typed
    assert (text.api_key, text.api_key_days, text.stage, text.worker_concurrency) == (True, 7, Stage.DEVELOPMENT, 20)


@pytest.mark.parametrize(
    ("context", "told"),
    [
        ({"apiKey": "yes"}, "apiKey is 'yes': give true or false"),
        ({"apiKeyDays": "365"}, "apiKeyDays is '365': give a whole number from 1 to 364"),
        ({"apiKeyDays": "٣"}, "apiKeyDays is '٣': give a whole number"),
        ({"stage": "test"}, "stage is 'test': give one of production, development"),
        ({"agent": "other"}, "agent is 'other': give one of bedrock, existing"),
        ({"logDays": "31"}, "logDays is '31': CloudWatch keeps logs for one of 1, 3, 5"),
        ({"alarmEmail": "ada"}, "alarmEmail is 'ada': give an e-mail address"),
        ({"stackName": "1st"}, "stackName is '1st': give letters"),
        ({"agentModel": "arn:aws:bedrock:us-east-1::foundation-model/x"}, "agentModel is .*not its ARN"),
        ({"agent": "existing"}, "agent=existing also needs agentId and agentAliasId"),
        ({"agent": "existing", "agentId": "AGENT12345"}, "agent=existing also needs agentAliasId"),
        ({"agentId": "AGENT12345"}, "agentId is of use with agent=existing alone, and agent is bedrock"),
    ],
)
def test_what_is_of_no_use_is_refused_by_name_with_what_to_give_instead(context: dict[str, str], told: str) -> None:
    """The message names the key, the value and the remedy."""
    with pytest.raises(SettingError, match=told):
        Settings.of(context)
