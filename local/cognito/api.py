"""The part of Cognito's API that a browser calls, on the public port: sign-in, refresh, sign-out.

It passes calls on to moto, and adds what moto lacks: revoked tokens, the same answer for a wrong name and a wrong
password, and the proof in a sign-in by SRP, which is the only way in. It can check the proof only of the passwords that
`UserPool.accounts` has. It has no operation that needs an operator's rights. `local.http.pages` adds its routes.
"""

import json
import logging
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from aiohttp import ClientPayloadError, web
from aiohttp.web_protocol import RequestPayloadError

from local.cognito import srp as cognito_srp
from local.cognito.user_pool import CONTENT_TYPE, TARGET, Account, UserPool

ACTIONS = frozenset({"InitiateAuth", "RespondToAuthChallenge", "GlobalSignOut", "RevokeToken", "GetUser"})
_SIGN_IN = ("InitiateAuth", "RespondToAuthChallenge")
_CHALLENGES = 1000
"""How many sign-ins by SRP may wait for an answer. Beyond that, the oldest must start again."""
_SRP = "USER_SRP_AUTH"
_REFRESH_FLOWS = ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")

_CORS: Final = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CognitoApi:
    """The operations of public clients on one pool."""

    users: UserPool
    _revoked: set[str] = field(default_factory=set, init=False, repr=False)
    _challenges: dict[str, cognito_srp.Challenge] = field(default_factory=dict, init=False, repr=False)
    """The SRP challenges that wait for an answer, by their secret block, oldest first."""

    def add_routes(self, app: web.Application) -> None:
        for path in ("/cognito-idp", "/cognito-idp/"):
            app.router.add_post(path, self.call)
            app.router.add_options(path, self.preflight)
        app.router.add_get("/cognito-idp/{pool_id}/.well-known/jwks.json", self.keys)

    async def call(self, request: web.Request) -> web.Response:
        """Answer one call of Cognito's JSON protocol."""
        try:
            service, _, action = request.headers.get("x-amz-target", "").partition(".")
            if service != TARGET or action not in ACTIONS:
                raise _RefusedError("UnknownOperationException", "This server can only sign users in and out.")
            status, answer = await self._answer(action, await request.read())
        except _RefusedError as error:
            return error.response
        except web.HTTPRequestEntityTooLarge:
            return _RefusedError("RequestTooLargeException", "The body is too large.", 413).response
        except (RequestPayloadError, ClientPayloadError):
            request.content.feed_eof()  # otherwise aiohttp reads the rest after our answer, and logs a traceback
            response = _RefusedError("SerializationException", "The body can't be read.").response
            response.force_close()
            return response
        except OSError as error:
            _log.warning("%s", error)
            return _RefusedError("InternalErrorException", "Cognito does not answer.", 500).response
        return web.Response(body=answer, status=status, headers={**_CORS, "content-type": CONTENT_TYPE})

    async def _answer(self, action: str, body: bytes) -> tuple[int, bytes]:
        parameters = _object(body)
        if action == "RevokeToken":
            return self._revoke(parameters)
        if action in _SIGN_IN and (named := parameters.get("ClientId")) != self.users.client_id:
            raise _RefusedError("ResourceNotFoundException", f"User pool client {named} does not exist.")
        if action == "InitiateAuth":
            if parameters.get("AuthFlow") == _SRP:
                return self._challenge(parameters)
            self._check_refresh(parameters)
        challenge = parameters.get("ChallengeName") if action == "RespondToAuthChallenge" else None
        if challenge == "PASSWORD_VERIFIER":
            action, body = "AdminInitiateAuth", self._proven(parameters)
        status, answer = await self.users.cognito.post(action, body)
        if challenge == "NEW_PASSWORD_REQUIRED" and status == HTTPStatus.OK:
            self.users.remember(Account(*_texts(parameters.get("ChallengeResponses"), "USERNAME", "NEW_PASSWORD")))
        if status != HTTPStatus.OK and str(_object(answer).get("__type", "")).endswith("UserNotFoundException"):
            # The app client has PreventUserExistenceErrors set, which moto ignores.
            raise _RefusedError("NotAuthorizedException", "Incorrect username or password.")
        return status, answer

    async def preflight(self, request: web.Request) -> web.Response:
        """Answer a browser's preflight."""
        return web.Response(
            headers={
                **_CORS,
                "access-control-allow-methods": "POST,OPTIONS",
                "access-control-allow-headers": request.headers.get("access-control-request-headers", "*"),
                "access-control-max-age": "172800",
            }
        )

    async def keys(self, request: web.Request) -> web.Response:
        """The pool's public keys."""
        if request.match_info["pool_id"] != self.users.pool_id:
            return _RefusedError("ResourceNotFoundException", "There is no such user pool.", 404).response
        return web.Response(body=await self.users.keys(), headers={**_CORS, "content-type": "application/json"})

    def _revoke(self, parameters: dict[str, Any]) -> tuple[int, bytes]:
        token = parameters.get("Token")
        if parameters.get("ClientId") != self.users.client_id or not isinstance(token, str):
            raise _RefusedError("InvalidParameterException", "Token and ClientId are needed.")
        self._revoked.add(token)
        return HTTPStatus.OK, b"{}"

    def _challenge(self, parameters: dict[str, Any]) -> tuple[int, bytes]:
        """Begin a sign-in by SRP. An unknown user gets a challenge too, so that nobody can find out who exists."""
        name, number = _texts(parameters.get("AuthParameters"), "USERNAME", "SRP_A")
        try:
            challenge = cognito_srp.challenge(self.users.pool_id, name, self._password(name), number)
        except ValueError:
            raise _RefusedError("InvalidParameterException", "SRP_A is not a valid number.") from None
        self._challenges[challenge.parameters["SECRET_BLOCK"]] = challenge
        while len(self._challenges) > _CHALLENGES:
            self._challenges.pop(next(iter(self._challenges)))
        answer = {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": challenge.parameters}
        return HTTPStatus.OK, json.dumps(answer).encode()

    def _proven(self, parameters: dict[str, Any]) -> bytes:
        """Check the proof; returns the body of the operator's call that gets the tokens."""
        block, signature, timestamp = _texts(
            parameters.get("ChallengeResponses"),
            "PASSWORD_CLAIM_SECRET_BLOCK",
            "PASSWORD_CLAIM_SIGNATURE",
            "TIMESTAMP",
        )
        challenge = self._challenges.pop(block, None)
        if challenge is None or not challenge.proves(signature, timestamp):
            raise _RefusedError("NotAuthorizedException", "Incorrect username or password.")
        account = Account(challenge.username, self._password(challenge.username))
        return json.dumps(self.users.sign_in(account)).encode()

    def _password(self, username: str) -> str:
        """The user's password; for an unknown user, a random one that no client can know."""
        known = (account.password for account in self.users.accounts if account.username == username)
        return next(known, secrets.token_hex())

    def _check_refresh(self, parameters: dict[str, Any]) -> None:
        flow = parameters.get("AuthFlow")
        if flow not in _REFRESH_FLOWS:
            raise _RefusedError("InvalidParameterException", f"{flow} flow not enabled for this client")
        [token] = _texts(parameters.get("AuthParameters"), "REFRESH_TOKEN")
        if token in self._revoked:
            raise _RefusedError("NotAuthorizedException", "Refresh Token has been revoked")


class _RefusedError(Exception):
    """A call that is answered with an error. `kind` is one of Cognito's exceptions."""

    def __init__(self, kind: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.response = web.Response(
            text=json.dumps({"__type": kind, "message": message}),
            status=status,
            headers={**_CORS, "content-type": CONTENT_TYPE, "x-amzn-ErrorType": kind},
        )


def _texts(given: object, *names: str) -> list[str]:
    """The members of an object by these names; the call is refused if one is missing or not a string."""
    values = [given.get(name) for name in names] if isinstance(given, dict) else []
    if not values or not all(isinstance(value, str) for value in values):
        raise _RefusedError("InvalidParameterException", f"{' and '.join(names)} are needed.")
    return [str(value) for value in values]


def _object(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise _RefusedError("SerializationException", "The body is not a JSON object.")
    return value
