"""Recognises headings that no mark shows: by their number, their capitals, their words or what stands around them."""

import re
from collections.abc import Sequence

from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.roles import role_of

NUMBERED = re.compile(r"([A-Z]?\d{1,2}(?:\.\d{1,2}){0,4})([.)/]?)\s+(\S.*)")
LOOSE = 4
"""The level of a heading that only its words show."""

_CAPITALS = 2
"""The level of a heading in capital letters."""
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


def level(place: int, texts: Sequence[str], item: re.Pattern[str], lexicon: Lexicon) -> int:
    """The level of the heading in this line; 0 for any other line. `item` matches list items."""
    text = texts[place].strip()
    words = len(text.split())
    if not short(text) or words > _MOST_WORDS:
        return 0
    if match := NUMBERED.fullmatch(text):
        return _numbered(place, texts, match, item, lexicon)
    if words > _FEW_WORDS or texts[place].startswith((" ", "\t")) or item.fullmatch(text):
        return 0
    letters = [character for character in text if character.isalpha()]
    if len(letters) >= _LEAST_LETTERS and all(letter.isupper() for letter in letters):
        return _CAPITALS
    named = role_of(text.rstrip(":"), lexicon, strict=True) is not None
    return LOOSE if named or _is_title(place, texts, item) else 0


def _is_title(place: int, texts: Sequence[str], item: re.Pattern[str]) -> bool:
    """Whether a few words stand alone between a blank line and a list."""
    text = texts[place].strip()
    above = texts[place - 1].strip() if place else ""
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
