"""What cdk-nag finds here and we leave as it is, each with its reason: the one place to look before a review.

The rules run in the tests (`tests/test_cdk_nag.py`), not in a deployment; a finding that is not listed fails them.
"""

from typing import cast

from aws_cdk import Acknowledgment, CfnElement, Stack, Validations
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

from cdk.agent import Agent, BedrockAgent
from cdk.api import Api
from cdk.buckets import WORKSPACES
from cdk.failure_path import FailurePath
from cdk.functions import Function, Functions
from cdk.users import Users
from cdk.web import Web

SYNCHRONOUS = "It is invoked synchronously: its caller gets the error, and Lambda would never use a dead-letter queue."
ONE_PREFIX = (
    "One function serves all sessions, whose objects lie under sessions/<id>/: the wildcard is what follows that"
    " prefix, and the bucket holds nothing else."
)

NO_TARGET = "Serverless-LambdaDLQ"


def of_api(api: Api, resolvers: Function) -> None:
    _acknowledge(
        api,
        {
            "AwsSolutions-ASC3": "Requests and errors are logged; the verbose content is left out on purpose, for it"
            " holds the clients' meeting notes, and what is logged is kept longer than what it is about.",
            _wildcard(f"{_attribute(resolvers.function, 'Arn')}:*"): "The library lets a data source invoke the"
            " function by its versions and aliases too: it is one and the same function.",
        },
    )


def of_users(users: Users) -> None:
    _acknowledge(
        users,
        {
            "AwsSolutions-COG2": "A second factor is offered, not forced: an administrator invites each user, and a"
            " session holds one presales assessment. A house that wants it forced makes it required in the pool.",
            "AwsSolutions-COG8": "The Plus plan is paid for by user, and buys threat protection: it is the deployment's"
            " choice, with -c threatProtection=true.",
        },
    )


def of_functions(functions: Functions, artifacts: s3.IBucket, templates: s3.Bucket) -> None:
    for one in functions.every():
        _acknowledge(
            one,
            {
                _wildcard("*"): "X-Ray's PutTraceSegments and PutTelemetryRecords know no resource but *.",
                NO_TARGET: SYNCHRONOUS,
            },
        )
    _acknowledge(
        functions.worker,
        {NO_TARGET: "It has an on-failure destination, which tells more than a dead-letter queue and replaces it."},
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
        {_wildcard(f"{bucket}/{WORKSPACES}/*/assessment.json"): "The same: one object of each session's prefix."},
    )
    if functions.tools is not None:
        _acknowledge(
            functions.tools,
            {_wildcard(f"{_bucket(templates)}/*"): "Read only: any house template may be the one that fits a client."},
        )


def of_failures(failures: FailurePath, failure: Function) -> None:
    _acknowledge(
        failure,
        {
            "Serverless-LambdaEventSourceMappingDestination": "Lambda offers a failure destination for streams, not for"
            " SQS: there the queue's redrive policy does it, and this queue has one.",
        },
    )
    _acknowledge(
        failures.dead_letters,
        {"Serverless-SQSRedrivePolicy": "It is where redriving ends: an alarm says that somebody must look."},
    )


def of_agent(agent: Agent, model: str) -> None:
    if isinstance(agent, BedrockAgent):
        stack = Stack.of(agent)
        _, _, within = model.partition(".")
        arn = f"arn:<AWS::Partition>:bedrock:*::foundation-model/{within}"
        reason = "An inference profile leads to this one model in regions that Bedrock chooses; it may be used"
        _acknowledge(stack.node.find_child("Agent"), {_wildcard(arn): f"{reason} through this profile alone."})


def of_web(web: Web) -> None:
    """Nothing that is secret is served: the page's files, which anybody may read."""
    _acknowledge(web, {})


def _acknowledge(construct: IConstruct, reasons: dict[str, str]) -> None:
    """Accept findings on a construct and on what is below it."""
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
