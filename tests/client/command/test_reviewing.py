"""The commands for a proposal that waits for a review, over an API in memory."""

import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from client.api import GraphqlApi
from client.command import cli
from client.command.arguments import parse
from client.command.sheet import SheetError, changes, sheet, version_of
from client.endpoint import Credentials, Endpoint
from client.errors import ClientError, ConflictError, Fault, InvalidInputError, NotFoundError
from client.proposal import Proposal, Requirement, Review, Terms, WorkPackage
from client.session import AgentEvent, CostData, CostLine, Progress, Results, Session, State

URL = "http://127.0.0.1:1/graphql"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
COSTS = CostData(12000.0, 100.0, "Medium", "EUR", (CostLine("Architect", 100, 120, 12000),))
WAITING = State("s-1", "AWAITING_REVIEW", "Waiting", 50, 7, 0, False, None, Results(cost_data=COSTS), NOON)  # noqa: FBT003 - a record in its order
PROPOSAL = Proposal(
    version=1,
    created_at=NOON,
    requirements=(
        Requirement("FR-1", "FUNCTIONAL", "Book online: now", (3, 4), "Booking", "M", "MUST", 80.0),
        Requirement("OUT-1", "OUT_OF_SCOPE", "A native app", (9,)),
    ),
    work_packages=(WorkPackage("Booking", ("FR-1",), 80.0, 9600.0), WorkPackage("Management", (), 20.0, 2400.0)),
    cost_data=COSTS,
    low_cost=11000.0,
    high_cost=14000.0,
    confidence=0.9,
    team_size=3,
    duration="9 weeks",
    start_date="2027-01-11",
    end_date="2027-03-12",
    deadline=None,
    discount_percent=0.0,
    budget=None,
    assumptions=(),
    risks=("The plan ends 12 days after the stated deadline.",),
    open_questions=(),
)


class FakeApi(GraphqlApi):
    """A server with one session that waits for its review."""

    def __init__(self) -> None:
        self.state = WAITING
        self.reviews: list[Review] = []
        self.deleted: list[str] = []
        self.versions: list[int | None] = []
        self.failure: ClientError | None = None
        self.newest = PROPOSAL

    async def read_session(self, session_id: str) -> Session:
        return Session(replace(self.state, session_id=session_id), "Acme", "Portal", NOON)

    async def read_state(self, session_id: str) -> State:
        return (await self.read_session(session_id)).state

    async def read_events(self, session_id: str, after: int) -> tuple[AgentEvent, ...]:
        return ()

    @asynccontextmanager
    async def subscribe(self, session_id: str) -> AsyncIterator[AsyncIterator[Progress | None]]:
        yield self._silence()

    async def _silence(self) -> AsyncIterator[Progress]:
        self.state = replace(WAITING, revision=self.state.revision + 2, proposal_version=2)
        yield Progress(self.state, ())

    async def proposal(self, session_id: str, version: int | None = None) -> Proposal:
        self.versions.append(version)
        if version == 9:
            raise NotFoundError("no version 9")
        return PROPOSAL if version == 1 else self.newest

    async def review(self, session_id: str, review: Review) -> Session:
        self.reviews.append(review)
        if self.failure:
            raise self.failure
        self.state = replace(self.state, status="PENDING", revision=self.state.revision + 1)
        return await self.read_session(session_id)

    async def delete(self, session_id: str) -> None:
        self.deleted.append(session_id)


async def run(
    api: FakeApi, *words: str, edit: Callable[[Path], None] | None = None, terminal: bool = False
) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()

    @asynccontextmanager
    async def connect(endpoint: Endpoint, credentials: Credentials) -> AsyncIterator[FakeApi]:
        yield api

    arguments = parse([*words, "--endpoint", URL, "--api-key", "da2-x"], {})
    console = Console(file=out, force_terminal=terminal, width=200)
    code = await cli.run(arguments, console, Console(file=err, width=500), connect, edit)
    return code, out.getvalue(), err.getvalue()


