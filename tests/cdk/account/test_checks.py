"""What the check of an account says of accounts in every state: new ones, prepared ones, ones that refuse to answer.

The clients are boto3's own. Their answers are canned, and botocore checks them against its models of the services.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from cdk.account import checks
from cdk.account.checks import Account
from cdk.account.finding import Finding, Verdict
from cdk.context import settings_of
from cdk.settings import Settings

MODEL = "us.anthropic.claude-sonnet-4-6"
WITHIN = "anthropic.claude-sonnet-4-6"

AVAILABLE: dict[str, Any] = {
    "modelId": WITHIN,
    "agreementAvailability": {"status": "AVAILABLE"},
    "authorizationStatus": "AUTHORIZED",
    "entitlementAvailability": "AVAILABLE",
    "regionAvailability": "AVAILABLE",
}
PROFILE: dict[str, Any] = {
    "inferenceProfileName": "US Claude",
    "inferenceProfileArn": f"arn:aws:bedrock:us-east-1:111122223333:inference-profile/{MODEL}",
    "inferenceProfileId": MODEL,
    "models": [{"modelArn": f"arn:aws:bedrock:us-east-1::foundation-model/{WITHIN}"}],
    "status": "ACTIVE",
    "type": "SYSTEM_DEFINED",
}
NOT_ENABLED = AVAILABLE | {
    "agreementAvailability": {"status": "NOT_AVAILABLE"},
    "entitlementAvailability": "NOT_AVAILABLE",
}
ROOM = "1000 concurrent executions of this account are unreserved, which is room for 499 sessions at a time"


@dataclass(frozen=True)
class Stubs:
    """An account whose answers a test sets."""

    account: Account
    sts: Stubber
    ssm: Stubber
    functions: Stubber
    bedrock: Stubber

    def signed_in(self) -> None:
        caller = {"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/ada", "UserId": "AIDA"}
        self.sts.add_response("get_caller_identity", caller)

    def bootstrapped(self, version: str) -> None:
        self.ssm.add_response(
            "get_parameter", {"Parameter": {"Value": version}}, {"Name": "/cdk-bootstrap/hnb659fds/version"}
        )

    def runs(self, every: int, unreserved: int) -> None:
        limit = {"ConcurrentExecutions": every, "UnreservedConcurrentExecutions": unreserved}
        self.functions.add_response("get_account_settings", {"AccountLimit": limit})

    def ready_for_a_model(self) -> None:
        self.signed_in()
        self.bootstrapped("25")
        self.runs(10, 10)

    def has_profile(self, model: str = MODEL) -> None:
        self.bedrock.add_response("get_inference_profile", PROFILE, {"inferenceProfileIdentifier": model})

    def has_model(self, answer: dict[str, Any] = AVAILABLE, model: str = WITHIN) -> None:
        self.bedrock.add_response("get_foundation_model_availability", answer, {"modelId": model})

    def form_sent(self) -> None:
        self.bedrock.add_response("get_use_case_for_model_access", {"formData": b"{}"}, {})

    def prepared(self) -> None:
        self.signed_in()
        self.bootstrapped("25")
        self.runs(1000, 1000)
        self.has_profile()
        self.has_model()
        self.form_sent()

    def found(self, **context: object) -> list[Finding]:
        return list(checks.check(self.account, settings_of(context)))

    def of(self, about: str, **context: object) -> Finding:
        (finding,) = (one for one in self.found(**context) if one.about == about)
        return finding


@pytest.fixture(scope="module")
def account() -> Account:
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    return Account(
        "us-east-1", session.client("sts"), session.client("ssm"), session.client("lambda"), session.client("bedrock")
    )


@pytest.fixture
def stubs(account: Account) -> Iterator[Stubs]:
    """Every answer that a test sets must be asked for."""
    made = Stubs(
        account, Stubber(account.sts), Stubber(account.ssm), Stubber(account.functions), Stubber(account.bedrock)
    )
    every = (made.sts, made.ssm, made.functions, made.bedrock)
    with made.sts, made.ssm, made.functions, made.bedrock:
        yield made
    for stub in every:
        stub.assert_no_pending_responses()


def test_a_prepared_account_passes_every_check_with_a_line_each(stubs: Stubs) -> None:
    stubs.prepared()
    assert [str(finding) for finding in stubs.found()] == [
        "ok    credentials: account 111122223333, as arn:aws:iam::111122223333:user/ada",
        "ok    region: us-east-1",
        "ok    bootstrap: version 25",
        f"ok    concurrency: {ROOM}; runsAtOnce is 4",
        f"ok    model {MODEL}: the account may call it",
        "ok    Anthropic's form: it has been filled in",
    ]


def test_credentials_that_aws_refuses_end_the_check(stubs: Stubs) -> None:
    """Nothing else could be asked."""
    stubs.sts.add_client_error("get_caller_identity", "ExpiredToken")
    (finding,) = stubs.found()
    assert str(finding).startswith("FAIL  credentials: AWS refuses them (ExpiredToken): sign in again")


def test_a_region_that_cant_use_the_model_is_named_with_one_that_can(stubs: Stubs) -> None:
    stubs.prepared()
    elsewhere = replace(stubs.account, region="eu-west-1")
    (region,) = (one for one in checks.check(elsewhere, Settings()) if one.about == "region")
    assert region.fails
    assert "-c agentModel=eu.anthropic.claude-sonnet-4-6" in region.text


# Bootstrap


def test_a_region_that_was_never_bootstrapped_fails_with_the_command(stubs: Stubs) -> None:
    stubs.ssm.add_client_error("get_parameter", "ParameterNotFound")
    finding = checks.bootstrap(stubs.account.ssm, "us-east-1")
    assert finding.fails
    assert "`npx aws-cdk@2 bootstrap`" in finding.text


@pytest.mark.parametrize(("version", "verdict"), [("5", Verdict.FAILED), ("6", Verdict.OK)])
def test_a_bootstrap_must_have_the_version_that_the_template_requires(
    stubs: Stubs, version: str, verdict: Verdict
) -> None:
    stubs.bootstrapped(version)
    assert checks.bootstrap(stubs.account.ssm, "us-east-1").verdict is verdict


# Concurrency


@pytest.mark.parametrize(
    ("context", "every", "unreserved", "verdict", "told"),
    [
        ({}, 10, 10, Verdict.OK, "room for 4 sessions at a time; runsAtOnce is 4"),
        ({"agent": "bedrock"}, 10, 10, Verdict.OK, "room for 2 sessions at a time; runsAtOnce is 2"),
        (
            {},
            10,
            5,
            Verdict.FAILED,
            "runsAtOnce is 4: deploy with -c runsAtOnce=1, or ask for more: `aws service-quotas",
        ),
        ({"runsAtOnce": 5}, 10, 10, Verdict.FAILED, "-c runsAtOnce=4"),
        ({"runsAtOnce": 100}, 1000, 1000, Verdict.OK, "room for 499 sessions"),
        ({}, 10_000, 10_000, Verdict.OK, "room for 1000 sessions"),
        (
            {"workerConcurrency": 20},
            10,
            10,
            Verdict.FAILED,
            "leave it out and set runsAtOnce, or .*--desired-value 220`",
        ),
        (
            {"workerConcurrency": 20},
            119,
            119,
            Verdict.FAILED,
            "of this account's 119 concurrent executions 100 must stay",
        ),
        ({"workerConcurrency": 20}, 120, 120, Verdict.OK, "20 of 120"),
        ({"workerConcurrency": 20}, 1000, 110, Verdict.WARNING, "only 10 .* enough only if this stack has its"),
    ],
)
def test_the_account_must_have_room_for_the_runs_and_the_api(
    stubs: Stubs, context: dict[str, object], every: int, unreserved: int, verdict: Verdict, told: str
) -> None:
    """A new account has ten places, of which none can be reserved."""
    stubs.runs(every, unreserved)
    finding = checks.concurrency(stubs.account.functions, settings_of(context))
    assert finding.verdict is verdict
    assert re.search(told, finding.text)


# Models


def test_a_model_that_nobody_has_called_yet_needs_a_call_by_an_administrator(stubs: Stubs) -> None:
    """The worker's role may not subscribe to it."""
    stubs.ready_for_a_model()
    stubs.has_profile()
    stubs.has_model(NOT_ENABLED)
    stubs.bedrock.add_client_error("get_use_case_for_model_access", "ResourceNotFoundException")
    found = {finding.about: finding for finding in stubs.found()}
    model = found[f"model {MODEL}"]
    assert model.fails
    assert f'aws bedrock-runtime converse --model-id {MODEL} --messages \'[{{"role"' in model.text
    assert str(found["Anthropic's form"]).startswith(
        "FAIL  Anthropic's form: nobody has filled it in: open a Claude model"
    )


