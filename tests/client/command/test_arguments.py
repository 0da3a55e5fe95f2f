"""The command line: what it gives, and what it says when something is wrong."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from client.command.arguments import Arguments, parse
from client.endpoint import ApiKey, Credentials, Token
from client.session import Submission

URL = "http://127.0.0.1:8000/graphql"
API = ("--endpoint", URL, "--api-key", "da2-x")
ENVIRONMENT = {"SCOPESMITH_ENDPOINT": URL, "SCOPESMITH_API_KEY": "da2-env"}


@pytest.fixture
def notes(tmp_path: Path) -> str:
    path = tmp_path / "notes.md"
    path.write_bytes("\ufeffWir brauchen ein Portal, schöner als das alte.\r\n".encode())
    return str(path)


def test_submit_reads_the_notes_and_every_field(notes: str) -> None:
    fields = ("--project-name", "Portal", "--industry", "retail", "--duration", "6 months", "--team-size", "5")
    asked = parse(
        ["submit", notes, "--client-name", "Acme", *fields, "--request-token", "t-1", "--out", "o", "--no-wait", *API],
        {},
    )
    assert asked.command == "submit"
    assert asked.submission == Submission(
        "Acme", "Wir brauchen ein Portal, schöner als das alte.\r\n", "Portal", "retail", "6 months", 5
    )
    assert (asked.request_token, asked.folder, asked.wait) == ("t-1", Path("o"), False)
    assert asked.endpoint.url == URL


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Größe".encode())))
    asked = parse(["submit", "-", "--client-name", "Acme", *API], {})
    assert asked.submission == Submission("Acme", "Größe")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["watch", "s-1"], {"command": "watch", "session_id": "s-1", "folder": Path("proposal")}),
        (["watch", "s-1", "--out", "x"], {"command": "watch", "session_id": "s-1", "folder": Path("x")}),
        (["list"], {"command": "list", "limit": 20}),
        (["list", "--limit", "3"], {"command": "list", "limit": 3}),
        (["cancel", "s-1"], {"command": "cancel", "session_id": "s-1"}),
        (["retry", "s-1", "--no-wait"], {"command": "retry", "session_id": "s-1", "wait": False}),
    ],
)
def test_each_command_has_its_arguments(words: list[str], expected: dict[str, object]) -> None:
    asked = parse([*words, *API], {})
    assert {name: getattr(asked, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("words", "environment", "credentials"),
    [
        ((), {}, ApiKey("da2-env")),
        (("--api-key", "da2-x"), {}, ApiKey("da2-x")),
        (("--token", "e.y.j"), {}, Token("e.y.j")),
        ((), {"SCOPESMITH_TOKEN": "e.y.j"}, Token("e.y.j")),
        (("--api-key", "da2-x"), {"SCOPESMITH_TOKEN": "e.y.j"}, ApiKey("da2-x")),
    ],
)
def test_an_option_wins_over_the_environment(
    words: tuple[str, ...], environment: dict[str, str], credentials: Credentials
) -> None:
    asked: Arguments = parse(["list", *words], ENVIRONMENT | environment)
    assert asked.credentials == credentials


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["list", "--api-key", "k"], "--endpoint is missing: give it, or set SCOPESMITH_ENDPOINT"),
        (["list", "--endpoint", URL], "--api-key is missing: give it, or set SCOPESMITH_API_KEY"),
        (["list", "--endpoint", "127.0.0.1/graphql", "--api-key", "k"], "must begin with https:// or http://"),
        (["list", "--token", "t", *API], "--token and --api-key exclude each other"),
        (["list", "--limit", "0", *API], "--limit: must be at least 1"),
        (["list", "--limit", "many", *API], "--limit: invalid"),
        (
            ["submit", "missing.md", "--client-name", "A", *API],
            "NOTES: can't read missing.md: No such file or directory",
        ),
        (["submit", ".", "--client-name", "A", *API], "NOTES: can't read .: Is a directory"),
        (["submit", sys.executable, "--client-name", "A", *API], "is not UTF-8 text"),
        (["submit", "-", *API], "--client-name"),
        (["submit", "-", "--client-name", "A", "--team-size", "five", *API], "--team-size: invalid int value: 'five'"),
        (["watch", *API], "ID"),
        (["dance", *API], "invalid choice: 'dance'"),
        ([], "COMMAND"),
    ],
)
def test_what_is_wrong_is_named_with_exit_code_2(
    words: Sequence[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words, {})
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