def edited(old: str, new: str) -> Callable[[Path], None]:
    """An editor that replaces one text."""

    def edit(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def no_editor(path: Path) -> None:
    """An editor that must not be started."""
    raise AssertionError(f"{path} needs no editor")


def untouched(path: Path) -> None:
    """An editor that is closed at once."""
    assert path.exists()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def test_a_correction_in_the_editor_is_sent_and_nothing_else() -> None:
    api = FakeApi()
    code, out, err = await run(api, "review", "s-1", edit=edited("size: M", "size: XL"))
    assert code == 0, err
    sent: dict[str, Any] = api.reviews[0].as_input()
    assert sent["revision"] == 7
    assert sent["approve"] is False
    assert sent.keys() == {"revision", "approve", "requirements"}
    assert [each["size"] for each in sent["requirements"]] == ["XL", None]
    assert "version 2 waits for your review" in out
    assert "scopesmith review s-1" in err
    assert "--approve" in err


async def test_an_untouched_sheet_sends_no_review() -> None:
    api = FakeApi()
    code, _, err = await run(api, "review", "s-1", edit=untouched)
    assert code == 1
    assert "nothing was changed" in err
    assert api.reviews == []


async def test_approve_and_terms_need_no_editor() -> None:
    api = FakeApi()
    words = ("--approve", "--team-size", "2", "--discount", "10", "--start-date", "2027-02-01", "--no-wait")
    code, _, _ = await run(api, "review", "s-1", *words, edit=no_editor)
    assert code == 0
    assert api.reviews == [
        Review(7, approve=True, terms=Terms(team_size=2, discount_percent=10.0, start_date="2027-02-01"))
    ]


async def test_a_file_takes_the_place_of_the_editor(tmp_path: Path) -> None:
    api = FakeApi()
    path = tmp_path / "mine.yaml"
    path.write_text(sheet(PROPOSAL, "Portal").replace("team_size: 3", "team_size: 5"), encoding="utf-8")
    await run(api, "review", "s-1", "--set", str(path), "--no-wait", edit=no_editor)
    assert api.reviews == [Review(7, approve=False, terms=Terms(team_size=5))]


async def test_a_file_from_an_earlier_version_changes_only_what_it_changed_there(tmp_path: Path) -> None:
    """Another reviewer has set the team meanwhile."""
    api = FakeApi()
    api.newest = replace(PROPOSAL, version=2, team_size=8)
    path = tmp_path / "mine.yaml"
    path.write_text(sheet(PROPOSAL, "Portal").replace("size: M", "size: L"), encoding="utf-8")
    code, _, err = await run(api, "review", "s-1", "--set", str(path), "--no-wait")
    assert code == 0, err
    assert api.reviews[0].terms == Terms()
    assert [each["size"] for each in api.reviews[0].requirements or ()] == ["L", None]


async def test_a_list_from_an_earlier_version_does_not_undo_a_newer_list(tmp_path: Path) -> None:
    api = FakeApi()
    api.newest = replace(PROPOSAL, version=2, requirements=PROPOSAL.requirements[:1])
    path = tmp_path / "mine.yaml"
    text = sheet(PROPOSAL, "Portal").replace("size: M", "size: L")
    path.write_text(text, encoding="utf-8")
    code, _, err = await run(api, "review", "s-1", "--set", str(path), "--no-wait")
    assert (code, api.reviews) == (1, [])
    assert "version 2 has other requirements" in err
    path.write_text(text.replace("\nversion: 1", "\nversion: 2"), encoding="utf-8")
    code, _, _ = await run(api, "review", "s-1", "--set", str(path), "--no-wait")
    assert (code, len(api.reviews)) == (0, 1)


async def test_a_conflict_keeps_the_edits_and_says_where() -> None:
    api = FakeApi()
    api.failure = ConflictError("somebody else has reviewed it: the newest revision is 9")
    code, _, err = await run(api, "review", "s-1", edit=edited("Book online: now", "Book by phone"))
    assert code == 1
    kept = next(line for line in err.splitlines() if "your changes are kept" in line)
    assert "Book by phone" in _read(Path(kept.rpartition("--set ")[2]))
    assert "scopesmith proposal s-1" in err


async def test_a_refused_term_is_told_by_its_option() -> None:
    api = FakeApi()
    api.failure = InvalidInputError("1 fault", (Fault("discountPercent", "must be from 0 to 100"),))
    code, _, err = await run(api, "review", "s-1", "--discount", "140")
    assert (code, err) == (2, "--discount: must be from 0 to 100\n")


async def test_a_proposal_is_shown_with_its_figures_and_its_risks() -> None:
    api = FakeApi()
    code, out, _ = await run(api, "proposal", "s-1")
    assert code == 0
    assert "version 1: 12,000.00 EUR for 100 h" in out
    assert "9 weeks from 2027-01-11 to 2027-03-12, a team of 3" in out
    assert "risk: The plan ends 12 days after the stated deadline." in out
    assert "FR-1" in out
    assert "A native app" in out


async def test_a_proposal_as_json_has_every_field() -> None:
    _, out, _ = await run(FakeApi(), "proposal", "s-1", "--json", "--version", "1")
    value = json.loads(out)
    assert value["requirements"][0]["lines"] == [3, 4]
    assert value["cost_data"]["total_cost"] == 12000.0


async def test_a_version_that_does_not_exist_is_an_error() -> None:
    code, _, err = await run(FakeApi(), "proposal", "s-1", "--version", "9")
    assert code == 1
    assert "no version 9" in err


async def test_delete_asks_nobody_only_when_it_is_told_to() -> None:
    api = FakeApi()
    code, _, err = await run(api, "delete", "s-1")
    assert (code, api.deleted) == (2, [])
    assert "--yes" in err
    code, out, _ = await run(api, "delete", "s-1", "--yes")
    assert (code, api.deleted) == (0, ["s-1"])
    assert "is deleted" in out


def test_a_sheet_holds_what_a_reviewer_may_change() -> None:
    held = yaml.safe_load(sheet(PROPOSAL, "Por\ntal"))
    assert held["requirements"][0]["text"] == "Book online: now"
    assert (held["team_size"], held["start_date"], held["currency"]) == (3, "2027-01-11", "EUR")
    assert changes(sheet(PROPOSAL, "Portal"), PROPOSAL) == (None, Terms())


def test_an_entry_without_an_id_is_new_and_a_missing_one_is_removed() -> None:
    text = "requirements:\n- {kind: FUNCTIONAL, text: Pay online}\nstart_date: 2027-02-01\n"
    listed, terms = changes(text, PROPOSAL)
    assert listed is not None
    assert [(each["id"], each["text"]) for each in listed] == [(None, "Pay online")]
    assert terms == Terms(start_date="2027-02-01")


def test_lines_are_sent_only_where_they_are_others() -> None:
    merged = sheet(PROPOSAL, "Portal").replace("  - 4\n", "  - 4\n  - 9\n")
    listed, _ = changes(merged, PROPOSAL)
    assert listed is not None
    assert [each.get("lines") for each in listed] == [[3, 4, 9], None]
    entries = "- {id: FR-1, kind: FUNCTIONAL, text: Pay, lines: []}\n- {id: OUT-1, kind: OUT_OF_SCOPE, text: App}\n"
    added = "- {kind: FUNCTIONAL, text: Export, lines: [5]}\n- {kind: FUNCTIONAL, text: Print, lines: []}\n"
    listed, _ = changes(f"requirements:\n{entries}{added}", PROPOSAL)
    assert listed is not None
    assert [each.get("lines") for each in listed] == [[], None, [5], None]


def test_a_file_without_lines_changes_none() -> None:
    bare = sheet(PROPOSAL, "Portal").replace("  lines:\n  - 3\n  - 4\n", "").replace("  lines:\n  - 9\n", "")
    assert not any("lines" in entry for entry in yaml.safe_load(bare)["requirements"])
    assert changes(bare, PROPOSAL) == (None, Terms())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("requirements: [", "not YAML"),
        ("just words", "must hold fields"),
        ("version: newest", "version: write the number"),
        ("team: 4", "team: there is no such field"),
        ("requirements: 3", "requirements: write a list"),
        ("requirements: [FR-1]", "entry 1: write fields"),
        ("requirements: [{text: Pay}]", "entry 1: kind is missing"),
        ("requirements: [{kind: FUNCTIONAL, text: Pay, cost: 3}]", "entry 1: there is no field cost"),
        ("requirements: [{kind: FUNCTIONAL, text: Pay, lines: 3-5}]", "entry 1: lines: write a list of numbers"),
        ("requirements: [{kind: FUNCTIONAL, text: Pay, lines: [3, yes]}]", "entry 1: lines: write a list of numbers"),
    ],
)
def test_a_sheet_that_can_not_be_read_names_the_place(text: str, fault: str) -> None:
    def read() -> object:
        return version_of(text), changes(text, PROPOSAL)

    with pytest.raises(SheetError, match=fault):
        read()
