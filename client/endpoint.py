"""Where the API is and who asks: one endpoint URL gives the HTTP and the real-time address.

An AppSync API has its WebSockets on a host of its own; behind a custom domain, and on the local server, they
are below the endpoint's path. Nothing here connects.
"""

import re
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncJWTAuthentication,
)

from client.errors import ClientError

_APPSYNC_HOST = re.compile(r"(?P<api>[a-z0-9]+)\.appsync-api\.(?P<rest>[a-z0-9-]+\.amazonaws\.com(\.cn)?)")
_REALTIME_SCHEME = {"https": "wss", "http": "ws"}


class InvalidEndpointError(ClientError):
    """The endpoint is no URL of a GraphQL API."""


@dataclass(frozen=True)
class Endpoint:
    """An API's two addresses, and the host that its real-time protocol wants to be told."""

    url: str
    realtime_url: str
    host: str

    @classmethod
    def parse(cls, text: str) -> "Endpoint":
        """The endpoint in `text`, an http or https URL whose path ends in /graphql."""
        try:
            parts = urlsplit(text.strip())
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise _invalid(text, str(error)) from error
        if parts.scheme not in _REALTIME_SCHEME:
            raise _invalid(text, "it must begin with https:// or http://")
        if not host:
            raise _invalid(text, "it has no host")
        if parts.username is not None or parts.query or parts.fragment:
            raise _invalid(text, "it must have neither user, query nor fragment")
        if not parts.path.endswith("/graphql"):
            raise _invalid(text, "its path must end in /graphql")
        scheme = _REALTIME_SCHEME[parts.scheme]
        appsync = _APPSYNC_HOST.fullmatch(parts.netloc)
        realtime = (
            f"{scheme}://{appsync['api']}.appsync-realtime-api.{appsync['rest']}{parts.path}"
            if appsync
            else f"{scheme}://{parts.netloc}{parts.path}/realtime"
        )
        return cls(parts.geturl(), realtime, parts.netloc)


def _invalid(text: str, reason: str) -> InvalidEndpointError:
    return InvalidEndpointError(
        f"{text!r} is no API endpoint: {reason}; "
        "write it like https://<id>.appsync-api.<region>.amazonaws.com/graphql or http://127.0.0.1:8000/graphql"
    )


class Credentials(Protocol):
    """Who asks, as gql wants to be told."""

    async def fresh(self) -> None:
        """See to it that the credentials are good for another while; called before each use."""

    def for_host(self, host: str) -> AppSyncAuthentication:
        """The headers' source for requests to this host."""


@dataclass(frozen=True)
class ApiKey:
    """The API's key: every caller that has it is one and the same."""

    key: str = field(repr=False)

    async def fresh(self) -> None:
        """A key is good until it is taken away."""

    def for_host(self, host: str) -> AppSyncAuthentication:
        return AppSyncApiKeyAuthentication(host=host, api_key=self.key)


@dataclass(frozen=True)
class Token:
    """A user's Cognito token (a JWT)."""

    jwt: str = field(repr=False)

    async def fresh(self) -> None:
        """Who gave the token sees to the next one."""

    def for_host(self, host: str) -> AppSyncAuthentication:
        return AppSyncJWTAuthentication(host=host, jwt=self.jwt)
