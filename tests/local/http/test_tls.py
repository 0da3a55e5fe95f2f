"""HTTPS and WSS on the public port: who believes the certificate gets everything, who does not gets nothing."""

import asyncio
import json
import re
import ssl
import stat
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest
from programs import SCOPESMITH, ran
from stacks.local import module_stack

from local import arguments
from local.banner import banner
from local.lambdas.host import HostSettings
from local.stack import LocalStack, StackSettings, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


stack = module_stack(StackSettings(tls=True, pace=0, lambda_host=HostSettings(dispatch_delay=0)))


def believing(stack: LocalStack) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(stack.authority))


@pytest.mark.slow
async def test_the_scopesmith_command_follows_a_session_over_tls(stack: LocalStack, tmp_path: Path) -> None:
    """With SSL_CERT_FILE, as the greeting says; the worker meanwhile publishes over plain HTTP inside."""
    code, out, err = await ran(
        *SCOPESMITH,
        *("submit", "local/sample_notes.md", "--client-name", "Northwind", "--out", tmp_path / "proposal"),
        *("--endpoint", stack.endpoint, "--api-key", stack.api_key),
        variables={"SSL_CERT_FILE": str(stack.authority)},
    )
    assert code == 0, out + err
    assert "polling" not in out
    saved = await asyncio.to_thread(lambda: sorted(path.suffix for path in (tmp_path / "proposal").rglob("*.*")))
    assert saved == [".docx", ".pptx"]


@pytest.mark.slow
async def test_the_command_says_no_more_than_that_it_can_not_connect_when_it_does_not_believe(
    stack: LocalStack,
) -> None:
    code, _, err = await ran(*SCOPESMITH, "list", "--endpoint", stack.endpoint, "--api-key", stack.api_key)
    assert code == 1
    assert "certificate" in err


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_both_names_of_the_loopback_are_in_the_certificate(stack: LocalStack, name: str) -> None:
    url = stack.endpoint.replace("127.0.0.1", name)
    assert url.startswith("https://")
    async with (
        aiohttp.ClientSession(headers={"x-api-key": stack.api_key}) as http,
        http.post(url, json={"query": "{ __typename }"}, ssl=believing(stack)) as response,
    ):
        assert await response.json() == {"data": {"__typename": "Query"}}


async def test_a_subscription_starts_over_a_secure_socket(stack: LocalStack) -> None:
    token = await stack.users.token("ada@example.com")
    query = {"query": 'subscription { onProgress(sessionId: "nobody") { status } }'}
    start = {"data": json.dumps(query), "extensions": {"authorization": {"Authorization": token}}}
    url = stack.endpoint.replace("https", "wss") + "/realtime"
    async with (
        aiohttp.ClientSession(headers={"Authorization": token}) as http,
        http.ws_connect(url, protocols=("graphql-ws",), ssl=believing(stack)) as socket,
    ):
        await socket.send_json({"type": "connection_init"})
        assert (await socket.receive_json(timeout=30))["type"] == "connection_ack"
        await socket.send_json({"type": "start", "id": "1", "payload": start})
        while (frame := await socket.receive_json(timeout=30))["type"] == "ka":
            continue
    assert frame["id"] == "1"
    assert frame["payload"]["errors"][0]["errorType"] == "NotFound"  # it came as far as the resolver


async def test_a_client_that_does_not_believe_it_is_told_nothing(stack: LocalStack) -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await http.get(stack.page)
        with pytest.raises(aiohttp.ClientError):
            await http.get(stack.page.replace("https", "http"))


async def test_the_page_may_open_secure_sockets_to_its_own_origin(stack: LocalStack) -> None:
    async with aiohttp.ClientSession() as http, http.get(stack.page, ssl=believing(stack)) as response:
        assert f"wss://{stack.page.split('/')[2]}" in response.headers["content-security-policy"]


async def test_the_greeting_says_how_to_believe_it(stack: LocalStack) -> None:
    text = banner(stack)
    assert f"NODE_EXTRA_CA_CERTS={stack.authority}" in text
    assert f"SSL_CERT_FILE={stack.authority}" in text
    assert "wss://127.0.0.1" in text


async def test_the_playgrounds_address_brings_the_key_along_whatever_is_in_it(stack: LocalStack) -> None:
    text = banner(replace(stack, api_key="a&b=c+d%20#"))
    [address] = re.findall(r"playground (\S+)", text)
    assert dict(parse_qsl(urlsplit(address).fragment)) == {"x-api-key": "a&b=c+d%20#"}


@pytest.mark.slow
async def test_the_authoritys_file_is_private_and_goes_with_the_stack(tmp_path: Path) -> None:
    async with running(StackSettings(tls=True, log=tmp_path / "log")) as stack:
        assert stack.authority is not None
        assert stat.S_IMODE(stack.authority.parent.stat().st_mode) == 0o700
        assert b"PRIVATE" not in await asyncio.to_thread(stack.authority.read_bytes)
    assert not stack.authority.parent.exists()


async def test_tls_is_for_serving(capsys: pytest.CaptureFixture[str]) -> None:
    assert arguments.parse(["--tls"]).tls
    assert not arguments.parse([]).tls
    with pytest.raises(SystemExit):
        arguments.parse(["--tls", "demo"])
    assert "--tls" in capsys.readouterr().err
