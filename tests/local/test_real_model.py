"""An assessment with a real model: what crosses the way to Amazon Bedrock, and what stays on this machine.

The service behind it is the scripted model, at the address that AWS_ENDPOINT_URL_BEDROCK_RUNTIME would name.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from patience import PATIENCE

from local.bedrock.converse import api
from local.bedrock.converse.model import ScriptedModel
from local.environment import Credentials, RealModel
from local.http import loopback
from local.lambdas.host import HostSettings
from local.stack import LocalStack, StackSettings, running
from schema.statuses import SessionStatus
from worker.tools.declarations import TOOLS

MODEL = "global.anthropic.claude-sonnet-4-6"
FUNCTIONS = {tool: declaration.function for tool, declaration in TOOLS.items()}
SUBMIT = """mutation { submitAssessment(input: {
    clientName: "Acme", requirements: "Customers must see their orders online.\\nOrders come from SAP."
}) { id status } }"""
STATUS = '{{ session(id: "{}") {{ id status errorMessage results {{ sowUrl }} }} }}'

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def asked(stack: LocalStack, query: str) -> dict[str, dict[str, str]]:
    async with (
        aiohttp.ClientSession(headers={"x-api-key": stack.api_key}) as http,
        http.post(stack.endpoint, data=json.dumps({"query": query})) as response,
    ):
        data: dict[str, dict[str, str]] = (await response.json())["data"]
        return data


@pytest.mark.slow
async def test_only_the_model_is_asked_elsewhere_and_it_gets_the_accounts_signature(tmp_path: Path) -> None:
    signatures: list[str] = []

    @web.middleware
    async def listening(request: web.Request, handler: Handler) -> web.StreamResponse:
        signatures.append(request.headers["authorization"])
        return await handler(request)

    bedrock = web.Application(middlewares=[listening], client_max_size=1024**2)
    api.add_routes(bedrock, MODEL, ScriptedModel(FUNCTIONS, 0).respond)
    with loopback.listen() as listener:
        account = Credentials("ASIAEXAMPLE", "secret", "token")
        agent = RealModel(MODEL, "eu-west-3", account, f"http://{loopback.address(listener)}")
        settings = StackSettings(agent=agent, log=tmp_path / "log", lambda_host=HostSettings(dispatch_delay=0))
        async with loopback.serving(bedrock, listener), running(settings) as stack, asyncio.timeout(PATIENCE):
            session = (await asked(stack, SUBMIT))["submitAssessment"]
            while not SessionStatus(session["status"]).ended:
                await asyncio.sleep(0.1)
                session = (await asked(stack, STATUS.format(session["id"])))["session"]
    assert session["status"] == "COMPLETED", session["errorMessage"]
    turns, analysis = len(FUNCTIONS) + 1, 1  # no form is served here, so the rules read the notes in the end
    assert len(signatures) == turns + analysis
    assert all("ASIAEXAMPLE/" in one and "/eu-west-3/bedrock/" in one for one in signatures)
    log = (tmp_path / "log").read_text()
    assert "secret" not in log
    assert "ASIAEXAMPLE" not in log
