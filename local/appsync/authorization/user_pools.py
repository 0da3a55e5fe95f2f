"""The user pools mode: checks a Cognito token, the JWT in `Authorization`, against the pool's public keys.

It accepts ID and access tokens of one pool and one app client, signed with RS256, and refuses all others with AppSync's
messages. It gets only the keys from Cognito, so a revoked token is valid until it expires, as on AWS. `server` puts it
after the SigV4 authorizer, which handles the other kind of `Authorization` header.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeGuard

import jwt

from local.appsync.authorization.callers import AuthMode, Caller, Credentials
from local.appsync.errors import RejectedError, Rejection
from local.appsync.wire import NotJsonError, read_json

ALGORITHM: Final = "RS256"
"""Cognito uses only this one. Never take it from the token: an attacker could then choose `none`."""
MAX_TOKEN_CHARACTERS = 16 * 1024
SKEW = timedelta(seconds=30)
"""How far the pool's clock may be ahead of ours."""
LONGEST_CACHE = timedelta(hours=1)
"""The keys are fetched again after this time, so that a withdrawn key is not accepted for ever."""
SHORTEST_CACHE = timedelta(seconds=30)
"""An unknown key id makes us fetch the keys again, but no sooner than this after the last time."""
RETRY_AFTER = timedelta(seconds=1)
"""How long to wait after a failure before the keys are fetched again."""

_log = logging.getLogger(__name__)

_BEARER = re.compile(r"^bearer +", re.IGNORECASE)
_CLIENT_CLAIM: Final = {"id": "aud", "access": "client_id"}
"""The claim that names the app client, by `token_use` (Amazon Cognito, "Verifying JSON web tokens")."""
_USERNAME_CLAIM: Final = {"id": "cognito:username", "access": "username"}


def _unauthorized(message: str) -> Rejection:
    return Rejection(401, "UnauthorizedException", message)


NO_HEADER = _unauthorized("Valid authorization header not provided.")
UNPARSABLE_TOKEN = _unauthorized("Unable to parse JWT token.")
EXPIRED = _unauthorized("Token has expired.")
NOT_VALID = _unauthorized("You are not authorized to make this call.")
NO_KEYS = Rejection(500, "InternalFailure", "The user pool's keys can't be read.")

FetchKeys = Callable[[], Awaitable[bytes]]
"""Gets the pool's JWKS document; raises OSError if it can't."""


@dataclass(frozen=True)
class UserPoolConfig:
    """The pool whose users may call, and the app client that their tokens must be for."""

    issuer: str
    client_id: str
    fetch_keys: FetchKeys = field(repr=False)


