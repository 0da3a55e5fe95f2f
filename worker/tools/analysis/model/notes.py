"""The notes as the model gets them: numbered by line, cut into overlapping parts, and fenced as data. Pure.

The model answers with line numbers, so every line that it sees carries its own. The fence is a mark that does not
occur in the notes, so that no line of theirs can close it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.agents.events import well_formed
from worker.tools.analysis.rules.text import source

PART_CHARACTERS = 12_000
"""How much of the notes one call reads, besides what it repeats. In a short text a model overlooks less, and its answer
has room."""

OVERLAP_CHARACTERS = 800
"""How much of the end of a part is repeated in the next one, so that nothing is read without what comes before it."""

_LONGEST_PIECE = 2_000
"""A longer line is shown in pieces of this size, each with the line's number."""


@dataclass(frozen=True)
class Piece:
    """One line of the notes, or a piece of a very long one."""

    number: int
    """Counted from 1."""
    text: str

    def shown(self) -> str:
        """As the model sees it."""
        return f"{self.number}: {self.text}"


Part = Sequence[Piece]


def pieces(notes: str) -> list[Piece]:
    """All lines of the notes, in order, and repaired as the rules read them: HTML, entities, encodings."""
    lines = [raw for raw in source.read(notes).lines if raw.numbers]  # a paragraph's end in HTML has no line of its own
    return [Piece(raw.numbers[0], text) for raw in lines for text in _cut(raw.text)]


def parts(whole: Part, most: int = PART_CHARACTERS, overlap: int = OVERLAP_CHARACTERS) -> Iterator[Part]:
    """Cut the notes into parts of equal size, each of which begins with the end of the one before.

    A part has at most `most` new characters, and `overlap` of the one before.
    """
    size = sum(len(piece.text) + 1 for piece in whole)
    even = size if size <= most else -(-size // -(-size // most)) + overlap
    start = 0
    while True:
        end = start + _fitting(whole[start:], even)
        yield whole[start:end]
        if end >= len(whole):
            return
        back = _fitting(tuple(reversed(whole[start:end])), overlap)
        start = end - min(back, (end - start) // 2)  # a part always begins behind the one before it


def fenced(part: Part) -> str:
    """The part between two marks that occur nowhere in it."""
    shown = well_formed("\n".join(piece.shown() for piece in part))
    mark = _mark(shown)
    return f"{mark}\n{shown}\n{mark}"


def _mark(text: str) -> str:
    attempt = 0
    while True:
        digest = hashlib.sha256(f"{attempt} {text}".encode()).hexdigest()
        mark = f"===== NOTES {digest[:16]} ====="
        if mark not in text:
            return mark
        attempt += 1


def _fitting(whole: Part, most: int) -> int:
    """How many pieces from the start take at most `most` characters; one at least."""
    size = 0
    for index, piece in enumerate(whole):
        size += len(piece.text) + 1
        if size > most:
            return max(1, index)
    return len(whole)


def _cut(line: str) -> Iterator[str]:
    while len(line) > _LONGEST_PIECE:
        end = line.rfind(" ", _LONGEST_PIECE // 2, _LONGEST_PIECE)
        end = end if end > 0 else _LONGEST_PIECE
        yield line[:end]
        line = line[end:].lstrip(" ")
    yield line
