"""Shows a session on a terminal: a timeline that scrolls, and below it a few live lines with stage, bar and time.

Only these few lines are redrawn. So the view does not flicker, you can resize the window, and the timeline stays in the
terminal's scrollback. All text from clients and agents passes through `client.command.printable`, and is never
interpreted as rich's markup.
"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.constrain import Constrain
from rich.live import Live
from rich.padding import Padding
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from client.command.printable import duration, money, number, one_line, printable, size, usage
from client.command.views.timeline import INDENT, Timeline
from client.merge import Update
from client.session import CostData, Session, State
from client.stream import Connection
from client.words import CANCELLED

_STREAMED_LINES = 6
_STREAMED_TAIL = 4000
"""How many characters of an unfinished line to wrap, to find its last lines."""
_REFRESHES_A_SECOND = 8
_WIDTH = 78
"""The largest width of the live lines. In a narrower window a terminal wraps them, and a redraw leaves traces."""

_CONNECTION_WORDS = {
    Connection.POLLING: "no live connection: polling every two seconds",
    Connection.OFFLINE: "the API does not answer: trying again, nothing will be lost",
}


class LiveView:
    """The live view. `clock` gives seconds, for the elapsed time that is shown between two updates."""

    def __init__(self, session: Session, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._session = session
        self._console = console
        self._clock = clock
        self._timeline = Timeline()
        self._state = session.state
        self._heard_at = clock()
        self._connection = Connection.LIVE
        self._spinner = Spinner("dots", style="cyan")
        self._live = Live(
            self,
            console=console,
            refresh_per_second=_REFRESHES_A_SECOND,
            transient=True,
            vertical_overflow="crop",
        )

    def __enter__(self) -> Self:
        title = Text(one_line(self._session.client_name), "bold")
        if self._session.project_name:
            title.append(f" · {one_line(self._session.project_name)}", "not bold")
        self._console.print(title, Text(f"session {one_line(self._session.id)}", "dim"), "", sep="\n")
        self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for row in self._timeline.finish():
            self._console.print(row)
        self._live.stop()

    def show(self, update: Update) -> None:
        if update.state is not self._state:
            self._state = update.state
            self._heard_at = self._clock()
        for event in update.events:
            for row in self._timeline.rows(event):
                self._console.print(row)

    def connection(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, state: State, elapsed: timedelta) -> None:
        cost = state.results.cost_data
        parts = [_cost_table(cost)] if cost is not None else []
        title = f"Version {state.proposal_version} waits for your review after {duration(elapsed)}"
        self._panel(Group(*parts, *_usage(state)), title, "cyan")

    def completed(self, state: State, files: Sequence[Path], elapsed: timedelta) -> None:
        parts: list[RenderableType] = []
        if (cost := state.results.cost_data) is not None:
            parts += [_cost_table(cost), Text()]
        saved = Table.grid(padding=(0, 2))
        for path in files:
            saved.add_row(Text("saved", "green"), Text(str(path)), Text(size(path.stat().st_size), "dim"))
        parts.append(saved)
        self._panel(Group(*parts, *_usage(state)), f"Proposal ready in {duration(elapsed)}", "green")

    def failed(self, state: State, elapsed: timedelta) -> None:
        reason = Text(printable(state.error_message or "No reason was given."))
        stage = f" while: {one_line(state.current_stage)}" if state.current_stage else ""
        style = "yellow" if state.status == CANCELLED else "red"
        self._panel(Group(reason, *_usage(state)), f"{one_line(state.status)} after {duration(elapsed)}{stage}", style)

    def _panel(self, body: RenderableType, title: str, style: str) -> None:
        self._console.print()
        panel = Panel(Padding(body, (1, 2)), title=Text(title, f"bold {style}"), border_style=style, expand=False)
        self._console.print(panel)

    def __rich__(self) -> RenderableType:
        """The current live lines; rich calls this at each redraw."""
        state = self._state
        elapsed = state.updated_at - self._session.started_at + timedelta(seconds=self._clock() - self._heard_at)
        stage = Text(one_line(state.current_stage or "Waiting"), overflow="ellipsis", no_wrap=True)
        if state.cancel_requested:
            stage.append("  cancelling", "yellow")
        first = Table.grid(padding=(0, 1), expand=True)
        first.add_column(width=1)
        first.add_column(ratio=1)
        first.add_column(justify="right", no_wrap=True)
        first.add_row(self._spinner, stage, Text(f"{one_line(state.status)}  {duration(elapsed)}", "dim"))
        second = Table.grid(padding=(0, 1), expand=True)
        second.add_column(ratio=1)
        second.add_column(justify="right", width=4)
        second.add_row(ProgressBar(total=100, completed=state.progress), f"{state.progress}%")
        lines: list[RenderableType] = [*self._streamed(), Text(), first, second]
        if (words := _CONNECTION_WORDS.get(self._connection)) is not None:
            lines.append(Text(words, "yellow"))
        return Constrain(Group(*lines), _WIDTH)

    def _streamed(self) -> list[RenderableType]:
        """The end of the answer's unfinished line, wrapped, as many lines as there is room for."""
        if not self._timeline.unfinished:
            return []
        room = max(1, min(_STREAMED_LINES, self._console.height - 6))
        width = max(10, min(self._console.width, _WIDTH) - INDENT)
        lines = Text(self._timeline.unfinished[-_STREAMED_TAIL:]).wrap(self._console, width)
        return [Padding(line, (0, 0, 0, INDENT)) for line in lines[-room:]]


def _usage(state: State) -> list[RenderableType]:
    line = usage(state.usage)
    return [Text(), Text(line, "dim")] if line else []


def _cost_table(cost: CostData) -> Table:
    table = Table(box=None, show_footer=True, pad_edge=False, padding=(0, 2, 0, 0))
    complexity = one_line(cost.complexity_level)
    table.add_column("Role", footer=Text(f"Total (complexity: {complexity})"), footer_style="bold")
    table.add_column("Hours", justify="right", footer=number(cost.total_hours), footer_style="bold")
    table.add_column("Rate", justify="right")
    total = money(cost.total_cost, cost.currency)
    table.add_column("Cost", justify="right", footer=Text(total), footer_style="bold")
    for line in cost.lines:
        table.add_row(
            Text(one_line(line.role)),
            number(line.hours) if line.hours else "",  # a discount has no hours
            Text(money(line.hourly_rate, cost.currency) if line.hours else ""),
            Text(money(line.cost, cost.currency)),
        )
    return table
