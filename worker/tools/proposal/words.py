"""Small parts of sentences: safe texts, lists in words, plurals."""

import re
from collections.abc import Sequence

# Characters that XML 1.0 does not allow (https://www.w3.org/TR/xml/#charsets), and lone surrogates.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    """The text without the characters that XML does not allow, and with each stretch of white space as one space."""
    return " ".join(_ILLEGAL.sub(" ", text).split())


def enumerated(words: Sequence[str]) -> str:
    """Words as text, such as "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun, such as "1 week" or "3 weeks"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
