"""A deployed stack, used only by its outputs: by the command line, the demo and a page served on this machine.

The local stack plays the deployed one: the tests know only what `cdk deploy --outputs-file` writes about it.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import programs
import pytest
from pages import browser
from pages.consultant import completed, sign_in, submit
from playwright.async_api import expect
from stacks.local import module_stack

from local.lambdas.host import HostSettings
from local.stack import LocalStack, StackSettings

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


stack = module_stack(StackSettings(pace=0.1, lambda_host=HostSettings(dispatch_delay=0)))


@pytest.fixture
def outputs(stack: LocalStack, tmp_path: Path) -> Path:
    """The file that a deployment of this stack would have left: it has no API key, as a production has none."""
    return write(tmp_path / "outputs.json", values(stack))


def values(stack: LocalStack) -> dict[str, str]:
    return {
        "GraphqlEndpoint": stack.endpoint,
        "RealtimeEndpoint": f"{stack.endpoint.replace('http', 'ws', 1)}/realtime",
        "Region": stack.region,
        "UserPoolId": stack.users.pool_id,
        "UserPoolClientId": stack.users.client_id,
        "UserPoolEndpoint": f"{stack.page}cognito-idp",
    }


def write(path: Path, outputs: Mapping[str, str]) -> Path:
    path.write_text(json.dumps({"ScopeSmith": outputs}), encoding="utf-8")
    return path


def saved(folder: Path) -> set[str]:
    """The kinds of documents in the folder."""
    return {path.suffix for path in folder.iterdir()}


async def ran(password: str | None, *words: str, key: str | None = None) -> programs.Ended:
    """Run a module to its end; without a password it has no way to ask for one."""
    given = {"SCOPESMITH_PASSWORD": password, "SCOPESMITH_API_KEY": key}
    variables = {name: value for name, value in given.items() if value is not None}
    return await programs.ran(programs.PYTHON, "-W", "error", "-m", *words, variables=variables)


async def test_the_command_submits_there_and_watches_to_the_end(
    stack: LocalStack, outputs: Path, tmp_path: Path
) -> None:
    """And the command that it names for watching finds the same stack."""
    ada = stack.users.accounts[0]
    where = ("--outputs", str(outputs), "--user", ada.username)
    notes = ("local/sample_notes.md", "--client-name", "Acme", "--no-wait")
    code, session_id, err = await ran(ada.password, "client.command.cli", "submit", *notes, *where)
    assert code == 0, err
    assert err == f"watch it: scopesmith watch {session_id.strip()} {' '.join(where)}\n"
    out = tmp_path / "out"
    code, said, err = await ran(
        ada.password, "client.command.cli", "watch", session_id.strip(), *where, "--out", str(out)
    )
    assert (code, err) == (0, "")
    assert "COMPLETED" in said
    assert saved(out) == {".pptx", ".docx"}


async def test_the_demo_runs_there_and_starts_nothing_here(stack: LocalStack, outputs: Path, tmp_path: Path) -> None:
    ben = stack.users.accounts[1]
    out = tmp_path / "out"
    code, said, err = await ran(
        ben.password, "local", "demo", "--outputs", str(outputs), "--user", ben.username, "--out", str(out)
    )
    assert (code, err) == (0, ""), said
    assert said.startswith(f"Asking {stack.endpoint}, ")
    assert "COMPLETED" in said
    assert saved(out) == {".pptx", ".docx"}
    token = await stack.users.token(ben.username)
    async with (
        aiohttp.ClientSession(headers={"authorization": token}) as http,
        http.post(stack.endpoint, json={"query": "{ sessions { items { status } } }"}) as response,
    ):
        assert await response.json() == {"data": {"sessions": {"items": [{"status": "COMPLETED"}]}}}


async def test_the_demo_takes_the_environments_key_when_nobody_signs_in(stack: LocalStack, tmp_path: Path) -> None:
    keyed = write(tmp_path / "keyed.json", values(stack) | {"ApiKeyCommand": "aws appsync list-api-keys"})
    demo = ("local", "demo", "--outputs", str(keyed), "--out", str(tmp_path / "out"))
    code, _, err = await ran(None, *demo)
    assert code == 2
    assert "set SCOPESMITH_API_KEY (read it with: aws appsync list-api-keys)" in err
    code, said, err = await ran(None, *demo, key=stack.api_key)
    assert (code, err) == (0, ""), said
    assert "COMPLETED" in said


@pytest.mark.parametrize(
    ("words", "password", "reason"),
    [
        ((), None, "error: --user is missing: the stack has no API key"),
        (("--user", "ada@example.com"), None, "error: there is no terminal to ask for the password: set SCOPESMITH_PA"),
        (("--user", "ada@example.com", "--outputs", "none.json"), "x", "error: none.json: can't be read"),
    ],
)
async def test_the_demo_says_what_it_lacks(
    outputs: Path, words: tuple[str, ...], password: str | None, reason: str
) -> None:
    code, out, err = await ran(password, "local", "demo", "--outputs", str(outputs), *words)
    assert (code, out) == (2, "")
    assert err.startswith(reason)


async def test_the_page_served_here_follows_a_session_there_and_reaches_nothing_else(
    stack: LocalStack, outputs: Path
) -> None:
    """Its own origin and the three that the outputs name are all that its policy admits."""
    ada = stack.users.accounts[0]
    async with (
        programs.started(*programs.LOCAL, "--outputs", outputs, "--port", "0") as process,
        browser.running() as chromium,
        browser.visiting(chromium) as visitor,
    ):
        address = await page_of(process)
        assert urlsplit(address).netloc != urlsplit(stack.page).netloc
        page = visitor.page
        opened = await page.goto(address)
        assert opened is not None
        policy = dict(part.strip().split(" ", 1) for part in opened.headers["content-security-policy"].split(";"))
        api = urlsplit(stack.endpoint).netloc
        assert policy["connect-src"].split() == ["'self'", f"http://{api}", f"ws://{api}"]
        await sign_in(page, ada.username, ada.password)
        await submit(page, "Acme Rooms")
        await completed(page)
        assert visitor.complaints == []
        await page.goto(f"{address}playground")
        await expect(page).to_have_url(f"{address}playground/")


async def page_of(process: asyncio.subprocess.Process) -> str:
    """The address that the greeting gives."""
    found = re.search(r"^  page +(\S+)$", await programs.printed(process, "Ctrl-C"), re.MULTILINE)
    assert found
    return found[1]
