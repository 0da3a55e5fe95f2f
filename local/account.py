"""The developer's own AWS account: the region and the credentials that boto3 would use for it.

It resolves them once, in this process, because the functions run without the developer's profile. `local.__main__`
calls it when a real model is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError
from botocore.session import Session

from local.environment import Credentials
from local.errors import StartError

_WHAT_TO_DO = (
    "set AWS_PROFILE to a profile (after `aws sso login`, if it signs in that way), "
    "or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or leave the model out to use the scripted agent"
)


class AccountError(StartError):
    """The environment leads to no credentials or to no region. The message says what to set."""


@dataclass(frozen=True)
class Account:
    """Where real services are called, and with which credentials. The credentials are not refreshed."""

    region: str
    credentials: Credentials


def account(environ: Mapping[str, str]) -> Account:
    """The account that boto3's chain finds: variables, a profile, a role, SSO or the instance's own.

    `environ` is only read for AWS_REGION, which botocore does not know.

    Raises:
        AccountError: There are no credentials, they can't be loaded, or no region is set.
    """
    session = Session()
    try:
        region = environ.get("AWS_REGION") or session.get_config_variable("region")
        found = session.get_credentials()
        frozen = found.get_frozen_credentials() if found else None
    except BotoCoreError as error:
        raise AccountError(
            f"the AWS credentials can't be loaded: {error}. To use a real model, {_WHAT_TO_DO}"
        ) from error
    if frozen is None or not frozen.access_key or not frozen.secret_key:
        raise AccountError(f"no AWS credentials were found. To use a real model, {_WHAT_TO_DO}")
    if not region:
        raise AccountError("no AWS region is set. To use a real model, set AWS_REGION to a region that offers it")
    return Account(region, Credentials(frozen.access_key, frozen.secret_key, frozen.token))
