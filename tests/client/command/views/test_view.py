"""What a person sees: the live view and the plain lines, written into a string."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from client.command.views.live import LiveView
from client.command.views.plain import PlainView
from client.command.views.timeline import Timeline
from client.command.views.view import view_of
from client.merge import Update
from client.session import AgentEvent, CostData, CostLine, Results, Session, State, Usage
from client.stream import Connection

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
COSTS = CostData(1500.0, 12.5, "medium", "EUR", (CostLine("Architect", 10, 120, 1200), CostLine("Lead", 2.5, 120, 300)))
EVIL = "\x1b[2J\x07[bold red]text[/bold red] :smile: [/] \u202e"


def state(revision: int = 0, status: str = "PENDING", stage: str | None = None, progress: int = 0) -> State:
    return State(
        session_id="s-1",
        status=status,
        current_stage=stage,
        progress=progress,
        revision=revision,
        last_sequence=0,
        cancel_requested=False,
        error_message="No agent is configured: set BEDROCK_AGENT_ID." if "ERROR" in status else None,
        results=Results(cost_data=COSTS),
        updated_at=NOON + timedelta(seconds=revision),
    )


def event(sequence: int, kind: str, text: str, tool: str | None = None) -> AgentEvent:
    return AgentEvent(sequence, kind, tool, text, truncated=False, timestamp=NOON)


SESSION = Session(state(), "Acme", "Portal", NOON)
ANSWER = "Ready.\n\nBoth documents are there."
EVENTS = (
    event(1, "REASONING", "First the notes."),
    event(2, "TOOL_CALL", "{}", "CostCalculator"),
    event(3, "TOOL_RESPONSE", '{"totalCost": 1500}', "CostCalculator"),
    event(4, "WARNING", "Throttled: attempt 2 of 3"),
    event(5, "CHUNK", "Rea"),
    event(6, "CHUNK", "dy.\n\nBoth docu"),
    event(7, "CHUNK", "ments are there."),
    event(8, "FINAL_RESPONSE", ANSWER),
)
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def terminal(width: int = 80, height: int = 24) -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, force_terminal=True, width=width, height=height, color_system="truecolor"), file


def lines_of(shown: io.StringIO) -> list[str]:
    return [line.rstrip() for line in ESCAPES.sub("", shown.getvalue()).splitlines()]


def plain(*updates: Update) -> tuple[PlainView, io.StringIO]:
    file = io.StringIO()
    view = PlainView(SESSION, Console(file=file))
    with view:
        for update in updates:
            view.show(update)
    return view, file


def test_a_terminal_is_shown_the_live_view_and_a_pipe_plain_lines() -> None:
    assert isinstance(view_of(SESSION, terminal()[0]), LiveView)
    assert isinstance(view_of(SESSION, Console(file=io.StringIO())), PlainView)
    dumb = Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "dumb"})
    assert isinstance(view_of(SESSION, dumb), PlainView)


def test_plain_lines_tell_each_event_and_each_change_once() -> None:
    working = state(1, "PROCESSING", "Starting the agent", 5)
    _, file = plain(
        Update(state(), ()),
        Update(working, EVENTS[:2]),
        Update(state(2, "PROCESSING", "Starting the agent", 5), ()),
        Update(state(3, "COMPLETED", "Completed", 100), EVENTS[2:]),
    )
    assert file.getvalue().splitlines() == [
        "session s-1: Acme, Portal",
        "2026-11-22T12:00:00Z PENDING 0%",
        "2026-11-22T12:00:00Z #1 REASONING: First the notes.",
        "2026-11-22T12:00:00Z #2 TOOL_CALL CostCalculator: {}",
        "2026-11-22T12:00:01Z PROCESSING 5% Starting the agent",
        '2026-11-22T12:00:00Z #3 TOOL_RESPONSE CostCalculator: {"totalCost": 1500}',
        "2026-11-22T12:00:00Z #4 WARNING: Throttled: attempt 2 of 3",
        "2026-11-22T12:00:00Z #5 CHUNK: Rea",
        "2026-11-22T12:00:00Z #6 CHUNK: dy. Both docu",
        "2026-11-22T12:00:00Z #7 CHUNK: ments are there.",
        "2026-11-22T12:00:00Z #8 FINAL_RESPONSE: Ready. Both documents are there.",
        "2026-11-22T12:00:03Z COMPLETED 100% Completed",
    ]


def test_plain_lines_hold_no_control_character_and_keep_what_looks_like_markup() -> None:
    _, file = plain(Update(state(1, stage=EVIL), (event(1, EVIL, EVIL, EVIL),)))
    text = file.getvalue()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert "[bold red]text[/bold red] :smile: [/]" in text


def test_plain_lines_end_with_the_price_and_the_files(tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(b"x" * 2000)
    view, file = plain()
    view.completed(state(9, "COMPLETED"), [tmp_path / "deck.pptx"], timedelta(seconds=72))
    assert file.getvalue().splitlines()[1:] == [
        "cost: Architect: 10 h at 120.00 EUR = 1,200.00 EUR",
        "cost: Lead: 2.5 h at 120.00 EUR = 300.00 EUR",
        "total: 1,500.00 EUR for 12.5 h; complexity medium",
        f"saved {tmp_path / 'deck.pptx'} (2 kB)",
        "completed in 1:12",
    ]


def test_plain_lines_tell_when_the_connection_changes() -> None:
    view, file = plain()
    for connection in (Connection.LIVE, Connection.POLLING, Connection.POLLING, Connection.OFFLINE, Connection.LIVE):
        view.connection(connection)
    assert file.getvalue().splitlines()[1:] == [
        "(no live updates; polling)",
        "(the API does not answer; trying again)",
        "(live updates)",
    ]


def test_the_timeline_tells_each_event_and_lets_streamed_text_flow() -> None:
    assert timeline(EVENTS) == [
        "· First the notes.",
        "▸ CostCalculator",
        "✓ CostCalculator  total cost 1,500",
        "! Throttled: attempt 2 of 3",
        "» Answer",
        "  Ready.",
        "",
        "  Both documents are there.",
    ], "and the final response, which repeats what was streamed, is not shown again"


def test_a_final_response_that_was_not_streamed_is_shown() -> None:
    assert timeline((event(1, "FINAL_RESPONSE", ANSWER),)) == [
        "» Answer",
        "  Ready.",
        "",
        "  Both documents are there.",
    ]


def test_an_answer_that_was_cut_off_keeps_what_was_streamed() -> None:
    assert timeline((event(1, "CHUNK", "Rea"), event(2, "WARNING", "The agent broke off"))) == [
        "» Answer",
        "  Rea",
        "! The agent broke off",
    ]


def timeline(events: tuple[AgentEvent, ...]) -> list[str]:
    """The rows without their times."""
    rows = Timeline()
    console, shown = terminal()
    for entry in events:
        for row in rows.rows(entry):
            console.print(row)
    for row in rows.finish():
        console.print(row)
    return [line[9:] for line in lines_of(shown)]


def test_the_live_view_prints_the_timeline_above_its_lines() -> None:
    console, shown = terminal()
    with LiveView(SESSION, console, clock=lambda: 0.0) as view:
        view.show(Update(state(1, "PROCESSING", "Starting the agent", 5), EVENTS))
    lines = lines_of(shown)
    assert lines[:2] == ["Acme · Portal", "session s-1"]
    assert any(line.endswith("· First the notes.") for line in lines)


def test_the_live_lines_show_stage_status_progress_and_time() -> None:
    seconds = iter([0.0, *[100.0] * 50])
    console, shown = terminal()
    view = LiveView(SESSION, console, clock=lambda: next(seconds))
    with view:
        view.show(Update(state(5, "CALCULATING_COSTS", "Running CostCalculator", 30), ()))
        view.connection(Connection.OFFLINE)
        shown.truncate(0)
        console.print(view)
    text = "\n".join(lines_of(shown))
    assert re.search(r"Running CostCalculator +CALCULATING_COSTS  0:05", text)
    assert re.search(r"━+ +30%", text)
    assert "the API does not answer" in text


@pytest.mark.parametrize("height", [4, 10, 24])
def test_a_long_streamed_line_takes_a_few_lines_whatever_the_height(height: int) -> None:
    console, _ = terminal(width=40, height=height)
    view = LiveView(SESSION, console, clock=lambda: 0.0)
    with view:
        view.show(Update(state(1), (event(1, "CHUNK", "word " * 5000 + "end"),)))
        rendered = console.render_lines(view)
    assert len(rendered) <= 6 + 3
    assert "end" in "".join(segment.text for line in rendered for segment in line)


def test_the_live_view_shows_markup_and_escapes_as_text() -> None:
    session = Session(state(), EVIL, EVIL, NOON)
    console, shown = terminal(width=200)
    view = LiveView(session, console, clock=lambda: 0.0)
    kinds = ("REASONING", "TOOL_CALL", "TOOL_RESPONSE", "WARNING", "NEWS", "CHUNK", "FINAL_RESPONSE")
    with view:
        events = tuple(event(number, kind, f"{kind} {EVIL}", EVIL) for number, kind in enumerate(kinds, 1))
        view.show(Update(state(1, "ERROR", EVIL), events))
    view.failed(state(1, "ERROR", EVIL), timedelta())
    text = shown.getvalue()
    assert "\x1b[2J" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert text.count("[bold red]text[/bold red] :smile: [/]") >= len(kinds) + 2


def test_the_live_view_ends_with_the_price_and_the_files(tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(b"x" * 2000)
    console, shown = terminal(width=200)
    LiveView(SESSION, console).completed(
        state(9, "COMPLETED"), [tmp_path / "deck.pptx"], timedelta(minutes=4, seconds=2)
    )
    text = "\n".join(lines_of(shown))
    assert "Proposal ready in 4:02" in text
    assert re.search(r"Architect +10 +120\.00 EUR +1,200\.00 EUR", text)
    assert re.search(r"Total \(complexity: medium\) +12\.5 +1,500\.00 EUR", text)
    assert re.search(r"saved +.*deck\.pptx +2 kB", text)


@pytest.mark.parametrize("make", [PlainView, LiveView])
def test_a_failure_says_what_happened_and_what_to_do(make: type[PlainView | LiveView]) -> None:
    console, shown = terminal()
    make(SESSION, console).failed(state(2, "CONFIGURATION_ERROR", "Starting the agent"), timedelta(seconds=3))
    text = "\n".join(lines_of(shown))
    assert "CONFIGURATION_ERROR after 0:03" in text
    assert "No agent is configured: set BEDROCK_AGENT_ID." in text


@pytest.mark.parametrize("make", [PlainView, LiveView])
def test_a_session_ends_with_what_its_models_cost(make: type[PlainView | LiveView]) -> None:
    used = Usage(12_345, 2_345, 0, 0.07, "USD")
    console, shown = terminal()
    view = make(SESSION, console)
    view.completed(replace(state(9, "COMPLETED"), usage=used), [], timedelta())
    view.failed(replace(state(9, "ERROR"), usage=used), timedelta())
    assert "\n".join(lines_of(shown)).count("Model: 12,345 tokens in, 2,345 out, 0.07 USD") == 2
