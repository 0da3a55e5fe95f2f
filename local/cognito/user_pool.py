"""A user pool in moto's Cognito, with an app client for browsers and users who can sign in.

It makes the pool of a new stack, gets tokens as a client does, and reads the pool's public keys. It checks no token:
`local.appsync.authorization.user_pools` does. `local.stack` and tests call it.
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
_AUTH_FLOWS = ("ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")

_TIMEOUT = aiohttp.ClientTimeout(total=30)


class CognitoError(StartError):
    """Cognito refused a call. `kind` is its error's name, such as NotAuthorizedException."""

    def __init__(self, action: str, kind: str, message: str) -> None:
        super().__init__(f"Cognito refused {action}: {message or kind}")
        self.kind = kind


def random_password() -> str:
    """A password that meets the pool's policy and is easy to type."""
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(9))
    return f"{secrets.choice(string.ascii_uppercase)}{letters}-{secrets.randbelow(9000) + 1000}"


@dataclass(frozen=True)
class Cognito:
    """moto's Cognito API at `url`. Requests name `region`; moto does not check their signatures."""

    url: str
    region: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers from which moto finds out the service and the region."""
        scope = f"local/20260101/{self.region}/cognito-idp/aws4_request"
        return {
            "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
            "content-type": CONTENT_TYPE,
        }

    async def call(self, action: str, **parameters: object) -> Mapping[str, object]:
        """Call an action and return its answer; raises CognitoError if it is refused."""
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
        """Call an action; returns the HTTP status and the raw body. Raises OSError if there is no answer."""
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
        """The JWKS document of a pool. Raises OSError if it can't be fetched."""
        url = f"{self.url}/{pool_id}/.well-known/jwks.json"
        try:
            async with aiohttp.ClientSession(timeout=_TIMEOUT) as http, http.get(url, headers=self.headers) as response:
                response.raise_for_status()
                return await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OSError(f"{url}: {error}") from error


@dataclass(frozen=True)
class Account:
    """A user of the pool: the name and password to sign in with."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class UserPool:
    """A pool, its only app client, and its users."""

    cognito: Cognito
    pool_id: str
    client_id: str
    accounts: list[Account]
    """Its users, with the passwords that they have."""

    @property
    def issuer(self) -> str:
        """The `iss` of its tokens: an address on AWS, because moto writes the same one as Cognito."""
        return f"https://cognito-idp.{self.cognito.region}.amazonaws.com/{self.pool_id}"

    async def keys(self) -> bytes:
        """Its JWKS document."""
        return await self.cognito.keys(self.pool_id)

    async def token(self, username: str, use: str = "access") -> str:
        """A fresh token of a user, whom an operator signs in; `use` is "access" or "id"."""
        account = next(account for account in self.accounts if account.username == username)
        answer = await self.cognito.call("AdminInitiateAuth", **self.sign_in(account))
        match answer:
            case {"AuthenticationResult": {"AccessToken": str(access), "IdToken": str(id_token)}}:
                return {"access": access, "id": id_token}[use]
        raise CognitoError("AdminInitiateAuth", "Challenge", f"{username} must answer another challenge first")

    def sign_in(self, account: Account) -> Mapping[str, object]:
        """The parameters of the call by which an operator signs a user in."""
        return {
            "UserPoolId": self.pool_id,
            "ClientId": self.client_id,
            "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": account.username, "PASSWORD": account.password},
        }

    def remember(self, account: Account) -> None:
        """Note that a user has this password now."""
        self.accounts[:] = [account if one.username == account.username else one for one in self.accounts]

    async def add(self, account: Account, *, invited: bool = False) -> None:
        """Make a user. One who is invited must choose another password at the first sign-in."""
        user = {"UserPoolId": self.pool_id, "Username": account.username}
        attributes = [{"Name": "email", "Value": account.username}, {"Name": "email_verified", "Value": "true"}]
        password = {"TemporaryPassword": account.password} if invited else {}
        await self.cognito.call(
            "AdminCreateUser", **user, **password, MessageAction="SUPPRESS", UserAttributes=attributes
        )
        if not invited:
            await self.cognito.call("AdminSetUserPassword", **user, Password=account.password, Permanent=True)
        self.accounts.append(account)


async def create_pool(cognito: Cognito, name: str, accounts: Sequence[Account]) -> UserPool:
    """Make a pool like the deployed one: users sign in by e-mail address, and only an operator can create them."""
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
        RefreshTokenValidity=1,
        TokenValidityUnits={"RefreshToken": "days"},
    )
    pool = UserPool(cognito, pool_id, _text(client, "UserPoolClient", "ClientId"), [])
    for account in accounts:
        await pool.add(account)
    return pool


def _text(answer: Mapping[str, object], outer: str, inner: str) -> str:
    value = answer[outer]
    if not isinstance(value, dict) or not isinstance(value.get(inner), str):
        raise TypeError(f"no {inner} in {outer}: {value!r}")
    return str(value[inner])
