"""Measures text, so that none overflows its place on a slide: widths, wrapping, heights, pages.

There is no font file to measure with, so it estimates, rather too wide than too narrow: it takes Helvetica's published
widths, which Arial shares, and a full em for characters that are as wide as high. All lengths are in points. Nothing
here knows PowerPoint.
"""

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LINE_HEIGHT = 1.2
"""The height of a line as a multiple of the font size, with single line spacing."""

BOLD = 1.08
"""How much wider bold text is than plain text."""

_WIDE_FONTS = {
    "aptos": 1.02, "arial": 1.0, "bahnschrift": 1.0, "calibri": 1.0, "candara": 1.0, "carlito": 1.0, "garamond": 1.0,
    "georgia": 1.08, "helvetica": 1.0, "liberation sans": 1.0, "roboto": 1.02, "segoe ui": 1.06, "tahoma": 1.06,
    "times new roman": 1.0, "trebuchet ms": 1.04, "verdana": 1.25,
}  # fmt: skip
"""How much wider than Helvetica a font is at most. Narrower ones count as Helvetica."""
_UNKNOWN_FONT = 1.12


def slack_of(*fonts: str) -> float:
    """The factor for `TextStyle.slack` with which text fits in all these fonts; without any, in an unknown one."""
    return max((_WIDE_FONTS.get(font.casefold(), _UNKNOWN_FONT) for font in fonts), default=_UNKNOWN_FONT)


# Helvetica's widths from " " to "~", in thousandths of an em (Adobe Core 14 font metrics).
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
"""The width of letters in other alphabets. A few in Cyrillic, Greek and Arabic are wider, most are narrower."""


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
class TextStyle:
    """The size and weight of a text, with which it can be measured."""

    size: float
    bold: bool = False
    slack: float = 1.0
    """A factor on all widths, for a font that is not known because it comes from a template."""

    def width(self, text: str) -> float:
        """The width of the text on one line."""
        return sum(map(_ems, text)) * self.size / 1000 * self.slack * (BOLD if self.bold else 1)

    def wrap(self, text: str, width: float) -> list[str]:
        """The lines of a text. A word that is longer than a line is broken."""
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
        """The height of the wrapped text."""
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


@dataclass(frozen=True)
class Bullet:
    """One paragraph of a list: its text, with a highlighted label in front, such as a requirement's id."""

    text: str
    label: str = ""

    @property
    def whole(self) -> str:
        """Label and text together, as they are measured."""
        return f"{self.label}  {self.text}" if self.label else self.text


@dataclass(frozen=True)
class Box:
    """The space for a list, and the style of its text."""

    width: float
    height: float
    type: TextStyle
    gap: float
    """The space before each bullet."""

    def height_of(self, bullet: Bullet) -> float:
        """The height of one bullet with its gap."""
        return self.type.height(bullet.whole, self.width) + self.gap


def pages(bullets: Sequence[Bullet], box: Box) -> list[list[Bullet]]:
    """Divide the bullets into about equally full pages. One that is longer than a page continues on the next."""
    pieces = [piece for bullet in bullets for piece in _split(bullet, box)]
    heights = [box.height_of(piece) for piece in pieces]
    filled = _fill(heights, box.height)
    tries = (box.height * share / 20 for share in range(1, 21))
    even = next(places for limit in tries if len(places := _fill(heights, limit)) == len(filled))
    return [[pieces[place] for place in page] for page in even]


def _fill(heights: Sequence[float], limit: float) -> list[list[int]]:
    """The indexes of the pieces on each page, if a page holds `limit`. A higher piece gets a page of its own."""
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
