"""Which way a text runs: both documents must say so for Arabic, Hebrew and their like."""

import unicodedata

_STRONG = {"L": False, "R": True, "AL": True}


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs to the left, as rule P2 of Unicode's algorithm has it."""
    kinds = map(unicodedata.bidirectional, text)
    return next((_STRONG[kind] for kind in kinds if kind in _STRONG), False)
