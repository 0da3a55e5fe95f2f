"""The stack as a reviewer reads it: who may do what, what is encrypted, what is kept, what is tried again.

Everything here looks at one template: a production with a model through Converse, as `cdk deploy` makes it by default.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import runbook
from firewall import TOO_MANY_REQUESTS
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
)
from stack_template import Template, listed, synthesized

import local.aws.server
import local.stack
from cdk import costs
from cdk.sdl import root_fields, without_api_key
from client.command.outputs import ADDRESSES, IDS, KEY_COMMAND
from local import environment
from local.environment import Addresses, Credentials, Scripted
from resolvers import settings as resolvers_settings
from resolvers.metrics import _ENDS, NAMESPACE
from schema import limits
from schema.sdl import SDL
from schema.usage import Usage
from worker.metrics import aged_out_event, configuration_error, model_usage, publish_error

FUNCTIONS = {
    "Resolvers": environment.RESOLVERS,
    "Worker": environment.WORKER,
    "Failure": environment.FAILURE,
}
KEPT = {"Retain", "RetainExceptOnCreate"}
"""The deletion policies of what stays when the stack is destroyed."""
LOG_AND_TRACES = {"logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTelemetryRecords", "xray:PutTraceSegments"}
PUBLISH = "/types/Mutation/fields/publishProgress"
WORKSPACES = "{Buckets/Artifacts}/sessions/*"
MODEL = [
    "arn:{AWS::Partition}:bedrock:{AWS::Region}:{AWS::AccountId}:inference-profile/us.anthropic.claude-sonnet-4-6",
    "arn:{AWS::Partition}:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6",
]
"""The default model's inference profile, and the model that it routes to."""


@pytest.fixture(scope="module")
def template() -> Template:
    return synthesized()


def rights(template: Template, construct: str) -> dict[str, list[str]]:
    """What a function may do beyond writing its log and its traces."""
    return {action: to for action, to in template.rights(construct).items() if action not in LOG_AND_TRACES}


# Who may do what


def test_the_resolvers_may_keep_sessions_start_the_worker_and_use_workspaces(template: Template) -> None:
    """And nothing else: no scan, no other function, no object outside the workspaces, and none written. Of the API it
    may use one field, which writes nothing.
    """
    found = rights(template, "Resolvers")
    (announce,) = found.pop("appsync:GraphQL")
    assert announce.endswith("/types/Mutation/fields/announceProgress")
    assert found == {
        "dynamodb:GetItem": ["{Sessions/Table}"],
        "dynamodb:PutItem": ["{Sessions/Table}"],
        "dynamodb:UpdateItem": ["{Sessions/Table}"],
        "dynamodb:DeleteItem": ["{Sessions/Table}"],
        "dynamodb:ConditionCheckItem": ["{Sessions/Table}"],
        "dynamodb:Query": ["{Sessions/Table}", "{Sessions/Table}/index/owner-created_at-index"],
        "lambda:InvokeFunction": ["{Worker/Function}"],
        "s3:GetObject": [WORKSPACES],
        "s3:DeleteObjectVersion": [WORKSPACES],
        "s3:ListBucketVersions": ["{Buckets/Artifacts}"],
    }


def test_the_worker_may_publish_call_one_model_and_use_workspaces_but_not_the_table(template: Template) -> None:
    """It runs the tools, so it reads the templates and writes workspaces. It hands failed events to the queue."""
    found = rights(template, "Worker")
    (publish,) = found.pop("appsync:GraphQL")
    assert publish.endswith(PUBLISH)
    assert "{Api/Api}" in publish
    assert found == {
        "bedrock:InvokeModel": MODEL,
        "bedrock:InvokeModelWithResponseStream": MODEL,
        "s3:GetObject": [WORKSPACES, "{Buckets/Templates}/*"],
        "s3:PutObject": [WORKSPACES],
        "s3:ListBucket": ["{Buckets/Artifacts}", "{Buckets/Templates}"],
        "sqs:GetQueueAttributes": ["{Failures/FailedEvents}"],
        "sqs:GetQueueUrl": ["{Failures/FailedEvents}"],
        "sqs:SendMessage": ["{Failures/FailedEvents}"],
    }


