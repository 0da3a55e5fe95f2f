"""`python -m cdk check`: one line for each check, and exit code 1 if a deployment or its sessions would fail."""

import os
import sys
from collections.abc import Iterable

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from cdk.account.checks import Account, check
from cdk.account.finding import Finding, failed
from cdk.settings import Settings

_PATIENCE = Config(connect_timeout=10, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 2})


def check_account(settings: Settings, *, profile: str | None, region: str | None) -> int:
    """Check the account of a profile, or of the credentials that the AWS command line would use."""
    return report(_findings(settings, profile, region))


def report(findings: Iterable[Finding]) -> int:
    """Print each finding as soon as it is there; the exit code says whether one failed."""
    code = 0
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
        sys.stdout.flush()
        if finding.fails:
            code = 1
    return code


def _findings(settings: Settings, profile: str | None, region: str | None) -> Iterable[Finding]:
    try:
        session = boto3.Session(profile_name=profile, region_name=region or os.environ.get("AWS_REGION"))
    except BotoCoreError as error:
        return [failed("credentials", f"{error}: name another --profile")]
    if not session.region_name:
        return [failed("region", "none is set: give --region, or set AWS_REGION or the profile's region")]
    if session.get_credentials() is None:
        return [failed("credentials", "there are none: run `aws configure` or `aws sso login`, or give --profile")]
    return check(
        Account(
            session.region_name,
            session.client("sts", config=_PATIENCE),
            session.client("ssm", config=_PATIENCE),
            session.client("lambda", config=_PATIENCE),
            session.client("bedrock", config=_PATIENCE),
        ),
        settings,
    )