@pytest.mark.parametrize(
    ("changed", "verdict", "told"),
    [
        ({"agreementAvailability": {"status": "PENDING"}}, Verdict.WARNING, "check again in 15 minutes"),
        ({"agreementAvailability": {"status": "ERROR", "errorMessage": "no card"}}, Verdict.FAILED, "(no card)"),
        ({"authorizationStatus": "NOT_AUTHORIZED"}, Verdict.FAILED, "your organization's policies"),
        ({"regionAvailability": "NOT_AVAILABLE"}, Verdict.FAILED, "this region does not have it"),
    ],
)
def test_a_model_that_cant_be_called_says_why(
    stubs: Stubs, changed: dict[str, Any], verdict: Verdict, told: str
) -> None:
    stubs.ready_for_a_model()
    stubs.has_model(AVAILABLE | changed, "amazon.nova-pro-v1:0")
    finding = stubs.of("model amazon.nova-pro-v1:0", agentModel="amazon.nova-pro-v1:0")
    assert finding.verdict is verdict
    assert told in finding.text


def test_a_profile_may_route_to_regions_other_than_its_own(stubs: Stubs) -> None:
    """So the model need not be in this one."""
    stubs.ready_for_a_model()
    stubs.has_profile()
    stubs.has_model(AVAILABLE | {"regionAvailability": "NOT_AVAILABLE"})
    stubs.form_sent()
    assert stubs.of(f"model {MODEL}").verdict is Verdict.OK


