"""Signs in with a name and a password, and stays signed in for as long as you watch a session.

It talks to Cognito, and finds the address in the `config.json` beside the API unless you give it. Tokens are kept only
in memory, and renewed before they expire. The command line and the demo call it; other modules only see `Credentials`.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

import aiohttp
from gql.transport.appsync_auth import AppSyncAuthentication, AppSyncJWTAuthentication

from client.endpoint import ApiKey, Credentials, Endpoint, Token
from client.errors import RejectedError, UnauthorizedError, UnavailableError, translated

RENEW_SECONDS = 60.0
"""A token that expires sooner than this is renewed before it is used."""
HTTP_SECONDS = 15.0

_TARGET = "AWSCognitoIdentityProviderService"
_REFUSALS = frozenset({"NotAuthorizedException", "UserNotFoundException", "UserNotConfirmedException"})
_OWN_POOL = "or name the pool with --user-pool-client-id and --region"


@dataclass(frozen=True)
class Pool:
    """The address where users sign in, and the app client to sign in with."""

    url: str
    """The URL of Cognito's API."""
    client_id: str

    @classmethod
    def in_region(cls, region: str, client_id: str) -> "Pool":
        return cls(f"https://cognito-idp.{region}.amazonaws.com/", client_id)


@dataclass(frozen=True)
class Login:
    """A user's name and password. Without a pool, it is the one that the API's config.json names."""

    username: str
    password: str = field(default="", repr=False)
    pool: Pool | None = None


@dataclass(frozen=True)
class _Tokens:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    ends_at: float


class UserSession:
    """A signed-in user, as credentials that renew themselves."""

    def __init__(self, http: aiohttp.ClientSession, pool: Pool, tokens: _Tokens, clock: Callable[[], float]) -> None:
        self._http = http
        self._pool = pool
        self._tokens = tokens
        self._clock = clock
        self._renewing = asyncio.Lock()

    @property
    def token(self) -> str:
        return self._tokens.access

    async def fresh(self) -> str:
        """Renew the token if it expires soon. Raises `UnauthorizedError` if the user must sign in again."""
        async with self._renewing:
            if self._tokens.ends_at - self._clock() < RENEW_SECONDS:
                await self._renew()
            return self._tokens.access

    async def renewed(self, refused: str) -> bool:
        """Renew the token that the API refused, once for all who report it. Raises as `fresh` does."""
        async with self._renewing:
            if self._tokens.access == refused:
                await self._renew()
            return True

    async def _renew(self) -> None:
        given = {"REFRESH_TOKEN": self._tokens.refresh}
        answer = await _authenticate(self._http, self._pool, "REFRESH_TOKEN_AUTH", given)
        self._tokens = _tokens(answer, self._clock(), self._tokens.refresh)

    def for_host(self, host: str) -> AppSyncAuthentication:
        return _CurrentToken(host, self)


class _CurrentToken(AppSyncJWTAuthentication):
    """The session's token at the time of each request: gql asks for it every time."""

    def __init__(self, host: str, session: UserSession) -> None:
        super().__init__(host, jwt="")
        self._session = session

    def get_headers(self, data: str | None = None, headers: dict[str, Any] | None = None) -> dict[str, Any]:
        return {**super().get_headers(data, headers), "Authorization": self._session.token}


@asynccontextmanager
async def signed_in(
    endpoint: Endpoint, credentials: ApiKey | Token | Login, clock: Callable[[], float] = time.time
) -> AsyncIterator[Credentials]:
    """Credentials to call the API with: the given ones or, for a `Login`, those of the user, who is signed in here.

    `clock` gives seconds, which must also pass while the machine sleeps.

    Raises:
        UnauthorizedError: the name or the password is wrong.
        RejectedError: the pool can't be found.
    """
    if not isinstance(credentials, Login):
        yield credentials
        return
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=HTTP_SECONDS)) as http:
        pool = credentials.pool or await _pool_of(http, endpoint)
        given = {"USERNAME": credentials.username, "PASSWORD": credentials.password}
        answer = await _authenticate(http, pool, "USER_PASSWORD_AUTH", given)
        yield UserSession(http, pool, _tokens(answer, clock()), clock)


async def _pool_of(http: aiohttp.ClientSession, endpoint: Endpoint) -> Pool:
    """The pool that the config.json beside the endpoint names."""
    url = urljoin(endpoint.url, "/config.json")
    with translated("finding the user pool"):
        async with http.get(url) as response:
            config = _object(await response.read()) if response.ok else {}
    match config:
        case {"userPoolClientId": str(client_id), "userPoolEndpoint": str(where)}:
            return Pool(urljoin(url, where), client_id)
        case {"userPoolClientId": str(client_id), "region": str(region)}:
            return Pool.in_region(region, client_id)
    raise RejectedError(f"{url} names no user pool: give the endpoint of a page that has one, {_OWN_POOL}")


async def _authenticate(
    http: aiohttp.ClientSession, pool: Pool, flow: str, parameters: Mapping[str, str]
) -> Mapping[str, Any]:
    """Cognito's answer to InitiateAuth: tokens, or a challenge."""
    body = {"AuthFlow": flow, "ClientId": pool.client_id, "AuthParameters": parameters}
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"{_TARGET}.InitiateAuth"}
    with translated("signing in"):
        # Don't follow redirects: a password or a token must only go to the address that was given.
        async with http.post(pool.url, data=json.dumps(body), headers=headers, allow_redirects=False) as response:
            status, answer = response.status, _object(await response.read())
    if status == HTTPStatus.OK:
        return answer
    kind = str(answer.get("__type", "")).rpartition("#")[2]
    message = str(answer.get("message") or kind or f"status {status}")
    if kind in _REFUSALS:
        raise UnauthorizedError(f"signing in: {message}")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or kind == "TooManyRequestsException":
        raise UnavailableError(f"signing in: {message}")
    raise RejectedError(f"signing in: {message}")


def _tokens(answer: Mapping[str, Any], now: float, refresh: str = "") -> _Tokens:
    """The tokens of an answer. A refresh usually returns no new refresh token; then `refresh` is kept."""
    match answer:
        case {"AuthenticationResult": {"AccessToken": str(access), "ExpiresIn": int(seconds)} as result}:
            return _Tokens(access, str(result.get("RefreshToken") or refresh), now + seconds)
        case {"ChallengeName": "NEW_PASSWORD_REQUIRED"}:
            raise UnauthorizedError(
                "signing in: the password was a temporary one; sign in on the page to choose your own"
            )
        case {"ChallengeName": str(name)}:
            raise UnauthorizedError(f"signing in: this command can't answer {name}; give a token with --token")
    raise RejectedError("signing in: the answer is not Cognito's")


def _object(text: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