def test_only_the_worker_may_use_bedrock_and_there_is_no_agent(template: Template) -> None:
    """No agent, no action-group Lambda, and no permission for Bedrock but the one for the model."""
    assert [one.type for one in template.resources if one.type.startswith("AWS::Bedrock::")] == []
    assert {one.path for one in template.all("Lambda::Function")} == {f"{name}/Function" for name in FUNCTIONS}
    assert "bedrock" not in str([one.properties for one in template.all("Lambda::Permission")])
    allowed = [
        (role.path, action)
        for role in template.all("IAM::Role")
        for action in template.rights(role.path)
        if action.startswith("bedrock:")
    ]
    assert allowed == [
        ("Worker/Role", "bedrock:InvokeModel"),
        ("Worker/Role", "bedrock:InvokeModelWithResponseStream"),
    ]


def test_the_failure_function_may_publish_and_empty_its_queue(template: Template) -> None:
    """It reads no workspace and no table."""
    found = rights(template, "Failure")
    (publish,) = found.pop("appsync:GraphQL")
    assert publish.endswith(PUBLISH)
    assert all(to == ["{Failures/FailedEvents}"] for to in found.values())
    assert {"sqs:ReceiveMessage", "sqs:DeleteMessage"} <= set(found)
    assert "sqs:SendMessage" not in found


def test_the_workspaces_bucket_is_listed_below_its_prefix_alone(template: Template) -> None:
    """A list that names another prefix, or none, is refused."""
    (listing,) = (
        one
        for one in template.statements("Worker")
        if "s3:ListBucket" in listed(one["Action"]) and template.text(one["Resource"]) == "{Buckets/Artifacts}"
    )
    assert listing["Condition"] == {"StringLike": {"s3:prefix": "sessions/*"}}


def test_no_role_has_a_managed_policy_and_none_may_do_everything(template: Template) -> None:
    """Each right is written down here; only X-Ray's has a wildcard resource."""
    for role in template.all("IAM::Role"):
        assert "ManagedPolicyArns" not in role.properties
    for policy in template.all("IAM::Policy"):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            actions = listed(statement["Action"])
            assert not [action for action in actions if "*" in action]
            if "*" in listed(statement["Resource"]):
                assert set(actions) <= LOG_AND_TRACES


# The API


def test_every_root_field_but_the_announcements_runs_the_one_resolver(template: Template) -> None:
    """The subscription's too, or anybody could follow anybody's session. An announcement runs no Lambda."""
    resolvers = [one.properties for one in template.all("AppSync::Resolver")]
    assert sorted((one["TypeName"], one["FieldName"]) for one in resolvers) == sorted(
        (field.type_name, field.name) for field in root_fields(SDL.read_text(encoding="utf-8"))
    )
    code = {
        name: (SDL.parents[1] / "resolvers" / f"{name}.js").read_text(encoding="utf-8")
        for name in ("resolver", "announce")
    }
    assert {one["FieldName"] for one in resolvers if one["Code"] == code["announce"]} == {"announceProgress"}
    assert {one["Code"] for one in resolvers} == set(code.values())
    assert {one["Runtime"]["Name"] for one in resolvers} == {"APPSYNC_JS"}
    lambdas, nothing = (template.one("AppSync::DataSource", f"Api/Api/{name}") for name in ("Resolvers", "Nothing"))
    assert template.text(lambdas.properties["LambdaConfig"]["LambdaFunctionArn"]) == "{Resolvers/Function}"
    assert nothing.properties["Type"] == "NONE"


def test_the_api_takes_users_tokens_and_signatures_and_no_key(template: Template) -> None:
    """Tokens of this pool's own client; and the SDL grants a key nothing."""
    api = template.one("AppSync::GraphQLApi").properties
    assert api["AuthenticationType"] == "AMAZON_COGNITO_USER_POOLS"
    assert api["UserPoolConfig"]["DefaultAction"] == "ALLOW"
    assert template.text(api["UserPoolConfig"]["AppIdClientRegex"]) == "^{Users/Pool/Client}$"
    assert [mode["AuthenticationType"] for mode in api["AdditionalAuthenticationProviders"]] == ["AWS_IAM"]
    assert template.all("AppSync::ApiKey") == []
    definition = template.one("AppSync::GraphQLSchema").properties["Definition"]
    assert definition == without_api_key(SDL.read_text(encoding="utf-8"))


