"""Shows a session in plain lines, for a pipe, a file or a CI log: one for each event and each change of status.

A line has no control characters, whatever an agent wrote, and is flushed at once. Nothing is wrapped or cut, so that
you can search the log.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console

from client.command.printable import duration, money, number, one_line, size, usage
from client.merge import Update
from client.session import AgentEvent, Session, State
from client.stream import Connection

_CONNECTION_WORDS = {
    Connection.LIVE: "live updates",
    Connection.POLLING: "no live updates; polling",
    Connection.OFFLINE: "the API does not answer; trying again",
}


class PlainView:
    """Writes to the console's file, not with rich, which would wrap the lines."""

    def __init__(self, session: Session, console: Console) -> None:
        self._session = session
        self._file = console.file
        self._status_line = ""
        self._connection = Connection.LIVE

    def __enter__(self) -> Self:
        names = (self._session.client_name, self._session.project_name)
        self._line(f"session {self._session.id}: {', '.join(name for name in names if name)}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        return

    def show(self, update: Update) -> None:
        for event in update.events:
            self._line(_event_line(event))
        state = update.state
        cancelling = " (cancel requested)" if state.cancel_requested and not state.ended else ""
        status_line = f"{state.status} {state.progress}% {state.current_stage or ''}{cancelling}"
        if status_line != self._status_line:
            self._status_line = status_line
            self._line(f"{_time(state.updated_at)} {status_line}")

    def connection(self, connection: Connection) -> None:
        if connection is not self._connection:
            self._connection = connection
            self._line(f"({_CONNECTION_WORDS[connection]})")

    def waiting(self, state: State, elapsed: timedelta) -> None:
        self._costs(state)
        self._usage(state)
        self._line(f"version {state.proposal_version} waits for your review after {duration(elapsed)}")

    def completed(self, state: State, files: Sequence[Path], elapsed: timedelta) -> None:
        self._costs(state)
        for path in files:
            self._line(f"saved {path} ({size(path.stat().st_size)})")
        self._usage(state)
        self._line(f"completed in {duration(elapsed)}")

    def failed(self, state: State, elapsed: timedelta) -> None:
        self._line(f"{state.status} after {duration(elapsed)}: {state.error_message or 'no reason was given'}")
        self._usage(state)

    def _costs(self, state: State) -> None:
        if (cost := state.results.cost_data) is not None:
            for line in cost.lines:
                rate = money(line.hourly_rate, cost.currency)
                hours = f"{number(line.hours)} h at {rate} = " if line.hours else ""  # a discount has none
                self._line(f"cost: {line.role}: {hours}{money(line.cost, cost.currency)}")
            total = money(cost.total_cost, cost.currency)
            self._line(f"total: {total} for {number(cost.total_hours)} h; complexity {cost.complexity_level}")

    def _usage(self, state: State) -> None:
        if line := usage(state.usage):
            self._line(line)

    def _line(self, text: str) -> None:
        self._file.write(one_line(text) + "\n")
        self._file.flush()


def _event_line(event: AgentEvent) -> str:
    tool = f" {event.tool}" if event.tool else ""
    cut = " (truncated)" if event.truncated else ""
    return f"{_time(event.timestamp)} #{event.sequence} {event.type}{tool}: {event.text}{cut}"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
