"""Reads numbers as people write them in nine languages: "900,000", "1.250,50", "80 000", "half a", "zwölf"."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from worker.tools.analysis.rules.lexicon import Lexicon

DIGITS = r"\d{1,3}(?:[.,' \u00a0]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d{1,2})?(?!\d)"
DASH = r"\s?[-\u2013\u2014]\s?"
_GROUPED = re.compile(r"[.,' \u00a0](?=\d{3}(?:\D|$))")


def value(text: str) -> Decimal:
    """The value of a number in digits. A mark before exactly three digits groups thousands."""
    number = text.strip().replace("\u00a0", " ")
    decimals = re.search(r"[.,](\d{1,2})$", number)
    whole = number[: decimals.start()] if decimals else number
    plain = re.sub(r"\D", "", whole)
    return Decimal(f"{plain}.{decimals[1]}" if decimals else plain)


@cache
def spelled(lexicon: Lexicon) -> Mapping[str, Decimal]:
    """The number words of the lexicon's languages, with their values."""
    return {word: Decimal(str(number)) for word, number in lexicon.mapped("facts", "numbers").items()}


@cache
def any_number(lexicon: Lexicon) -> str:
    """A pattern for a number in digits or words."""
    words = sorted(spelled(lexicon), key=len, reverse=True)
    return rf"(?:{DIGITS}|{'|'.join(re.escape(word) for word in words)})" if words else rf"(?:{DIGITS})"


def read(text: str, lexicon: Lexicon) -> Decimal:
    """The value of a number in digits or words."""
    found = spelled(lexicon).get(text.strip())
    return found if found is not None else value(text)
