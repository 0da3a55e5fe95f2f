"""The README is short and true: its Python example runs, its commands and folders exist."""

import ast
import asyncio
import re
import textwrap

from checkout import ROOT

from client.api import connected
from client.endpoint import ApiKey, Endpoint
from client.session import Submission
from local import arguments
from local.lambdas.host import HostSettings
from local.stack import StackSettings, running

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The README's code blocks in this language, "" for those without one."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_it_has_at_most_150_lines() -> None:
    assert len(README.splitlines()) <= 150


async def test_the_example_follows_a_session_to_its_end() -> None:
    [example] = blocks("python")
    imports, body = (part.strip() for part in example.split("\n\n", 1))
    source = f"{imports}\n\nasync def example(url, key, session_id, print):\n{textwrap.indent(body, '    ')}\n"
    names: dict[str, object] = {}
    exec(compile(ast.parse(source), "README.md", "exec"), names)  # noqa: S102 - the example is what is tested
    example_of_readme = names["example"]
    assert callable(example_of_readme)
    printed: list[tuple[object, ...]] = []

    async with running(StackSettings(pace=0.1, lambda_host=HostSettings(dispatch_delay=0))) as stack:
        async with connected(Endpoint.parse(stack.endpoint), ApiKey(stack.api_key)) as api:
            session = await api.submit(Submission("Example Ltd", "Customers must see their orders."), "token-1")
        async with asyncio.timeout(60):
            await example_of_readme(stack.endpoint, stack.api_key, session.id, lambda *row: printed.append(row))

    assert printed[-1][:2] == (100, "COMPLETED")
    assert any(texts for _, _, texts in printed)


def test_every_folder_that_it_names_exists() -> None:
    folders = re.findall(r"^\| `(\w+)/` \|", README, re.MULTILINE)
    assert {"schema", "resolvers", "worker", "local", "client", "tests"} <= set(folders)
    assert all((ROOT / folder).is_dir() for folder in folders)


def test_its_commands_are_ours() -> None:
    commands = [line for block in blocks("") for line in block.splitlines() if line.startswith("uv run ")]
    assert commands[:2] == ["uv run python -m local demo", "uv run pytest"]
    assert arguments.parse(["demo"]).demo is not None
    assert arguments.parse([]).demo is None
