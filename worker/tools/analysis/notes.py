"""Splits free notes into statements, each with the lines it comes from.

Prose that was wrapped over several lines is joined and then split into sentences. A list item, a speaker's turn and a
table row are never joined with the lines around them, unless those continue their text. A heading is not a statement,
except if it asks for something itself. It gives the kind of the statements below it.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from worker.tools.analysis import sentences
from worker.tools.analysis.lines import Form, Line, read_lines
from worker.tools.analysis.sections import section_of
from worker.tools.analysis.signals import asks_for_something
from worker.tools.requirements import Kind


@dataclass(frozen=True)
class Statement:
    """One sentence or list item of the notes."""

    text: str
    lines: tuple[int, ...]
    section: Kind | None
    """The kind that the heading above it, or the label before it, announces."""
    listed: bool
    """Whether it is an item of a list or a row of a table."""
    speaker: str
    turn: int
    """The number of the speaker's turn. The reply to a statement has the next number."""


@dataclass
class _Block:
    """Lines whose text belongs together."""

    section: Kind | None
    listed: bool
    speaker: str
    turn: int
    fragments: list[Line] = field(default_factory=list)


_EMPHASIS = re.compile(r"\*\*|__|`")
_LABEL = re.compile(r"([^:.?!]{1,40}):\s")
_CONNECTOR = re.compile(
    r"(?:,|\b(?:a|an|the|and|or|but|of|to|in|on|at|by|for|from|with|without|than|that|which|who|is|are|be|as|our|their))"
    r"$",
    re.IGNORECASE,
)
_WRAPPED = 50
"""A line with fewer characters counts as complete: if its text had been wrapped, the line would be longer."""
_LAST_WORDS = 20
"""How many characters at the end of a line are searched for a connecting word."""


def read_statements(text: str) -> Iterator[Statement]:
    """The statements of the notes, in order. Each has at least one letter or digit."""
    for block in _blocks(read_lines(text)):
        yield from _statements(block)


def _blocks(lines: list[Line]) -> Iterator[_Block]:
    heading: Kind | None = None
    lead_in: Kind | None = None
    speaker, turn = "", 0
    block: _Block | None = None
    for line in lines:
        if block and _continues(block, line):
            block.fragments.append(line)
            continue
        if block:
            yield block
            block = None
        if line.form is Form.HEADING:
            heading, lead_in, speaker, turn = section_of(line.text), None, "", turn + 1
            if heading is None and asks_for_something(line.text):
                yield _Block(heading, listed=False, speaker="", turn=turn, fragments=[line])
        elif line.lead_in:
            lead_in = section_of(line.text) or (Kind.FUNCTIONAL if asks_for_something(line.text) else None)
        elif line.form in {Form.ITEM, Form.TEXT, Form.SPEECH}:
            listed = line.form is Form.ITEM
            if line.form is Form.SPEECH:
                speaker, turn = line.speaker, turn + 1
            lead_in = lead_in if listed else None
            block = _Block(lead_in or heading, listed, speaker, turn, [line] if line.text else [])
    if block:
        yield block


def _continues(block: _Block, line: Line) -> bool:
    """Whether a line continues the text of the block's last line."""
    if line.form is not Form.TEXT or line.lead_in or not block.fragments:
        return False
    last = block.fragments[-1]
    if last.number + 1 != line.number:
        return False
    if not block.listed and last.text.endswith((".", "!", "?", ";", ":")):
        return True  # the same paragraph, which is split into sentences later
    wrapped = line.text[0].islower() and len(last.text) >= _WRAPPED
    return wrapped or bool(_CONNECTOR.search(last.text[-_LAST_WORDS:]))


def _statements(block: _Block) -> Iterator[Statement]:
    joined = " ".join(line.text for line in block.fragments)
    starts: deque[tuple[int, int]] = deque()
    position = 0
    for line in block.fragments:
        starts.append((position, line.number))
        position += len(line.text) + 1
    for offset, sentence in sentences.split(joined):
        end = offset + len(sentence.rstrip())
        begin = offset + len(sentence) - len(sentence.lstrip())
        # Each start is removed once a sentence has passed it, so that one long paragraph takes linear time.
        while len(starts) > 1 and starts[1][0] <= begin:
            starts.popleft()
        lines = []
        for start, number in starts:
            if start >= end:
                break
            lines.append(number)
        statement = _EMPHASIS.sub("", sentence).strip().rstrip(";").strip()
        if any(character.isalnum() for character in statement):
            label = _LABEL.match(statement)
            section = (section_of(label[1]) if label else None) or block.section
            yield Statement(statement, tuple(lines), section, block.listed, block.speaker, block.turn)
