"""The README's guide for clients works: its snippets run, and so do the examples that it names."""

import asyncio
import json
import re
import shutil
import ssl
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import programs
import pytest
import trustme
from checkout import ROOT
from clients import node_programs
from patience import PATIENCE
from stacks import doorway
from stacks.local import module_stack

from client.api import connected
from client.endpoint import Endpoint, Token
from client.session import Submission
from local.lambdas.host import HostSettings
from local.stack import LocalStack, StackSettings, running

README = (ROOT / "README.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.asyncio(loop_scope="module")


stack = module_stack(StackSettings(pace=0.1, lambda_host=HostSettings(dispatch_delay=0.5)))


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """The examples as in a reader's own project: with what they import beside them."""
    (tmp_path / "node_modules").symlink_to(node_programs.packages())
    shutil.copytree(ROOT / "client" / "web", tmp_path / "web")
    return shutil.copytree(ROOT / "client" / "examples", tmp_path / "examples")


async def lines(*command: str | Path, heard: Callable[[str], None] = lambda _: None, **variables: str) -> list[str]:
    """The lines that a command prints, each given to `heard` at once; the command must succeed."""
    printed: list[str] = []
    async with programs.started(*command, variables=variables) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        complaints = asyncio.ensure_future(process.stderr.read())
        try:
            async with asyncio.timeout(PATIENCE):
                async for line in process.stdout:
                    printed.append(line.decode().rstrip())
                    heard(printed[-1])
                code, said = await process.wait(), (await complaints).decode()
        finally:
            complaints.cancel()
    assert code == 0, said
    return printed


def snippet(language: str) -> str:
    """The guide's one block in this language."""
    guide = README.partition("## A client of your own")[2].partition("\n## ")[0]
    [block] = re.findall(rf"^```{language}\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    return str(block)


async def submitted(stack: LocalStack) -> str:
    """A session of the first user's."""
    token = await stack.users.token(stack.users.accounts[0].username)
    async with connected(Endpoint.parse(stack.endpoint), Token(token)) as api:
        session = await api.submit(Submission("Example Ltd", "Customers must see their orders."), str(uuid4()))
    return session.id


@pytest.mark.slow
async def test_a_user_signs_in_and_lists_sessions_with_curl(stack: LocalStack) -> None:
    session_id = await submitted(stack)
    user = stack.users.accounts[0]
    [answer] = await lines(
        "bash",
        "-c",
        snippet("sh"),
        page=stack.page.rstrip("/"),
        user=user.username,
        SCOPESMITH_PASSWORD=user.password,
    )
    assert session_id in [session["id"] for session in json.loads(answer)["data"]["sessions"]["items"]]


def followed(printed: list[str]) -> None:
    """The lines end with the session's end, and show each event once and in order.

    The agent's last event may have a line of its own: a worker that waits for the stream's end publishes it meanwhile.
    """
    assert printed[-1].startswith("100 COMPLETED")
    events = [told for line in printed for told in re.findall(r"(\d+) ([A-Z_]+)", line)[1:]]
    assert [int(sequence) for sequence, _ in events] == list(range(1, len(events) + 1))
    assert events[-1][1] == "FINAL_RESPONSE"


@pytest.mark.slow
async def test_the_apollo_example_follows_with_the_key(stack: LocalStack, examples: Path) -> None:
    script = examples / "apollo.mjs"
    followed(await lines(node_programs.NODE, script, stack.page, SCOPESMITH_API_KEY=stack.api_key))


@pytest.mark.slow
async def test_the_apollo_example_follows_with_a_users_token(stack: LocalStack, examples: Path) -> None:
    script = examples / "apollo.mjs"
    token = await stack.users.token(stack.users.accounts[0].username)
    followed(await lines(node_programs.NODE, script, stack.page, SCOPESMITH_TOKEN=token))


@pytest.mark.slow
async def test_the_gql_example_follows(stack: LocalStack) -> None:
    script = ROOT / "client" / "examples" / "stock_gql.py"
    followed(await lines(programs.PYTHON, script, stack.page, SCOPESMITH_API_KEY=stack.api_key))


@pytest.mark.slow
async def test_the_polling_example_follows_without_a_socket(stack: LocalStack) -> None:
    script = ROOT / "client" / "examples" / "polling.mjs"
    followed(await lines(node_programs.NODE, script, stack.page, SCOPESMITH_API_KEY=stack.api_key))


@pytest.mark.slow
async def test_the_amplify_example_signs_in_and_follows(tmp_path: Path, examples: Path) -> None:
    settings = StackSettings(tls=True, pace=0.1, log=tmp_path / "log", lambda_host=HostSettings(dispatch_delay=0.5))
    async with running(settings) as stack:
        user = stack.users.accounts[0]
        followed(
            await lines(
                node_programs.NODE,
                examples / "amplify.mjs",
                stack.page,
                SCOPESMITH_USER=user.username,
                SCOPESMITH_PASSWORD=user.password,
                NODE_EXTRA_CA_CERTS=str(stack.authority),
            )
        )


@pytest.mark.slow
@pytest.mark.parametrize("script", ["apollo.mjs", "amplify.mjs"])
async def test_an_example_that_loses_its_connection_takes_it_up_again(
    stack: LocalStack, tmp_path: Path, examples: Path, script: str
) -> None:
    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    user = stack.users.accounts[0]
    async with doorway.before(stack.endpoint, context) as door:

        def cut_once(line: str) -> None:
            if " 1 REASONING" in line:
                door.cut()

        printed = await lines(
            node_programs.NODE,
            examples / script,
            f"https://{door.address}/",
            heard=cut_once,
            SCOPESMITH_USER=user.username,
            SCOPESMITH_PASSWORD=user.password,
            SCOPESMITH_TOKEN=await stack.users.token(user.username),
            NODE_EXTRA_CA_CERTS=str(tmp_path / "authority.pem"),
        )
    followed(printed)
    assert door.sockets == 2