class KeySet:
    """The pool's public keys by their ids, fetched when first needed and then cached."""

    def __init__(self, fetch: FetchKeys, clock: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._read_at: datetime | None = None
        self._not_before: datetime | None = None

    async def key(self, key_id: str) -> jwt.PyJWK | None:
        """The key with this id, or None if the pool has no such key.

        Raises:
            RejectedError: the keys can't be fetched.
        """
        if not self._answers_for(key_id):
            async with self._lock:  # if many calls wait for the keys, only one fetches them
                if not self._answers_for(key_id):
                    await self._refresh()
        if self._read_at is None:
            raise RejectedError(NO_KEYS)
        return self._keys.get(key_id)

    def _answers_for(self, key_id: str) -> bool:
        """Whether to answer from the cache: it has the key, or it is too early to fetch the keys again."""
        now = self._clock()
        if self._not_before is not None and now < self._not_before <= now + SHORTEST_CACHE:
            return True
        return key_id in self._keys and self._read_at is not None and abs(now - self._read_at) < LONGEST_CACHE

    async def _refresh(self) -> None:
        try:
            self._keys = _read_keys(await self._fetch())
        except (OSError, NotJsonError, jwt.PyJWTError) as error:
            _log.warning("The user pool's keys can't be read: %s", error)
            self._not_before = self._clock() + RETRY_AFTER  # keep using the keys that we have
        else:
            self._read_at = self._clock()
            self._not_before = self._read_at + SHORTEST_CACHE


def _read_keys(document: bytes) -> dict[str, jwt.PyJWK]:
    """The signing keys of a JWKS document that are RSA keys with an id."""
    value = read_json(document)
    keys = value.get("keys") if isinstance(value, dict) else None
    return {
        key["kid"]: jwt.PyJWK(key, ALGORITHM)
        for key in (keys if isinstance(keys, list) else [])
        if isinstance(key, dict) and isinstance(key.get("kid"), str) and key.get("kty") == "RSA"
    }


class UserPools:
    """The user pools mode's authorizer."""

    def __init__(self, config: UserPoolConfig, clock: Callable[[], datetime]) -> None:
        self._config = config
        self._clock = clock
        self._keys = KeySet(config.fetch_keys, clock)
        self._jwt = jwt.PyJWT()

    async def authorize(self, credentials: Credentials) -> Caller | None:
        authorization = credentials.headers.get("authorization")
        if authorization is None:
            return None
        token = _BEARER.sub("", authorization.strip())
        claims = await self._verified(token)
        self._check(claims)
        groups = _groups(claims)
        return Caller(
            AuthMode.USER_POOLS,
            identity=_identity(claims, groups, credentials.source_ip),
            groups=frozenset(groups or ()),
        )

    async def _verified(self, token: str) -> Mapping[str, Any]:
        """The claims of a token, once its signature is verified with a key of the pool."""
        if not token or len(token) > MAX_TOKEN_CHARACTERS:
            raise RejectedError(UNPARSABLE_TOKEN)
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise RejectedError(UNPARSABLE_TOKEN) from error
        key_id = header.get("kid")
        if header.get("alg") != ALGORITHM or not isinstance(key_id, str):
            raise RejectedError(NOT_VALID)
        key = await self._keys.key(key_id)
        if key is None:
            raise RejectedError(NOT_VALID)
        try:
            # `_check` checks the claims against the injected clock; PyJWT would use the system's.
            return self._jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                options={f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")},  # type: ignore[arg-type]  # the names are its own
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise RejectedError(NOT_VALID) from error

    def _check(self, claims: Mapping[str, Any]) -> None:
        """Raise RejectedError unless the claims are for this pool and this client, and valid now."""
        use = claims.get("token_use")
        now = self._clock().timestamp()
        latest = now + SKEW.total_seconds()
        is_ours = (
            isinstance(use, str)
            and use in _CLIENT_CLAIM
            and claims.get("iss") == self._config.issuer
            and claims.get(_CLIENT_CLAIM[use]) == self._config.client_id
            and _is_text(claims.get("sub"))
            and _is_text(claims.get(_USERNAME_CLAIM[use]))
        )
        expires, issued, begins = claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)
        if not is_ours or not _is_time(expires) or not _is_time(issued) or not _is_time(begins):
            raise RejectedError(NOT_VALID)
        if issued > latest or begins > latest:
            raise RejectedError(NOT_VALID)
        if expires <= now:
            raise RejectedError(EXPIRED)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_time(value: object) -> TypeGuard[float]:
    """Whether it is a NumericDate. Python also counts true and NaN as numbers; this does not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def _groups(claims: Mapping[str, Any]) -> list[str] | None:
    groups = claims.get("cognito:groups")
    return [name for name in groups if isinstance(name, str)] if isinstance(groups, list) else None


def _identity(claims: Mapping[str, Any], groups: list[str] | None, source_ip: str) -> dict[str, object]:
    """The event's `identity` of a user."""
    return {
        "sub": claims["sub"],
        "issuer": claims["iss"],
        "username": claims[_USERNAME_CLAIM[claims["token_use"]]],
        "claims": dict(claims),
        "sourceIp": [source_ip],
        "defaultAuthStrategy": "ALLOW",
        "groups": groups,
    }
