"""Signs in with a name and a password, and stays signed in for as long as you watch a session.

It talks to Cognito, and finds the address in the `config.json` beside the API unless you give it. The password is never
sent: `client.srp` proves it. Tokens are kept only in memory, and renewed before they expire. The command line and the
demo call it; other modules only see `Credentials`.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import aiohttp
from gql.transport.appsync_auth import AppSyncAuthentication, AppSyncJWTAuthentication

from client.cognito import Pool, call, parsed
from client.endpoint import ApiKey, Credentials, Endpoint, Token
from client.errors import RejectedError, UnauthorizedError, translated
from client.srp import SECRET_BITS, Challenge, Proof

RENEW_SECONDS = 60.0
"""A token that expires sooner than this is renewed before it is used."""
HTTP_SECONDS = 15.0

_VERIFIER = "PASSWORD_VERIFIER"
_OWN_POOL = "or name the pool with --user-pool-id and --user-pool-client-id"


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
        answer = await call(self._http, self._pool, "InitiateAuth", AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=given)
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
        answer = await _proven(http, pool, credentials, datetime.fromtimestamp(clock(), UTC))
        yield UserSession(http, pool, _tokens(answer, clock()), clock)


async def _proven(http: aiohttp.ClientSession, pool: Pool, login: Login, now: datetime) -> Mapping[str, Any]:
    """Cognito's answer to a proof of the password: tokens, or another challenge."""
    proof = Proof(secrets.randbits(SECRET_BITS))
    given = {"USERNAME": login.username, "SRP_A": f"{proof.number:x}"}
    answer = await call(http, pool, "InitiateAuth", AuthFlow="USER_SRP_AUTH", AuthParameters=given)
    if answer.get("ChallengeName") != _VERIFIER:
        return answer
    try:
        challenge = Challenge.parse(answer.get("ChallengeParameters"))
    except ValueError as error:
        raise RejectedError(f"signing in: the challenge is not Cognito's: {error}") from error
    session = {"Session": answer["Session"]} if "Session" in answer else {}
    return await call(
        http,
        pool,
        "RespondToAuthChallenge",
        ChallengeName=_VERIFIER,
        ChallengeResponses=proof.responses(pool.id, challenge, login.password, now),
        **session,
    )


async def _pool_of(http: aiohttp.ClientSession, endpoint: Endpoint) -> Pool:
    """The pool that the config.json beside the endpoint names."""
    url = urljoin(endpoint.url, "/config.json")
    with translated("finding the user pool"):
        async with http.get(url) as response:
            config = parsed(await response.read()) if response.ok else {}
    match config:
        case {"userPoolId": str(pool_id), "userPoolClientId": str(client_id), "userPoolEndpoint": str(where)}:
            return Pool(urljoin(url, where), pool_id, client_id)
    raise RejectedError(f"{url} names no user pool: give the endpoint of a page that has one, {_OWN_POOL}")


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
