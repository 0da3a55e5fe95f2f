"""Finds dates: "1. Oktober 2027", "end of March", "Q3 2027", "before Christmas". Month names come from Babel (CLDR).

Of a month or a quarter the last day counts, for that is what a deadline means. A date without a year is the next one
after the day on which the notes were written, or are read where they don't say. A season has no date: `vague` finds it.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from dateutil.easter import easter

from worker.tools.analysis.rules.lexicon import Lexicon, plain

_YEAR = r"(?:20[2-4]\d)"
_OLDEST = 3 * 365
_HEAD_WORDS = 14


@dataclass(frozen=True)
class Day:
    """A date, with the place of its text."""

    date: dt.date
    start: int
    end: int
    whole: dt.date | None = None
    """The first day, where a month, a quarter or a year is named."""
    assumed: bool = False
    """Whether the text doesn't state the year."""
    bare: bool = False
    """Whether it is only the name of a month, which needs the right word before it: "may" is mostly no month."""


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
        rf"|(?:{part('q')}\s*)?(?:q|t|k)(?P<q1>[1-4])(?:(?:{of}|/)?(?P<y3>{_YEAR}))?(?![\w:)])"
        rf"|(?P<q2>[1-4])(?:st|nd|rd|th|er|e|º|\.)?\s*(?:{listed('quarter')}){of}(?P<y4>{_YEAR})"
        rf"|(?P<word>first|second|third|fourth|last)\s+quarter{of}(?P<y6>{_YEAR})"
        rf"|{part('y')}{of}(?:the year |año |des jahres |het jaar )?(?P<y5>{_YEAR})(?!\d)"
        rf"|(?P<next>{listed('next_year_end')})(?!\w)|(?P<this>{listed('year_end')})(?!\w)"
        rf"|(?:{listed('not_after')})\s*(?:(?P<christmas>{listed('christmas')})|(?P<easter>{listed('easter')}))"
        rf"(?:{of}(?P<y7>{_YEAR}))?(?!\w)"
        r")"
    )


_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}


def find(said: str, lexicon: Lexicon, since: dt.date) -> Iterator[Day]:
    """The dates of a text in lower case, in order. A date without a year is the next one after `since`."""
    if not (any(map(str.isdigit, said)) or _named_days(lexicon).search(said)):
        return
    for match in _pattern(lexicon).finditer(said):
        try:
            found = _read(match, lexicon, since)
        except ValueError:  # the 31st of a month that has 30 days
            continue
        if found is not None:
            date, first = found
            year = any(match[name] for name in _STATED_YEAR)
            bare = first is not None and not year and match["m2"] == match[0].rstrip(".")
            yield Day(date, match.start(), match.end(), first, assumed=not year, bare=bare)


_STATED_YEAR = ("iso", "y1", "y2", "y3", "y4", "y5", "y6", "y7")


@cache
def _named_days(lexicon: Lexicon) -> re.Pattern[str]:
    """What a text without digits must contain to have a date in it."""
    listed = [
        word for name in ("christmas", "easter", "year_end", "next_year_end") for word in lexicon.listed("facts", name)
    ]
    return re.compile("|".join((*map(re.escape, months(lexicon.languages)), *listed)))


def vague(said: str, lexicon: Lexicon) -> Iterator[re.Match[str]]:
    """What limits the time without a date: "by the summer", "as soon as possible"."""
    return _vague(lexicon).finditer(said)


@cache
def _vague(lexicon: Lexicon) -> re.Pattern[str]:
    def listed(name: str) -> str:
        return "|".join(lexicon.listed("facts", name)) or "(?!)"

    year = rf"(?:\s*(?:de|del|di|van)?\s*{_YEAR})"
    season = listed("season")
    return re.compile(
        rf"(?<!\w)(?:(?:{listed('not_after')})\s*(?:{season})(?!\w){year}?"
        rf"|(?:in|im|au|en|à l'|nel|i|w|na|no)\s*(?:{season}){year}|(?:{listed('soon')})(?!\w))"
    )


def written(lines: Iterable[str], lexicon: Lexicon, today: dt.date) -> dt.date | None:
    """The day on which the notes were written: the first whole date of their first lines that is not to come."""
    for line in lines:
        said = plain(line)
        for day in find(said, lexicon, today):
            old = (today - day.date).days
            if not day.assumed and not day.whole and 0 <= old <= _OLDEST and len(said.split()) <= _HEAD_WORDS:
                return day.date
    return None


def _read(match: re.Match[str], lexicon: Lexicon, since: dt.date) -> tuple[dt.date, dt.date | None] | None:
    """The day, and the first day of the period where one is named."""
    if match["iso"] or match["m1"]:
        return (dt.date.fromisoformat(match["iso"]) if match["iso"] else _numeric(match)), None
    if match["m2"]:
        return _named(match, lexicon, since)
    if match["q1"] or match["q2"] or match["word"]:
        return _of_quarter(match, since)
    if match["christmas"] or match["easter"]:
        return _feast(match, since), None
    if match["this"] or match["next"]:
        year = since.year + bool(match["next"])
        return dt.date(year, 12, 31), dt.date(year, 12, 1)
    year = int(match["y5"])
    month = 1 if match["begin_y"] else 6 if match["middle_y"] else 12
    return _month_end(year, month), dt.date(year, month, 1)


def _feast(match: re.Match[str], since: dt.date) -> dt.date:
    """The last day of work before it: Christmas Eve, or the Thursday before Easter."""

    def of(year: int) -> dt.date:
        return dt.date(year, 12, 24) if match["christmas"] else easter(year) - dt.timedelta(days=3)

    year = int(match["y7"] or since.year)
    return of(year) if match["y7"] or of(year) > since else of(year + 1)


def _of_quarter(match: re.Match[str], since: dt.date) -> tuple[dt.date, dt.date] | None:
    """The last day of a quarter, or the day in it that is named, with the quarter's first day."""
    quarter = match["q1"] or match["q2"] or match["word"]
    number = _QUARTERS.get(quarter) or int(quarter)
    if stated := match["y3"] or match["y4"] or match["y6"]:
        end, first = _quarter(number, int(stated))
    elif match["q1"] and not match[0].endswith(("t" + match["q1"], "k" + match["q1"])):
        end, first = _quarter(number, since.year)
        if end <= since:
            end, first = _quarter(number, since.year + 1)
    else:
        return None
    if match["begin_q"]:
        return first, first
    return (first.replace(month=first.month + 1, day=15) if match["middle_q"] else end), first


def _quarter(number: int, year: int) -> tuple[dt.date, dt.date]:
    return _month_end(year, number * 3), dt.date(year, number * 3 - 2, 1)


def _numeric(match: re.Match[str]) -> dt.date:
    day, month, year = int(match["d1"]), int(match["m1"]), int(match["y1"])
    if month > 12 >= day:  # noqa: PLR2004 - the American order
        day, month = month, day
    return dt.date(year if year > 99 else 2000 + year, month, day)  # noqa: PLR2004 - two digits


def _named(match: re.Match[str], lexicon: Lexicon, since: dt.date) -> tuple[dt.date, dt.date | None] | None:
    month = months(lexicon.languages)[match["m2"]]
    day = match["d2"] or match["d3"]
    year = int(match["y2"]) if match["y2"] else since.year + ((month, int(day or 28)) < (since.month, since.day))
    if day:
        return dt.date(year, month, int(day)), None
    first = dt.date(year, month, 1)
    if match["middle_m"]:
        return first.replace(day=15), first.replace(day=15)
    if match["begin_m"]:
        return dt.date(year, month, 1), first
    return _month_end(year, month), first


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
