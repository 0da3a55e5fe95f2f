"""What an operator has to mend, in words that say how: each refusal through real boto3."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from converse_service import ConverseService, fails, refuses, turn
from converse_talk import MODEL, Talk, stream, talk
from fakes.worker_run import Bench

from schema.statuses import SessionStatus
from worker.agents.events import AgentError, AgentNotConfiguredError
from worker.agents.service import client_config
from worker.feed import ThreadedFeed

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

FORM = r"one-time form .* PutUseCaseForModelAccess"
ROLE = "bedrock:InvokeModelWithResponseStream"
MODEL_ID = "set AGENT_MODEL_ID to a model"

CONFIGURATION = [
    ("AccessDeniedException", "You don't have access to the model with the specified model ID.", FORM),
    ("AccessDeniedException", "You don't have access to the model with the specified model ID.", ROLE),
    (
        "AccessDeniedException",
        "User: arn:aws:sts::1:assumed-role/w is not authorized to perform: bedrock:InvokeModelWithResponseStream",
        ROLE,
    ),
    ("ResourceNotFoundException", "Model use case details have not been submitted for this account.", FORM),
    ("ResourceNotFoundException", "The requested resource is not found.", MODEL_ID),
    ("ValidationException", "The provided model identifier is invalid.", "that this region offers"),
    ("ValidationException", "This action doesn't support the model that you provided.", MODEL_ID),
    (
        "ValidationException",
        "Invocation of model ID anthropic.claude-sonnet-5 with on-demand throughput isn't supported.",
        "us., eu. or global.",
    ),
    ("ValidationException", "This model doesn't support tool use in streaming mode.", "that supports tool use"),
    (
        "ValidationException",
        "The guardrail identifier or version provided in the request does not exist.",
        "AGENT_GUARDRAIL_ID and AGENT_GUARDRAIL_VERSION",
    ),
]


SSO = """\
[profile sso]
sso_start_url = https://nobody-has-signed-in.example.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = consultant
"""


def failed_with(came: Talk) -> str:
    """The message of a run that ended with an error, and not with one of the configuration."""
    assert type(came.error) is AgentError
    return str(came.error)


@pytest.mark.parametrize(("code", "message", "remedy"), CONFIGURATION)
def test_what_only_an_operator_can_mend_is_no_failure_of_the_agent(
    code: str, message: str, remedy: str, service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [refuses(code, message)]
    came = talk(client)
    assert isinstance(came.error, AgentNotConfiguredError)
    assert message not in str(came.error)
    assert (came.error.code, came.error.detail) == (code, message)
    assert re.search(f"What to do: .*{remedy}", str(came.error))
    assert (came.events, len(service.requests)) == ([], 1)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ValidationException", "Expected toolResult blocks at messages.2.content for the following Ids: tooluse_1"),
        ("ValidationException", "messages.1.content.0: Invalid `signature` in `thinking` block"),
        ("ValidationException", "messages.2: `tool_use` ids were found without `tool_result` blocks"),
        ("ValidationException", "Input is too long for requested model."),
    ],
)
def test_a_complaint_about_the_messages_is_no_matter_of_the_configuration(
    code: str, message: str, service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [refuses(code, message)]
    came = talk(client)
    assert failed_with(came).startswith("The agent failed: Bedrock or its model failed (ValidationException).")
    assert isinstance(came.error, AgentError)
    assert came.error.detail == message
    assert len(service.requests) == 1


def test_a_refusal_inside_the_stream_is_read_like_one_at_the_call(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [[*turn("Hm.")[:2], fails("validationException", "The provided model identifier is invalid.")]]
    came = talk(client)
    assert isinstance(came.error, AgentNotConfiguredError)
    assert "ValidationException" in str(came.error)


def test_no_credentials_are_a_matter_of_the_configuration(
    service: ConverseService, aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    client = boto3.Session().client("bedrock-runtime", endpoint_url=service.url, config=client_config(5))
    came = talk(client)
    client.close()
    assert isinstance(came.error, AgentNotConfiguredError)
    assert "there are no usable AWS credentials (NoCredentialsError)" in str(came.error)
    assert service.requests == []


def test_a_sign_in_that_has_expired_is_a_matter_of_the_configuration(
    service: ConverseService, aws: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text(SSO)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    session = boto3.Session(profile_name="sso")
    client = session.client("bedrock-runtime", endpoint_url=service.url, config=client_config(5))
    came = talk(client)
    client.close()
    assert isinstance(came.error, AgentNotConfiguredError)
    assert "there are no usable AWS credentials" in str(came.error)
    assert "SSO" in str(came.error)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
def test_a_run_tells_it_as_a_configuration_error(
    code: str, service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [refuses(code, "no luck")]
    bench = Bench()
    feed = ThreadedFeed(stream(client, model=MODEL))
    bench.feed.next = lambda timeout: feed.next(5)  # type: ignore[method-assign]  # noqa: ARG005 - the run's clock is simulated
    assert bench.start(lambda: bench.feed) is SessionStatus.CONFIGURATION_ERROR
    assert re.search(FORM, bench.last.state.error_message or "")
    feed.close()
