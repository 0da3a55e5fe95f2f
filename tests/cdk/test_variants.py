"""Deployments that differ from the default one, and what rule packs say of each. Slow: each is synthesized."""

import datetime as dt
import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import runbook
from checkout import ROOT
from programs import PYTHON, ran, tool
from stack_template import Template, synthesized

from cdk import web
from client.command.outputs import ADDRESSES, IDS, KEY_COMMAND
from local.http import pages
from schema.sdl import SDL

pytestmark = pytest.mark.slow

VARIANTS: dict[str, dict[str, Any]] = {
    "default": {},
    "web": {"web": True, "agentModel": "eu.anthropic.claude-sonnet-4-6", "runsAtOnce": 50},
    "apiKey": {"apiKey": True},
    "guardrail": {"agentModel": "amazon.nova-pro-v1:0", "guardrailId": "a1b2c3d4", "guardrailVersion": "DRAFT"},
    "bedrock": {"agent": "bedrock", "analysisModel": "us.amazon.nova-lite-v1:0"},
    "development": {
        "stage": "development",
        "apiKey": True,
        "apiKeyDays": 7,
        "alarmEmail": "ada@example.com",
        "monthlyBudget": 500,
    },
    "existing": {
        "agent": "existing",
        "agentId": "AGENT12345",
        "agentAliasId": "ALIAS12345",
        "artifactsBucket": "documents-of-the-house",
        "threatProtection": True,
        "workerConcurrency": 20,
        "web": True,
    },
}

PAGE_OUTPUTS = {*ADDRESSES, *IDS}
"""The outputs that the page reads as its `config.json`."""

REDUNDANT = "W3005"
"""The CDK writes down a dependency on a role beside the reference to it, since it also means the role's policy."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each variant's assembly is, under its name."""
    return tmp_path_factory.mktemp("assemblies")


@pytest.fixture(scope="module")
def templates(folder: Path) -> dict[str, Template]:
    """Every variant, judged by the rule packs: one that is found wanting fails here, with what was found."""
    return {name: synthesized(folder / name, judged=True, **context) for name, context in VARIANTS.items()}


@pytest.fixture(scope="module")
def development(templates: dict[str, Template]) -> Template:
    return templates["development"]


@pytest.fixture(scope="module")
def existing(templates: dict[str, Template]) -> Template:
    return templates["existing"]


@pytest.mark.parametrize("name", VARIANTS)
def test_the_rule_packs_find_nothing_that_is_not_accepted_with_a_reason(
    templates: dict[str, Template], folder: Path, name: str
) -> None:
    """AwsSolutions and Serverless; each reason is a sentence, not a word."""
    assert name in templates
    report = json.loads((folder / name / "validation-report.json").read_text(encoding="utf-8"))
    packs = {pack["pluginName"]: pack for pack in report["pluginReports"]}
    assert {"AwsSolutions", "Serverless"} <= set(packs)
    for pack in packs.values():
        assert (pack["conclusion"], pack["violations"]) == ("success", [])
        assert all(len(one["reason"].split()) > 6 for one in pack["suppressedViolations"])


async def test_cloudformation_lint_finds_nothing(templates: dict[str, Template], folder: Path) -> None:
    """Types, values, references and limits, by CloudFormation's own schemas."""
    written = [str(folder / name / "ScopeSmith.template.json") for name in templates]
    assert (await ran(tool("cfn-lint"), "--ignore-checks", REDUNDANT, "--", *written))[:2] == (0, "")


def test_a_development_takes_a_key_that_expires_and_answers_introspection(development: Template) -> None:
    """And its SDL grants the key what the printed one does."""
    api = development.one("AppSync::GraphQLApi").properties
    modes = [mode["AuthenticationType"] for mode in api["AdditionalAuthenticationProviders"]]
    assert modes == ["AWS_IAM", "API_KEY"]
    assert (api["IntrospectionConfig"], api["LogConfig"]["FieldLogLevel"]) == ("ENABLED", "ALL")
    assert development.one("AppSync::GraphQLSchema").properties["Definition"] == SDL.read_text(encoding="utf-8")
    left = development.one("AppSync::ApiKey").properties["Expires"] - time.time()
    assert 7 * 86_400 <= left <= 8 * 86_400


def test_every_alarm_has_its_entry_in_the_runbook_and_every_entry_its_alarm(templates: dict[str, Template]) -> None:
    """The schedule and the budget too, which send mails like alarms."""
    watching = {"CloudWatch::Alarm", "Scheduler::Schedule"}
    named = {
        one.path.rpartition("/")[2]
        for template in templates.values()
        for kind in watching
        for one in template.all(kind)
    }
    budgets = {one.path.split("/")[1] for template in templates.values() for one in template.all("Budgets::Budget")}
    assert named | budgets == runbook.entries()


