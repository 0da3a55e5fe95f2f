"""Writes headings, paragraphs, lists and tables to the end of a document, by its styles alone and in any script.

It counts the headings and captions, because the fields that number them in Word show our count until Word has updated
them. Nothing here knows what a statement of work says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain

from worker.tools.documents.direction import is_right_to_left
from worker.tools.documents.document import Column
from worker.tools.sow import markup
from worker.tools.sow.design import Paper
from worker.tools.sow.markup import Node
from worker.tools.sow.styles import SIGNATURES, TABLE

_HEAD = "Proposal Table Heading"
_SHORT, _LITTLE = 16, 900
"""A table with at most this many rows and characters is kept on one page."""
_OPENING = 2
"""So many rows of a longer table stay with the next one."""

Text = str | tuple[str | Enum, ...]
"""A text, or its pieces. A piece that is a member of an enumeration is a reference to the heading of that name."""


@dataclass(frozen=True)
class Heading:
    """A heading, as the table of contents shows it."""

    level: int
    """1 to 3."""
    number: str
    """Empty if the style does not number it."""
    text: str
    bookmark: str


@dataclass
class Page:
    """Writes to the end of a document."""

    paper: Paper
    headings: list[Heading] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=lambda: [0, 0, 0])
    _appendices: int = 0
    _tables: int = 0

    def heading(self, level: int, text: str | Enum) -> None:
        """Add a heading. One that is a member of an enumeration can be referred to."""
        self._numbers[level - 1 :] = [self._numbers[level - 1] + 1, *(0 for _ in range(level, 3))]
        number = ".".join(map(str, self._numbers[:level])) if self.paper.numbered else ""
        self._add_heading(Heading(level, number, _title(text), self._bookmark(text)), f"Heading {level}")

    def appendix(self, text: str | Enum) -> None:
        """Add the heading of an appendix."""
        self._appendices += 1
        number = f"Appendix {chr(ord('A') + self._appendices - 1)}:"
        self._add_heading(Heading(1, number, _title(text), self._bookmark(text)), "Appendix Heading")

    def text(self, text: Text, style: str = "Body Text") -> None:
        """Add a paragraph."""
        self.add(self._paragraph(style, text))

    def lead(self, text: Text) -> None:
        """Add a paragraph that stays on the page of the table or list after it."""
        self.text(text, "Lead-In")

    def bullets(self, texts: Iterable[Text]) -> None:
        """Add a list."""
        for text in texts:
            self.text(text, "List Bullet")

    def table(
        self,
        caption: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Text]],
        total: Sequence[Text] | None = None,
    ) -> None:
        """Add a table with a caption and a head. `total` becomes its last row. A short table stays on one page."""
        self._tables += 1
        number = markup.field("SEQ Table \\* ARABIC", str(self._tables))
        words = [markup.run("Table "), *number, markup.run(f": {caption}")]
        self.add(markup.paragraph(self.paper.style("Caption"), *words))
        drawn = [(row, "Proposal Table Text") for row in rows]
        kept = len(drawn) if total else len(drawn) - 1
        small = len(drawn) <= _SHORT and sum(map(_length, chain.from_iterable(row for row, _ in drawn))) <= _LITTLE
        for place in range(kept):
            if small or place < _OPENING or place == len(drawn) - 1:  # the last row stays with the total
                drawn[place] = (drawn[place][0], "Proposal Table Kept")
        if total:
            drawn.append((total, "Proposal Table Total"))
        self._table(TABLE, columns, drawn, total=total is not None)

    def signatures(self, parties: tuple[str, str], lines: Iterable[str]) -> None:
        """Add the lines on which two parties sign."""
        columns = [Column(party, 0.5) for party in parties]
        self._table(SIGNATURES, columns, [((line, line), "Signature Line") for line in lines], total=False)

    def end(self) -> None:
        """End the page after the last paragraph. A paragraph for the break alone would leave a page empty at times."""
        self.paper.document.element.body.sectPr.getprevious().append(markup.page_break())

    def add(self, element: Node) -> None:
        """Add any element of the body."""
        self.paper.document.element.body.sectPr.addprevious(element)

    def _table(
        self, style: str, columns: Sequence[Column], rows: Iterable[tuple[Sequence[Text], str]], *, total: bool
    ) -> None:
        """Add a table. Each row has the style of its texts, which a column of numbers sets to the right."""
        widths = [column.share * self.paper.width for column in columns]
        table = markup.table(self.paper.style(style), widths, total=total)
        titles = [column.title for column in columns]
        for texts, name in [(titles, _HEAD), *rows]:
            cells = [
                self._paragraph(_numeric(name) if column.numeric else name, text)
                for column, text in zip(columns, texts, strict=True)
            ]
            table.append(markup.row(widths, cells, head=name == _HEAD))
        self.add(table)

    def _paragraph(self, style: str, text: Text) -> Node:
        pieces = (text,) if isinstance(text, str) else text
        right = is_right_to_left("".join(piece for piece in pieces if isinstance(piece, str)))
        content = chain.from_iterable(
            _reference(piece) if isinstance(piece, Enum) else [markup.run(piece)] for piece in pieces
        )
        return markup.paragraph(self.paper.style(style), *content, right_to_left=right)

    def _add_heading(self, heading: Heading, style: str) -> None:
        self.headings.append(heading)
        words = markup.bookmarked(heading.bookmark, len(self.headings), markup.run(heading.text))
        right = is_right_to_left(heading.text)
        self.add(markup.paragraph(self.paper.style(style), *words, right_to_left=right))

    def _bookmark(self, text: str | Enum) -> str:
        return _named(text) if isinstance(text, Enum) else f"_Section{len(self.headings) + 1}"


def _title(text: str | Enum) -> str:
    return str(text.value) if isinstance(text, Enum) else text


def _length(text: Text) -> int:
    return len(text) if isinstance(text, str) else sum(len(_title(piece)) for piece in text)


def _reference(title: Enum) -> list[Node]:
    """The name of a section, in quotation marks."""
    field = markup.field(f"REF {_named(title)} \\h", _title(title))
    return [markup.run("\u201c"), *field, markup.run("\u201d")]


def _named(text: Enum) -> str:
    """The bookmark of a heading. Word hides those that begin so."""
    return f"_Ref_{text.name}"


def _numeric(style: str) -> str:
    """The style for numbers beside a style for texts."""
    return f"{style.removesuffix(' Text')} Number"
