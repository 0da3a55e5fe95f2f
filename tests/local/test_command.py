"""`python -m local` as a person runs it: a process with arguments, signals, an exit code and what it prints."""

import asyncio
import os
import re
import signal
import time
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import aiohttp
import docx
import pptx
import programs
import pytest
from patience import PATIENCE

from client.endpoint import Credentials, Endpoint
from client.sign_in import Login, signed_in
from local import arguments, sample
from local.arguments import Arguments, Demo
from local.cognito.user_pool import DEMO_USERS
from local.environment import DEFAULT_REGION, Scripted
from local.http import loopback
from schema.assessment import FIELDS

MODEL = ("--model", "eu.a-model")

LEFT_OPEN = dict.fromkeys(field.name for field in FIELDS if field.name != "requirements")

SERVING = Arguments(port=8000, api_key=None, pace=0.6, verbose=False, demo=None)
SAMPLE = Demo(
    notes=sample.NOTES,
    folder=Path("proposal"),
    particulars={**LEFT_OPEN, **sample.PARTICULARS},
)

OTHERS = {**LEFT_OPEN, **sample.UNNAMED}

NAMED = {**LEFT_OPEN, "client_name": "C", "project_name": "P", "industry": "I", "duration": "1-month", "team_size": 2}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], SERVING),
        (
            ["--port", "0", "--api-key", "da2-mine", "--pace", "45", "--verbose"],
            Arguments(0, "da2-mine", 45.0, verbose=True, demo=None),
        ),
        (
            ["--password", "Correct-Horse-1", "--tls"],
            Arguments(8000, None, 0.6, verbose=False, demo=None, password="Correct-Horse-1", tls=True),
        ),
        (["--agent", "bedrock"], Arguments(8000, None, 0.6, verbose=False, demo=None, agent=Scripted.BEDROCK)),
        (["demo", "--model", "eu.m"], Arguments(0, None, 0.6, verbose=False, demo=SAMPLE, model="eu.m")),
        (["demo"], Arguments(0, None, 0.6, verbose=False, demo=SAMPLE)),
        (["--data", "d"], Arguments(8000, None, 0.6, verbose=False, demo=None, data=Path("d"))),
        (["--pace", "1", "demo"], Arguments(0, None, 1.0, verbose=False, demo=SAMPLE)),
        (["demo", "--pace", "0", "--port", "9000"], Arguments(9000, None, 0.0, verbose=False, demo=SAMPLE)),
        (
            ["demo", "mine.md", "--out", "here"],
            Arguments(0, None, 0.6, verbose=False, demo=Demo(Path("mine.md"), Path("here"), OTHERS)),
        ),
        (
            [
                "demo",
                "mine.md",
                "--client-name",
                "C",
                "--project-name",
                "P",
                "--industry",
                "I",
                "--duration",
                "1-month",
                "--team-size",
                "2",
            ],
            Arguments(
                0,
                None,
                0.6,
                verbose=False,
                demo=Demo(Path("mine.md"), Path("proposal"), NAMED),
            ),
        ),
    ],
)
def test_arguments_are_read(given: Sequence[str], expected: Arguments) -> None:
    assert arguments.parse(given) == expected


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (["--port", "70000"], "--port: must be between 0 and 65535"),
        (["--port", "http"], "--port: invalid"),
        (["--pace", "-1"], "--pace: must be 0 or more"),
        (["--pace", "nan"], "--pace: must be 0 or more"),
        (["--api-key", ""], "--api-key: must be printable"),
        (["--api-key", "two words"], "--api-key: must be printable"),
        (["--agent", "openai"], "--agent: invalid choice: 'openai'"),
        (["--agent", "converse", "--model", "m"], "give only one of them"),
        (["--data", "d", "invoke", "tools", "e.json"], "--data: not with invoke"),
        (["--data", "d", "--outputs", "o.json"], "--data: goes with a stack on this machine"),
        (["serve"], "invalid choice: 'serve'"),
        (["demo", "--team-size", "many"], "--team-size: invalid int"),
    ],
)
def test_a_wrong_argument_is_named(given: Sequence[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        arguments.parse(given)
    assert exited.value.code == 2
    assert reason in capsys.readouterr().err


async def ran(*given: str, variables: Mapping[str, str] = programs.NOTHING) -> programs.Ended:
    """Run `python -m local …` to its end."""
    return await programs.ran(*programs.LOCAL, *given, variables=variables)


def started(*given: str) -> AbstractAsyncContextManager[Process]:
    return programs.started(*programs.LOCAL, *given)


def saved(folder: Path) -> list[Path]:
    """The files in `folder`, by the end of their names."""
    return sorted(folder.iterdir(), key=lambda path: path.suffix)


async def descendants(pid: int) -> set[int]:
    """The processes below `pid`."""
    listed = await programs.ran("ps", "-A", "-o", "pid=,ppid=")
    parents = {int(child): int(parent) for child, parent in (line.split() for line in listed.out.splitlines())}
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


async def alive(pids: set[int]) -> set[int]:
    """Those that run: a zombie that waits for its parent is gone."""
    listed = await programs.ran("ps", "-A", "-o", "pid=,stat=")
    states = dict(line.split(maxsplit=1) for line in listed.out.splitlines())
    return {pid for pid in pids if not states.get(str(pid), "Z").startswith("Z")}


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_it_serves_until_it_is_stopped_and_leaves_no_process(stop: signal.Signals) -> None:
    async with started("--port", "0") as process:
        text = await programs.printed(process, "Ctrl-C")
        endpoint = re.search(r"http://127\.0\.0\.1:\d+/graphql", text)
        key = re.search(r"da2-[a-z0-9]{26}", text)
        page = re.search(r"http://127\.0\.0\.1:\d+/(?=\n)", text)
        assert endpoint
        assert key
        assert page
        assert re.search(r"ada@example\.com or ben@example\.com, password \S{12,}\n", text)
        assert f"{page[0]}playground#x-api-key={key[0]}\n" in text
        assert "in memory: all sessions are gone when this stops (see --data)\n" in text
        log = re.search(r"/\S+\.log(?=\n)", text)
        assert log
        assert Path(log[0]).exists()  # noqa: ASYNC240 - it never blocks
        async with (
            aiohttp.ClientSession(headers={"x-api-key": key[0]}) as http,
            http.post(endpoint[0], json={"query": "{ sessions { items { id } } }"}) as response,
        ):
            assert await response.json() == {"data": {"sessions": {"items": []}}}
        children = await descendants(process.pid)
        assert len(children) >= 3
        process.send_signal(stop)
        async with asyncio.timeout(PATIENCE):
            _, err = await process.communicate()
        assert process.returncode == 0
        assert err == b""
        assert not Path(log[0]).exists()  # noqa: ASYNC240 - it never blocks
        assert await alive(children) == set()


@pytest.mark.slow
async def test_what_it_keeps_in_a_folder_outlives_a_kill_in_mid_run(tmp_path: Path) -> None:
    """The same user finds the session, with its events so far; another user still finds none."""
    submit = 'mutation { submitAssessment(input: {clientName: "Kept", requirements: "See orders."}) { id } }'
    read = "query ($id: ID!) { session(id: $id) { status lastSequence } events(sessionId: $id) { items { text } } }"
    options = ("--port", "0", "--password", "Correct-Horse-1", "--data", str(tmp_path / "data"), "--pace", "2")
    async with started(*options) as process:
        text = await programs.printed(process, "Ctrl-C")
        assert f"kept in {tmp_path / 'data'}\n" in text
        async with signed_in(Endpoint.parse(served_at(text)), Login(DEMO_USERS[0], "Correct-Horse-1")) as ada:
            session_id = (await asked(text, ada, submit))["submitAssessment"]["id"]
            async with asyncio.timeout(PATIENCE):
                before = await asked(text, ada, read, id=session_id)
                while not before["events"]["items"]:
                    await asyncio.sleep(0.05)
                    before = await asked(text, ada, read, id=session_id)
        process.kill()
    async with started(*options) as process:
        text = await programs.printed(process, "Ctrl-C")
        endpoint = Endpoint.parse(served_at(text))
        async with (
            signed_in(endpoint, Login(DEMO_USERS[0], "Correct-Horse-1")) as ada,
            signed_in(endpoint, Login(DEMO_USERS[1], "Correct-Horse-1")) as ben,
        ):
            after = await asked(text, ada, read, id=session_id)
            assert (await asked(text, ben, read, id=session_id))["session"] is None
    assert after["session"]["lastSequence"] >= before["session"]["lastSequence"]
    assert after["events"]["items"][: len(before["events"]["items"])] == before["events"]["items"]


def served_at(text: str) -> str:
    """The endpoint that the banner names."""
    endpoint = re.search(r"http://127\.0\.0\.1:\d+/graphql", text)
    assert endpoint
    return endpoint[0]


async def asked(text: str, user: Credentials, query: str, **variables: object) -> Any:  # noqa: ANN401 - JSON
    """What the API that the banner names answers the user."""
    endpoint = Endpoint.parse(served_at(text))
    headers = user.for_host(endpoint.host).get_headers()
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(endpoint.url, json={"query": query, "variables": variables}) as response,
    ):
        answer = await response.json()
    assert "errors" not in answer
    return answer["data"]


@pytest.mark.slow
async def test_no_process_is_left_when_it_is_killed() -> None:
    async with started("--port", "0") as process:
        await programs.printed(process, "Ctrl-C")
        children = await descendants(process.pid)
        assert len(children) >= 3
        process.kill()
        deadline = time.monotonic() + 30
        while await alive(children):
            assert time.monotonic() < deadline, "the functions run on"
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_a_port_in_use_is_an_error_that_says_what_to_do() -> None:
    with loopback.listen() as listener:
        port = str(listener.getsockname()[1])
        code, out, err = await ran("--port", port)
    assert code == 1
    assert out == ""
    assert f"port {port}" in err
    assert "--port" in err


async def test_a_deployed_agent_with_missing_settings_is_an_error_that_names_them() -> None:
    code, _, err = await ran(variables={"BEDROCK_AGENT_ID": "AGENT12345", "AWS_REGION": DEFAULT_REGION})
    assert code == 1
    assert err.startswith("error: BEDROCK_AGENT_ID")
    assert "ARTIFACTS_BUCKET_NAME" in err


@pytest.mark.slow
@pytest.mark.parametrize("words", [(), MODEL, ("demo", *MODEL)])
async def test_a_real_model_without_credentials_is_an_error_that_says_what_to_do(words: tuple[str, ...]) -> None:
    named = {} if words else {"AGENT_MODEL_ID": "eu.a-model"}
    nobody = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    code, out, err = await ran(*words, variables=named | nobody | {"AWS_EC2_METADATA_DISABLED": "true"})
    assert (code, out) == (1, "")
    assert err.startswith("error: no AWS credentials were found.")
    assert "AWS_PROFILE" in err


async def test_a_model_and_a_deployed_agent_at_once_are_an_error() -> None:
    code, _, err = await ran(variables={"AGENT_MODEL_ID": "m", "BEDROCK_AGENT_ID": "AGENT12345"})
    assert code == 1
    assert err.startswith("error: AGENT_MODEL_ID names the model m and BEDROCK_AGENT_ID the deployed agent AGENT12345")


async def test_the_demo_saves_both_documents_and_prints_plain_lines_into_a_pipe(tmp_path: Path) -> None:
    """A developer's own AWS profile and proxies do not matter to it."""
    foreign = {"AWS_PROFILE": "nobody", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    code, out, err = await ran("demo", "--out", str(tmp_path), "--pace", "0", variables=foreign)
    assert code == 0, err
    assert err == ""
    assert "\x1b" not in out
    assert "\r" not in out
    assert "COMPLETED" in out
    statement, deck = saved(tmp_path)
    assert (deck.suffix, statement.suffix) == (".pptx", ".docx")
    assert {str(deck), str(statement)} <= set(out.split())
    assert len(pptx.Presentation(str(deck)).slides) > 5
    assert len(docx.Document(str(statement)).paragraphs) > 20


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        (b" \n", "is empty"),
        (b"", "is empty"),
        (b"\xff\xfe", "is not UTF-8 text"),
    ],
)
async def test_the_demo_names_what_is_wrong_with_the_notes(tmp_path: Path, content: bytes | None, reason: str) -> None:
    notes = tmp_path / "notes.md"
    if content is not None:
        notes.write_bytes(content)
    code, _, err = await ran("demo", str(notes), "--out", str(tmp_path / "out"))
    assert code == 2
    assert str(notes) in err
    assert reason in err


@pytest.mark.slow
async def test_the_demo_fails_when_the_documents_can_not_be_saved(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, out, err = await ran("demo", "--out", str(tmp_path / "file" / "below"))
    assert code not in {0, None}
    assert str(tmp_path / "file") in out + err


@pytest.mark.slow
async def test_the_demo_fails_when_the_api_refuses_the_assessment() -> None:
    code, out, err = await ran("demo", "--team-size", "100000")
    assert code not in {0, None}
    assert "--team-size" in out + err


@pytest.mark.slow
async def test_an_interrupted_demo_says_so_and_leaves_no_process(tmp_path: Path) -> None:
    async with started("demo", "--pace", "60", "--out", str(tmp_path)) as process:
        await programs.printed(process, "PROCESSING")
        children = await descendants(process.pid)
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            _, err = await process.communicate()
        assert process.returncode == 130
        assert err.endswith(b"Interrupted.\n")
        assert await alive(children) == set()
    assert saved(tmp_path) == []