def test_the_key_is_reminded_of_before_it_ends(development: Template) -> None:
    """A key of seven days has its mail on the last day, from a schedule that may do nothing else."""
    schedule = development.one("Scheduler::Schedule").properties
    ends = dt.datetime.fromisoformat(schedule["EndDate"])
    assert ends.timestamp() == development.one("AppSync::ApiKey").properties["Expires"]
    assert ends - dt.datetime.fromisoformat(schedule["StartDate"]) == dt.timedelta(days=1)
    assert schedule["ScheduleExpression"] == "rate(1 day)"
    assert development.text(schedule["Target"]["Arn"]) == "{Monitoring/Alarms}"
    assert f"expires on {ends:%d %B %Y}" in schedule["Target"]["Input"]
    sender = next(one.path for one in development.all("IAM::Role") if one.path.startswith("SchedulerRole"))
    assert development.rights(sender) == {"sns:Publish": ["{Monitoring/Alarms}"]}


def test_a_budget_tells_who_gets_the_alarms_unless_somebody_else_is_named(development: Template) -> None:
    """Before it is used up, when it is, and when it will be."""
    budget = development.one("Budgets::Budget").properties
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 500, "Unit": "USD"}
    told = [
        (one["Notification"]["NotificationType"], one["Notification"]["Threshold"], one["Subscribers"])
        for one in budget["NotificationsWithSubscribers"]
    ]
    ada = [{"Address": "ada@example.com", "SubscriptionType": "EMAIL"}]
    assert told == [("ACTUAL", 80, ada), ("FORECASTED", 100, ada), ("ACTUAL", 100, ada)]


def test_callers_with_the_key_have_a_limit_for_each_address(development: Template) -> None:
    """Its header counts like a user's token."""
    rules = {one["Name"]: one for one in development.one("WAFv2::WebACL").properties["Rules"]}
    keys = rules["KeyRate"]["Statement"]["RateBasedStatement"]["CustomKeys"]
    assert [one["Header"]["Name"] for one in keys if "Header" in one] == ["x-api-key"]
    assert rules["KeyRate"]["Action"] == rules["TokenRate"]["Action"]


def test_the_key_itself_is_no_output(development: Template) -> None:
    """Outputs are shown in consoles and logs: one says how to read it."""
    (key,) = development.all("AppSync::ApiKey")
    assert key.path not in str(development.outputs())
    assert development.outputs()[KEY_COMMAND] == (
        "aws appsync list-api-keys --api-id {Api/Api} --region {AWS::Region} --query 'apiKeys[0].id' --output text"
    )


def test_a_development_leaves_nothing_behind(development: Template) -> None:
    """Its buckets are emptied, its table may be deleted, and its logs go with it."""
    kept = [one.path for one in development.resources if one.body.get("DeletionPolicy", "Delete") != "Delete"]
    assert kept == []
    assert development.one("DynamoDB::Table").properties["DeletionProtectionEnabled"] is False
    assert len([one for one in development.resources if one.type == "Custom::S3AutoDeleteObjects"]) == 3


def test_every_function_writes_to_a_log_of_the_stack(templates: dict[str, Template]) -> None:
    """The library's own, too: a log that Lambda makes is kept for ever, and stays when the stack goes."""
    for template in templates.values():
        logs = {log.logical_id for log in template.all("Logs::LogGroup")}
        for function in template.all("Lambda::Function"):
            assert function.properties["LoggingConfig"]["LogGroup"]["Ref"] in logs, function.path
        assert all(log.properties["RetentionInDays"] > 0 for log in template.all("Logs::LogGroup"))


def test_documents_of_an_existing_agent_are_in_the_bucket_that_the_settings_name(existing: Template) -> None:
    """The worker and the resolvers use that bucket, and only the workspaces in it."""
    worker = existing.one("Lambda::Function", "Worker/Function").properties
    assert worker["ReservedConcurrentExecutions"] == 20
    resolvers = existing.one("Lambda::Function", "Resolvers/Function").properties["Environment"]["Variables"]
    assert "RUNS_AT_ONCE" not in resolvers  # the worker can't take more than its own places
    assert worker["Environment"]["Variables"]["ARTIFACTS_BUCKET_NAME"] == "documents-of-the-house"
    bucket = "arn:{AWS::Partition}:s3:::documents-of-the-house"
    rights = existing.rights("Worker")
    assert rights["s3:PutObject"] == [f"{bucket}/sessions/*"]
    assert rights["s3:ListBucket"] == [bucket, "{Buckets/Templates}"]
    (read,) = existing.rights("Resolvers")["s3:GetObject"]
    assert read == f"{bucket}/sessions/*"