def test_the_api_is_bounded_logged_and_measured_and_hides_its_schema(template: Template) -> None:
    """What clients write stays out of the log."""
    api = template.one("AppSync::GraphQLApi").properties
    assert (api["QueryDepthLimit"], api["ResolverCountLimit"]) == (limits.QUERY_DEPTH, limits.RESOLVERS_A_REQUEST)
    assert api["IntrospectionConfig"] == "DISABLED"
    assert (api["LogConfig"]["FieldLogLevel"], api["LogConfig"]["ExcludeVerboseContent"]) == ("ERROR", True)
    assert api["XrayEnabled"] is True
    assert api["EnhancedMetricsConfig"]["ResolverLevelMetricsBehavior"] == "FULL_REQUEST_RESOLVER_METRICS"
    assert template.text(template.one("Logs::LogGroup", "Api").properties["LogGroupName"]) == (
        "/aws/appsync/apis/{Api/Api}"
    )


def test_every_operation_of_the_client_is_within_the_depth_limit(template: Template) -> None:
    """And so is the worker's."""
    limit = template.one("AppSync::GraphQLApi").properties["QueryDepthLimit"]
    documents = [
        *(SDL.parents[1] / "client" / "operations").glob("*.graphql"),
        SDL.with_name("publish_progress.graphql"),
        SDL.with_name("announce_progress.graphql"),
    ]
    depths = list(depth(documents))
    assert len(depths) > 5
    assert max(depths) == 5 < limit


def depth(documents: list[Path]) -> Iterator[int]:
    """How deep each operation goes."""
    definitions = [node for path in documents for node in parse(path.read_text(encoding="utf-8")).definitions]
    fragments = {node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)}

    def below(node: SelectionNode) -> int:
        if isinstance(node, FragmentSpreadNode):
            return deepest(fragments[node.name.value].selection_set)
        return 1 + deepest(node.selection_set) if isinstance(node, FieldNode) else 1

    def deepest(selected: SelectionSetNode | None) -> int:
        return max((below(node) for node in selected.selections), default=0) if selected else 0

    for node in definitions:
        if isinstance(node, OperationDefinitionNode):
            yield deepest(node.selection_set)


def rates(template: Template) -> dict[str, dict[str, Any]]:
    """The firewall's limits by their names."""
    rules = template.one("WAFv2::WebACL").properties["Rules"]
    return {one["Name"]: one for one in rules if "RateBasedStatement" in one["Statement"]}


def test_an_office_behind_one_address_has_a_limit_for_each_of_its_users(template: Template) -> None:
    """Each credential of an address counts by itself; the address alone has ten times as much."""
    found = {name: one["Statement"]["RateBasedStatement"] for name, one in rates(template).items()}
    assert set(found) == {"TokenRate", "AddressRate", "SignedRate"}
    token, address = found["TokenRate"], found["AddressRate"]
    assert (token["Limit"], token["AggregateKeyType"]) == (2000, "CUSTOM_KEYS")
    assert [next(iter(key)) for key in token["CustomKeys"]] == ["IP", "Header"]
    assert token["CustomKeys"][1]["Header"]["Name"] == "authorization"
    assert (address["Limit"], address["AggregateKeyType"]) == (20_000, "IP")
    preflight = address["ScopeDownStatement"]["AndStatement"]["Statements"][1]["NotStatement"]["Statement"]
    assert preflight["ByteMatchStatement"]["SearchString"] == "OPTIONS"  # a page can't read a refused preflight
    assert found["SignedRate"]["Limit"] > 300 * 300


