"""A request that is not HTTP is answered 400 and is one line in the log, whatever part of it is wrong."""

import asyncio
import logging
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from fakes.http import served
from patience import PATIENCE

from local.cognito.api import CognitoApi
from local.cognito.user_pool import Cognito, UserPool

POST = b"POST /cognito-idp HTTP/1.1\r\nHost: h\r\nX-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth\r\n"


async def answered(*requests: bytes) -> list[bytes]:
    """What the local Cognito, as any application of the local server, answers until it closes the connection."""
    app = web.Application()
    CognitoApi(UserPool(Cognito("http://127.0.0.1:9", "eu-west-1"), "eu-west-1_p", "client", [])).add_routes(app)
    answers = []
    async with served(app) as url, asyncio.timeout(PATIENCE):
        address = urlsplit(url)
        for request in requests:
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write(request)
            answers.append(await reader.read())
            writer.close()
    return answers


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (POST + b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}", "content-encoding: brotli"),
        (POST + b"no colon\r\n\r\n", "no colon"),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}", "Content-Length"),
        (POST + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n", "more than"),
    ],
)
async def test_it_is_one_line(request_: bytes, reason: str, caplog: pytest.LogCaptureFixture) -> None:
    [answer] = await answered(request_)
    assert answer.split()[1] == b"400"
    [record] = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert (record.levelname, record.exc_info) == ("WARNING", None)
    assert reason in record.getMessage()
    assert "\n" not in record.getMessage()
    assert len(record.getMessage()) < 300


async def test_a_body_that_is_not_what_it_claims_to_be_is_refused_in_json(caplog: pytest.LogCaptureFixture) -> None:
    [answer] = await answered(POST + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")
    assert answer.split()[1] == b"400"
    assert b"SerializationException" in answer
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_a_failure_of_ours_keeps_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_: web.Request) -> web.Response:
        raise LookupError("ours")

    app = web.Application()
    app.router.add_get("/", fail)
    async with served(app) as url, asyncio.timeout(PATIENCE):
        address = urlsplit(url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).split()[1] == b"500"
        writer.close()
    [record] = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert record.levelname == "ERROR"
    assert record.exc_info
    assert isinstance(record.exc_info[1], LookupError)
