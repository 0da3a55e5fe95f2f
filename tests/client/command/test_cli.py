"""The command over an API in memory: what it prints where, and its exit codes."""

import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import stamina
from aiohttp import web
from fakes.http import served
from rich.console import Console

from client.command import cli
from client.command.arguments import parse
from client.endpoint import ApiKey, Credentials, Endpoint
from client.errors import (
    ClientError,
    ConflictError,
    Fault,
    InvalidInputError,
    LimitExceededError,
    NotFoundError,
    UnauthorizedError,
    UnavailableError,
)
from client.proposal import Proposal, Review
from client.session import (
    AgentEvent,
    CostData,
    CostLine,
    Progress,
    Results,
    Session,
    SessionPage,
    SessionSummary,
    State,
    Submission,
)

URL = "http://127.0.0.1:1/graphql"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
COSTS = CostData(1200.0, 10.0, "medium", "EUR", (CostLine("Architect", 10, 120, 1200),))


class FakeApi:
    """A server with one session, whose worker does all its work as soon as a client subscribes."""

    def __init__(self, link: str = "", last: str = "COMPLETED") -> None:
        self.link = link
        self.last = last
        self.state = State("s-1", "PENDING", None, 0, 0, 0, False, None, Results(), NOON)  # noqa: FBT003 - a record in its order
        self.log: list[AgentEvent] = []
        self.submitted: list[tuple[Submission, str]] = []
        self.failures: dict[str, list[ClientError]] = {}
        self.listed = 0

    def _fails(self, call: str) -> None:
        if waiting := self.failures.get(call):
            raise waiting.pop(0)

    def _session(self) -> Session:
        return Session(self.state, "Acme", "Portal", NOON)

    async def submit(self, submission: Submission, request_token: str) -> Session:
        self.submitted.append((submission, request_token))
        self._fails("submit")
        return self._session()

    async def read_session(self, session_id: str) -> Session:
        assert session_id == "s-1"
        self._fails("read_session")
        return self._session()

    async def read_state(self, session_id: str) -> State:
        return (await self.read_session(session_id)).state

    async def read_events(self, session_id: str, after: int) -> tuple[AgentEvent, ...]:
        assert session_id == "s-1"
        return tuple(self.log[after:])

    @asynccontextmanager
    async def subscribe(self, session_id: str) -> AsyncIterator[AsyncIterator[Progress | None]]:
        assert session_id == "s-1"
        yield self._work()

    async def _work(self) -> AsyncIterator[Progress]:
        event = AgentEvent(1, "REASONING", None, "First the notes.", truncated=False, timestamp=NOON)
        self.log.append(event)
        self.state = replace(
            self.state,
            status=self.last,
            progress=100,
            revision=self.state.revision + 1,
            last_sequence=1,
            error_message="the agent broke off" if self.last == "ERROR" else None,
            results=Results(cost_data=COSTS, powerpoint_url=self.link, sow_url=self.link),
        )
        yield Progress(self.state, (event,))

    async def sessions(self, limit: int, next_token: str | None = None) -> SessionPage:
        assert next_token == (f"after {self.listed}" if self.listed else None)
        self._fails("sessions")
        items = tuple(
            SessionSummary(f"s-{number}", "Acme\t[b]", None, "COMPLETED", 100, NOON, NOON)
            for number in range(self.listed, min(self.listed + limit, 150))
        )
        self.listed += len(items)
        return SessionPage(items, f"after {self.listed}" if self.listed < 150 else None)

    async def cancel(self, session_id: str) -> Session:
        assert session_id == "s-1"
        self._fails("cancel")
        return self._session()

    async def retry(self, session_id: str) -> Session:
        assert session_id == "s-1"
        self._fails("retry")
        return self._session()

    async def proposal(self, session_id: str, version: int | None = None) -> Proposal:
        raise AssertionError("the tests of the reviewing commands have a server of their own")

    async def review(self, session_id: str, review: Review) -> Session:
        raise AssertionError("the tests of the reviewing commands have a server of their own")

    async def delete(self, session_id: str) -> None:
        raise AssertionError("the tests of the reviewing commands have a server of their own")


async def run(api: FakeApi, *words: str, terminal: bool = False) -> tuple[int, str, str]:
    """The exit code, and what was printed to standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()

    @asynccontextmanager
    async def connect(endpoint: Endpoint, credentials: Credentials) -> AsyncIterator[FakeApi]:
        assert endpoint.url == URL
        assert credentials == ApiKey("da2-x")
        yield api

    arguments = parse([*words, "--endpoint", URL, "--api-key", "da2-x"], {})
    console = Console(file=out, force_terminal=terminal, width=200)
    code = await cli.run(arguments, console, Console(file=err), connect)
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
async def link() -> AsyncIterator[str]:
    """A link in place of a presigned one."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=b"document")

    app = web.Application()
    app.router.add_get("/doc", answer)
    async with served(app) as url:
        yield f"{url}/doc"


@pytest.fixture(autouse=True)
def _without_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=100, cap=True):
        yield


@pytest.fixture
def submit(tmp_path: Path) -> tuple[str, ...]:
    notes = tmp_path / "notes.md"
    notes.write_text("A portal.", encoding="utf-8")
    return ("submit", str(notes), "--client-name", "Acme", "--out", str(tmp_path / "out"))


async def test_submit_ends_with_both_documents_and_the_price(
    submit: tuple[str, ...], link: str, tmp_path: Path
) -> None:
    api = FakeApi(link)
    code, out, err = await run(api, *submit)
    assert (code, err) == (0, "")
    assert [file.read_bytes() for file in (tmp_path / "out").iterdir()] == [b"document"] * 2
    assert "REASONING: First the notes." in out
    assert "total: 1,200.00 EUR for 10 h" in out
    assert out.count("saved ") == 2