def test_who_passes_a_limit_is_told_so_in_a_form_that_a_page_may_read(template: Template) -> None:
    """429, in AppSync's form, with the header that lets a page of another origin see it."""
    bodies = template.one("WAFv2::WebACL").properties["CustomResponseBodies"]
    for rule in rates(template).values():
        answer = rule["Action"]["Block"]["CustomResponse"]
        headers = {one["Name"]: one["Value"] for one in answer["ResponseHeaders"]}
        assert (answer["ResponseCode"], headers["access-control-allow-origin"]) == (429, "*")
        body = bodies[answer["CustomResponseBodyKey"]]
        assert body["ContentType"] == "APPLICATION_JSON"
        assert json.loads(body["Content"]) == TOO_MANY_REQUESTS


def test_a_firewall_does_not_judge_free_text(template: Template) -> None:
    """Meeting notes may hold what looks like an attack."""
    acl = template.one("WAFv2::WebACL").properties
    rules = {rule["Name"]: rule for rule in acl["Rules"]}
    common = rules["AWSManagedRulesCommonRuleSet"]["Statement"]["ManagedRuleGroupStatement"]
    counted = {one["Name"] for one in common["RuleActionOverrides"] if one["ActionToUse"] == {"Count": {}}}
    assert {"SizeRestrictions_BODY", "CrossSiteScripting_BODY", "SizeRestrictions_QUERYSTRING"} <= counted
    assert "AWSManagedRulesAmazonIpReputationList" in rules
    attacks = rules["AWSManagedRulesKnownBadInputsRuleSet"]["Statement"]["ManagedRuleGroupStatement"]
    assert {one["Name"] for one in attacks["RuleActionOverrides"]} == {"Log4JRCE_BODY", "JavaDeserializationRCE_BODY"}
    association = template.one("WAFv2::WebACLAssociation").properties
    assert template.text(association["ResourceArn"]) == "{Api/Api}"
    assert not any(rule["VisibilityConfig"]["SampledRequestsEnabled"] for rule in rules.values())
    redacted = json.dumps(template.one("WAFv2::LoggingConfiguration").properties["RedactedFields"]).lower()
    for place in ("authorization", "x-api-key", "sec-websocket-protocol", "querystring"):
        assert place in redacted


# The functions, as on one machine


def test_the_functions_are_those_of_the_local_stack(template: Template) -> None:
    """The two composition roots wire the same handlers with the same limits, and tell them the same things."""
    addresses = Addresses("http://a", "http://b", "http://c")
    told = environment.function_environments(addresses, Credentials("a", "b"), Scripted.CONVERSE)
    there = {one.name: one for one in local.stack.FUNCTIONS}
    for construct, name in FUNCTIONS.items():
        here = template.one("Lambda::Function", f"{construct}/Function").properties
        assert (here["Handler"], here["Timeout"], here["MemorySize"]) == (
            there[name].handler,
            there[name].timeout_seconds,
            there[name].memory_mb,
        )
        ours = {key for key in told[name] if not key.startswith(("AWS_", "POWERTOOLS_"))}
        ours.discard("ANALYSIS_MODEL_ID")  # in the cloud the agent's model reads the notes, unless another one is named
        assert ours <= set(here["Environment"]["Variables"])


def test_the_resolvers_know_how_many_sessions_may_run_at_once(template: Template) -> None:
    """Few enough for a new account, where none can be reserved for the worker."""
    variables = template.one("Lambda::Function", "Resolvers/Function").properties["Environment"]["Variables"]
    assert variables["RUNS_AT_ONCE"] == "4"
    assert "ReservedConcurrentExecutions" not in template.one("Lambda::Function", "Worker/Function").properties


@pytest.mark.parametrize(("context", "count"), [({}, 1), ({"runsAtOnce": 4}, 0)])
def test_whoever_deploys_is_told_the_number_of_runs_that_nobody_has_chosen(
    tmp_path: Path, context: dict[str, Any], count: int
) -> None:
    """With what it means, and how to learn what the account has room for."""
    synthesized(tmp_path, **context)
    metadata = json.loads((tmp_path / "ScopeSmith.metadata.json").read_text(encoding="utf-8"))
    notes = [entry["data"] for entry in metadata["/ScopeSmith"] if entry["type"] == "aws:cdk:info"]
    assert len(notes) == count
    assert all("At most 4 sessions run at a time" in note and "`uv run python -m cdk check`" in note for note in notes)


