"""Finds the direction of a text. Both documents must mark text in Arabic, Hebrew and similar scripts."""

import unicodedata

_STRONG = {"L": False, "R": True, "AL": True}


def is_right_to_left(text: str) -> bool:
    """Whether a text runs from right to left: its first letter that has a direction decides.

    This is rule P2 of the Unicode Bidirectional Algorithm.
    """
    kinds = map(unicodedata.bidirectional, text)
    return next((_STRONG[kind] for kind in kinds if kind in _STRONG), False)
