"""Chooses how to show a running session: a live view on a terminal, plain lines elsewhere.

`client.command.follow` calls both in the same way: in a `with` block, `show` for each update and `connection` for each
change of the connection; after the block, `completed` or `failed` once.
"""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console

from client.command.views.live import LiveView
from client.command.views.plain import PlainView
from client.merge import Update
from client.session import Session, State
from client.stream import Connection


class View(Protocol):
    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def show(self, update: Update) -> None:
        """Show what is new."""

    def connection(self, connection: Connection) -> None:
        """Show how updates arrive. It may be called repeatedly with the same value."""

    def completed(self, state: State, files: Sequence[Path], elapsed: timedelta) -> None:
        """Show the price and the paths of the documents."""

    def failed(self, state: State, elapsed: timedelta) -> None:
        """Show why there are no documents."""

    def waiting(self, state: State, elapsed: timedelta) -> None:
        """Show the price, and that a person has to review it."""


def view_of(session: Session, console: Console) -> View:
    """The view for `console`."""
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveView(session, console)
    return PlainView(session, console)
