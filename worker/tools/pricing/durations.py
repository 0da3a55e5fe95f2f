"""Parses a project's duration as people write it: "6 months", "half a year", "90 days", "Q1-Q2 2027".

It never guesses. For a text that it can't parse it returns None; the calculator then plans a duration and states that
as an assumption.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LONGEST_WEEKS = 520
"""Ten years. A longer duration counts as a typing error."""

# Weeks in one unit. A month is a twelfth of 52 weeks; a sprint is two weeks, its usual length.
_UNITS: Mapping[str, Decimal] = {
    r"working days?|business days?|workdays?": Decimal(1) / 5,
    r"days?|d": Decimal(1) / 7,
    r"weeks?|wks?|w": Decimal(1),
    r"sprints?|iterations?": Decimal(2),
    r"months?|mos?|mths?": Decimal(52) / 12,
    r"quarters?": Decimal(13),
    r"years?|yrs?|y": Decimal(52),
}

_WORDS: Mapping[str, Decimal] = {
    word: Decimal(value)
    for word, value in {
        "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
        "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "eighteen": "18", "half": "0.5",
        "half a": "0.5", "half an": "0.5", "a half": "0.5", "a couple of": "2", "couple of": "2",
        "one and a half": "1.5", "two and a half": "2.5",
    }.items()
}  # fmt: skip

_DASH = r"[-\u2013\u2014]"
_NUMBER = r"\d{1,6}(?:[.,]\d{1,2})?|" + "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<low>{_NUMBER})(?:\s*(?:{_DASH}|to|or)\s*(?P<high>{_NUMBER}))?[\s-]*(?:(?P<unit>"
    + "|".join(f"(?P<u{place}>{pattern})" for place, pattern in enumerate(_UNITS))
    + r"))\b",
    re.IGNORECASE,
)
_QUARTERS = re.compile(
    rf"\bQ([1-4])(?:[\s/]*(\d{{4}}))?(?:\s*(?:{_DASH}|to|until|through|/|and)\s*Q([1-4])(?:[\s/]*(\d{{4}}))?)?",
    re.IGNORECASE,
)
_FACTORS = tuple(_UNITS.values())


@dataclass(frozen=True)
class Duration:
    """A duration in whole weeks, at least one."""

    weeks: int
    longer_end: bool = False
    """Whether the text gave a range and this is the longer end of it."""


def read_duration(text: str | None) -> Duration | None:
    """The duration in a text, or None if there is none, or if it is zero or longer than ten years."""
    found = _amounts(text or "") or _quarters(text or "")
    if found is None:
        return None
    weeks, longer_end = found
    whole = int(weeks.to_integral_value(ROUND_HALF_UP))
    if weeks <= 0 or whole > LONGEST_WEEKS:
        return None
    return Duration(max(1, whole), longer_end)


def _amounts(text: str) -> tuple[Decimal, bool] | None:
    """The weeks of all amounts together ("2 months and 2 weeks"), and whether one of them is a range.

    Of a range such as "6-8 weeks", the longer end counts.
    """
    total, longer_end = Decimal(0), False
    amounts = list(_AMOUNT.finditer(text))
    for amount in amounts:
        high = amount["high"]
        unit = next(place for place in range(len(_FACTORS)) if amount[f"u{place}"])
        total += max(_value(amount["low"]), _value(high) if high else Decimal(0)) * _FACTORS[unit]
        longer_end = longer_end or bool(high)
    return (total, longer_end) if amounts else None


def _quarters(text: str) -> tuple[Decimal, bool] | None:
    match = _QUARTERS.search(text)
    if not match:
        return None
    first, first_year, last, last_year = match.groups()
    if last is None:
        return Decimal(13), False
    years = int(last_year or first_year or 0) - int(first_year or last_year or 0)
    quarters = years * 4 + int(last) - int(first) + 1
    return Decimal(13 * quarters), False


def _value(number: str) -> Decimal:
    word = _WORDS.get(number.lower())
    return word if word is not None else Decimal(number.replace(",", "."))
