"""Authenticates the caller of a request, and finds its authorization mode.

An authorizer handles one kind of credentials. A server has one for each mode that its API offers, and asks them in
turn. `grants`, not this module, decides what a caller may do.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from local.appsync.errors import UNAUTHORIZED, RejectedError, Rejection


class AuthMode(StrEnum):
    """AppSync's authorization modes; the values are the directives that allow them."""

    USER_POOLS = "aws_cognito_user_pools"
    IAM = "aws_iam"
    API_KEY = "aws_api_key"


@dataclass(frozen=True)
class Caller:
    """An authenticated caller."""

    mode: AuthMode
    identity: Mapping[str, object] | None = None
    """The event's `identity`: null for an API key."""
    groups: frozenset[str] = frozenset()
    """The user's groups in the user pool; empty in the other modes."""


@dataclass(frozen=True)
class Credentials:
    """The parts of a request that can prove who sent it, and the parts that a signature covers."""

    headers: Mapping[str, str]
    """Names in lower case. Over a WebSocket these are the members of the authorization object."""
    body: bytes
    paths: tuple[str, ...]
    """The paths that the caller may have signed: clients derive the connect path in one of two ways."""
    source_ip: str


def lower_cased(authorization: Mapping[str, object]) -> dict[str, str]:
    """An authorization object's members as `Credentials.headers`; members that are not strings are left out."""
    return {name.lower(): value for name, value in authorization.items() if isinstance(value, str)}


class Authorizer(Protocol):
    """Checks one kind of credentials."""

    async def authorize(self, credentials: Credentials) -> Caller | None:
        """The caller, or None if the request has no credentials of this kind.

        Raises:
            RejectedError: the credentials are bad.
        """
        ...


async def authenticate(authorizers: Iterable[Authorizer], credentials: Credentials) -> Caller:
    """The caller of a request, from the first authorizer that knows its kind of credentials.

    Raises:
        RejectedError: the credentials are bad, or there are none (UnauthorizedException).
    """
    for authorizer in authorizers:
        caller = await authorizer.authorize(credentials)
        if caller is not None:
            return caller
    raise RejectedError(UNAUTHORIZED)


@dataclass(frozen=True)
class Nobody:
    """The last authorizer of an API: refuses a request without credentials, with the default mode's message."""

    refusal: Rejection

    async def authorize(self, credentials: Credentials) -> Caller | None:  # noqa: ARG002 - all are refused alike
        raise RejectedError(self.refusal)


@dataclass(frozen=True)
class ApiKeys:
    """The API key mode: a shared key in `x-api-key`. All its callers count as the same caller."""

    keys: frozenset[str]

    async def authorize(self, credentials: Credentials) -> Caller | None:
        presented = credentials.headers.get("x-api-key")
        if presented is None:
            return None
        offered = presented.encode("utf-8", "surrogatepass")
        # Compare every key, in constant time, so that timing does not reveal which one was nearly right.
        if any([hmac.compare_digest(offered, key.encode()) for key in self.keys]):  # noqa: C419 - a generator would stop early
            return Caller(AuthMode.API_KEY)
        raise RejectedError(UNAUTHORIZED)
