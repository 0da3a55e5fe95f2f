"""Calls Cognito's JSON API for public clients, and turns its refusals into errors of the client's.

It keeps no token and no password: `client.sign_in` does, the only caller besides those that name a `Pool`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from client.errors import RejectedError, UnauthorizedError, UnavailableError, translated

_TARGET = "AWSCognitoIdentityProviderService"
_REFUSALS = frozenset({"NotAuthorizedException", "UserNotFoundException", "UserNotConfirmedException"})
_POOL_ID = re.compile(r"(?P<region>[a-z]{2}(-[a-z]+)+-\d)_[0-9a-zA-Z]+")


class PoolIdError(ValueError):
    """A text that is not the id of a user pool."""


@dataclass(frozen=True)
class Pool:
    """Where users sign in, and the app client to sign in with."""

    url: str
    """The URL of Cognito's API."""
    id: str
    client_id: str

    @classmethod
    def on_aws(cls, pool_id: str, client_id: str) -> "Pool":
        """The pool with this id, which begins with its region. Raises `PoolIdError` if it is none."""
        found = _POOL_ID.fullmatch(pool_id)
        if found is None:
            raise PoolIdError(f"{pool_id!r} is not the id of a user pool, like eu-west-1_AbCdEf123")
        return cls(f"https://cognito-idp.{found['region']}.amazonaws.com/", pool_id, client_id)


async def call(http: aiohttp.ClientSession, pool: Pool, action: str, **parameters: object) -> Mapping[str, Any]:
    """The answer to one action of the pool's app client.

    Raises:
        UnauthorizedError: the user is refused.
        UnavailableError: no answer came, or there were too many attempts.
        RejectedError: the pool refuses the request.
    """
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"{_TARGET}.{action}"}
    body = json.dumps({"ClientId": pool.client_id, **parameters})
    with translated("signing in"):
        # Don't follow redirects: a proof or a token must only go to the address that was given.
        async with http.post(pool.url, data=body, headers=headers, allow_redirects=False) as response:
            status, answer = response.status, parsed(await response.read())
    if status == HTTPStatus.OK:
        return answer
    kind = str(answer.get("__type", "")).rpartition("#")[2]
    message = str(answer.get("message") or kind or f"status {status}")
    if kind in _REFUSALS:
        raise UnauthorizedError(f"signing in: {message}")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or kind == "TooManyRequestsException":
        raise UnavailableError(f"signing in: {message}")
    raise RejectedError(f"signing in: {message}")


def parsed(text: bytes) -> Mapping[str, Any]:
    """A JSON object; empty if the text is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
