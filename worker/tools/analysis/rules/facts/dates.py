"""Finds dates: "1. Oktober 2027", "2027-10-01", "end of March", "Q3 2027". Month names come from Babel (CLDR).

Of a month or a quarter the last day counts, for that is what a deadline means. A date without a year is the next one
after the day on which the notes are read.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from worker.tools.analysis.rules.lexicon import Lexicon

_YEAR = r"(?:20[2-4]\d)"


@dataclass(frozen=True)
class Day:
    """A date, with the place of its text."""

    date: dt.date
    start: int
    end: int
    whole: dt.date | None = None
    """The first day, where a month, a quarter or a year is named."""


@cache
def months(languages: tuple[str, ...]) -> dict[str, int]:
    """The names of the months in these languages, in lower case."""
    from babel import Locale  # noqa: PLC0415 - loads its locales only for notes with a month in them

    found: dict[str, int] = {"sept": 9}
    for language in languages:
        every = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in every[context][width].items():
                    word = name.lower().rstrip(".")
                    if len(word) >= 3:  # noqa: PLR2004 - "m" is no month
                        found.setdefault(word, number)
    return found


@cache
def _pattern(lexicon: Lexicon) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, months(lexicon.languages)), key=len, reverse=True))

    def listed(name: str) -> str:
        return "|".join(lexicon.listed("facts", name)) or "(?!)"

    def part(of: str) -> str:
        words = (f"(?P<{name}_{of}>{listed(f'{name}_of')})" for name in ("end", "begin", "middle"))
        return f"(?:{'|'.join(words)})"

    of = r"(?:\s*(?:of|de|del|di|van|von|do|,|in)?\s*)"
    return re.compile(
        r"(?<![\d.\w-])(?:"
        r"(?P<iso>20\d\d-\d\d-\d\d)"
        r"|(?P<d1>\d{1,2})(?P<mark>[./-])(?P<m1>\d{1,2})(?P=mark)(?P<y1>20\d\d|\d\d)(?!\d)"
        rf"|(?:{part('m')}\s*)?(?:(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|º|\.|:e)?\s*(?:of |de |en )?)?"
        rf"(?P<m2>{names})\.?(?!\w)"
        rf"(?:\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?!\s?(?:%|eur|€)))?(?:{of}(?P<y2>{_YEAR})(?!\d))?"
        rf"|(?:q|t|k)(?P<q1>[1-4])(?:{of}|/)?(?P<y3>{_YEAR})?(?!\w)"
        rf"|(?P<q2>[1-4])(?:st|nd|rd|th|er|e|º|\.)?\s*(?:{listed('quarter')}){of}(?P<y4>{_YEAR})"
        rf"|(?P<word>first|second|third|fourth|last)\s+quarter{of}(?P<y6>{_YEAR})"
        rf"|{part('y')}{of}(?:the year |año |des jahres |het jaar )?(?P<y5>{_YEAR})(?!\d)"
        r")"
    )


_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}


def find(said: str, lexicon: Lexicon, today: dt.date) -> Iterator[Day]:
    """The dates of a text in lower case, in order."""
    if not any(character.isdigit() for character in said) and not any(
        name in said for name in months(lexicon.languages)
    ):
        return
    for match in _pattern(lexicon).finditer(said):
        try:
            found = _read(match, lexicon, today)
        except ValueError:  # the 31st of a month that has 30 days
            continue
        if found is not None:
            date, first = found
            yield Day(date, match.start(), match.end(), first)


def _read(match: re.Match[str], lexicon: Lexicon, today: dt.date) -> tuple[dt.date, dt.date | None] | None:
    """The day, and the first day of the period where one is named."""
    if match["iso"] or match["m1"]:
        return (dt.date.fromisoformat(match["iso"]) if match["iso"] else _numeric(match)), None
    if match["m2"]:
        return _named(match, lexicon, today)
    if quarter := match["q1"] or match["q2"] or match["word"]:
        year = match["y3"] or match["y4"] or match["y6"]
        return _quarter(_QUARTERS.get(quarter) or int(quarter), int(year)) if year else None
    year = int(match["y5"])
    month = 1 if match["begin_y"] else 6 if match["middle_y"] else 12
    return _month_end(year, month), dt.date(year, month, 1)


def _quarter(number: int, year: int) -> tuple[dt.date, dt.date]:
    return _month_end(year, number * 3), dt.date(year, number * 3 - 2, 1)


def _numeric(match: re.Match[str]) -> dt.date:
    day, month, year = int(match["d1"]), int(match["m1"]), int(match["y1"])
    if month > 12 >= day:  # noqa: PLR2004 - the American order
        day, month = month, day
    return dt.date(year if year > 99 else 2000 + year, month, day)  # noqa: PLR2004 - two digits


def _named(match: re.Match[str], lexicon: Lexicon, today: dt.date) -> tuple[dt.date, dt.date | None] | None:
    month = months(lexicon.languages)[match["m2"]]
    day = match["d2"] or match["d3"]
    part = match["end_m"] or match["begin_m"] or match["middle_m"]
    if not (day or match["y2"] or part):
        return None
    year = int(match["y2"]) if match["y2"] else today.year + ((month, int(day or 28)) < (today.month, today.day))
    if day:
        return dt.date(year, month, int(day)), None
    first = dt.date(year, month, 1)
    if match["middle_m"]:
        return dt.date(year, month, 15), first
    if match["begin_m"]:
        return dt.date(year, month, 1), first
    return _month_end(year, month), first


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
