"""Measures text, so that none overflows its place: widths, wrapping, heights, pages.

It has no font to ask, so it estimates on the safe side: Helvetica's published widths, which Arial shares, and a full
em for what is drawn on a square. All lengths are points. Nothing here knows PowerPoint.
"""

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

LINE_HEIGHT = 1.2
"""Of the font size: single line spacing."""

BOLD = 1.08
"""Width of bold text against plain."""

# Helvetica, thousandths of an em, from " " to "~" (Adobe Core 14 font metrics).
_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_FIRST = ord(" ")
_SQUARE = 1000
_OTHER = 640
"""Letters of other alphabets; the widest of Cyrillic, Greek and Arabic are a little wider, most narrower."""


@functools.lru_cache(maxsize=4096)
def _ems(character: str) -> int:
    place = ord(character) - _FIRST
    if 0 <= place < len(_ASCII):
        return _ASCII[place]
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn"}:
        return 0
    base = unicodedata.normalize("NFD", character)[0]
    if base != character:
        return _ems(base)
    if unicodedata.east_asian_width(character) in "WF" or unicodedata.category(character) == "So":
        return _SQUARE
    return _OTHER


@dataclass(frozen=True)
class Type:
    """How a text is set."""

    size: float
    bold: bool = False
    slack: float = 1.0
    """Widens the estimate where the font is not known: a template's."""

    def width(self, text: str) -> float:
        """The text on one line."""
        return sum(map(_ems, text)) * self.size / 1000 * self.slack * (BOLD if self.bold else 1)

    def wrap(self, text: str, width: float) -> list[str]:
        """The lines that a text takes; a word longer than a line is broken."""
        lines: list[str] = []
        current, used = "", 0.0
        space = self.width(" ")
        for word in text.split():
            length = self.width(word)
            if current and used + space + length <= width:
                current, used = f"{current} {word}", used + space + length
                continue
            if current:
                lines.append(current)
            *broken, current = self._break(word, width) if length > width else [word]
            lines.extend(broken)
            used = self.width(current)
        return [*lines, current]

    def height(self, text: str, width: float) -> float:
        """What the wrapped text takes."""
        return len(self.wrap(text, width)) * self.size * LINE_HEIGHT

    def _break(self, word: str, width: float) -> list[str]:
        pieces, used = [""], 0.0
        for character in word:
            step = self.width(character)
            if used + step > width and pieces[-1]:
                pieces.append("")
                used = 0.0
            pieces[-1] += character
            used += step
        return pieces


def largest(text: str, width: float, height: float, sizes: Sequence[float], type_: Type) -> Type:
    """The largest of the sizes, which fall, in which a text fits a box; the last when none does."""
    return next(
        (fit for size in sizes if (fit := replace(type_, size=size)).height(text, width) <= height),
        replace(type_, size=sizes[-1]),
    )


@dataclass(frozen=True)
class Bullet:
    """One paragraph of a list: a label that stands out, such as a requirement's id, and its text."""

    text: str
    label: str = ""

    @property
    def whole(self) -> str:
        """As it is measured."""
        return f"{self.label}  {self.text}" if self.label else self.text


@dataclass(frozen=True)
class Box:
    """Where bullets go."""

    width: float
    height: float
    type: Type
    gap: float
    """Before each bullet."""

    def height_of(self, bullet: Bullet) -> float:
        """What one bullet takes."""
        return self.type.height(bullet.whole, self.width) + self.gap


def pages(bullets: Sequence[Bullet], box: Box) -> list[list[Bullet]]:
    """The bullets in pages of about the same fill. One that is longer than a page goes on on the next."""
    pieces = [piece for bullet in bullets for piece in _split(bullet, box)]
    heights = [box.height_of(piece) for piece in pieces]
    filled = _fill(heights, box.height)
    tries = (box.height * share / 20 for share in range(1, 21))
    even = next(places for limit in tries if len(places := _fill(heights, limit)) == len(filled))
    return [[pieces[place] for place in page] for page in even]


def _fill(heights: Sequence[float], limit: float) -> list[list[int]]:
    """Which pieces go on each page when a page holds `limit`; a piece higher than that has its own."""
    filled: list[list[int]] = []
    room = 0.0
    for place, height in enumerate(heights):
        if not filled or height > room:
            filled.append([])
            room = limit
        filled[-1].append(place)
        room -= height
    return filled


def _split(bullet: Bullet, box: Box) -> list[Bullet]:
    most = max(1, int((box.height - box.gap) / (box.type.size * LINE_HEIGHT)))
    if box.height_of(bullet) <= box.height:
        return [bullet]
    indent = box.type.width(f"{bullet.label}  ")
    lines = box.type.wrap(bullet.text, box.width - indent)
    parts = [" ".join(lines[start : start + most]) for start in range(0, len(lines), most)]
    return [Bullet(parts[0], bullet.label), *map(Bullet, parts[1:])]
