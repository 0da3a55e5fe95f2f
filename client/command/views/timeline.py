"""The agent's log as a timeline for a terminal: a row for each event, and the chunks of streamed text joined.

`Timeline` turns events into rich renderables, which are printed once and scroll away. It keeps the unfinished line of
the streamed answer, and the live view shows that line below them. It prints nothing itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from client.command.printable import gist, one_line, printable
from client.session import AgentEvent

GIST_LENGTH = 220
INDENT = 11
"""The width of the time and the symbol before a row's text."""


@dataclass(frozen=True)
class _Look:
    symbol: str
    style: str


_LOOKS = {
    "REASONING": _Look("·", "italic"),
    "TOOL_CALL": _Look("▸", "bold cyan"),
    "TOOL_RESPONSE": _Look("✓", "green"),
    "WARNING": _Look("!", "yellow"),
}
_OTHER = _Look("?", "")


class Timeline:
    """Makes rows of events. Give it each event once, and in order."""

    def __init__(self) -> None:
        self._answer: list[str] = []
        self._line = ""

    @property
    def unfinished(self) -> str:
        """The unfinished line of the streamed answer."""
        return self._line

    def rows(self, event: AgentEvent) -> Iterator[RenderableType]:
        """What to print for `event`; for a chunk, the lines that it finished."""
        match event.type:
            case "CHUNK":
                yield from self._streamed(event)
            case "FINAL_RESPONSE":
                yield from self.finish()
                yield from self._final(event)
            case _:
                yield from self.finish()
                yield _row(event)

    def finish(self) -> Iterator[RenderableType]:
        """Rows for the unfinished line. Call it at the end."""
        if self._line.strip():
            yield _answer_text(self._line)
        self._line = ""

    def _streamed(self, event: AgentEvent) -> Iterator[RenderableType]:
        if not self._answer:
            yield _heading(event.timestamp)
        text = printable(event.text)
        self._answer.append(text)
        *finished, self._line = (self._line + text).split("\n")
        if finished:
            yield _answer_text("\n".join(finished))

    def _final(self, event: AgentEvent) -> Iterator[RenderableType]:
        """Rows for the final response. If the agent has streamed the same text before, there are none."""
        streamed = "".join(self._answer).strip()
        self._answer.clear()
        text = printable(event.text).strip()
        if text and not (streamed and streamed.startswith(text)):
            yield _heading(event.timestamp)
            yield _answer_text(text)


def _row(event: AgentEvent) -> Table:
    look = _LOOKS.get(event.type, _OTHER)
    match event.type:
        case "TOOL_CALL":
            text = Text(one_line(event.tool or "a tool"), look.style)
            if (given := gist(event.text, GIST_LENGTH)) not in ("", "{}"):
                text.append(f"  {given}", "dim not bold")
        case "TOOL_RESPONSE":
            text = Text(one_line(event.tool or "a tool"), look.style)
            text.append(f"  {gist(event.text, GIST_LENGTH)}", "dim")
        case "REASONING" | "WARNING":
            text = Text(printable(event.text).strip(), look.style)
        case _:
            text = Text(f"{one_line(event.type)}: {printable(event.text).strip()}")
    if event.truncated:
        text.append(" (cut)", "dim")
    row = Table.grid(padding=(0, 1))
    row.add_column(no_wrap=True, width=8)
    row.add_column(no_wrap=True, width=1)
    row.add_column()
    row.add_row(Text(_clock(event.timestamp), "dim"), Text(look.symbol, look.style), text)
    return row


def _heading(moment: datetime) -> Text:
    return Text.assemble((_clock(moment), "dim"), " ", ("»", "bold"), " ", ("Answer", "bold"))


def _answer_text(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, INDENT))


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")
