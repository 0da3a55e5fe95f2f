"""Cognito on one machine: moto's, with a user pool, an app client for browsers, and users who can sign in.

It makes the pool that a stack starts with, gets tokens as a client would, and reads the pool's public keys. It
checks no token: `local.appsync.authorization.user_pools` does. The composition root calls it, and tests.
"""

import json
import secrets
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp

from local.errors import StartError

TARGET = "AWSCognitoIdentityProviderService"
CONTENT_TYPE = "application/x-amz-json-1.1"

DEMO_USERS = ("ada@example.com", "ben@example.com")

_PASSWORD_POLICY = {
    "MinimumLength": 12,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
}
_AUTH_FLOWS = ("ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")

_TIMEOUT = aiohttp.ClientTimeout(total=30)


class CognitoError(StartError):
    """Cognito refused a call. `kind` is its error's name, such as NotAuthorizedException."""

    def __init__(self, action: str, kind: str, message: str) -> None:
        super().__init__(f"Cognito refused {action}: {message or kind}")
        self.kind = kind


def random_password() -> str:
    """A password that the pool's policy takes, and a person can type."""
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(9))
    return f"{secrets.choice(string.ascii_uppercase)}{letters}-{secrets.randbelow(9000) + 1000}"


@dataclass(frozen=True)
class Cognito:
    """moto's Cognito API at `url`. Its region is the one that requests are signed for; no signature is checked."""

    url: str
    region: str

    @property
    def headers(self) -> dict[str, str]:
        """What a request needs besides its target for moto to find the region."""
        scope = f"local/20260101/{self.region}/cognito-idp/aws4_request"
        return {
            "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
            "content-type": CONTENT_TYPE,
        }

    async def call(self, action: str, **parameters: object) -> Mapping[str, object]:
        """The answer to a call; CognitoError when it is refused."""
        try:
            status, body = await self.post(action, json.dumps(parameters).encode())
        except OSError as error:
            raise CognitoError(action, "Unreachable", str(error)) from error
        answer: dict[str, object] = json.loads(body or b"{}")
        if status == HTTPStatus.OK:
            return answer
        kind = str(answer.get("__type", status)).rpartition("#")[2]
        raise CognitoError(action, kind, str(answer.get("message", "")))

    async def post(self, action: str, body: bytes) -> tuple[int, bytes]:
        """The HTTP status and the body of the answer to a call as it came. Raises OSError when there is none."""
        headers = self.headers | {"x-amz-target": f"{TARGET}.{action}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT) as http,
                http.post(f"{self.url}/", data=body, headers=headers) as response,
            ):
                return response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OSError(f"{self.url}: {error}") from error

    async def keys(self, pool_id: str) -> bytes:
        """The JWKS document of a pool. Raises OSError when it can't be had."""
        url = f"{self.url}/{pool_id}/.well-known/jwks.json"
        try:
            async with aiohttp.ClientSession(timeout=_TIMEOUT) as http, http.get(url, headers=self.headers) as response:
                response.raise_for_status()
                return await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OSError(f"{url}: {error}") from error


@dataclass(frozen=True)
class Account:
    """A user of the pool, by the name and password that a person signs in with."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class UserPool:
    """A pool, its one app client, and the users that were made with it."""

    cognito: Cognito
    pool_id: str
    client_id: str
    accounts: Sequence[Account]

    @property
    def issuer(self) -> str:
        """The `iss` of its tokens, which names AWS also here."""
        return f"https://cognito-idp.{self.cognito.region}.amazonaws.com/{self.pool_id}"

    async def keys(self) -> bytes:
        """Its JWKS document."""
        return await self.cognito.keys(self.pool_id)

    async def token(self, username: str, use: str = "access") -> str:
        """A fresh token of a user, signed in by password; `use` is "access" or "id"."""
        password = next(account.password for account in self.accounts if account.username == username)
        answer = await self.cognito.call(
            "InitiateAuth",
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": password},
        )
        match answer:
            case {"AuthenticationResult": {"AccessToken": str(access), "IdToken": str(id_token)}}:
                return {"access": access, "id": id_token}[use]
        raise CognitoError("InitiateAuth", "Challenge", f"{username} has something else to answer first")


async def create_pool(cognito: Cognito, name: str, accounts: Sequence[Account]) -> UserPool:
    """Make a pool as the deployed one: users sign in by e-mail address, and nobody but an operator makes them."""
    made = await cognito.call(
        "CreateUserPool",
        PoolName=name,
        Policies={"PasswordPolicy": _PASSWORD_POLICY},
        UsernameAttributes=["email"],
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
    )
    pool_id = _text(made, "UserPool", "Id")
    client = await cognito.call(
        "CreateUserPoolClient",
        UserPoolId=pool_id,
        ClientName="web",
        GenerateSecret=False,
        ExplicitAuthFlows=_AUTH_FLOWS,
        PreventUserExistenceErrors="ENABLED",
    )
    for account in accounts:
        await cognito.call(
            "AdminCreateUser",
            UserPoolId=pool_id,
            Username=account.username,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": account.username},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
        await cognito.call(
            "AdminSetUserPassword",
            UserPoolId=pool_id,
            Username=account.username,
            Password=account.password,
            Permanent=True,
        )
    return UserPool(cognito, pool_id, _text(client, "UserPoolClient", "ClientId"), tuple(accounts))


def _text(answer: Mapping[str, object], outer: str, inner: str) -> str:
    value = answer[outer]
    if not isinstance(value, dict) or not isinstance(value.get(inner), str):
        raise TypeError(f"no {inner} in {outer}: {value!r}")
    return str(value[inner])
