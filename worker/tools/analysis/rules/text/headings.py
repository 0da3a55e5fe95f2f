"""Recognises headings that no mark shows: by their number, their capitals, their words or what stands around them."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.text.labels import label_of
from worker.tools.analysis.rules.text.roles import role_of

NUMBERED = re.compile(r"([A-Z]?\d{1,2}(?:\.\d{1,2}){0,4})([.)/]?)\s+(\S.*)")
PAGE = re.compile(r"(?:slide|folie|diapositive|diapositiva|slajd)\s+\d+", re.IGNORECASE)
"""What stands before the title of a slide."""
LOOSE = 4
"""The level of a heading that only its words show."""

_CAPITALS = 2
"""The level of a heading in capital letters."""
LANE = _DIVISION = 3
"""The level of "Task 2: Design"."""
_SEVERAL = 3
_LONGEST = 80
_MOST_WORDS, _FEW_WORDS, _TITLE_WORDS = 13, 9, 6
_LEAST_LETTERS = 4
_BOTH = 2


def bare(text: str) -> str:
    """A heading without emphasis, number and colon."""
    text = text.strip(" *_").rstrip(": ")
    if match := NUMBERED.fullmatch(text):
        text = match[3]
    return text.strip(" *_\u2013-")


def short(text: str) -> bool:
    """Whether a text could be a heading by its length and its end."""
    return len(text) <= _LONGEST and not text.endswith((".", "!", "?", ",", ";"))


def asks_below(place: int, texts: Sequence[str], item: re.Pattern[str]) -> bool:
    """Whether a line is a question that a list answers, as on a slide: "Why a new portal?"."""
    text = texts[place].strip()
    return text.endswith("?") and len(text) <= _LONGEST and _is_title(place, texts, item)


def chapters(texts: Sequence[str]) -> frozenset[int]:
    """The places of the headings "1. Background", "2. Scope" ...: short lines numbered in turn, with text between."""
    best: list[int] = []
    run: list[int] = []
    for place, number in _titles(texts):
        if number == 1 and len(run) > len(best):
            best = run
        run = [place] if number == 1 else [*run, place] if run and number == len(run) + 1 else run
    best = max(best, run, key=len)
    full = [place for place, text in enumerate(texts) if text.strip()]
    apart = sum(bisect_left(full, later) - bisect_left(full, earlier) > 1 for earlier, later in pairwise(best))
    return frozenset(best if len(best) >= _SEVERAL and apart * 4 >= (len(best) - 1) * 3 else ())


def _titles(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The lines that could be the heading of a chapter, and their numbers."""
    for place, line in enumerate(texts):
        text = line.strip()
        match = NUMBERED.fullmatch(text) if text[:1].isdigit() and not line[:1].isspace() else None
        if match is None or "." in match[1] or match[2] == "/" or not match[3][0].isupper():
            continue
        above = texts[place - 1].strip() if place else ""
        if short(text) and len(match[3].split()) <= _FEW_WORDS - 1 and not above:
            yield place, int(match[1])


def level(
    place: int, texts: Sequence[str], item: re.Pattern[str], lexicon: Lexicon, numbered: frozenset[int] = frozenset()
) -> int:
    """The level of the heading in this line; 0 for any other line.

    `item` matches list items; `numbered` are the places of chapters.
    """
    text = texts[place].strip()
    words = len(text.split())
    if asks_below(place, texts, item) and not item.fullmatch(text):
        return LOOSE
    if not short(text) or words > _MOST_WORDS:
        return 0
    if place in numbered:
        return _CAPITALS
    if match := NUMBERED.fullmatch(text):
        return _numbered(place, texts, match, item, lexicon)
    if words > _FEW_WORDS or texts[place].startswith((" ", "\t")) or item.fullmatch(text):
        return 0
    return _worded(place, texts, item, lexicon)


def _worded(place: int, texts: Sequence[str], item: re.Pattern[str], lexicon: Lexicon) -> int:
    """The level of a heading that its capitals, its words or what stands around it show."""
    text = texts[place].strip()
    letters = [character for character in text if character.isalpha()]
    if len(letters) >= _LEAST_LETTERS and all(letter.isupper() for letter in letters):
        return _CAPITALS
    if not (place and texts[place - 1].strip()) and lexicon.pattern("sections", "division").match(plain(text)):
        return _DIVISION
    label = label_of(text, lexicon)
    if label and label.kind and label.rest:
        return 0  # "Type: functional" says something of a requirement
    named = role_of(text.rstrip(":"), lexicon, strict=True) is not None
    return LOOSE if named or _is_title(place, texts, item) else 0


def _is_title(place: int, texts: Sequence[str], item: re.Pattern[str]) -> bool:
    """Whether a few words stand alone between a blank line and a list."""
    text = texts[place].strip()
    above = texts[place - 1].strip() if place else ""
    above = "" if PAGE.fullmatch(above) else above
    below = texts[place + 1].strip() if place + 1 < len(texts) else ""
    few = len(text.split()) <= _TITLE_WORDS and text[0].isupper() and not text.endswith(":")
    return few and not above and item.fullmatch(below) is not None


def _numbered(place: int, texts: Sequence[str], match: re.Match[str], item: re.Pattern[str], lexicon: Lexicon) -> int:
    """The level of "3.1 Export": its neighbours show whether it is a heading or an item of a numbered list."""
    number, mark, text = match.groups()
    depth, lettered = number.count(".") + 1, number[0].isalpha()
    if mark == ")" or not text[0].isalpha() or not text[0].isupper():
        return 0
    beside = [texts[near].strip() for near in (place - 1, place + 1) if 0 <= near < len(texts)]
    listed = any(_sibling(near, depth, lettered=lettered) for near in beside)
    if role_of(text.rstrip(":"), lexicon, strict=True) is not None and not listed:
        return depth + 1
    after, before = _neighbour(place, texts, 1), _neighbour(place, texts, -1)
    demand = depth > 1 and len(text.split()) > _TITLE_WORDS and lexicon.words("need").search(text.lower()) is not None
    if mark == "/":
        above = texts[place - 1].strip() if place else ""
        return 0 if listed or above else depth + 1
    if not listed and _in_capitals(text):
        return depth + 1
    if not after or _sibling(after, depth, lettered=lettered) or _sibling(before, depth, lettered=lettered) or demand:
        return 0
    apart = not any(beside) or depth > 1 or _begins_block(beside, text, mark)
    return depth + 1 if apart or NUMBERED.fullmatch(after) or item.fullmatch(after) else 0


def _in_capitals(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= _LEAST_LETTERS and text.isupper()


def _begins_block(beside: Sequence[str], text: str, mark: str) -> bool:
    """Whether a number without a mark stands before a few words, with a blank line above: "7 Training"."""
    return len(beside) == _BOTH and not beside[0] and not mark and len(text.split()) <= _TITLE_WORDS


def _sibling(text: str, depth: int, *, lettered: bool) -> bool:
    match = NUMBERED.fullmatch(text)
    return match is not None and match[1].count(".") + 1 == depth and match[1][0].isalpha() is lettered


def _neighbour(place: int, texts: Sequence[str], step: int) -> str:
    """The nearest line that is not blank."""
    place += step
    while 0 <= place < len(texts):
        if text := texts[place].strip():
            return text
        place += step
    return ""
