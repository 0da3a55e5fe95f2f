"""The words that the checks of an answer know: numbers, currencies, and how orders to a reader are phrased.

They lie in `words.json`, because they are data of nine languages and no code.
"""

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True)
class Words:
    """The content of the file."""

    numbers: Mapping[str, tuple[Decimal, ...]]
    """What a word can mean as a number: "half an hour" may be written as 30 minutes."""
    number_beginnings: Mapping[str, tuple[Decimal, ...]]
    """The same for how a compound or an inflected word begins."""
    joins: frozenset[str]
    """Words between those of one number: "three hundred and fifty"."""
    multipliers: Mapping[str, Decimal]
    """What a word, or a unit such as TEUR, beside a number multiplies it with."""
    currencies: Mapping[str, re.Pattern[str]]
    """How notes write a currency, by its ISO 4217 code."""
    not_names: frozenset[str]
    german: frozenset[str]
    """Words by which German shows, which writes every noun like a name."""
    orders: re.Pattern[str]
    """How a sentence begins to give its reader orders."""


@functools.cache
def words() -> Words:
    """The words, read once."""
    held = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
    numbers = {word: tuple(Decimal(str(value)) for value in values) for word, values in held["numbers"].items()}
    return Words(
        numbers={word.rstrip("*"): values for word, values in numbers.items()},
        number_beginnings={word.rstrip("*"): values for word, values in numbers.items() if word.endswith("*")},
        joins=frozenset(held["joins"]),
        multipliers={word: Decimal(value) for word, value in held["multipliers"].items()},
        currencies={code: _currency(**written) for code, written in held["currencies"].items()},
        not_names=frozenset(held["not_names"]),
        german=frozenset(held["german"]),
        orders=re.compile("|".join(f"(?:{pattern})" for pattern in held["orders"]), re.IGNORECASE),
    )


def _currency(symbols: str, words: str) -> re.Pattern[str]:
    """A symbol may stand anywhere ("240k€"), a word only as one, or behind the letter of a multiplier ("MSEK")."""
    patterns = [rf"(?<![^\W\d_])[kmt]?(?:{words})(?![^\W\d_])", *([symbols] if symbols else [])]
    return re.compile("|".join(patterns), re.IGNORECASE)