def test_an_inference_profile_that_the_region_lacks_fails_with_the_list_of_those_it_has(stubs: Stubs) -> None:
    stubs.ready_for_a_model()
    stubs.bedrock.add_client_error("get_inference_profile", "ResourceNotFoundException")
    stubs.form_sent()
    finding = stubs.of(f"model {MODEL}")
    assert finding.fails
    assert "`aws bedrock list-inference-profiles`" in finding.text


def test_both_models_of_a_deployment_are_checked_and_only_claude_needs_a_form(stubs: Stubs) -> None:
    stubs.ready_for_a_model()
    stubs.has_model(model="amazon.nova-pro-v1:0")
    stubs.has_model(model="amazon.nova-lite-v1:0")
    found = stubs.found(agentModel="amazon.nova-pro-v1:0", analysisModel="amazon.nova-lite-v1:0")
    assert [one.about for one in found][4:] == ["model amazon.nova-pro-v1:0", "model amazon.nova-lite-v1:0"]


def test_an_existing_agent_has_a_model_of_its_own(stubs: Stubs) -> None:
    """It is not ours to check."""
    stubs.ready_for_a_model()
    found = stubs.found(agent="existing", agentId="AGENT12345", agentAliasId="ALIAS12345")
    assert [one.about for one in found][4:] == []


# Answers that do not come


def test_a_caller_without_the_right_to_look_is_warned_and_the_other_checks_go_on(stubs: Stubs) -> None:
    stubs.signed_in()
    stubs.ssm.add_client_error("get_parameter", "AccessDeniedException")
    stubs.functions.add_client_error("get_account_settings", "ServiceException")
    stubs.has_profile()
    stubs.has_model()
    stubs.form_sent()
    found = {finding.about: finding.verdict for finding in stubs.found()}
    assert found["bootstrap"] is Verdict.WARNING
    assert found["concurrency"] is Verdict.FAILED
    assert found[f"model {MODEL}"] is Verdict.OK
