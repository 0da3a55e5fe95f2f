"""The findings of cdk-nag that we accept, each with its reason. Read this file before a security review.

The rules run in the tests (`tests/cdk/test_variants.py`), not during a deployment. A finding that is not listed here
fails the tests. `cdk.app` calls `write` when the stack is complete.
"""

from typing import cast

from aws_cdk import Acknowledgment, Annotations, CfnElement, Stack, Validations
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

from cdk.agent import inference_profiles
from cdk.agent.agent import Agent
from cdk.agent.bedrock import BedrockAgent
from cdk.agent.converse import ConverseAgent
from cdk.api import Api
from cdk.buckets import WORKSPACES
from cdk.functions.failure_path import FailurePath
from cdk.functions.function import Function, Functions
from cdk.functions.worker import ASSESSMENTS
from cdk.monitoring.monitoring import Monitoring
from cdk.settings import NO_MODEL, Settings
from cdk.stack import ScopeSmithStack
from cdk.users import Users
from cdk.web import Web

SYNCHRONOUS = "It is invoked synchronously: its caller gets the error, and Lambda would never use a dead-letter queue."
ONE_PREFIX = (
    "One function serves all sessions. Their objects are under sessions/<id>/, which is what the wildcard covers; the"
    " bucket holds nothing else."
)

NO_TARGET = "Serverless-LambdaDLQ"

_BASIC = "arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_UPLOADER = "Custom::CDKBucketDeployment"
_UPLOADER_ACTIONS = ("Abort", "DeleteObject", "GetBucket", "GetObject", "List")


def write(stack: ScopeSmithStack, settings: Settings) -> None:
    """Acknowledge the findings on a complete stack."""
    functions, buckets = stack.functions, stack.buckets
    _of_users(stack.users)
    _of_api(stack.api, functions.resolvers)
    _of_model(stack.agent, functions.worker, settings.agent_model)
    if settings.analysis_model not in {"", NO_MODEL}:
        _of_profile(functions.tools or functions.worker, settings.analysis_model)
    _of_functions(functions, buckets.artifacts, buckets.templates)
    _of_failures(stack.failures, functions.failure)
    _of_monitoring(stack.monitoring)
    if stack.web:
        _of_web(stack.web)


def _of_api(api: Api, resolvers: Function) -> None:
    _acknowledge(
        api,
        {
            "AwsSolutions-ASC3": "Requests and errors are logged. The verbose content is left out on purpose: it has"
            " the clients' meeting notes, and logs are kept longer than sessions.",
            _wildcard(f"{_attribute(resolvers.function, 'Arn')}:*"): "The library also lets a data source invoke"
            " versions and aliases of the function: it is the same function.",
        },
    )
    for metrics in ("DataSourceMetrics", "ResolverMetrics"):
        Annotations.of(api).acknowledge_warning(
            f"@aws-cdk/aws-appsync:fullRequest{metrics}",
            "This is intended: each resolver and the data source is measured.",
        )


def _of_users(users: Users) -> None:
    _acknowledge(
        users,
        {
            "AwsSolutions-COG2": "A user who has a second factor must use it, but it can't be required: the page has no"
            " form to enrol one with Cognito's AssociateSoftwareToken. An administrator invites each user.",
            "AwsSolutions-COG8": "Threat protection needs the Plus plan, which costs extra for each user: choose it"
            " with -c threatProtection=true.",
        },
    )


def _of_functions(functions: Functions, artifacts: s3.IBucket, templates: s3.Bucket) -> None:
    for one in functions.every():
        _acknowledge(
            one,
            {
                _wildcard("*"): "X-Ray's PutTraceSegments and PutTelemetryRecords accept no resource except *.",
                NO_TARGET: SYNCHRONOUS,
            },
        )
    _acknowledge(
        functions.worker,
        {NO_TARGET: "Its on-failure destination replaces a dead-letter queue, and records more."},
    )
    _acknowledge(
        functions.failure,
        {NO_TARGET: "It is invoked by its queue's event source, and that queue has a dead-letter queue."},
    )
    readers = [functions.resolvers, functions.worker, functions.tools]
    bucket = _bucket(artifacts)
    for reader in readers:
        if reader is not None:
            _acknowledge(reader, {_wildcard(f"{bucket}/{WORKSPACES}/*"): ONE_PREFIX})
    _acknowledge(
        functions.worker,
        {_wildcard(f"{bucket}/{ASSESSMENTS}"): "The assessment: one object under each session's prefix."},
    )
    runs_tools = functions.tools or functions.worker
    _acknowledge(
        runs_tools,
        {_wildcard(f"{_bucket(templates)}/*"): "Read only: any of the templates may be the one for a client."},
    )


