"""How the local stack starts and ends. `test_main_job` tests what it does in between."""

import json
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from botocore import credentials as boto_credentials
from stacks.signing import signed

from local import environment, stack
from local.appsync.wire import NotJsonError
from local.environment import Credentials, DeployedAgent, RealModel
from local.errors import StartError
from local.lambdas.functions import Answer, UnknownFunctionError
from local.lambdas.host import LambdaHost
from local.stack import FUNCTIONS, LocalStack, StackSettings, running

QUERY = json.dumps({"query": '{ session(id: "nobody") { status } }'})


async def ask(running_stack: LocalStack, headers: dict[str, str]) -> object:
    async with (
        aiohttp.ClientSession() as http,
        http.post(
            running_stack.endpoint, data=QUERY, headers={"content-type": "application/json", **headers}
        ) as response,
    ):
        return await response.json()


@pytest.mark.slow
async def test_stacks_run_side_by_side_and_one_after_the_other(tmp_path: Path) -> None:
    settings = StackSettings(log=tmp_path / "log")
    async with running(settings) as first, running(settings) as second:
        assert first.endpoint != second.endpoint
        for one in (first, second):
            assert await ask(one, {"x-api-key": one.api_key}) == {"data": {"session": None}}
        port = int(first.endpoint.split(":")[2].split("/")[0])
    async with running(replace(settings, port=port)) as third:
        assert third.endpoint == first.endpoint
        assert await ask(third, {"x-api-key": third.api_key}) == {"data": {"session": None}}


@pytest.mark.slow
async def test_a_deployed_agent_brings_its_region_and_credentials_and_needs_no_local_tools(tmp_path: Path) -> None:
    agent = DeployedAgent(
        agent_id="AGENT12345",
        alias_id="TSTALIASID",
        artifacts_bucket="the-deployed-bucket",
        region="eu-central-1",
        credentials=Credentials("ASIAEXAMPLE", "secret", "token"),
    )
    async with running(StackSettings(agent=agent, log=tmp_path / "log")) as cloudy:
        assert "AGENT12345" in cloudy.agent
        assert cloudy.host.function(environment.WORKER).environment["BEDROCK_AGENT_ID"] == "AGENT12345"
        with pytest.raises(UnknownFunctionError):
            cloudy.host.function(environment.TOOLS)
        keys = boto_credentials.Credentials("ASIAEXAMPLE", "secret", "token")
        assert await ask(cloudy, signed(cloudy.endpoint, QUERY, keys, "eu-central-1")) == {"data": {"session": None}}


@pytest.mark.slow
async def test_a_real_models_credentials_are_the_workers_and_the_api_accepts_both(tmp_path: Path) -> None:
    real = Credentials("ASIAEXAMPLE", "secret", "token")
    agent = RealModel("eu.anthropic.claude-sonnet-5", "eu-central-1", real)
    async with running(StackSettings(agent=agent, log=tmp_path / "log")) as modern:
        assert modern.agent == "eu.anthropic.claude-sonnet-5 of Amazon Bedrock in eu-central-1"
        keys = {name: modern.host.function(name).environment["AWS_ACCESS_KEY_ID"] for name in modern.host.names}
        assert keys.pop(environment.WORKER) == "ASIAEXAMPLE"
        assert set(keys.values()) == {modern.credentials.access_key_id} != {"ASIAEXAMPLE"}
        for known in (real, modern.credentials):
            signer = boto_credentials.Credentials(known.access_key_id, known.secret_access_key, known.session_token)
            headers = signed(modern.endpoint, QUERY, signer, "eu-central-1")
            assert await ask(modern, headers) == {"data": {"session": None}}


async def test_a_function_that_can_not_start_is_named_together_with_the_log(tmp_path: Path) -> None:
    broken = [replace(function, handler="nowhere.handler") for function in FUNCTIONS[:1]]
    log = tmp_path / "log"
    with pytest.raises(StartError) as raised:
        async with running(StackSettings(functions=(*broken, *FUNCTIONS[1:]), log=log)):
            pytest.fail("it started")
    assert "scopesmith-resolvers" in str(raised.value)
    assert "nowhere" in str(raised.value)
    assert str(log) in str(raised.value)


async def test_a_resolver_that_answers_what_json_does_not_know_has_failed() -> None:
    """Python writes NaN, but a client that was sent it could not read the frame."""

    class Host(LambdaHost):
        def __init__(self) -> None:
            """Without functions."""

        async def invoke(self, name: str, event: bytes, request_id: str | None = None) -> Answer:
            return Answer(b'{"error": {"type": "InvalidInput", "message": "m", "info": NaN}}', failed=False)

    invoke = stack._resolvers(Host())  # noqa: SLF001 - no running stack answers so
    with pytest.raises(NotJsonError):
        await invoke({})
