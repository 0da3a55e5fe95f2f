"""The IAM mode: signatures that botocore makes, and what becomes of each way to get one wrong."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SigningKey

from local.appsync.authorization.callers import AuthMode, Credentials
from local.appsync.authorization.sigv4 import SignatureV4
from local.appsync.errors import UNAUTHORIZED, RejectedError

SECRET = "secret"
BODY = b'{"query":"{ __typename }"}'


def signed(
    *,
    key: str = "AKIDEXAMPLE",
    secret: str = SECRET,
    token: str | None = None,
    service: str = "appsync",
    region: str = "eu-west-1",
    path: str = "/graphql",
    extra: dict[str, str] | None = None,
) -> Credentials:
    """A request as it arrives when botocore has signed it."""
    url = f"https://127.0.0.1:8000{path}"
    request = AWSRequest("POST", url, data=BODY, headers={"Content-Type": "application/json"} | (extra or {}))
    SigV4Auth(SigningKey(key, secret, token), service, region).add_auth(request)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Credentials(headers | {"host": "127.0.0.1:8000"}, BODY, ("/graphql",), "127.0.0.1")


def authorizer(drift: timedelta = timedelta()) -> SignatureV4:
    return SignatureV4({"AKIDEXAMPLE": SECRET}, "eu-west-1", lambda: datetime.now(UTC) + drift)


async def test_botocores_signature_is_good() -> None:
    caller = await authorizer().authorize(signed())

    assert caller is not None
    assert caller.mode is AuthMode.IAM
    assert caller.identity is not None
    assert caller.identity["userArn"] == "arn:aws:iam::123456789012:user/AKIDEXAMPLE"
    assert caller.identity["sourceIp"] == ["127.0.0.1"]


@pytest.mark.parametrize(
    "credentials",
    [
        signed(token="a session token"),
        signed(path="/graphql?a=1&b=%20", extra={"accept": "a,  b"}),
        signed(extra={"content-encoding": "amz-1.0", "accept": "application/json, text/javascript"}),
        signed(extra={"X-Amz-Content-SHA256": sha256(BODY).hexdigest()}),
    ],
    ids=["session-token", "query-string", "what-clients-sign", "hash"],
)
async def test_whatever_was_signed_is_verified(credentials: Credentials) -> None:
    assert await authorizer().authorize(replace(credentials, paths=("/graphql?a=1&b=%20", "/graphql")))


async def test_a_signature_for_any_of_the_paths_is_good() -> None:
    connect = replace(signed(path="/graphql/realtime/connect"), paths=("/graphql/connect", "/graphql/realtime/connect"))

    assert await authorizer().authorize(connect)


@pytest.mark.parametrize("headers", [{}, {"authorization": "a.jwt.token"}, {"x-api-key": "k"}])
async def test_other_credentials_are_left_to_others(headers: dict[str, str]) -> None:
    assert await authorizer().authorize(Credentials(headers, BODY, ("/graphql",), "")) is None


def without(name: str) -> Callable[[Credentials], Credentials]:
    return lambda good: replace(good, headers={key: value for key, value in good.headers.items() if key != name})


def having(name: str, change: Callable[[str], str]) -> Callable[[Credentials], Credentials]:
    return lambda good: replace(good, headers={**good.headers, name: change(good.headers[name])})


WRONG: dict[str, Callable[[Credentials], Credentials]] = {
    "secret": lambda _: signed(secret="wrong"),
    "unknown key": lambda _: signed(key="AKIDSTRANGER"),
    "region": lambda _: signed(region="us-east-1"),
    "service": lambda _: signed(service="lambda"),
    "hash": lambda _: signed(extra={"X-Amz-Content-SHA256": sha256(b"another body").hexdigest()}),
    "no payload signed": lambda _: signed(extra={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}),
    "path": lambda _: signed(path="/graphql/connect"),
    "body": lambda good: replace(good, body=BODY + b" "),
    "signature": having("authorization", lambda value: value[:-1] + ("0" if value[-1] != "0" else "1")),
    "cut signature": having("authorization", lambda value: value[:-1]),
    "host": having("host", lambda _: "elsewhere"),
    "signed header": having("content-type", lambda _: "text/plain"),
    "missing signed header": without("content-type"),
    "missing date": without("x-amz-date"),
    "date": having("x-amz-date", lambda value: value[:-2] + "xZ"),
    "day of the scope": having("x-amz-date", lambda value: "2020" + value[4:]),
    "host not signed": having("authorization", lambda value: value.replace("host;", "")),
    "scheme alone": having("authorization", lambda _: "AWS4-HMAC-SHA256"),
    "nonsense": having("authorization", lambda _: "AWS4-HMAC-SHA256 \ud800é"),
    "half a character": having("content-type", lambda _: "\ud800"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_anything_wrong_is_not_authorized(wrong: Callable[[Credentials], Credentials]) -> None:
    with pytest.raises(RejectedError) as rejected:
        await authorizer().authorize(wrong(signed()))

    assert rejected.value.rejection is UNAUTHORIZED


@pytest.mark.parametrize(
    ("drift", "good"),
    [
        (timedelta(minutes=4, seconds=50), True),
        (timedelta(minutes=-4, seconds=-50), True),
        (timedelta(minutes=5, seconds=10), False),
        (timedelta(minutes=-5, seconds=-10), False),
        (timedelta(days=1), False),
    ],
)
async def test_a_signature_is_good_for_five_minutes_either_way(drift: timedelta, *, good: bool) -> None:
    if good:
        assert await authorizer(drift).authorize(signed())
    else:
        with pytest.raises(RejectedError):
            await authorizer(drift).authorize(signed())
