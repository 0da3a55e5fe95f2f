"""The checks of an account: is it prepared, and does it have room for the runs? `cdk.account.models` has Bedrock's.

They only read: they change nothing and call no model. `cdk.account.command` makes the clients and passes them in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from cdk.account import models
from cdk.account.finding import Finding, code_of, failed, looked_up, ok, warning
from cdk.contradictions import check_region
from cdk.settings import MOST_RUNS, Settings, SettingsError

if TYPE_CHECKING:
    from types_boto3_bedrock import BedrockClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_ssm import SSMClient
    from types_boto3_sts import STSClient

_BOOTSTRAP_VERSION = "/cdk-bootstrap/hnb659fds/version"
_LEAST_BOOTSTRAP = 6
"""The version that the template itself requires."""

_ALWAYS_UNRESERVED = 100
"""How many of an account's concurrent executions can't be reserved."""

MORE_CONCURRENCY = (
    "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value"
)
"""The command that asks for more concurrent executions; it ends with the number."""


@dataclass(frozen=True)
class Account:
    """The clients for one account and region."""

    region: str
    sts: "STSClient"
    ssm: "SSMClient"
    functions: "LambdaClient"
    bedrock: "BedrockClient"


def check(account: Account, settings: Settings) -> Iterator[Finding]:
    """Everything that can end a deployment to the account, or every session after it."""
    caller = looked_up("credentials", lambda: credentials(account.sts))
    yield caller
    if caller.fails:
        return
    yield region(account.region, settings)
    yield looked_up("bootstrap", lambda: bootstrap(account.ssm, account.region))
    yield looked_up("concurrency", lambda: concurrency(account.functions, settings))
    yield from models.check(account.bedrock, settings)


def credentials(sts: "STSClient") -> Finding:
    """Whose credentials would be used."""
    try:
        caller = sts.get_caller_identity()
    except ClientError as error:
        return failed("credentials", f"AWS refuses them ({code_of(error)}): sign in again, or name another --profile")
    return ok("credentials", f"account {caller['Account']}, as {caller['Arn']}")


def region(name: str, settings: Settings) -> Finding:
    """Whether the models can be used from the region."""
    try:
        check_region(settings, name)
    except SettingsError as error:
        return failed("region", str(error))
    return ok("region", name)


def bootstrap(ssm: "SSMClient", region: str) -> Finding:
    """Whether the CDK can deploy to the region."""
    remedy = f"run `npx aws-cdk@2 bootstrap`, with {region} as the region of your profile"
    try:
        version = int(ssm.get_parameter(Name=_BOOTSTRAP_VERSION)["Parameter"].get("Value", "0"))
    except ssm.exceptions.ParameterNotFound:
        return failed("bootstrap", f"the CDK has never been used in {region}: {remedy}")
    if version < _LEAST_BOOTSTRAP:
        return failed("bootstrap", f"version {version} is too old: {remedy}")
    return ok("bootstrap", f"version {version}")


def concurrency(functions: "LambdaClient", settings: Settings) -> Finding:
    """Whether the account runs enough Lambdas at once for the workers and the API."""
    limit = functions.get_account_settings()["AccountLimit"]
    every, free = limit.get("ConcurrentExecutions", 0), limit.get("UnreservedConcurrentExecutions", 0)
    if settings.worker_concurrency is not None:
        return _reserved(every, free, settings.worker_concurrency)
    runs, room = settings.runs_bound, min(settings.runs_that_fit(free), MOST_RUNS)
    found = f"{free} concurrent executions of this account are unreserved, which is room for {room} sessions at a time"
    if runs is not None and runs > room:
        return failed(
            "concurrency",
            f"{found}, and runsAtOnce is {runs}: deploy with -c runsAtOnce={room}, or ask for more:"
            f" `{MORE_CONCURRENCY} 1000`",
        )
    return ok("concurrency", f"{found}; runsAtOnce is {runs}")


def _reserved(every: int, free: int, workers: int) -> Finding:
    """Whether so many executions can be reserved for the worker."""
    if workers > every - _ALWAYS_UNRESERVED:
        return failed(
            "concurrency",
            f"workerConcurrency is {workers}, but of this account's {every} concurrent executions {_ALWAYS_UNRESERVED}"
            f" must stay unreserved: leave it out and set runsAtOnce, or ask for more: `{MORE_CONCURRENCY}"
            f" {workers + 2 * _ALWAYS_UNRESERVED}`",
        )
    if workers > free - _ALWAYS_UNRESERVED:
        return warning(
            "concurrency",
            f"workerConcurrency is {workers}, and only {max(0, free - _ALWAYS_UNRESERVED)} concurrent executions can"
            " still be reserved: that is enough only if this stack has its reservation already",
        )
    return ok("concurrency", f"{workers} of {every} concurrent executions can be reserved for the worker")
