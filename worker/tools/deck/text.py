"""Paragraphs before they are on a slide: their height, and the size in which they fit. `writing` writes them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pptx.enum.text import PP_ALIGN

from worker.tools.deck.fitting import LINE_HEIGHT, TextStyle
from worker.tools.deck.ink import Ink

LEAST = 10
"""The smallest text on a slide, in points."""
INDENT = 16
"""The indent of a bullet in points."""
_STEPS = 20
_SMALLEST_SHARE = 0.65


@dataclass(frozen=True)
class Run:
    """A piece of text in one look. Without a colour it gets the one that the theme has for its place."""

    text: str
    bold: bool = False
    ink: Ink | None = None


@dataclass(frozen=True)
class Paragraph:
    """Runs in one size. The last run, after any label, decides the direction."""

    runs: tuple[Run, ...]
    size: float
    gap: float = 0
    """The space before it."""
    align: PP_ALIGN | None = None
    bullet: bool | None = None
    """Whether it has a marker. None leaves that to its place."""

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(run.text for run in self.runs)

    def height(self, width: float, slack: float) -> float:
        """The height that it takes in a frame of this width."""
        style = TextStyle(self.size, bold=any(run.bold for run in self.runs), slack=slack)
        return style.height(self.text, width - (INDENT if self.bullet else 0)) + self.gap


def line(text: str, size: float, *, bold: bool = False, ink: Ink | None = None, gap: float = 0,
         align: PP_ALIGN | None = None, bullet: bool | None = None) -> Paragraph:  # fmt: skip
    """A paragraph of one run."""
    return Paragraph((Run(text, bold, ink),), size, gap, align, bullet)


def height(paragraphs: Iterable[Paragraph], width: float, slack: float) -> float:
    """The height of several paragraphs together."""
    return sum(each.height(width, slack) for each in paragraphs)


def fits(paragraphs: Sequence[Paragraph], width: float, room: float, slack: float) -> bool:
    """Whether paragraphs fit a frame."""
    return height(paragraphs, width, slack) <= room + 0.01


def scaled(paragraphs: Sequence[Paragraph], share: float) -> list[Paragraph]:
    """The same paragraphs in other sizes, none below the smallest."""
    return [
        replace(each, size=max(min(LEAST, each.size), round(each.size * share * 2) / 2), gap=each.gap * share)
        for each in paragraphs
    ]


def shared(
    texts: Sequence[Sequence[Paragraph]], rooms: Iterable[tuple[float, float]], slack: float, most: float
) -> float:
    """The largest factor, up to `most`, by which all these texts can be scaled and still fit their rooms.

    So texts that stand side by side have one size. A room is its width and height.
    """
    factor = most
    for text, (width, room) in zip(texts, rooms, strict=False):
        while factor > _SMALLEST_SHARE and not fits(scaled(text, factor), width, room, slack):
            factor -= 0.05
    return factor


def fitted(paragraphs: Sequence[Paragraph], width: float, room: float, slack: float) -> list[Paragraph]:
    """The paragraphs in the largest sizes, up to their own, in which they fit. What fits in none is cut with "…"."""
    for step in range(_STEPS):
        smaller = scaled(paragraphs, 1 - step / (1.4 * _STEPS))
        if fits(smaller, width, room, slack):
            return smaller
    return _cut(smaller, width, room, slack)


def _cut(paragraphs: Sequence[Paragraph], width: float, room: float, slack: float) -> list[Paragraph]:
    kept: list[Paragraph] = []
    for each in paragraphs:
        left = room - height(kept, width, slack)
        if each.height(width, slack) <= left:
            kept.append(each)
            continue
        beginning = next(
            (part for part in _beginnings(each, width, left, slack) if part.height(width, slack) <= left), None
        )
        return [*kept, beginning] if beginning else kept
    return kept


def _beginnings(each: Paragraph, width: float, room: float, slack: float) -> Iterator[Paragraph]:
    """The paragraph with less and less of its last run."""
    *labels, last = each.runs
    style = TextStyle(each.size, bold=any(run.bold for run in each.runs), slack=slack)
    label = style.width("".join(run.text for run in labels))
    for lines in range(int(room / (each.size * LINE_HEIGHT)), 0, -1):
        for narrower in (width - INDENT, width - INDENT - label):
            yield replace(each, runs=(*labels, replace(last, text=shortened(last.text, style, narrower, lines))))


def shortened(text: str, style: TextStyle, width: float, lines: int) -> str:
    """The beginning of a text that fits so many lines, with "…" where it was cut."""
    wrapped = style.wrap(text, max(width, style.size * 2))
    if len(wrapped) <= lines:
        return text
    *before, last = wrapped[:lines]
    while last and style.width(f"{last} …") > width:
        last = last.rpartition(" ")[0] if " " in last else last[:-1]
    return " ".join([*before, last]).rstrip(" ,;:.") + " …"