def test_each_function_runs_arm64_python_3_14_traced_with_a_log_that_ends(template: Template) -> None:
    """None writes to a log that Lambda makes and keeps for ever."""
    functions = template.all("Lambda::Function")
    assert len(functions) == len(FUNCTIONS)
    for one in functions:
        assert (one.properties["Runtime"], one.properties["Architectures"]) == ("python3.14", ["arm64"])
        assert one.properties["TracingConfig"] == {"Mode": "Active"}
        log = one.path.replace("/Function", "/Log")
        assert template.text(one.properties["LoggingConfig"]["LogGroup"]) == "{" + log + "}"
    assert {one.properties["RetentionInDays"] for one in template.all("Logs::LogGroup")} == {90}


def test_each_function_is_bundled_from_its_own_dependencies(template: Template) -> None:
    """The resolvers carry no document library; the worker does, because it runs the tools."""
    bundled = {
        one.path.partition("/")[0]: one.properties["Code"]["ZipFile"] for one in template.all("Lambda::Function")
    }
    assert bundled == {
        "Resolvers": "resolvers: resolvers schema",
        "Worker": "worker: worker schema",
        "Failure": "worker: worker schema",
    }


# What is tried again


def test_a_failed_run_is_tried_twice_more_and_then_ended_through_a_queue(template: Template) -> None:
    """Within an hour; a message that fails five times is put aside, and an alarm says so."""
    events = template.one("Lambda::EventInvokeConfig").properties
    assert template.text(events["FunctionName"]) == "{Worker/Function}"
    assert (events["MaximumRetryAttempts"], events["MaximumEventAgeInSeconds"]) == (2, 3600)
    assert template.text(events["DestinationConfig"]["OnFailure"]["Destination"]) == "{Failures/FailedEvents}"
    queue = template.one("SQS::Queue", "Failures/FailedEvents").properties
    assert template.text(queue["RedrivePolicy"]["deadLetterTargetArn"]) == "{Failures/DeadLetters}"
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    assert queue["MaximumMessageSize"] == 2**20  # a record repeats the event, with its brief
    consumer = template.one("Lambda::EventSourceMapping").properties
    assert consumer["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    timeout = template.one("Lambda::Function", "Failure/Function").properties["Timeout"]
    assert queue["VisibilityTimeout"] >= 6 * timeout
    alarm = template.one("CloudWatch::Alarm", "Monitoring/DeadLetters").properties
    assert alarm["Dimensions"][0]["Value"] == {
        "Fn::GetAtt": [template.one("SQS::Queue", "Failures/DeadLetters").logical_id, "QueueName"]
    }


# What is kept, and how


def test_the_table_is_the_one_that_the_resolvers_know(template: Template) -> None:
    """Its keys and its index are those of the table that every test of the store uses."""
    table = template.one("DynamoDB::Table").properties
    known = local.aws.server.sessions_table("any")
    assert table["KeySchema"] == known["KeySchema"]
    assert by_name(table["AttributeDefinitions"]) == by_name(known["AttributeDefinitions"])
    assert table["GlobalSecondaryIndexes"] == known["GlobalSecondaryIndexes"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def by_name(definitions: Any) -> list[dict[str, str]]:  # noqa: ANN401 - JSON
    return sorted(definitions, key=lambda one: one["AttributeName"])


def test_what_users_made_outlives_the_stack_and_can_be_restored(template: Template) -> None:
    """In production: table, buckets and users stay; the table can go back to any second of five weeks."""
    table = template.one("DynamoDB::Table")
    assert table.properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table.properties["DeletionProtectionEnabled"] is True
    assert template.one("Cognito::UserPool").properties["DeletionProtection"] == "ACTIVE"
    for kept in (
        table,
        template.one("Cognito::UserPool"),
        *template.all("S3::Bucket"),
        *template.all("S3::BucketPolicy"),  # or a bucket that stayed would begin to answer without TLS
        *template.all("Logs::LogGroup"),
    ):
        assert kept.body["DeletionPolicy"] in KEPT, kept.path
        assert kept.body["UpdateReplacePolicy"] == "Retain", kept.path


def test_a_creation_that_fails_leaves_only_what_is_protected_from_deletion(template: Template) -> None:
    """CloudFormation can't delete these two: their protection would fail the rollback."""
    left = [one for one in template.resources if one.body.get("DeletionPolicy") == "Retain"]
    assert [one.path for one in left] == ["Users/Pool", "Sessions/Table"]
    protections = ("DeletionProtection", "DeletionProtectionEnabled")
    assert all(any(one.properties.get(name) in {True, "ACTIVE"} for name in protections) for one in left)


def test_everything_at_rest_is_encrypted(template: Template) -> None:
    """Table, buckets and queues."""
    assert template.one("DynamoDB::Table").properties["SSESpecification"] == {"SSEEnabled": True}
    for bucket in template.all("S3::Bucket"):
        assert "BucketEncryption" in bucket.properties
    for queue in template.all("SQS::Queue"):
        assert queue.properties["SqsManagedSseEnabled"] is True


def test_buckets_are_private_versioned_and_reached_by_tls_alone(template: Template) -> None:
    """Every bucket's policy refuses the rest."""
    buckets = template.all("S3::Bucket")
    assert len(buckets) == 3
    policies = {template.text(one.properties["Bucket"]): one.properties for one in template.all("S3::BucketPolicy")}
    for bucket in buckets:
        assert set(bucket.properties["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket.properties["VersioningConfiguration"] == {"Status": "Enabled"}
        denied = [
            one["Condition"]
            for one in policies["{" + bucket.path + "}"]["PolicyDocument"]["Statement"]
            if one["Effect"] == "Deny"
        ]
        assert {"Bool": {"aws:SecureTransport": "false"}} in denied


def test_the_resolvers_are_told_how_much_an_owner_may_have() -> None:
    """Where all owners have places enough, the defaults are those that the resolvers have themselves."""
    template = synthesized(runsAtOnce=40)
    told = template.one("Lambda::Function", "Resolvers/Function").properties["Environment"]["Variables"]
    names = ("SESSIONS_TABLE_NAME", "WORKER_FUNCTION_NAME", "ARTIFACTS_BUCKET_NAME", "GRAPHQL_URL")
    required = dict.fromkeys(names, "given")
    limits_told = {name: told[name] for name in told if name.endswith(("ACTIVE_SESSIONS", "SUBMITS_PER_DAY"))}
    assert len(limits_told) == 4
    of = resolvers_settings.Settings.of
    assert of(required | limits_told) == of(required)


def test_documents_expire_with_their_sessions(template: Template) -> None:
    """A day after, so that no session has a link to what is gone; old versions at once."""
    (rule,) = template.one("S3::Bucket", "Buckets/Artifacts").properties["LifecycleConfiguration"]["Rules"]
    days = template.one("Lambda::Function", "Resolvers/Function").properties["Environment"]["Variables"]["SESSION_DAYS"]
    assert rule["ExpirationInDays"] == int(days) + 1
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


# Users


def test_users_are_invited_and_have_strong_passwords(template: Template) -> None:
    """An administrator sets a forgotten password; who has a second factor has it in an app, not by text message."""
    pool = template.one("Cognito::UserPool").properties
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["AccountRecoverySetting"] == {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 12
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])


def test_the_client_is_public_and_tells_nobody_who_has_an_account(template: Template) -> None:
    """A page can keep no secret; a token can be revoked."""
    client = template.one("Cognito::UserPoolClient").properties
    assert client["GenerateSecret"] is False
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["EnableTokenRevocation"] is True
    assert client["RefreshTokenValidity"] == 24 * 60
    assert client["TokenValidityUnits"]["RefreshToken"] == "minutes"
    assert set(client["ExplicitAuthFlows"]) == {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}, (
        "no password is sent"
    )


# Operations


def test_the_dashboard_shows_every_figure_that_the_functions_write(
    template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    """All ends of a session beside its start, and the model's tokens and cost; and the bill counts as many figures."""
    of_worker = {name for name, _ in written_by_the_worker(capsys)}
    written = {"SessionsStarted", *_ENDS.values(), "SessionFailure", "TimeToFirstProgress", *of_worker}
    shown = own_metrics(template)
    assert set(shown["Sessions"]) == {name for name in written if name.startswith("Sessions")}
    assert {name for names in shown.values() for name in names} == written
    assert len(written) == next(one.amount for one in costs.MONTH if "own metrics" in one.what)


def test_the_dashboard_reads_the_models_tokens_and_cost_where_the_worker_writes_them(
    template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the same dimension. Tokens are a count; CloudWatch has no unit for dollars, so the axis is labelled."""
    written = written_by_the_worker(capsys)
    assert written["ModelTokens", "Count"] == written["ModelCost", "None"] == ("service", "scopesmith-worker")
    for widget in widgets(template):
        for metric in widget.get("metrics", []):
            if metric[0] == NAMESPACE and metric[1] in {"ModelTokens", "ModelCost"}:
                assert tuple(metric[2:4]) == ("service", "scopesmith-worker")
                unit = "Tokens" if metric[1] == "ModelTokens" else "US$"
                assert widget["yAxis"]["left"] == {"label": unit, "showUnits": False}


def written_by_the_worker(capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """The name and the unit of each metric that the worker writes, with its dimension's name and value."""
    capsys.readouterr()
    publish_error()
    configuration_error()
    aged_out_event()
    model_usage(Usage(), Usage(input_tokens=900, output_tokens=100, model_cost=0.25))
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for line in capsys.readouterr().out.splitlines():
        metric = json.loads(line)
        for described in metric["_aws"]["CloudWatchMetrics"]:
            ((dimension,),) = described["Dimensions"]
            found |= {(one["Name"], one["Unit"]): (dimension, metric[dimension]) for one in described["Metrics"]}
    return found


def widgets(template: Template) -> list[dict[str, Any]]:
    """The properties of each widget of the dashboard."""
    parts = template.one("CloudWatch::Dashboard").properties["DashboardBody"]["Fn::Join"][1]
    body = json.loads("".join(part if isinstance(part, str) else "REF" for part in parts))
    return [one["properties"] for one in body["widgets"]]


def own_metrics(template: Template) -> dict[str, list[str]]:
    """The metrics of our functions that each widget shows, by its title."""
    return {
        one["title"]: [metric[1] for metric in one["metrics"] if metric[0] == NAMESPACE]
        for one in widgets(template)
        if "metrics" in one
    }


def test_the_bill_counts_the_memory_that_the_worker_has(template: Template) -> None:
    memory = template.one("Lambda::Function", "Worker/Function").properties["MemorySize"]
    assert memory == costs.WORKER_GB * 1024


def test_alarms_watch_what_matters_and_tell_of_it(template: Template) -> None:
    """Quiet nights raise none; each says what it means."""
    alarms = {one.path.rpartition("/")[2]: one.properties for one in template.all("CloudWatch::Alarm")}
    assert set(alarms) <= runbook.entries()
    watched = sum(len(alarm.get("Metrics", [None, None])) - 1 for alarm in alarms.values())
    assert watched == next(one.amount for one in costs.MONTH if "alarms" in one.what)  # an alarm is paid for by metric
    rules = template.one("WAFv2::WebACL").properties["Rules"]
    assert len(rules) == next(one.amount for one in costs.MONTH if "rules" in one.what)
    for alarm in alarms.values():
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["AlarmDescription"]
        assert template.text(alarm["AlarmActions"][0]) == "{Monitoring/Alarms}"


def alarm(template: Template, name: str) -> dict[str, Any]:
    return template.one("CloudWatch::Alarm", f"Monitoring/{name}").properties


def dimensions(found: dict[str, Any]) -> dict[str, Any]:
    return {one["Name"]: one["Value"] for one in found["Dimensions"]}


def test_an_outage_shows_at_any_traffic(template: Template) -> None:
    """One failed session in an hour is all of them, and so is one failed request."""
    sessions = alarm(template, "FailureRatio")
    assert (sessions["MetricName"], sessions["Statistic"], sessions["Period"]) == ("SessionFailure", "Average", 3600)
    assert sessions["Threshold"] == 0.5
    requests = alarm(template, "ApiFailureRatio")
    assert {one["MetricStat"]["Period"] for one in requests["Metrics"] if "MetricStat" in one} == {3600}
    assert [one["Expression"] for one in requests["Metrics"] if "Expression" in one] == ["errors / requests"]
    for name in ("ConfigurationErrors", "AgedOutEvents", "ResolverErrors", "WorkerErrors"):
        assert alarm(template, name)["Threshold"] == 1


def test_the_services_behind_are_watched_by_their_own_names(template: Template) -> None:
    """Throttles of the model, the table and its index; and what the firewall of this stack blocks."""
    model = alarm(template, "ModelThrottles")
    assert (model["Namespace"], model["MetricName"]) == ("AWS/Bedrock", "InvocationThrottles")
    assert dimensions(model) == {"ModelId": "us.anthropic.claude-sonnet-4-6"}
    table = {"Ref": template.one("DynamoDB::Table").logical_id}
    assert dimensions(alarm(template, "TableWriteThrottles")) == {"TableName": table}
    index = dimensions(alarm(template, "IndexThrottles"))
    assert index == {"TableName": table, "GlobalSecondaryIndexName": "owner-created_at-index"}
    acl = template.one("WAFv2::WebACL").properties["VisibilityConfig"]["MetricName"]
    blocked = dimensions(alarm(template, "FirewallBlocks"))
    assert blocked == {"WebACL": acl, "Region": {"Ref": "AWS::Region"}, "Rule": "ALL"}
    assert acl == "ScopeSmith-api"  # two stacks in one region must not count each other's
    assert alarm(template, "EventAge")["MetricName"] == "AsyncEventAge"


def test_the_saved_query_reads_every_log_that_may_name_a_session(template: Template) -> None:
    """Also AppSync's, whose lines have the id in their text."""
    query = template.one("Logs::QueryDefinition").properties
    read = {template.text(one) for one in query["LogGroupNames"]}
    assert read == {"{Resolvers/Log}", "{Worker/Log}", "{Failure/Log}", "{Api/Log}"}
    assert 'filter session_id = "SESSION_ID" or @message like "SESSION_ID"' in query["QueryString"]


def test_without_a_key_and_a_budget_nothing_reminds_of_them(template: Template) -> None:
    assert template.all("Scheduler::Schedule") == template.all("Budgets::Budget") == []


def test_this_accounts_alarms_may_reach_the_topic_by_tls_alone(template: Template) -> None:
    """A topic with a policy of its own has lost the one that let them."""
    statements = template.one("SNS::TopicPolicy").properties["PolicyDocument"]["Statement"]
    (allowed,) = (one for one in statements if one["Effect"] == "Allow")
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Action"] == "sns:Publish"
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    (denied,) = (one for one in statements if one["Effect"] == "Deny")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_what_is_kept_has_no_name_that_the_next_stack_would_want(template: Template) -> None:
    """Or a stack that was destroyed could not be deployed again: names are CloudFormation's or hold an id."""
    named = {"BucketName", "TableName", "UserPoolName", "LogGroupName"}
    for one in template.resources:
        for name in named & set(one.properties) if one.body.get("DeletionPolicy") in KEPT else ():
            assert not isinstance(one.properties[name], str), one.path


def test_own_figures_are_watched_where_the_functions_write_them(template: Template) -> None:
    """The namespace that alarms read is the one that the functions are given."""
    told = {
        one.properties["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"]
        for one in template.all("Lambda::Function")
    }
    alarm = template.one("CloudWatch::Alarm", "Monitoring/FailedSessions").properties
    assert told == {alarm["Namespace"]} == {"ScopeSmith"}


def test_the_outputs_are_what_page_command_line_and_demo_need(template: Template) -> None:
    """Nothing secret is among them."""
    outputs = template.outputs()
    assert {
        *ADDRESSES,
        *IDS,
        "AgentModelId",
        "ArtifactsBucketName",
        "TemplatesBucketName",
    } <= set(outputs)
    assert KEY_COMMAND not in outputs
    assert outputs["UserPoolEndpoint"] == "https://cognito-idp.{AWS::Region}.{AWS::URLSuffix}/"
