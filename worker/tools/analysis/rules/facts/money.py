"""Finds amounts of money: "EUR 900,000", "$17k", "1,2 Mio. Euro", "80 000 zł"."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from worker.tools.analysis.rules.facts import numbers
from worker.tools.analysis.rules.lexicon import Lexicon

_CURRENCIES = {
    "EUR": r"eur(?:os?|o)?\b|\u20ac",
    "USD": r"usd\b|us ?\$|\$|(?:us )?dollars?\b|d\u00f3lares\b|dollari\b",
    "GBP": r"gbp\b|\u00a3|pounds?\b(?! of)|libras\b",
    "CHF": r"chf\b|sfr\.?|fr\.(?= ?\d)|(?:swiss )?francs?\b|franken\b|franchi\b",
    "SEK": r"sek\b|kronor\b|kroner\b|kr\b",
    "NOK": r"nok\b",
    "DKK": r"dkk\b",
    "PLN": r"pln\b|z\u0142(?:otych|ote|oty)?\b",
    "CZK": r"czk\b",
    "BRL": r"brl\b|r\$|reais\b",
    "CAD": r"cad\b|c\$",
    "NZD": r"nzd\b|nz\$",
    "AUD": r"aud\b|a\$",
    "JPY": r"jpy\b|\u00a5",
    "INR": r"inr\b|\u20b9",
    "MXN": r"mxn\b|pesos\b",
    "SGD": r"sgd\b|s\$",
    "HKD": r"hkd\b|hk\$",
}
_SHARED: Mapping[str, tuple[str, re.Pattern[str]]] = {
    "USD": ("dollar", re.compile(r"(?<!us)(?<!us )\$|(?<!us )dollars?\b|d\u00f3lares|dollari")),
    "MXN": ("peso", re.compile(r"pesos")),
    "SEK": ("crown", re.compile(r"kr\b|kroner\b")),
}
"""The currencies that stand first for a word or sign that several countries share, with the family of these."""
_OWN_SCALE = {
    "mkr": "SEK",
    "mnkr": "SEK",
    "msek": "SEK",
    "tkr": "SEK",
    "tsek": "SEK",
    "teur": "EUR",
    "keur": "EUR",
    "meur": "EUR",
    "tchf": "CHF",
    "k\u20ac": "EUR",
    "m\u20ac": "EUR",
    "t\u20ac": "EUR",
}


@dataclass(frozen=True)
class Amount:
    """An amount, with the place of its text."""

    value: Decimal
    currency: str | None
    start: int
    end: int
    family: str = ""
    """The family of currencies, where the text leaves open which country's is meant: "dollar"."""


@cache
def _pattern(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    million = "|".join(("m\u20ac", *lexicon.listed("facts", "million"), "mio\\.?", "mkr", "mnkr", "msek", "meur"))
    thousand = "|".join(
        ("k\u20ac", "t\u20ac", *lexicon.listed("facts", "thousand"), "tkr", "tsek", "teur", "keur", "tchf")
    )
    scale = rf"(?:\s?(?P<scale{{0}}>(?:{million}|{thousand})(?!\w)))?"
    currency = "|".join(_CURRENCIES.values())
    number = numbers.DIGITS
    pattern = (
        rf"(?:(?P<before>{currency})\s?)?(?<![\d.,])(?P<low>{number}){scale.format(0)}(?:\s?(?:{currency}))?"
        rf"(?:(?:{numbers.DASH}|\s(?:to|and|or|bis|und|\u00e0|et|ou|a|y|e|tot|en|till|och|do|i|até)\s)(?:(?:{currency})\s?)?(?P<high>{number}){scale.format(1)})?"
        rf"(?:[.,]-)?(?:,?\s?(?P<after>{currency}))?"
    )
    return re.compile(pattern), re.compile(rf"(?:{million})$"), re.compile(rf"(?:{thousand})$")


def amounts(said: str, lexicon: Lexicon) -> Iterator[Amount]:
    """All numbers of a text in lower case that could be money. Of a range the upper end counts."""
    pattern, million, thousand = _pattern(lexicon)
    for match in pattern.finditer(said):
        scale = match["scale1"] or match["scale0"] or ""
        number = numbers.value(match["high"] or match["low"])
        factor = 1_000_000 if scale and million.search(scale) else 1_000 if scale and thousand.search(scale) else 1
        currency = _OWN_SCALE.get(scale) or currency_of(match[0])
        family, open_ = _SHARED.get(currency or "", ("", None))
        shared = open_ is not None and scale not in _OWN_SCALE and open_.search(match[0]) is not None
        yield Amount(number * factor, currency, match.start(), match.end(), family if shared else "")


def currency_of(text: str) -> str | None:
    """The currency that a text in lower case names first in the order of this module."""
    return next((code for code, pattern in _CURRENCIES.items() if re.search(rf"(?<![a-z])(?:{pattern})", text)), None)