@pytest.mark.parametrize("terminal", [False, True])
async def test_a_failed_session_is_exit_code_1_with_its_reason(submit: tuple[str, ...], *, terminal: bool) -> None:
    code, out, err = await run(FakeApi(last="ERROR"), *submit, terminal=terminal)
    assert code == 1
    assert "the agent broke off" in out
    assert err == f"run it again: scopesmith retry s-1 --endpoint {URL}\n"


async def test_a_lost_answer_is_asked_for_again_with_the_same_token(submit: tuple[str, ...], link: str) -> None:
    api = FakeApi(link)
    api.failures["submit"] = [UnavailableError("the answer was lost")]
    code, _, _ = await run(api, *submit)
    assert code == 0
    (first, token), (second, same) = api.submitted
    assert first == second
    assert token == same
    assert 0 < len(token) <= 64


async def test_a_submit_without_any_answer_tells_the_token_to_repeat_it_with(submit: tuple[str, ...]) -> None:
    """The session may have started: without the token, repeating the command would start a second run."""
    api = FakeApi()
    api.failures["submit"] = [UnavailableError("no answer")] * 5
    code, _, err = await run(api, *submit)
    assert code == 1
    assert f"to repeat it safely, add --request-token {api.submitted[0][1]}" in err


async def test_two_submissions_have_two_tokens_and_a_given_one_is_kept(submit: tuple[str, ...]) -> None:
    api = FakeApi()
    for words in ((), (), ("--request-token", "mine")):
        await run(api, *submit, "--no-wait", *words)
    tokens = [token for _, token in api.submitted]
    assert len(set(tokens)) == 3
    assert tokens[-1] == "mine"


async def test_no_wait_prints_the_id_alone(submit: tuple[str, ...], tmp_path: Path) -> None:
    code, out, err = await run(FakeApi(), *submit, "--no-wait")
    assert (code, out) == (0, "s-1\n")
    assert err == f"watch it: scopesmith watch s-1 --endpoint {URL}\n"
    assert not (tmp_path / "out").exists()


async def test_the_faults_of_an_input_are_told_by_the_option_that_gave_them(submit: tuple[str, ...]) -> None:
    api = FakeApi()
    faults = (
        Fault("requirements", "must not be blank"),
        Fault("teamSize", "must be 1 to 1000"),
        Fault("new", "is odd"),
    )
    api.failures["submit"] = [InvalidInputError("2 faults", faults)]
    code, out, err = await run(api, *submit)
    assert (code, out) == (2, "")
    assert err.splitlines() == ["NOTES: must not be blank", "--team-size: must be 1 to 1000", "new: is odd"]


async def test_a_folder_that_can_not_be_written_stops_before_anything_is_submitted(
    submit: tuple[str, ...], tmp_path: Path
) -> None:
    api = FakeApi()
    code, _, err = await run(api, *submit, "--out", str(tmp_path / "notes.md"))
    assert code == 2
    assert "name another folder with --out" in err
    assert api.submitted == []


@pytest.mark.parametrize(
    ("words", "call", "error", "code"),
    [
        (("watch", "s-1"), "read_session", NotFoundError("there is no session 's-1' among yours"), 1),
        (("watch", "s-1"), "read_session", UnauthorizedError("the API refused the credentials"), 1),
        (("cancel", "s-1"), "cancel", NotFoundError("there is no session"), 1),
        (("retry", "s-1"), "retry", ConflictError("the session is running"), 1),
        (("retry", "s-1"), "retry", LimitExceededError("Too many active sessions (5 of 5 allowed)"), 1),
        (("list",), "sessions", UnavailableError("no connection to the API"), 1),
        (("list",), "sessions", InvalidInputError("limit is too large", ()), 2),
    ],
)
async def test_an_error_is_one_line_and_an_exit_code(
    words: tuple[str, ...], call: str, error: ClientError, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    api = FakeApi()
    api.failures[call] = [error]
    assert await run(api, *words) == (code, "", f"error: {error}\n")


async def test_watch_and_retry_follow_to_the_documents(link: str, tmp_path: Path) -> None:
    for command in ("watch", "retry"):
        code, out, _ = await run(FakeApi(link), command, "s-1", "--out", str(tmp_path / command))
        assert code == 0
        assert "completed in" in out
        assert len([*(tmp_path / command).iterdir()]) == 2


@pytest.mark.parametrize(
    ("status", "said"), [("PROCESSING", "session s-1 will be cancelled\n"), ("COMPLETED", "session s-1 is COMPLETED\n")]
)
async def test_cancel_says_what_becomes_of_the_session(status: str, said: str) -> None:
    api = FakeApi()
    api.state = replace(api.state, status=status)
    assert await run(api, "cancel", "s-1") == (0, said, "")


async def test_list_gives_lines_for_programs_from_as_many_pages_as_it_takes() -> None:
    code, out, _ = await run(FakeApi(), "list", "--limit", "120")
    rows = [line.split("\t") for line in out.splitlines()]
    assert code == 0
    assert [row[0] for row in rows] == [f"s-{number}" for number in range(120)]
    assert {len(row) for row in rows} == {6}
    _, out, _ = await run(FakeApi(), "list", "--limit", "1000")
    assert len(out.splitlines()) == 150


async def test_list_gives_a_table_for_people() -> None:
    code, out, _ = await run(FakeApi(), "list", "--limit", "1", terminal=True)
    assert code == 0
    assert "Session" in out
    assert "Acme [b]" in out


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    shown: Any = capsys.readouterr().out
    assert all(command in shown for command in ("submit", "watch", "list", "cancel", "retry"))
