"""The address of the API, and the credentials to call it with.

One endpoint URL gives both the HTTP and the real-time address. An AppSync API has its WebSockets on another host; with
a custom domain, and on the local server, they are below the endpoint's path. Nothing here connects.
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
    """The endpoint is not the URL of a GraphQL API."""


@dataclass(frozen=True)
class Endpoint:
    """An API's two addresses, and the host name that its real-time protocol needs."""

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
        f"{text!r} is not an API endpoint: {reason}; "
        "write it like https://<id>.appsync-api.<region>.amazonaws.com/graphql or http://127.0.0.1:8000/graphql"
    )


class Credentials(Protocol):
    """The caller's credentials, in the form that gql needs."""

    async def fresh(self) -> str:
        """Renew the credentials if they expire soon; returns what tells these from renewed ones.

        Call it before each use.
        """

    async def renewed(self, refused: str) -> bool:
        """Replace credentials that the API refused, although they looked good; `refused` is what `fresh` returned.

        Returns whether there are others to try. The machine's clock may be wrong, or the user was signed out elsewhere.
        """

    def for_host(self, host: str) -> AppSyncAuthentication:
        """The authentication for requests to this host."""


@dataclass(frozen=True)
class ApiKey:
    """The API key. All callers who use it count as the same caller."""

    key: str = field(repr=False)

    async def fresh(self) -> str:
        """Do nothing: a key does not expire while you use it."""
        return ""

    async def renewed(self, refused: str) -> bool:  # noqa: ARG002 - the protocol's
        """There is no other key."""
        return False

    def for_host(self, host: str) -> AppSyncAuthentication:
        return AppSyncApiKeyAuthentication(host=host, api_key=self.key)


@dataclass(frozen=True)
class Token:
    """A user's Cognito token (a JWT)."""

    jwt: str = field(repr=False)

    async def fresh(self) -> str:
        """Do nothing: only the user who gave the token can get a new one."""
        return ""

    async def renewed(self, refused: str) -> bool:  # noqa: ARG002 - the protocol's
        """There is no other token."""
        return False

    def for_host(self, host: str) -> AppSyncAuthentication:
        return AppSyncJWTAuthentication(host=host, jwt=self.jwt)
