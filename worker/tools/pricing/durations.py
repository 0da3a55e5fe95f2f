"""Reads a project's duration as a person types it into the form: "6 months", "half a year", "8 Monate", "Q1-Q2 2027".

The notes' own parser of lengths does the work, with the words of all its languages. This module adds what only a form
has: abbreviations, sums and calendar quarters. It never guesses: a text without a length gives None.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from worker.tools.analysis.rules.facts import lengths
from worker.tools.analysis.rules.lexicon import LANGUAGES, lexicon, plain

LONGEST_WEEKS = 520
"""Ten years. A longer duration counts as a typing error."""

_WEEKS_OF_A_QUARTER = 13

_ABBREVIATED = re.compile(r"(?<=\d)\s?(w|wks?|mths?|mos?|yrs?|y|d)(?!\w)")
_WRITTEN_OUT = {"w": " weeks", "m": " months", "y": " years", "d": " days"}
"""By the first letter of the abbreviation."""

_QUARTERS = re.compile(
    r"\bq([1-4])(?:[\s/]*(\d{4}))?"
    r"(?:\s*(?:[-\u2013\u2014]|to|until|through|/|and)\s*q([1-4])(?:[\s/]*(\d{4}))?)?"
)


@dataclass(frozen=True)
class Duration:
    """A duration in whole weeks, at least one."""

    weeks: int
    longer_end: bool = False
    """Whether the text gave a range and this is the longer end of it."""


def read_duration(text: str | None) -> Duration | None:
    """The duration in a text, or None if there is none, or if it is zero or longer than ten years."""
    said = _ABBREVIATED.sub(lambda match: _WRITTEN_OUT[match[1][0]], plain(text or ""))
    found = list(lengths.find(said, lexicon(LANGUAGES)))
    weeks = sum((length.weeks for length in found), Decimal(0)) if found else _quarters(said)
    whole = int(weeks.to_integral_value(ROUND_HALF_UP))
    if weeks <= 0 or whole > LONGEST_WEEKS:
        return None
    return Duration(max(1, whole), any(length.longer_end for length in found))


def _quarters(said: str) -> Decimal:
    """The weeks of one calendar quarter, or from one to another; 0 or less if the text names none."""
    match = _QUARTERS.search(said)
    if not match:
        return Decimal(0)
    first, first_year, last, last_year = match.groups()
    if last is None:
        return Decimal(_WEEKS_OF_A_QUARTER)
    years = int(last_year or first_year or 0) - int(first_year or last_year or 0)
    return Decimal(_WEEKS_OF_A_QUARTER * (years * 4 + int(last) - int(first) + 1))
