"""Turns HTML into lines with the marks of plain notes: "#" for headings, "-" for list items, "|" for table rows.

Each line keeps the numbers of the lines of HTML that it comes from. `source` calls it for notes that are HTML.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

_TAGS = re.compile(r"(?i)</?(?:html|body|p|div|ul|ol|li|table|tr|td|th|h[1-6]|br|span|b|strong)\b[^<>]{0,300}>")
_SURE = 4
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "svg"})
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "br", "hr", "header", "footer", "dt", "dd", "blockquote", "pre", "ul", "ol"}
)
_STRUCK = frozenset({"del", "s", "strike"})
"""The tags of text that is struck out."""
_HEADING = re.compile(r"h([1-6])")
_SPACE = re.compile(r"\s+")


def is_html(notes: str) -> bool:
    """Whether the notes are HTML rather than text with a tag in it."""
    return sum(1 for _, _ in zip(_TAGS.finditer(notes), range(_SURE), strict=False)) == _SURE


def lines(notes: str) -> Iterator[tuple[tuple[int, ...], str]]:
    """The text as lines, each with the numbers of its lines in the notes."""
    parser = _Parser()
    parser.feed("\n".join(notes.splitlines()))
    parser.close()
    parser.end_line()
    yield from parser.lines


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[tuple[int, ...], str]] = []
        self._text: list[str] = []
        self._numbers: dict[int, None] = {}
        self._prefix = ""
        self._hidden = 0
        self._depth = 0
        self._row: list[str] | None = None
        self._head = False
        self._term = False
        """Whether a term waits for its definition, which belongs on its line."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's interface
        if tag in _HIDDEN:
            self._hidden += 1
        elif heading := _HEADING.fullmatch(tag):
            self._begin("\n" + "#" * int(heading[1]) + " ")
        elif tag in {"ul", "ol"}:
            self.end_line()
            self._depth += 1
        elif tag == "li":
            self._begin("  " * max(self._depth - 1, 0) + "- ")
        elif tag == "tr":
            self.end_line()
            self._row, self._head = [], False
        elif tag in {"td", "th"}:
            self._head = self._head or tag == "th"
            self._end_cell()
        elif tag in _STRUCK:
            self._text.append("~~")
        else:
            self._start_other(tag)

    def _start_other(self, tag: str) -> None:
        if tag == "dd" and self._term:
            self._text.append(": ")
            self._term = False
        elif tag == "dt":
            self._begin("- ")
        elif tag in _BLOCKS and self._row is None:
            self.end_line()
            self._term = False

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(self._hidden - 1, 0)
        elif tag in {"td", "th"}:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag in {"ul", "ol"}:
            self.end_line()
            self._depth = max(self._depth - 1, 0)
        elif tag == "dt":
            self._term = True
        elif tag in _STRUCK:
            self._text.append("~~")
        elif tag == "p" and self._row is None:
            self.end_line()
            self.lines.append((self.lines[-1][0] if self.lines else (1,), ""))
        elif (tag in _BLOCKS or tag == "li" or _HEADING.fullmatch(tag)) and self._row is None:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        first = self.getpos()[0]
        for offset, part in enumerate(data.split("\n")):
            if part.strip():
                self._numbers[first + offset] = None
        self._text.append(data)

    def _begin(self, prefix: str) -> None:
        self.end_line()
        self._prefix = prefix

    def _taken(self) -> str:
        text = _SPACE.sub(" ", "".join(self._text)).strip()
        self._text = []
        return text

    def _end_cell(self) -> None:
        if self._row is not None and (text := self._taken()):
            self._row.append(text.replace("|", "/"))

    def _end_row(self) -> None:
        self._end_cell()
        if self._row:
            self.lines.append((tuple(self._numbers), "| " + " | ".join(self._row) + " |"))
            if self._head:
                self.lines.append(((), "|" + "---|" * len(self._row)))
        self._row, self._numbers = None, {}

    def end_line(self) -> None:
        """Finish the line that is open."""
        if self._row is not None:
            return
        if text := self._taken():
            if self._prefix.startswith("\n"):
                self.lines.append(((), ""))
            self.lines.append((tuple(self._numbers), self._prefix.lstrip("\n") + text))
        self._prefix, self._numbers = "", {}
