"""The README and the pages beside it are true: the example runs, and commands, paths, links and tables agree."""

import ast
import asyncio
import re
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from checkout import ROOT
from patience import PATIENCE

from cdk import context
from cdk.settings import Settings
from client.api import connected
from client.endpoint import ApiKey, Endpoint
from client.session import Submission
from local import arguments
from local.lambdas.host import HostSettings
from local.stack import StackSettings, running
from schema import statuses
from schema.statuses import STAGES, SessionStatus

README = (ROOT / "README.md").read_text(encoding="utf-8")

PAGES = ["README.md", "client/README.md", "cdk/README.md", "local/README.md"] + [
    f".github/{name}.md" for name in ("CONTRIBUTING", "SECURITY", "CHANGELOG", "decisions", "pull_request_template")
]

ELSEWHERE = {"proposal/", "default/", "logistics/"}
"""Paths that a page names and that are not in the repository: what the demo makes, prefixes of the templates bucket."""


def blocks(text: str, language: str) -> list[str]:
    """A page's code blocks in this language, "" for those without one."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [block for named, block in found if named == language]


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.slow
async def test_the_example_follows_a_session_to_its_end() -> None:
    [example] = blocks(README, "python")
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
        async with asyncio.timeout(PATIENCE):
            await example_of_readme(stack.endpoint, stack.api_key, session.id, lambda *row: printed.append(row))

    assert printed[-1][:2] == (100, "COMPLETED")
    assert any(texts for _, _, texts in printed)


@pytest.mark.slow
async def test_the_clients_program_submits_follows_and_prints_the_deck(tmp_path: Path) -> None:
    [example] = blocks(read("client/README.md"), "python")
    program = tmp_path / "program.py"
    program.write_text(example, encoding="utf-8")
    async with running(StackSettings(pace=0.1, lambda_host=HostSettings(dispatch_delay=0))) as stack:
        process = await asyncio.create_subprocess_exec(
            sys.executable, program, stack.endpoint, stack.api_key, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await asyncio.wait_for(process.communicate(), timeout=60)
    assert process.returncode == 0
    *updates, deck = printed.decode().splitlines()
    assert updates[-1].startswith("100 COMPLETED")
    assert urlsplit(deck).path.endswith("/presentation-v1.pptx")


def test_every_room_is_in_the_table() -> None:
    folders = set(re.findall(r"^\| `(\w+)/` \|", README, re.MULTILINE))
    project = tomllib.loads(read("pyproject.toml"))
    assert folders == {*project["tool"]["uv"]["build-backend"]["module-name"], "tests"}


def test_its_first_commands_are_ours() -> None:
    commands = [line for block in blocks(README, "") for line in block.splitlines() if line.startswith("uv run ")]
    assert commands[:2] == ["uv run python -m local demo", "uv run pytest"]
    assert arguments.parse(["demo"]).demo is not None
    assert arguments.parse([]).demo is None


def test_each_event_of_an_invoke_command_exists() -> None:
    commands = re.findall(r"^uv run python -m local invoke (\w+) (\S+)$", README, re.MULTILINE)
    assert {function for function, _ in commands} == {"resolvers", "worker", "tools", "failure"}
    assert [event for _, event in commands if not (ROOT / event).is_file()] == []


def test_the_status_table_is_that_of_the_schema() -> None:
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \| (.+) \| (\w+) \|$", README, re.MULTILINE)
    table = [(re.findall(r"`([A-Z_]+)`", names), text, progress) for names, text, progress in rows]
    assert {name for names, _, _ in table for name in names} == set(SessionStatus)
    for tool, stage in STAGES.items():
        [(names, progress)] = [(names, progress) for names, text, progress in table if text.startswith(f"{tool} ")]
        assert names[-1] == stage.once_answered
        assert int(progress) == stage.progress
    shown = {names[0]: progress for names, _, progress in table}
    assert shown["PROCESSING"] == str(statuses.STARTED_PROGRESS)
    assert shown["COMPLETED"] == str(statuses.COMPLETED_PROGRESS)


def test_the_settings_table_has_every_setting_with_its_default() -> None:
    section = README.partition("### Settings")[2].partition("\n#")[0]
    rows = re.findall(r"^\| (`.+?`) \|(.*?)\| ", section, re.MULTILINE)
    documented = [name for names, _ in rows for name in re.findall(r"`(\w+)`", names)]
    assert sorted(documented) == sorted(context.KEYS)
    defaults = Settings()
    plain = {names.strip("`"): default.strip(" `") for names, default in rows}
    assert plain["agentModel"] == defaults.agent_model
    assert plain["sessionDays"] == str(defaults.session_days)
    assert plain["logDays"] == str(defaults.log_days)
    assert plain["requestsPerFiveMinutes"] == str(defaults.requests_per_five_minutes)
    assert plain["stage"] == defaults.stage
    assert plain["runsAtOnce"].partition(";")[0] == str(defaults.runs_bound)


def named_paths(text: str) -> Iterator[str]:
    """The paths in backticks, and the examples' files among a command's words."""
    for code in re.findall(r"`([^`\n]+)`", text):
        for word in code.split():
            if re.fullmatch(r"[\w.-]+(/[\w.-]+)*/|([\w-]+/)+[\w.-]+\.\w+", word):
                yield word


def links(text: str) -> Iterator[str]:
    """Where links and pictures lead, without those to other sites."""
    for target in re.findall(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"", text):
        if not (link := "".join(target)).startswith("https://"):
            yield link


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: str) -> None:
    """A path is relative to the project, to the page's folder, or to the tests' data."""
    places = [ROOT, (ROOT / page).parent, ROOT / "tests" / "data"]
    missing = [
        path
        for path in named_paths(read(page))
        if path not in ELSEWHERE and not any((place / path).exists() for place in places)
    ]
    assert missing == []


def anchors(page: Path) -> set[str]:
    """The headings' anchors, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    lost = []
    for link in links(read(page)):
        path, _, anchor = link.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            lost.append(link)
    assert lost == []


def test_the_changelog_begins_with_the_version() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert re.findall(r"^## (\S+)$", read(".github/CHANGELOG.md"), re.MULTILINE)[0] == version


def test_ci_runs_the_gate_with_the_least_permissions() -> None:
    workflow = read(".github/workflows/ci.yml")
    assert "run: bash .ci/run\n" in workflow
    assert "permissions:\n  contents: read\n" in workflow
    assert all(re.fullmatch(r"[\w/-]+@v\d+\.\d+\.\d+", used) for used in re.findall(r"uses: (\S+)", workflow))