def test_the_page_is_private_in_its_bucket_and_may_load_only_its_own_code(existing: Template) -> None:
    """CloudFront signs what it reads; the page reaches the API, its WebSocket and Cognito, and nothing else."""
    headers = existing.one("CloudFront::ResponseHeadersPolicy").properties["ResponseHeadersPolicyConfig"]
    security = headers["SecurityHeadersConfig"]
    policy = existing.text(security["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' {Api/Api} {Api/Api} https://cognito-idp.{AWS::Region}.{AWS::URLSuffix}/;" in policy
    assert "frame-src https://" in policy  # the bucket with the proposals' pages
    assert "frame-src https:;" not in policy
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    distribution = existing.one("CloudFront::Distribution").properties["DistributionConfig"]
    assert distribution["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert (
        existing.one("CloudFront::OriginAccessControl").properties["OriginAccessControlConfig"]["SigningBehavior"]
        == "always"
    )
    files = existing.one("S3::Bucket", "Web/Files").properties
    assert set(files["PublicAccessBlockConfiguration"].values()) == {True}
    assert existing.outputs()["WebUrl"].startswith("https://{Web/Distribution")


def test_the_hosted_page_has_the_headers_that_the_local_server_gives_it(existing: Template) -> None:
    """But for where it connects to and where documents lie: what works on one machine works from CloudFront."""
    headers = existing.one("CloudFront::ResponseHeadersPolicy").properties["ResponseHeadersPolicyConfig"]
    security = headers["SecurityHeadersConfig"]
    deployed = directives(existing.text(security["ContentSecurityPolicy"]["ContentSecurityPolicy"]))
    served = directives(pages._PAGE_POLICY)  # noqa: SLF001 - the other composition root's
    for directive in ("connect-src", "frame-src"):
        del deployed[directive], served[directive]
    assert deployed == served
    ours = pages._HEADERS  # noqa: SLF001 - likewise
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == ours["referrer-policy"]
    assert ours["x-content-type-options"] == "nosniff"
    assert security["ContentTypeOptions"] == {"Override": True}
    custom = {one["Header"]: one["Value"] for one in headers["CustomHeadersConfig"]["Items"]}
    assert custom == {"cross-origin-opener-policy": ours["cross-origin-opener-policy"]}


def directives(policy: str) -> dict[str, str]:
    return dict(one.strip().split(" ", 1) for one in policy.split(";"))


def test_the_page_is_uploaded_with_its_operations_and_its_configuration(existing: Template) -> None:
    """A browser asks each time whether its copy is good; one upload does not clear away the other's files."""
    uploads = {one.path: one.properties for one in existing.resources if one.type == "Custom::CDKBucketDeployment"}
    assert {one["SystemMetadata"]["cache-control"] for one in uploads.values()} == {"no-cache"}
    page, operations = (uploads[f"Web/{name}/CustomResource/Default"] for name in ("Page", "Operations"))
    assert page["Exclude"] == ["operations/*"]
    assert operations["DestinationBucketKeyPrefix"] == "operations"
    uploader = existing.one("Lambda::Function", "Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C")
    assert existing.text(uploader.properties["LoggingConfig"]["LogGroup"]) == "{Web/UploadLog}"
    written = {existing.text(value).strip('"') for value in page["SourceMarkers"][1].values()}
    assert written == {value for key, value in existing.outputs().items() if key in PAGE_OUTPUTS}


def test_the_operations_are_uploaded_without_what_python_leaves_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A compiled module names the folder that it was made in, and the bucket's files are everybody's to read."""
    client = tmp_path / "client"
    for part in ("web", "operations"):
        shutil.copytree(ROOT / "client" / part, client / part)
    left = client / "operations" / "__pycache__"
    left.mkdir(exist_ok=True)
    (left / "__init__.cpython-314.pyc").write_bytes(b"/home/ada")
    (client / "operations" / ".DS_Store").write_bytes(b"x")
    monkeypatch.setattr(web, "_CLIENT", client)
    synthesized(tmp_path / "assembly", web=True)
    (asset,) = (file.parent for file in tmp_path.glob("assembly/asset.*/submit.graphql"))
    uploaded = {file.name for file in asset.rglob("*") if file.is_file()}
    assert uploaded == {file.name for file in (ROOT / "client" / "operations").glob("*.graphql")}


async def test_the_command_refuses_what_it_can_not_use_and_starts_nothing(tmp_path: Path) -> None:
    """A wrong value ends it with the key's name and no trace of Python."""
    code, _, err = await ran(PYTHON, "-m", "cdk", "--out", tmp_path, "-c", "agent=existing")
    assert code == 2
    assert "agent=existing also needs agentId and agentAliasId" in err
    assert "Traceback" not in err


async def test_the_command_refuses_a_model_of_another_geography_than_the_stacks(tmp_path: Path) -> None:
    """The CDK's command line says where the stack goes, and passes the context on in the environment."""
    region = {"CDK_DEFAULT_REGION": "eu-central-1"}
    code, _, err = await ran(PYTHON, "-m", "cdk", "--out", tmp_path, variables=region)
    assert code == 2
    assert "give one that Bedrock has in that region, such as -c agentModel=eu.anthropic.claude-sonnet-4-6" in err
    assert "Traceback" not in err
