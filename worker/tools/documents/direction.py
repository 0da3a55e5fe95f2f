"""Finds the direction of a text. Both documents must mark text in Arabic, Hebrew and similar scripts."""

import unicodedata

_STRONG = {"L": -1, "R": 1, "AL": 1}


def is_right_to_left(text: str) -> bool:
    """Whether a text runs from right to left: most of its letters do.

    The first letter alone, by which the Unicode Bidirectional Algorithm decides (rule P2), would turn an English
    sentence round that begins with an Arabic name.
    """
    return not text.isascii() and sum(_STRONG.get(unicodedata.bidirectional(letter), 0) for letter in text) > 0
