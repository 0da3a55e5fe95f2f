"""Who calls, in which authorization mode, and how a request proves it.

An authorizer handles one kind of credentials; a server has one for each mode that its API offers and asks them
in turn. Nothing here decides what a caller may do: that is `grants`.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from local.appsync.errors import UNAUTHORIZED, RejectedError, Rejection


class AuthMode(StrEnum):
    """AppSync's authorization modes, by the directive that admits them."""

    USER_POOLS = "aws_cognito_user_pools"
    IAM = "aws_iam"
    API_KEY = "aws_api_key"


@dataclass(frozen=True)
class Caller:
    """A caller whose credentials were good."""

    mode: AuthMode
    identity: Mapping[str, object] | None = None
    """The event's `identity`: null for an API key."""
    groups: frozenset[str] = frozenset()
    """The user's groups in the user pool; empty in the other modes."""


@dataclass(frozen=True)
class Credentials:
    """What a request offers as proof, and what a signature would have been made over."""

    headers: Mapping[str, str]
    """Names in lower case. Over a WebSocket these are the members of the authorization object."""
    body: bytes
    paths: tuple[str, ...]
    """The paths that the caller may have signed: clients derive the connect path in two ways."""
    source_ip: str


def lower_cased(authorization: Mapping[str, object]) -> dict[str, str]:
    """An authorization object's members as `Credentials.headers`; what is no string is left out."""
    return {name.lower(): value for name, value in authorization.items() if isinstance(value, str)}


class Authorizer(Protocol):
    """Recognizes and checks one kind of credentials."""

    async def authorize(self, credentials: Credentials) -> Caller | None:
        """The caller; None when there are no credentials of this kind; RejectedError when they are bad."""
        ...


async def authenticate(authorizers: Iterable[Authorizer], credentials: Credentials) -> Caller:
    """The caller behind a request, by the first authorizer that knows its kind of credentials.

    Raises RejectedError (UnauthorizedException) when they are bad, or when there are none.
    """
    for authorizer in authorizers:
        caller = await authorizer.authorize(credentials)
        if caller is not None:
            return caller
    raise RejectedError(UNAUTHORIZED)


@dataclass(frozen=True)
class Nobody:
    """The last authorizer of an API: it refuses whoever offered nothing, in the words of the API's default mode."""

    refusal: Rejection

    async def authorize(self, credentials: Credentials) -> Caller | None:  # noqa: ARG002 - all are refused alike
        raise RejectedError(self.refusal)


@dataclass(frozen=True)
class ApiKeys:
    """The API key mode: a shared key in `x-api-key`; all its callers are one."""

    keys: frozenset[str]

    async def authorize(self, credentials: Credentials) -> Caller | None:
        presented = credentials.headers.get("x-api-key")
        if presented is None:
            return None
        offered = presented.encode("utf-8", "surrogatepass")
        # Every key is compared, in constant time: which one was nearly right must not show.
        if any([hmac.compare_digest(offered, key.encode()) for key in self.keys]):  # noqa: C419 - a generator would stop early
            return Caller(AuthMode.API_KEY)
        raise RejectedError(UNAUTHORIZED)
