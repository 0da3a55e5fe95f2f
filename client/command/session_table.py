"""Prints the caller's sessions: a table on a terminal, and tab-separated lines elsewhere."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from client.api import Sessions
from client.command.printable import one_line
from client.session import SessionSummary
from client.words import SESSION_PAGE_SIZE

_COLUMNS = ("Session", "Status", "Done", "Submitted", "Client", "Project")


async def sessions(api: Sessions, limit: int) -> list[SessionSummary]:
    """The newest sessions, at most `limit`. It reads as many pages as needed."""
    found: list[SessionSummary] = []
    token: str | None = None
    while len(found) < limit:
        page = await api.sessions(min(SESSION_PAGE_SIZE, limit - len(found)), token)
        found += page.items
        if (token := page.next_token) is None:
            break
    return found


def print_sessions(found: Sequence[SessionSummary], console: Console) -> None:
    """Print the sessions. For an empty list it prints a hint on a terminal, and nothing elsewhere."""
    if not console.is_terminal:
        for item in found:
            # Not with rich, which would turn the tabs into spaces.
            console.file.write("\t".join(_cells(item)) + "\n")
        return
    if not found:
        console.print("no sessions yet: scopesmith submit NOTES --client-name NAME", markup=False, highlight=False)
        return
    table = Table(*_COLUMNS, box=None, pad_edge=False)
    for item in found:
        table.add_row(*(Text(cell) for cell in _cells(item)))
    console.print(table)


def _cells(item: SessionSummary) -> tuple[str, ...]:
    return (
        one_line(item.id),
        one_line(item.status),
        f"{item.progress}%",
        item.created_at.astimezone().strftime("%Y-%m-%d %H:%M"),
        one_line(item.client_name),
        one_line(item.project_name or ""),
    )