def _of_failures(failures: FailurePath, failure: Function) -> None:
    _acknowledge(
        failure,
        {
            "Serverless-LambdaEventSourceMappingDestination": "Lambda has failure destinations for streams, not for"
            " SQS: there, the queue's redrive policy does the same, and this queue has one.",
        },
    )
    _acknowledge(
        failures.dead_letters,
        {"Serverless-SQSRedrivePolicy": "It is the dead-letter queue itself: an alarm reports each message in it."},
    )


def _of_monitoring(monitoring: Monitoring) -> None:
    _acknowledge(
        monitoring.topic,
        {
            "Serverless-SNSRedrivePolicy": "The subscriber is a mailbox: SNS retries for hours, and the dashboard"
            " shows the alarm meanwhile.",
        },
    )


def _of_model(agent: Agent, worker: Function, model: str) -> None:
    """The worker calls the model of Converse; a Bedrock agent calls its own."""
    caller: IConstruct
    match agent:
        case ConverseAgent():
            caller = worker
        case BedrockAgent():
            caller = agent
        case _:
            return
    _of_profile(caller, model)


def _of_profile(caller: IConstruct, model: str) -> None:
    _, within = inference_profiles.split(model)
    arn = f"arn:<AWS::Partition>:bedrock:*::foundation-model/{within}"
    reason = "An inference profile routes to this model in regions that Bedrock chooses; the role may use it"
    _acknowledge(caller, {_wildcard(arn): f"{reason} only through this profile."})


def _of_web(web: Web) -> None:
    _acknowledge(
        web.distribution,
        {
            "AwsSolutions-CFR1": "Consultants travel. The user pool decides who may use the product, not the country.",
            "AwsSolutions-CFR2": "It serves static files that anybody may read; the API has a web ACL.",
            "AwsSolutions-CFR3": "It serves the same public files to everybody; the API's log has what users do.",
            "AwsSolutions-CFR4": "With CloudFront's own domain, the protocol can't be chosen. With your own domain and"
            " certificate it becomes TLS 1.2.",
        },
    )
    assets = "arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*"
    library = "The library's function, which copies the page's files and runs only during a deployment"
    rights = f"{library}: it reads the bootstrap's assets and writes only to this bucket."
    uploader = next(child for child in Stack.of(web).node.children if child.node.id.startswith(_UPLOADER))
    _acknowledge(
        uploader,
        {
            f"AwsSolutions-IAM4[Policy::{_BASIC}]": f"{library}: the policy lets it write its log.",
            **{f"AwsSolutions-IAM5[Action::s3:{action}*]": rights for action in _UPLOADER_ACTIONS},
            **{_wildcard(resource): rights for resource in (assets, f"{_attribute(web.bucket, 'Arn')}/*")},
            _wildcard("*"): f"{library}: the library requests CloudFront's CreateInvalidation for *.",
            "AwsSolutions-L1": f"{library}: the library chooses its Python version.",
            "Serverless-LambdaLatestVersion": f"{library}: the library chooses its Python version.",
            "Serverless-LambdaDLQ": f"{library}: CloudFormation waits for it and reports its error.",
            "Serverless-LambdaTracing": f"{library}: there is nothing to trace.",
        },
    )


def _acknowledge(construct: IConstruct, reasons: dict[str, str]) -> None:
    """Acknowledge findings on a construct and everything below it."""
    Validations.of(construct).acknowledge(
        *(Acknowledgment(id=f"{rule.partition('-')[0]}::{rule}", reason=reason) for rule, reason in reasons.items())
    )


def _wildcard(resource: str) -> str:
    return f"AwsSolutions-IAM5[Resource::{resource}]"


def _attribute(construct: IConstruct, name: str) -> str:
    """How cdk-nag writes an attribute of a construct's resource."""
    element = cast("CfnElement", construct.node.default_child)
    return f"<{Stack.of(element).get_logical_id(element)}.{name}>"


def _bucket(bucket: s3.IBucket) -> str:
    """How cdk-nag writes a bucket's ARN."""
    if isinstance(bucket, s3.Bucket):
        return _attribute(bucket, "Arn")
    return f"arn:<AWS::Partition>:s3:::{bucket.bucket_name}"
